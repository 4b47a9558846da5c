"""What each command does, once its arguments are parsed. Imported only when a command runs."""

import json
import sys
import time
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import (
    Benchmark,
    BenchmarkDataAbsent,
    CheckReport,
    Extraction,
    PromptForm,
    benchmark_names,
    check_benchmark,
    load_benchmark,
)
from harness import provenance
from harness.codec import to_json
from harness.errors import EXIT_DONE, EXIT_FAILURE, UsageError
from harness.imported import read_samples
from harness.limits import CPU_FACTOR, REFERENCE_LIMITS, WALL_PER_CPU, limits_json
from harness.pages import save_page
from harness.progress import Progress
from harness.reporting import benchmark_of, make_report
from harness.run_folder import SCHEMA_VERSION, Manifest, RunFolder, RunWriter, run_id_of
from harness.session import Outcome, judge_run, work
from harness.terminal import PIPED_WIDTH, complain
from reports import for_terminal, print_reports, to_csv, to_markdown
from sandbox import DockerExecutor, Limits, SandboxError

if TYPE_CHECKING:
    from sandbox import Fact

RUNS = Path("runs")
DEFAULT_KS = (1, 10)


def run(options: Namespace) -> int:
    """Sample, execute, scan, judge, report."""
    benchmark = _benchmark(options)
    ks = _ks(options.k, n=options.n)
    with DockerExecutor(workers=options.workers) as executor:
        outcome = _sample(options, benchmark, ks, executor)
    return _conclude(outcome, options)


def generate(options: Namespace) -> int:
    """Only sample; the other steps can follow on another machine."""
    benchmark = _benchmark(options)
    outcome = _sample(options, benchmark, _ks(options.k, n=options.n), None)
    if options.json:
        _print_json(outcome.report)
    else:
        print(f"{outcome.report['samples']} samples in {outcome.folder}; next: crucible execute {outcome.folder}")
    return EXIT_DONE


def _benchmark(options: Namespace) -> Benchmark:
    """The benchmark asked for; with a limit, the slice of it, so that the subset has its written name everywhere."""
    if options.limit is None:
        return load_benchmark(options.benchmark)
    if "[" in options.benchmark:
        raise UsageError(f"--limit {options.limit} beside the slice of {options.benchmark!r}; give one of the two")
    return load_benchmark(f"{options.benchmark}[:{options.limit}]")


