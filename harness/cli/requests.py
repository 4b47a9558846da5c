"""From parsed arguments to typed values: the last place that knows an option by its name."""

from argparse import Namespace
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import (
    Benchmark,
    BenchmarkDataError,
    Extraction,
    PromptForm,
    load_benchmark,
    selected_names,
)
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.limit_defaults import CPU_FACTOR, WALL_PER_CPU
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.plan import FilePlan, RunPlan
from codecrucible.harness.models.chat_settings import ChatSettings
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.sandbox import Limits

BASE_ALONE = "none"
"""In place of an adapter's folder."""


def run_plan(options: Namespace) -> RunPlan:
    """The plan of `crucible run` and `crucible generate`.

    Raises:
        UsageError: what is asked for does not go together.
    """
    for name in ("model", "benchmark"):
        if getattr(options, name) is None:
            raise UsageError(f"--{name} is required, or a suite file that says it: `crucible init` writes one")
    return RunPlan(
        model=options.model,
        loading=load_options(options),
        adapters=adapters_of(options),
        benchmarks=tuple(benchmarks_of(options)),
        sampling=sampling_of(options),
        generators=options.generators,
        perplexity=options.perplexity,
        **_common(options),
    )


def file_plan(options: Namespace) -> FilePlan:
    """The plan of `crucible evaluate`.

    Raises:
        UsageError: what is asked for does not go together.
    """
    benchmarks = benchmarks_of(options)
    if len(benchmarks) > 1:
        names = ", ".join(benchmark.name for benchmark in benchmarks)
        raise UsageError(f"{options.samples} holds the samples of one benchmark, and these are several: {names}")
    return FilePlan(
        samples=options.samples,
        benchmark=benchmarks[0],
        form=None if options.prompt_form == "auto" else PromptForm(options.prompt_form),
        name=options.name,
        **_common(options),
    )


def _common(options: Namespace) -> dict[str, Any]:
    """Fields of `Plan`."""
    return {
        "ks": options.k,
        "extraction": Extraction(options.extraction),
        "limits": limits_of(options, Limits()),
        "cpu_factor": cpu_factor_of(options),
        "shard": options.shard,
        "cluster": options.cluster,
        "workers": getattr(options, "workers", None),
        "out": options.out,
        "sync": options.sync,
        "quiet": options.quiet,
        "argv": options.argv,
        "cutoff": options.cutoff or "",
    }


def load_options(options: Namespace) -> LoadOptions:
    """How the model is to be loaded."""
    return LoadOptions(
        revision=options.revision,
        dtype=options.dtype,
        device=options.device,
        prompt_form=options.prompt_form,
        trust_remote_code=options.trust_remote_code,
        bits=options.bits,
        allow_pickle=options.allow_pickle,
        engine=options.engine,
        chat=chat_of(options),
    )


def adapters_of(options: Namespace) -> tuple[Path | None, ...]:
    """The adapters asked for, None for the base alone."""
    asked: list[Path] = options.adapter or [Path(BASE_ALONE)]
    return tuple(None if str(adapter) == BASE_ALONE else adapter for adapter in asked)


def benchmarks_of(options: Namespace) -> list[Benchmark]:
    """The benchmarks asked for; a choice of problems is in their names, so that it is said wherever a name is."""
    days = f"{options.since or ''}..{options.until or ''}" if options.since or options.until else None
    given = [(f"--{name}", getattr(options, name)) for name in ("limit", "problems", "since", "until")]
    if sum(choice is not None for choice in (options.limit, options.problems, days)) > 1:
        told = " beside ".join(f"{option} {value}" for option, value in given if value is not None)
        raise UsageError(f"{told}; give a number, or ids, or days")
    problems = days or ("" if options.limit is None else f":{options.limit}")
    if options.problems is not None:
        problems = _listed(options.problems)
    names = selected_names(options.benchmark, problems=problems)
    benchmarks = [load_benchmark(name, allow_unpinned=options.allow_unpinned) for name in names]
    for benchmark in benchmarks:
        if options.strict and benchmark.refused:
            raise BenchmarkDataError(benchmark.refused[0].reason)
    return benchmarks


def _listed(problems: str) -> str:
    """Ids as in a benchmark's name, from a list or, after an @, a file with one per line."""
    if problems.startswith("@"):
        try:
            problems = ",".join(Path(problems[1:]).read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as error:
            raise UsageError(f"--problems {problems}: cannot read the ids: {error}; give a text file of ids") from None
    ids = [part.strip() for part in problems.split(",") if part.strip()]
    if not ids:
        raise UsageError("--problems names no problem; give ids separated by commas, or @FILE with one per line")
    return ",".join(ids)


def sampling_of(options: Namespace) -> Sampling:
    """How completions are to be drawn.

    Raises:
        UsageError: a value is out of its range.
    """
    try:
        return Sampling(
            n=options.n,
            temperature=options.temperature,
            top_p=options.top_p,
            top_k=options.top_k,
            max_new_tokens=options.max_new_tokens,
            seed=options.seed,
            batch_size=options.batch_size,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def chat_of(options: Namespace) -> ChatSettings:
    """What is asked of a chat beside the message.

    Raises:
        UsageError: the budget of a thought leaves no token for an answer.
    """
    budget = options.reasoning_budget
    if budget is not None and budget >= options.max_new_tokens:
        raise UsageError(
            f"--reasoning-budget {budget} leaves none of --max-new-tokens {options.max_new_tokens} for an answer: give "
            "fewer to the thought, or more in all"
        )
    return ChatSettings(
        template_kwargs=options.chat_template_kwargs,
        system_prompt=options.system_prompt,
        reasoning_budget=budget,
    )


def limits_of(options: Namespace, limits: Limits) -> Limits:
    """`limits` with those that were asked for."""
    cpu_s = limits.cpu_s if options.cpu_limit is None else options.cpu_limit
    wall_s = max(limits.wall_s, WALL_PER_CPU * cpu_s) if options.wall_limit is None else options.wall_limit
    if not 0 < cpu_s <= wall_s:
        raise UsageError(f"--cpu-limit {cpu_s:g} with --wall-limit {wall_s:g}: give 0 < CPU seconds <= wall seconds")
    return replace(limits, cpu_s=cpu_s, wall_s=wall_s)


def cpu_factor_of(options: Namespace) -> float:
    """What a reference's CPU seconds are to be multiplied by.

    Raises:
        UsageError: it is no such number.
    """
    cpu_factor = CPU_FACTOR if options.cpu_factor is None else float(options.cpu_factor)
    if not 0 <= cpu_factor < inf:
        raise UsageError(
            f"--cpu-factor {cpu_factor:g}: give 0, or by how much a reference's CPU seconds are multiplied"
        )
    return cpu_factor
