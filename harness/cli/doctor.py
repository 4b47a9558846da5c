"""What this machine has of what a run needs, each with the evidence and the command that mends it."""

import os
from argparse import Namespace
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from codecrucible.benchmarks import BenchmarkDataAbsent, BenchmarkError, benchmark_names, load_benchmark
from codecrucible.harness.cli.output import print_facts
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE
from codecrucible.harness.models.errors import ModelError
from codecrucible.sandbox import Fact, examine

MODEL_PACKAGES = ("torch", "transformers", "peft", "accelerate", "gguf")


def doctor(options: Namespace) -> int:
    """Check engine, image, models, data, GPU and a known answer."""
    return EXIT_DONE if print_facts(examine_machine(), options) else EXIT_FAILURE


def examine_machine() -> Iterator[Fact]:
    """Facts on engine, image, isolation and a known answer, then on benchmarks, model packages, bundled models, GPU."""
    yield from examine()
    yield from _benchmarks()
    yield _model_packages()
    if find_spec("torch"):
        yield from _bundled_models()
        yield _gpu()


def _benchmarks() -> Iterator[Fact]:
    for name in benchmark_names():
        try:
            benchmark = load_benchmark(name, download=False)
        except BenchmarkDataAbsent as absent:
            yield Fact(name=f"benchmark {name}", ok=True, evidence=str(absent), fix="")
        except BenchmarkError as error:
            yield Fact(
                name=f"benchmark {name}",
                ok=False,
                evidence=str(error),
                fix="pip install --force-reinstall codecrucible",
            )
        else:
            evidence = f"{len(benchmark.problems)} problems from {benchmark.source}, sha256 {benchmark.sha256[:12]}"
            yield Fact(name=f"benchmark {name}", ok=True, evidence=evidence, fix="")


def _model_packages() -> Fact:
    found, missing = [], []
    for name in MODEL_PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    fix = "pip install 'codecrucible[model]'" if missing else ""
    evidence = ", ".join(found) + (f"; missing: {', '.join(missing)}" if missing else "")
    return Fact(name="model packages", ok=not missing, evidence=evidence, fix=fix)


def _bundled_models() -> Iterator[Fact]:
    from codecrucible.harness.models.weights.bundled import bundled_names, find_bundled

    for name in bundled_names():
        try:
            evidence = str(find_bundled(name))
        except ModelError as error:
            yield Fact(name=f"model bundled:{name}", ok=False, evidence="not installed", fix=str(error))
        else:
            yield Fact(name=f"model bundled:{name}", ok=True, evidence=evidence, fix="")


def _gpu() -> Fact:
    import torch

    cores = len(os.sched_getaffinity(0))
    if torch.cuda.is_available():
        names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        return Fact(name="accelerator", ok=True, evidence=names, fix="")
    return Fact(name="accelerator", ok=True, evidence=f"none: models run on {cores} CPU cores", fix="")