def _sample(options: Namespace, benchmark: Benchmark, ks: tuple[int, ...], executor: DockerExecutor | None) -> Outcome:
    if not options.model.startswith("openai:") and not find_spec("torch"):
        raise UsageError(f"sampling from {options.model} needs the extra 'model': pip install 'codecrucible[model]'")
    from harness.models import load_model
    from harness.sampler import sample_batches
    from harness.sampling import Sampling

    try:
        sampling = Sampling(
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
    with Progress(quiet=options.quiet) as progress:
        progress.note(f"loading {options.model}")
        model = load_model(
            options.model,
            adapter=options.adapter,
            revision=options.revision,
            dtype=options.dtype,
            device=options.device,
            prompt_form=options.prompt_form,
            trust_remote_code=options.trust_remote_code,
        )
        for caution in model.facts.cautions:
            progress.note(f"note: {caution}")
        if model.prompt_form is PromptForm.CHAT and any(problem.few_shot_prompt for problem in benchmark.problems):
            raise UsageError(
                f"{benchmark.name} has few-shot prompts, which a model has to continue, and this one would be asked as "
                "chat; give --prompt-form completion, or take another benchmark"
            )
        manifest = _manifest(
            options,
            benchmark,
            ks,
            label=f"{model.facts.name}-{benchmark.name}-n{options.n}",
            model=to_json(model.facts),
            adapter=to_json(model.adapter) if model.adapter else None,
            prompt={"form": model.prompt_form, "template_sha256": model.template_sha256},
            sampling=to_json(sampling),
        )
        with RunWriter(options.out or RUNS / manifest.run_id, manifest) as writer:
            batches = sample_batches(
                model,
                benchmark,
                sampling,
                done=writer.folder.samples(),
                progress=progress,
                extraction=Extraction(options.extraction),
            )
            return work(writer, benchmark, executor, progress, batches=batches)


def evaluate(options: Namespace) -> int:
    """Score completions made elsewhere."""
    benchmark = _benchmark(options)
    form = None if options.prompt_form == "auto" else PromptForm(options.prompt_form)
    imported = read_samples(options.samples, benchmark, form=form, extraction=Extraction(options.extraction))
    manifest = _manifest(
        options,
        benchmark,
        _ks(options.k, n=imported.n),
        label=f"{options.samples.name.partition('.')[0]}-{benchmark.name}",
        model={"spec": str(options.samples), "name": options.samples.name, "sha256": imported.sha256},
        adapter=None,
        prompt={"form": options.prompt_form},
        sampling={"n": imported.n},
    )
    with (
        _executor_or_reason(options.workers) as (executor, reason),
        RunWriter(options.out or RUNS / manifest.run_id, manifest) as writer,
        Progress(quiet=options.quiet) as progress,
    ):
        if imported.missing:
            progress.note(_missing(imported.missing, benchmark))
        outcome = work(writer, benchmark, executor, progress, batches=[list(imported.samples)])
    return _conclude(outcome, options, reason=reason)


def execute(options: Namespace) -> int:
    """Execute what was not executed yet, and judge."""
    return _go_on(options, scan=False)


def scan(options: Namespace) -> int:
    """Scan what was not scanned yet."""
    return _go_on(options, execute=False)


def _go_on(options: Namespace, *, execute: bool = True, scan: bool = True) -> int:
    with RunWriter(options.folder) as writer, Progress(quiet=options.quiet) as progress:
        benchmark = benchmark_of(writer.folder.manifest)
        with DockerExecutor(workers=getattr(options, "workers", None)) as executor:
            outcome = work(writer, benchmark, executor, progress, execute=execute, scan=scan)
    return _conclude(outcome, options, unjudged_fails=execute)


def judge(options: Namespace) -> int:
    """Derive the judgements again, and the report with them."""
    with RunWriter(options.folder) as writer:
        benchmark = benchmark_of(writer.folder.manifest)
        judge_run(writer, benchmark)
        made = make_report(writer.folder, benchmark)
    return _conclude(Outcome(folder=options.folder, report=made, failures={}), options)


def report(options: Namespace) -> int:
    """Write report.json of each run folder and print them together."""
    folders = [RunFolder(path) for path in options.folders]
    reports = [make_report(folder, benchmark_of(folder.manifest), ks=options.k) for folder in folders]
    if options.html:
        save_page(options.html, folders)
    if options.json:
        _print_json(reports[0] if len(reports) == 1 else reports)
    else:
        _show(reports, form=options.format)
    return EXIT_DONE


def list_benchmarks(options: Namespace) -> int:
    """List the benchmarks; one whose data is not on this machine by its name alone."""
    rows: list[dict[str, Any]] = []
    for name in benchmark_names():
        try:
            benchmark = load_benchmark(name, download=False)
        except BenchmarkDataAbsent as absent:
            rows.append({"name": name, "problems": None, "absent": str(absent)})
            continue
        rows.append(
            {
                "name": benchmark.name,
                "problems": len(benchmark.problems),
                "title": benchmark.title,
                "source": benchmark.source,
                "revision": benchmark.revision,
                "licence": benchmark.licence,
                "sha256": benchmark.sha256,
            }
        )
    if options.json:
        _print_json(rows)
        return EXIT_DONE
    for row in rows:
        if row["problems"] is None:
            print(f"{row['name']:<23}    ? problems  {row['absent']}")
        else:
            facts = f"{row['title']} ({row['source']}, {row['licence']})"
            print(f"{row['name']:<23} {row['problems']:>4} problems  {facts}")
    return EXIT_DONE


def check_one_benchmark(options: Namespace) -> int:
    """Run every reference solution and a stub through the sandbox."""
    benchmark = load_benchmark(options.benchmark)
    with DockerExecutor(workers=options.workers) as executor, Progress(quiet=options.quiet) as progress:
        progress.stage("check", total=sum(1 + bool(problem.reference) for problem in benchmark.problems))
        checked = check_benchmark(
            benchmark,
            executor,
            lambda _done, _total: progress.advance("check"),
            limits=_limits(options, REFERENCE_LIMITS),
        )
    if options.json:
        _print_json(to_json(checked))
    else:
        print(
            f"{checked.benchmark}: {checked.references_passed} of {checked.references} references pass (all should), "
            f"{checked.stubs_passed} of {checked.problems} stubs pass (none should)"
        )
        for offender in checked.offenders:
            judgement = offender.judgement
            told = f"{offender.problem_id}: {offender.completion} {judgement.verdict}: {judgement.detail}"
            print(f"  {for_terminal(told, longest=400)}")
        for problem in checked.unproxiable:
            told = f"{problem.problem_id}: unproxiable, as its reference shows: {problem.reason}"
            print(f"  {for_terminal(told, longest=400)}")
        _print_dead_rows(checked)
    return EXIT_DONE if checked.ok else EXIT_FAILURE


def _print_dead_rows(checked: CheckReport) -> None:
    """The rows that no completion can pass by cause, and each whose declaration is missing or wrong."""
    if not checked.dead:
        return
    print(f"{len(checked.dead)} of {checked.problems} problems are dead: no completion can pass")
    ids: dict[str, list[str]] = defaultdict(list)
    for row in checked.dead:
        ids[row.cause].append(f"{row.problem_id} ({row.fault.upper()})" if row.fault else row.problem_id)
    for cause, names in ids.items():
        print(f"  {len(names):>3} {for_terminal(cause, longest=400)}: {for_terminal(', '.join(names), longest=4000)}")


def sandbox_build(options: Namespace) -> int:
    """Build the images of the sandbox, or find them; one that cannot be built does not keep the others from it."""
    from sandbox.errors import ImageBuildFailed
    from sandbox.images import build
    from sandbox.languages import families_of

    _refuse_unknown_languages(options.languages)
    families, images, failed = families_of(options.languages), [], []
    begin = time.monotonic()
    with Progress(quiet=options.quiet) as progress:
        for number, family in enumerate(families, start=1):
            if len(families) > 1:
                progress.note(f"{family.name}, {number} of {len(families)}, after {time.monotonic() - begin:.0f} s")
            try:
                images.append(build(progress.note, family))
            except ImageBuildFailed as error:
                failed.append(family.name)
                print(f"{family.name}: {error}", file=sys.stderr)
    if options.json:
        _print_json(to_json(images[0]) if len(families) == len(images) == 1 else [to_json(image) for image in images])
    else:
        print(*images, sep="\n")
    if failed:
        print(f"not built: {', '.join(failed)}", file=sys.stderr)
    return EXIT_FAILURE if failed else EXIT_DONE


def sandbox_doctor(options: Namespace) -> int:
    """Show what is isolated, with the evidence, and what is not covered."""
    from sandbox.doctor import COVERED, NOT_COVERED, examine

    if options.languages:
        _refuse_unknown_languages(options.languages)
    sound = _print_facts(examine(options.languages), options)
    if not options.json:
        for title, lines in (("covered", COVERED), ("not covered", NOT_COVERED)):
            print(f"\n{title}:")
            print("\n".join(f"  - {line}" for line in lines))
    return EXIT_DONE if sound else EXIT_FAILURE


def _refuse_unknown_languages(names: str) -> None:
    from sandbox.languages import chosen

    try:
        chosen(names)
    except ValueError as error:
        raise UsageError(f"--languages {names}: {error}") from error


def sandbox_prune(options: Namespace) -> int:
    """Remove what dead runs and older versions left behind."""
    from sandbox.images import prune

    removed = prune(all_images=options.all)
    if options.json:
        _print_json(to_json(removed))
    else:
        print(removed)
    return EXIT_DONE


def doctor(options: Namespace) -> int:
    """Check engine, image, models, data, GPU and a known answer."""
    from harness.doctor import examine_machine

    return EXIT_DONE if _print_facts(examine_machine(), options) else EXIT_FAILURE


def _manifest(
    options: Namespace,
    benchmark: Benchmark,
    ks: tuple[int, ...],
    *,
    label: str,
    model: dict[str, Any],
    adapter: dict[str, Any] | None,
    prompt: dict[str, Any],
    sampling: dict[str, Any],
) -> Manifest:
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        run_id="",
        argv=options.argv,
        created_utc=provenance.utc_now(),
        code_version=provenance.code_version(),
        packages=provenance.packages(),
        model=model,
        adapter=adapter,
        benchmark={
            "name": benchmark.name,
            "source": benchmark.source,
            "revision": benchmark.revision,
            "sha256": benchmark.sha256,
            "licence": benchmark.licence,
            "problem_ids": [problem.problem_id for problem in benchmark.problems],
        },
        prompt=prompt,
        extraction=options.extraction,
        sampling=sampling,
        limits=limits_json(_limits(options, Limits()), _cpu_factor(options)),
        k=ks,
        sandbox={},
        machine=provenance.machine(),
    )
    return replace(manifest, run_id=run_id_of(label, manifest.identity()))


