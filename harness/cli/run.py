"""What each command does, once its arguments are parsed. Imported only when a command runs."""

import json
import re
import sys
import time
from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import (
    Benchmark,
    BenchmarkDataError,
    CheckReport,
    Extraction,
    PromptForm,
    catalogue,
    check_benchmark,
    entry_of,
    installed_plug_ins,
    load_benchmark,
    selected_names,
)
from codecrucible.harness.cli.compare import show_sheets
from codecrucible.harness.common import provenance
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE, UsageError
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.terminal import PIPED_WIDTH, complain
from codecrucible.harness.evaluation.executors import executor_or_reason, open_executor, refuse_without_ray
from codecrucible.harness.evaluation.from_files import read_samples
from codecrucible.harness.evaluation.limits import CPU_FACTOR, REFERENCE_LIMITS, WALL_PER_CPU
from codecrucible.harness.evaluation.session import Outcome, judge_run, work
from codecrucible.harness.results.pages import save_page
from codecrucible.harness.results.parquet import sample_file_at
from codecrucible.harness.results.report import benchmark_of, current_report, make_report
from codecrucible.harness.results.scoring import corpus_codebleu_of, similarity_of
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import (
    SCHEMA_VERSION,
    ImportedFile,
    ImportedSampling,
    LimitRule,
    Manifest,
    PromptFacts,
    run_id_of,
)
from codecrucible.harness.runs.remote import mirrored
from codecrucible.harness.runs.shards import Shard, part_of
from codecrucible.reports import for_terminal, print_reports, to_csv, to_markdown
from codecrucible.sandbox import DockerExecutor, Executor, Limits, SandboxError

if TYPE_CHECKING:
    from codecrucible.harness.common.sampling import Sampling
    from codecrucible.harness.models.chat_settings import ChatSettings
    from codecrucible.harness.models.cluster.pool import GeneratorPool
    from codecrucible.harness.models.protocol import LanguageModel
    from codecrucible.sandbox import Fact
    from codecrucible.sandbox.docker.images import ImageInfo
    from codecrucible.sandbox.languages import Family

RUNS = Path("runs")
DEFAULT_KS = (1, 10)
BASE_ALONE = "none"
"""In place of an adapter's folder."""


def run(options: Namespace) -> int:
    """Sample, execute, scan, judge, report; each benchmark in a run folder of its own."""
    return _conclude(_sample(options, execute=True), options)


def generate(options: Namespace) -> int:
    """Only sample; the other steps can follow on another machine."""
    if options.dry_run:
        if options.cluster is not None:
            raise UsageError(
                f"--dry-run beside --cluster {options.cluster}: it loads the model here; give one of the two"
            )
        return _examine_prompts(options)
    outcomes = _sample(options, execute=False)
    if options.json:
        _print_one_or_all([outcome.report for outcome in outcomes])
    else:
        for outcome in outcomes:
            print(f"{outcome.report['samples']} samples in {outcome.folder}; next: crucible execute {outcome.folder}")
    return EXIT_DONE


def _benchmarks(options: Namespace) -> list[Benchmark]:
    """The benchmarks asked for; a choice of problems is in their names, so that it is said wherever a name is."""
    if options.limit is not None and options.problems is not None:
        raise UsageError(f"--limit {options.limit} beside --problems {options.problems}; give one of the two")
    problems = "" if options.limit is None else f":{options.limit}"
    if options.problems is not None:
        problems = _listed(options.problems)
    names = selected_names(options.benchmark, problems=problems)
    benchmarks = [load_benchmark(name, allow_unpinned=options.allow_unpinned) for name in names]
    for benchmark in benchmarks:
        if options.strict and benchmark.refused:
            raise BenchmarkDataError(benchmark.refused[0].reason)
    return benchmarks


def _listed(problems: str) -> str:
    """Ids as in a benchmark's name, from a list or, after an @, a file with one a line."""
    if problems.startswith("@"):
        try:
            problems = ",".join(Path(problems[1:]).read_text(encoding="utf-8").splitlines())
        except (OSError, ValueError) as error:
            raise UsageError(f"--problems {problems}: cannot read the ids: {error}; give a text file of ids") from None
    ids = [part.strip() for part in problems.split(",") if part.strip()]
    if not ids:
        raise UsageError("--problems names no problem; give ids separated by commas, or @FILE with one a line")
    return ",".join(ids)


