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
from codecrucible.reports import for_terminal
from codecrucible.sandbox import Fact, examine

MODEL_PACKAGES = ("torch", "transformers", "peft", "accelerate", "gguf")


def doctor(options: Namespace) -> int:
    """Check engine, image, models, data, GPU and a known answer."""
    if options.json or options.verbose:
        facts = (fact for _, part in _parts() for fact in part)
        return EXIT_DONE if print_facts(facts, options) else EXIT_FAILURE
    sound = True
    for name, part in _parts():
        facts_of_part = list(part)
        bad = [fact for fact in facts_of_part if not fact.ok]
        sound = print_facts(bad, options) and sound
        if not bad:
            print(for_terminal(f"ok   {name}: {_in_short(facts_of_part)}", longest=1000))
    print("`crucible doctor --verbose` shows every check")
    return EXIT_DONE if sound else EXIT_FAILURE


def _parts() -> Iterator[tuple[str, Iterator[Fact]]]:
    """Facts on engine, image, isolation and a known answer; on benchmarks, model packages, bundled models and GPU."""
    yield "sandbox", examine()
    yield "benchmarks", _benchmarks()
    yield "models", _models()


def _models() -> Iterator[Fact]:
    yield _model_packages()
    if find_spec("torch"):
        yield from _bundled_models()
        yield _gpu()


def _in_short(facts: list[Fact]) -> str:
    """The first fact's evidence, and how many others hold."""
    more = f", and {len(facts) - 1} more checks" if len(facts) > 1 else ""
    return f"{facts[0].evidence}{more}"


def _benchmarks() -> Iterator[Fact]:
    facts, absent = [], 0
    for name in benchmark_names():
        evidence, fix = "", ""
        try:
            benchmark = load_benchmark(name, download=False)
            evidence = f"{len(benchmark.problems)} problems from {benchmark.source}, sha256 {benchmark.sha256[:12]}"
        except BenchmarkDataAbsent as error:
            evidence, absent = str(error), absent + 1
        except BenchmarkError as error:
            evidence, fix = str(error), "pip install --force-reinstall codecrucible"
        facts.append(Fact(name=f"benchmark {name}", ok=not fix, evidence=evidence, fix=fix))
    told = f"{len(facts) - absent} of {len(facts)} are there" + (
        "; `crucible benchmarks` shows which are not" if absent else ""
    )
    yield Fact(name="benchmarks", ok=True, evidence=told, fix="")
    yield from facts


def _model_packages() -> Fact:
    found, missing = [], []
    for name in MODEL_PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    evidence = ", ".join(found) or "none"
    if missing:  # no fault: completions that were made elsewhere are judged without
        evidence += f"; to run models here, pip install 'codecrucible[model]', which brings {', '.join(missing)}"
    return Fact(name="model packages", ok=True, evidence=evidence, fix="")


def _bundled_models() -> Iterator[Fact]:
    from codecrucible.harness.models.weights.bundled import bundled_names, find_bundled

    for name in bundled_names():
        try:
            evidence = str(find_bundled(name))
        except ModelError as error:
            yield Fact(name=f"model bundled:{name}", ok=True, evidence=f"not installed: {error}", fix="")
        else:
            yield Fact(name=f"model bundled:{name}", ok=True, evidence=evidence, fix="")


def _gpu() -> Fact:
    import torch

    cores = len(os.sched_getaffinity(0))
    if torch.cuda.is_available():
        names = ", ".join(torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count()))
        return Fact(name="accelerator", ok=True, evidence=names, fix="")
    return Fact(name="accelerator", ok=True, evidence=f"none: models run on {cores} CPU cores", fix="")