def _limits(options: Namespace, limits: Limits) -> Limits:
    """`limits` with those that were asked for."""
    cpu_s = limits.cpu_s if options.cpu_limit is None else options.cpu_limit
    wall_s = max(limits.wall_s, WALL_PER_CPU * cpu_s) if options.wall_limit is None else options.wall_limit
    if not 0 < cpu_s <= wall_s:
        raise UsageError(f"--cpu-limit {cpu_s:g} with --wall-limit {wall_s:g}: give 0 < CPU seconds <= wall seconds")
    return replace(limits, cpu_s=cpu_s, wall_s=wall_s)


def _cpu_factor(options: Namespace) -> float:
    cpu_factor = CPU_FACTOR if options.cpu_factor is None else float(options.cpu_factor)
    if not 0 <= cpu_factor < inf:
        raise UsageError(
            f"--cpu-factor {cpu_factor:g}: give 0, or by how much a reference's CPU seconds are multiplied"
        )
    return cpu_factor


def _ks(asked: tuple[int, ...] | None, *, n: int) -> tuple[int, ...]:
    ks = asked or tuple(k for k in DEFAULT_KS if k <= n)
    if max(ks) > n:
        raise UsageError(f"-k {max(ks)} with n = {n}: pass@k is undefined for k > n; take more samples or a smaller k")
    return ks