def _find_images(benchmarks: Iterable[Benchmark]) -> None:
    """Raise `ImageMissing` where one is not built, before hours are spent on a benchmark that comes before it."""
    from codecrucible.sandbox.docker.images import find
    from codecrucible.sandbox.errors import ImageMissing
    from codecrucible.sandbox.languages import families_of
    from codecrucible.sandbox.scanners import scanned_in, scanner_families_of

    judged = ",".join(("python", *sorted({language for each in benchmarks for language in each.without_referee})))
    for family in families_of(judged):
        find(family=family)
    for family in scanner_families_of(judged):
        try:
            find(family=family)
        except ImageMissing as error:  # there may be no way to the packages that it is made of
            complain(f"what is written in {', '.join(scanned_in(family))} will not be scanned: {error}")


def _sample(options: Namespace, *, execute: bool) -> list[Outcome]:
    """Sample each benchmark with the model, which is loaded once, and execute what it writes if asked to."""
    benchmarks = _benchmarks(options)
    ks = _ks(options.k, n=options.n)
    _refuse_empty_shard(options.shard, benchmarks)
    refuse_without_ray(options.cluster)
    _refuse_perplexity_elsewhere(options)
    if execute and options.cluster is None:  # the nodes of a cluster look for themselves
        _find_images(benchmarks)
    adapters = _adapters(options)
    folders = _folders(options.out, benchmarks, adapters)
    sampling = _sampling(options)
    outcomes = []
    with _generators(options) as pool:
        for place, model in enumerate(_models(options, adapters, pool)):
            _refuse_few_shot_in_chat(model, benchmarks)
            outcomes += [
                _sample_one(options, model, sampling, benchmark, ks, pool=pool, out=folder, execute=execute)
                for benchmark, folder in zip(benchmarks, folders[place], strict=True)
            ]
    return outcomes


def _refuse_perplexity_elsewhere(options: Namespace) -> None:
    """Raise `UsageError` if it is asked for of a model that is not in this process."""
    if options.perplexity and options.model.startswith("openai:"):
        raise UsageError(
            f"--perplexity with --model {options.model}: a server does not tell how likely a text is that it did not "
            "write; give the checkpoint itself, or leave --perplexity away"
        )
    if options.perplexity and options.cluster is not None and options.generators != 0:
        raise UsageError(
            f"--perplexity with --cluster {options.cluster}: it is measured by a model in this process; add "
            "--generators 0"
        )


def _generators(options: Namespace) -> "AbstractContextManager[GeneratorPool | None]":
    """Those that complete prompts on the nodes of a cluster; none where a model in this process does, or a server.

    Raises:
        UsageError: if they are asked for where they cannot be.
    """
    asked, devices = options.generators, ("auto", "cuda", "cpu")
    if asked:
        named = f"--generators {asked}"
        if options.cluster is None:
            raise UsageError(f"{named}: give the address of their cluster with --cluster")
        if options.model.startswith("openai:"):
            raise UsageError(f"{named} with --model {options.model}: a server spreads its model itself; leave it away")
        if options.device not in devices:
            raise UsageError(f"{named} with --device {options.device}: each has one GPU; give {', '.join(devices)}")
    here = options.model.startswith("openai:") or options.device not in devices
    if options.cluster is None or asked == 0 or here:
        return nullcontext()
    from codecrucible.harness.models.cluster.nodes import open_generators

    tell = (lambda _line: None) if options.quiet else complain
    return open_generators(options.cluster, asked, options.device, tell)


def _examine_prompts(options: Namespace) -> int:
    """Show what the model would be sent, and a handful of what it answers; write nothing."""
    from codecrucible.harness.evaluation.prompt_check import examine, lines_of

    benchmarks, sampling = _benchmarks(options), _sampling(options)
    reports = []
    for model in _models(options, _adapters(options), pool=None):
        _refuse_few_shot_in_chat(model, benchmarks)
        for benchmark in benchmarks:
            with Progress(quiet=options.quiet) as progress:
                found = examine(
                    model,
                    benchmark,
                    sampling,
                    asked_form=options.prompt_form,
                    extraction=Extraction(options.extraction),
                    progress=progress,
                )
            reports.append(to_json(found))
            if not options.json:
                print(*lines_of(found), sep="\n", end="\n\n")
    if options.json:
        _print_one_or_all(reports)
    return EXIT_DONE


def _refuse_without_torch(model: str) -> None:
    if not find_spec("torch"):
        raise UsageError(f"sampling from {model} needs the extra 'model': pip install 'codecrucible[model]'")


def _refuse_empty_shard(shard: Shard | None, benchmarks: Iterable[Benchmark]) -> None:
    for benchmark in benchmarks:
        if shard and not part_of(benchmark, shard).problems:
            raise UsageError(
                f"--shard {shard}: {benchmark.name} has {len(benchmark.problems)} problems, and this shard would have "
                "none; take fewer shards"
            )


def _adapters(options: Namespace) -> list[Path | None]:
    """The adapters asked for, None for the base alone.

    Raises:
        UsageError: if one is named twice.
    """
    asked: list[Path] = options.adapter or [Path(BASE_ALONE)]
    for adapter, count in Counter(asked).items():
        if count > 1:
            raise UsageError(f"--adapter {adapter} is given {count} times")
    return [None if str(adapter) == BASE_ALONE else adapter for adapter in asked]


def _folders(out: Path | None, benchmarks: list[Benchmark], adapters: Sequence[Path | None]) -> list[list[Path | None]]:
    """The run folders of each adapter, one a benchmark: `out`, or in it one named after both if there are several."""
    if out is None or len(benchmarks) == len(adapters) == 1:
        return [[out] * len(benchmarks) for _ in adapters]
    if (out / "run.json").exists():
        raise UsageError(
            f"{out} is a run folder, and {len(benchmarks) * len(adapters)} runs need a folder to hold them"
        )
    named = [
        [
            out / "-".join(_file_name(part) for part in (adapter and adapter.resolve().name, benchmark.name) if part)
            for benchmark in benchmarks
        ]
        for adapter in adapters
    ]
    for folder, count in Counter(folder for folders in named for folder in folders).items():
        if count > 1:
            raise UsageError(f"{count} of these runs would have the folder {folder}: leave --out away")
    return [list(folders) for folders in named]


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.+-]", "-", text, flags=re.ASCII)[:80]


def _sampling(options: Namespace) -> "Sampling":
    from codecrucible.harness.common.sampling import Sampling

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


def _chat(options: Namespace) -> "ChatSettings":
    from codecrucible.harness.models.chat_settings import ChatSettings

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


def _models(
    options: Namespace, adapters: Sequence[Path | None], pool: "GeneratorPool | None"
) -> Iterator["LanguageModel"]:
    """The model with each of `adapters` in turn, each to be done with before the next is asked for.

    It is loaded once, and all of them are tried before the first is used.
    """
    adapted = _loaded(options, adapters, pool)
    if len(adapters) > 1:
        for tried in filter(None, adapters):
            adapted(tried)
    for adapter in adapters:
        model = adapted(adapter)
        for caution in model.adapter.cautions if model.adapter and not options.quiet else ():
            complain(f"note: {caution}")
        yield model


def _loaded(
    options: Namespace, adapters: Sequence[Path | None], pool: "GeneratorPool | None"
) -> "Callable[[Path | None], LanguageModel]":
    """Function that gives the model with an adapter or none, in this process, behind a server or in the pool."""
    from codecrucible.harness.models.protocol import load_model

    loading = {
        "revision": options.revision,
        "dtype": options.dtype,
        "device": options.device,
        "prompt_form": options.prompt_form,
        "trust_remote_code": options.trust_remote_code,
        "bits": options.bits,
        "allow_pickle": options.allow_pickle,
        "chat": _chat(options),
    }
    with Progress(quiet=options.quiet) as progress:
        progress.note(f"loading {options.model}")
        if pool:
            facts = pool.load(options.model, loading)
            if facts.licence_notice:  # said in a log of the nodes
                progress.note(f"{options.model}: {facts.licence_notice}")
            adapted: Callable[[Path | None], LanguageModel] = pool.adapted
        elif options.model.startswith("openai:"):
            adapter = next(filter(None, adapters), None)
            model = load_model(options.model, adapter=adapter, sampling=_sampling(options), **loading)
            facts, adapted = model.facts, lambda _none: model
        else:
            _refuse_without_torch(options.model)
            base: Any = load_model(options.model, **loading)
            from codecrucible.harness.models.local.loading import AdaptableModel

            facts = base.facts
            adapted = AdaptableModel(base, prompt_form=options.prompt_form, allow_pickle=options.allow_pickle).adapted
        for caution in facts.cautions:
            progress.note(f"note: {caution}")
    return adapted