@contextmanager
def _executor_or_reason(workers: int | None) -> Iterator[tuple[DockerExecutor | None, SandboxError | None]]:
    """The executor, or why there is none: samples made elsewhere are then recorded and left unjudged."""
    try:
        executor = DockerExecutor(workers=workers)
    except SandboxError as error:
        yield None, error
        return
    with executor:
        yield executor, None


def _conclude(
    outcome: Outcome, options: Namespace, *, reason: SandboxError | None = None, unjudged_fails: bool = True
) -> int:
    """Print the report and what went wrong; the exit code."""
    if options.json:
        _print_json(outcome.report)
    else:
        _show([outcome.report])
        print(f"run folder: {outcome.folder}")
    for message, count in outcome.failures.items():
        complain(f"{message} ({count} programs)")
    if reason:
        complain(str(reason))
    unjudged = outcome.report["unjudged"]
    if unjudged and unjudged_fails:
        complain(
            f"{unjudged} samples are left unjudged and count neither as passed nor as failed; "
            f"`crucible execute {outcome.folder}` goes on"
        )
        return EXIT_FAILURE
    return EXIT_FAILURE if outcome.failures else EXIT_DONE


def _show(reports: list[dict[str, Any]], *, form: str = "table") -> None:
    if form == "markdown":
        print(to_markdown(reports), end="")
    elif form == "csv":
        print(to_csv(reports), end="")
    else:
        from rich.console import Console

        print_reports(reports, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=True))


def _print_facts(facts: "Iterable[Fact]", options: Namespace) -> bool:
    """Print facts as they come in; whether all of them are sound."""
    known = []
    for fact in facts:
        known.append(fact)
        if not options.json:
            mark = "ok  " if fact.ok else "FAIL"
            print(f"{mark} {for_terminal(fact.name)}: {for_terminal(fact.evidence)}")
            if not fact.ok:
                print(f"     {for_terminal(fact.fix)}")
    if options.json:
        _print_json([to_json(fact) for fact in known])
    return all(fact.ok for fact in known)


def _missing(missing: tuple[str, ...], benchmark: Benchmark) -> str:
    shown = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")  # noqa: PLR2004  # a line's worth
    return f"{len(missing)} of {len(benchmark.problems)} problems have no sample and are left out: {shown}"