def _refuse_few_shot_in_chat(model: "LanguageModel", benchmarks: Iterable[Benchmark]) -> None:
    for benchmark in benchmarks:
        if model.prompt_form is PromptForm.CHAT and any(problem.few_shot_prompt for problem in benchmark.problems):
            raise UsageError(
                f"{benchmark.name} has few-shot prompts, which a model has to continue, and this one would be asked as "
                "chat; give --prompt-form completion, or take another benchmark"
            )


def _sample_one(
    options: Namespace,
    model: "LanguageModel",
    sampling: "Sampling",
    benchmark: Benchmark,
    ks: tuple[int, ...],
    *,
    pool: "GeneratorPool | None",
    out: Path | None,
    execute: bool,
) -> Outcome:
    from codecrucible.harness.evaluation.from_model import sample_batches

    part = part_of(benchmark, options.shard)
    manifest = _manifest(
        options,
        benchmark,
        ks,
        label=f"{model.facts.name}-{benchmark.name}-n{options.n}",
        model=model.facts,
        adapter=model.adapter,
        prompt=PromptFacts(
            form=model.prompt_form,
            template_sha256=model.template_sha256,
            date=model.prompt_date,
            **_chat(options).asked,
        ),
        sampling=sampling,
        expected_samples=sampling.n * len(part.problems),
    )
    if pool:
        manifest = replace(
            manifest,
            packages={name: manifest.packages[name] for name in manifest.packages if name not in provenance.GENERATING}
            | dict(pool.packages),
            machine={**manifest.machine, "generators": pool.describe()},
        )
    folder = out or _folder_of(manifest)
    with (
        Progress(quiet=options.quiet) as progress,
        # One a benchmark: the run names the images that its own executor started, and holds no others' containers.
        _executor(options, progress) if execute else nullcontext() as executor,
        mirrored(folder, options.sync),
        RunWriter(folder, manifest) as writer,
    ):
        if options.perplexity:
            _measure_perplexity(model, part, writer, progress)
        progress.note(f"sampling {for_terminal(benchmark.name)} into {writer.path}")
        batches = sample_batches(
            model,
            part,
            sampling,
            done=writer.folder.samples(),
            progress=progress,
            extraction=Extraction(options.extraction),
            earlier_n=writer.folder.manifest.earlier_n,
        )
        return work(writer, benchmark, executor, progress, batches=batches)


def _measure_perplexity(model: Any, benchmark: Benchmark, writer: RunWriter, progress: Progress) -> None:
    """Write how likely the references are under the run's model, unless that is known of the run already."""
    from codecrucible.harness.evaluation.perplexity import measure_perplexity
    from codecrucible.harness.runs.reference_losses import read_reference_losses

    if read_reference_losses(writer.path) is not None:
        return
    progress.stage("perplexity", total=sum(bool(problem.reference) for problem in benchmark.problems))
    measure_perplexity(model, benchmark, writer.path, done=lambda problems: progress.advance("perplexity", problems))


def _executor(options: Namespace, progress: Progress) -> AbstractContextManager[Executor]:
    return open_executor(options.cluster, options.workers, progress.note)


def _folder_of(manifest: Manifest) -> Path:
    """Where a run goes unless it is told where."""
    shard = manifest.shard
    return RUNS / (f"{manifest.run_id}-shard-{shard.number}-of-{shard.count}" if shard else manifest.run_id)


def evaluate(options: Namespace) -> int:
    """Score completions made elsewhere."""
    refuse_without_ray(options.cluster)
    benchmarks = _benchmarks(options)
    if len(benchmarks) > 1:
        names = ", ".join(benchmark.name for benchmark in benchmarks)
        raise UsageError(f"{options.samples} holds the samples of one benchmark, and these are several: {names}")
    benchmark = benchmarks[0]
    _refuse_empty_shard(options.shard, benchmarks)
    form = None if options.prompt_form == "auto" else PromptForm(options.prompt_form)
    imported = read_samples(options.samples, benchmark, form=form, extraction=Extraction(options.extraction))
    mine = frozenset(problem.problem_id for problem in part_of(benchmark, options.shard).problems)
    samples = [sample for sample in imported.samples if sample.problem_id in mine]
    made = _manifest(
        options,
        benchmark,
        _ks(options.k, n=imported.n),
        label=f"{options.samples.name.partition('.')[0]}-{benchmark.name}",
        model=ImportedFile(spec=str(options.samples), name=options.samples.name, sha256=imported.sha256),
        adapter=None,
        prompt=PromptFacts(form=options.prompt_form),
        sampling=ImportedSampling(n=imported.n),
        expected_samples=len(samples),
    )
    manifest = replace(made, left_out_samples=imported.left_out)
    folder = options.out or _folder_of(manifest)
    with (
        Progress(quiet=options.quiet) as progress,
        executor_or_reason(options.cluster, options.workers, progress.note) as (executor, reason),
        mirrored(folder, options.sync),
        RunWriter(folder, manifest) as writer,
    ):
        for note in imported.notes:
            progress.note(note)
        if imported.missing:
            progress.note(_missing(imported.missing, benchmark))
        outcome = work(writer, benchmark, executor, progress, batches=[samples])
    return _conclude([outcome], options, reason=reason)


def execute(options: Namespace) -> int:
    """Execute what was not executed yet, and judge."""
    return _go_on(options, scan=False)


def scan(options: Namespace) -> int:
    """Scan what was not scanned yet."""
    return _go_on(options, execute=False)


def _go_on(options: Namespace, *, execute: bool = True, scan: bool = True) -> int:
    refuse_without_ray(options.cluster)
    with (
        mirrored(options.folder, options.sync),
        RunWriter(options.folder) as writer,
        Progress(quiet=options.quiet) as progress,
    ):
        benchmark = benchmark_of(writer.folder.manifest)
        with _executor(options, progress) as executor:
            outcome = work(writer, benchmark, executor, progress, execute=execute, scan=scan)
    return _conclude([outcome], options, unjudged_fails=execute)


def judge(options: Namespace) -> int:
    """Derive the judgements again, and the report with them."""
    with RunWriter(options.folder) as writer:
        benchmark = benchmark_of(writer.folder.manifest)
        judge_run(writer, benchmark)
        made = make_report(writer.folder, benchmark)
    return _conclude([Outcome(folder=options.folder, report=made, failures={})], options)


def merge(options: Namespace) -> int:
    """Put the shards of a run together."""
    from codecrucible.harness.evaluation.merge_shards import merge_shards

    out = options.out or RUNS / RunFolder(options.shards[0]).manifest.run_id
    folder = merge_shards(options.shards, out=out, argv=options.argv)
    manifest = folder.manifest
    made = current_report(folder, benchmark_of(manifest))
    outcome = Outcome(folder=folder.path, report=made, failures={})
    return _conclude([outcome], options, unjudged_fails=bool(manifest.sandbox))


def report(options: Namespace) -> int:
    """Write report.json of each run folder and print them together."""
    if options.similarity and options.format == "csv":
        raise UsageError("--similarity has no columns in CSV; take --format table, markdown, or --json")
    with sample_file_at(options.parquet) if options.parquet else nullcontext() as sample_file:
        runs = [
            (folder, make_report(folder, benchmark_of(folder.manifest), ks=options.k, sample_file=sample_file))
            for folder in [RunFolder(path) for path in options.folders]
        ]
    if options.html:
        save_page(options.html, [folder for folder, _ in runs])
    if options.report_to:
        from codecrucible.harness.results.trackers import log_run

        for folder, made in runs:
            print(for_terminal(log_run(folder, made, options.report_to), longest=1000), file=sys.stderr)
    if options.codebleu != "ours":
        runs = [
            (folder, made | {"codebleu": corpus_codebleu_of(folder, benchmark_of(folder.manifest), options.codebleu)})
            for folder, made in runs
        ]
    reports = [made for _, made in runs]
    if options.similarity:
        reports = [made | {"similarity": similarity_of(folder, benchmark_of(folder.manifest))} for folder, made in runs]
    if options.json:
        _print_one_or_all(reports)
        return EXIT_DONE
    _show(reports, form=options.format)
    if options.similarity:
        from codecrucible.reports.likeness.similarity import similarity_sheet

        show_sheets([similarity_sheet(reports)], form=options.format)
    return EXIT_DONE


def list_benchmarks(options: Namespace) -> int:
    """List the benchmarks, whether their data is on this machine or not; none of it is read but plug-ins'."""
    entries = list(catalogue())
    installed = installed_plug_ins()
    refused = list(installed.refused)
    for plug_in in installed.usable.values():
        try:
            entries.append(entry_of(plug_in))
        except BenchmarkDataError as error:
            refused.append(str(error))
    for line in refused:
        complain(line)
    if options.json:
        _print_json([to_json(entry) for entry in entries])
        return EXIT_DONE
    group = ""
    for entry in entries:
        family = for_terminal(f"{entry.source} {entry.version}, {entry.licence}", longest=300)
        if family != group:
            group = family
            print(family)
        absent = "" if entry.at_hand else "  data not on this machine"
        untested = "" if entry.tested else ", not tested"
        print(f"  {entry.name:<27} {entry.problems:>4} problems  {entry.language}{untested}{absent}")
    return EXIT_DONE


def check_benchmarks(options: Namespace) -> int:
    """Run every reference solution and a stub through the sandbox."""
    benchmarks = _benchmarks(options)
    _find_images(benchmarks)
    reports = []
    for benchmark in benchmarks:
        reports.append(_check_one(benchmark, options))
        if not options.json:
            _print_check(reports[-1])
    if options.json:
        _print_one_or_all([to_json(checked) for checked in reports])
    return EXIT_DONE if all(checked.ok for checked in reports) else EXIT_FAILURE


def _check_one(benchmark: Benchmark, options: Namespace) -> CheckReport:
    with DockerExecutor(workers=options.workers) as executor, Progress(quiet=options.quiet) as progress:
        progress.stage("check", total=0)

        def advance(done: int, total: int) -> None:
            if done == 1:
                progress.grow("check", total)
            progress.advance("check")

        return check_benchmark(benchmark, executor, advance, limits=_limits(options, REFERENCE_LIMITS))


def _print_check(checked: CheckReport) -> None:
    print(
        f"{checked.benchmark}: {checked.references_passed} of {checked.references} references pass (all should), "
        f"{checked.stubs_passed} of {checked.stubs} stubs pass (none should)"
    )
    for offender in checked.offenders:
        judgement = offender.judgement
        told = f"{offender.problem_id}: {offender.completion} {judgement.verdict}: {judgement.detail}"
        print(f"  {for_terminal(told, longest=400)}")
    for problem in checked.unproxiable:
        told = f"{problem.problem_id}: unproxiable, as its reference shows: {problem.reason}"
        print(f"  {for_terminal(told, longest=400)}")
    _print_dead_rows(checked)
    if checked.refused:
        print(f"{len(checked.refused)} lines hold no problem and are left out")
    for row in checked.refused:
        print(f"  {for_terminal(row.reason, longest=400)}")


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
    from codecrucible.sandbox.docker.images import build
    from codecrucible.sandbox.errors import ImageBuildFailed

    families = _families_of(options.languages)
    images: list[ImageInfo] = []
    failed: list[str] = []
    begin = time.monotonic()
    with Progress(quiet=options.quiet) as progress:
        for number, family in enumerate(families, start=1):
            if len(families) > 1:
                progress.note(f"{family.name}, {number} of {len(families)}, after {time.monotonic() - begin:.0f} s")
            try:
                images.append(build(progress.note, family, anew=options.no_cache))
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
    from codecrucible.sandbox.doctor import examine
    from codecrucible.sandbox.scope import COVERED, NOT_COVERED

    if options.languages:
        _refuse_unknown_languages(options.languages)
    sound = _print_facts(examine(options.languages), options)
    if not options.json:
        for title, lines in (("covered", COVERED), ("not covered", NOT_COVERED)):
            print(f"\n{title}:")
            print("\n".join(f"  - {line}" for line in lines))
    return EXIT_DONE if sound else EXIT_FAILURE


def _refuse_unknown_languages(names: str) -> None:
    from codecrucible.sandbox.languages import chosen

    try:
        chosen(names)
    except ValueError as error:
        raise UsageError(f"--languages {names}: {error}") from error


def sandbox_sbom(options: Namespace) -> int:
    """Print what is in the images."""
    if not find_spec("cyclonedx"):
        raise UsageError("a bill of materials needs the extra 'sbom': pip install 'codecrucible[sbom]'")
    from codecrucible.sandbox.docker.sbom import bill_of_materials

    print(bill_of_materials(_families_of(options.languages)))
    return EXIT_DONE


def _families_of(names: str) -> "list[Family]":
    """The families whose images these languages need, to run and to be scanned."""
    from codecrucible.sandbox.languages import families_of
    from codecrucible.sandbox.scanners import scanner_families_of

    _refuse_unknown_languages(names)
    both = (*families_of(names), *scanner_families_of(names))
    return list({family.name: family for family in both}.values())


def sandbox_prune(options: Namespace) -> int:
    """Remove what dead runs and older versions left behind."""
    from codecrucible.sandbox.docker.images import prune

    removed = prune(all_images=options.all)
    if options.json:
        _print_json(to_json(removed))
    else:
        print(removed)
    return EXIT_DONE


def doctor(options: Namespace) -> int:
    """Check engine, image, models, data, GPU and a known answer."""
    from codecrucible.harness.cli.doctor import examine_machine

    return EXIT_DONE if _print_facts(examine_machine(), options) else EXIT_FAILURE


def _manifest(
    options: Namespace,
    benchmark: Benchmark,
    ks: tuple[int, ...],
    *,
    label: str,
    model: CheckpointFacts | ImportedFile,
    adapter: AdapterFacts | None,
    prompt: PromptFacts,
    sampling: "Sampling | ImportedSampling",
    expected_samples: int,
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
        benchmark=provenance.of_benchmark(benchmark),
        prompt=prompt,
        extraction=options.extraction,
        sampling=sampling,
        limits=LimitRule(floor=_limits(options, Limits()), cpu_factor=_cpu_factor(options)),
        k=ks,
        sandbox={},
        machine=provenance.machine(),
        shard=options.shard,
        expected_samples=expected_samples,
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


def _conclude(
    outcomes: list[Outcome], options: Namespace, *, reason: SandboxError | None = None, unjudged_fails: bool = True
) -> int:
    """Print the reports and what went wrong; the exit code."""
    if options.json:
        _print_one_or_all([outcome.report for outcome in outcomes])
    else:
        _show([outcome.report for outcome in outcomes])
        for outcome in outcomes:
            print(f"run folder: {outcome.folder}")
    for outcome in outcomes:
        for message, count in outcome.failures.items():
            complain(f"{message} ({count} programs)")
    if reason:
        complain(str(reason))
    unjudged = [outcome for outcome in outcomes if outcome.report["unjudged"] and unjudged_fails]
    for outcome in unjudged:
        complain(
            f"{outcome.report['unjudged']} samples are left unjudged and count neither as passed nor as failed; "
            f"`crucible execute {outcome.folder}` goes on"
        )
    return EXIT_FAILURE if unjudged or any(outcome.failures for outcome in outcomes) else EXIT_DONE


def _show(reports: list[dict[str, Any]], *, form: str = "table") -> None:
    if form == "markdown":
        print(to_markdown(reports), end="")
    elif form == "csv":
        print(to_csv(reports), end="")
    else:
        from rich.console import Console

        print_reports(reports, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))


def _print_one_or_all(values: list[Any]) -> None:
    _print_json(values[0] if len(values) == 1 else values)


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
