"""From a plan to run folders: what `crucible run`, `generate`, `evaluate` and `execute` do, below the command line."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.benchmarks import Benchmark, PromptForm
from codecrucible.harness.common import provenance
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.executors import (
    executor_soon,
    open_executor,
    refuse_missing_images,
    refuse_without_ray,
)
from codecrucible.harness.evaluation.from_files import Imported, read_samples
from codecrucible.harness.evaluation.from_model import sample_batches
from codecrucible.harness.evaluation.plan import FilePlan, Plan, RunPlan, ks_for
from codecrucible.harness.evaluation.session import Outcome, work
from codecrucible.harness.models.in_turn import generators_for, models_in_turn
from codecrucible.harness.models.protocol import LanguageModel
from codecrucible.harness.results.report import benchmark_of
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.manifest import (
    SCHEMA_VERSION,
    ImportedFile,
    ImportedSampling,
    LimitRule,
    Manifest,
    PromptFacts,
    run_id_of,
)
from codecrucible.harness.runs.records import Sample
from codecrucible.harness.runs.reference_losses import read_reference_losses
from codecrucible.harness.runs.remote import mirrored
from codecrucible.harness.runs.shards import part_of
from codecrucible.reports import for_terminal

if TYPE_CHECKING:
    from codecrucible.harness.models.cluster.pool import GeneratorPool
    from codecrucible.harness.models.engines.engine import Engine

RUNS = Path("runs")
"""Where runs go unless they are told where."""


def run_models(plan: RunPlan, *, execute: bool = True) -> list[Outcome]:
    """One outcome for each adapter and benchmark of `plan`, in their order; the model is loaded once.

    Args:
        plan: What is run.
        execute: Whether what the model writes is executed, scanned and judged, too.

    Raises:
        HarnessError: the plan cannot be carried out; what was written stays.
        SandboxError: nothing can be executed here.
        KeyboardInterrupt: after everything known was written.
    """
    folders = plan.folders
    if execute and plan.cluster is None:  # the nodes of a cluster look for themselves
        refuse_missing_images(plan.benchmarks)
    outcomes = []
    with generators_for(
        plan.model,
        plan.loading,
        plan.adapters,
        plan.sampling,
        cluster=plan.cluster,
        asked=plan.generators,
        quiet=plan.quiet,
    ) as pool:
        models = models_in_turn(plan.model, plan.loading, plan.adapters, plan.sampling, pool=pool, quiet=plan.quiet)
        for model, places in zip(models, folders, strict=True):
            refuse_other_form(model, plan.benchmarks)
            outcomes += [
                _sample(plan, model, benchmark, pool=pool, out=out, execute=execute)
                for benchmark, out in zip(plan.benchmarks, places, strict=True)
            ]
    return outcomes


def evaluate_file(plan: FilePlan) -> Outcome:
    """Outcome of scoring completions that were made elsewhere.

    Where nothing can be executed, they are recorded and left unjudged; the outcome says why.

    Raises:
        HarnessError: the plan cannot be carried out, or the file is not what it should be.
        KeyboardInterrupt: after everything known was written.
    """
    benchmark = plan.benchmark
    with (
        Progress(quiet=plan.quiet) as progress,
        executor_soon(
            plan.cluster, plan.workers, progress.note, scanned=benchmark.languages, executes=benchmark.tested
        ) as executor_there,
    ):
        imported = read_samples(plan.samples, benchmark, form=plan.form, extraction=plan.extraction, progress=progress)
        manifest, samples = _of_file(plan, imported)
        executor, reason = executor_there()
        with mirrored(folder := plan.out or _folder_of(manifest), plan.sync), RunWriter(folder, manifest) as writer:
            for note in imported.notes:
                progress.note(note)
            if imported.missing:
                progress.note(_missing(imported.missing, benchmark))
            outcome = work(writer, benchmark, executor, progress, batches=[samples])
    return replace(outcome, reason=str(reason) if reason else "")


def _of_file(plan: FilePlan, imported: Imported) -> tuple[Manifest, list[Sample]]:
    """The manifest of the run, and its samples: those of the shard's problems."""
    benchmark = plan.benchmark
    mine = frozenset(problem.problem_id for problem in part_of(benchmark, plan.shard).problems)
    samples = [sample for sample in imported.samples if sample.problem_id in mine]
    made = _manifest(
        plan,
        benchmark,
        ks_for(plan.ks, n=imported.n),
        label=f"{plan.name or plan.samples.name.partition('.')[0]}-{benchmark.name}",
        model=ImportedFile(spec=str(plan.samples), name=plan.name or plan.samples.name, sha256=imported.sha256),
        adapter=None,
        prompt=PromptFacts(form=plan.form or "auto"),
        sampling=ImportedSampling(n=imported.n),
        expected_samples=len(samples),
    )
    return replace(made, left_out_samples=imported.left_out), samples


def go_on(
    folder: Path,
    *,
    execute: bool = True,
    scan: bool = True,
    cluster: str | None = None,
    workers: int | None = None,
    sync: str | None = None,
    quiet: bool = False,
) -> Outcome:
    """Outcome of executing, or scanning, what a run folder holds and was not yet; see `Plan` for the rest.

    Raises:
        HarnessError: there is no run, or another process writes to it.
        SandboxError: nothing can be executed here.
        KeyboardInterrupt: after everything known was written.
    """
    refuse_without_ray(cluster)
    with mirrored(folder, sync), RunWriter(folder) as writer, Progress(quiet=quiet) as progress:
        benchmark = benchmark_of(writer.folder.manifest)
        scanned = benchmark.languages if scan else ()
        executes = execute and benchmark.tested
        with open_executor(cluster, workers, progress.note, scanned=scanned, executes=executes) as executor:
            return work(writer, benchmark, executor, progress, execute=execute, scan=scan)


def refuse_other_form(model: LanguageModel, benchmarks: Iterable[Benchmark]) -> None:
    """Raise `UsageError` for prompts with examples in a chat, and for gaps, or none, in the form of the other."""
    for benchmark in benchmarks:
        if any(
            (problem.suffix is not None) is not (model.prompt_form is PromptForm.INFILL)
            for problem in benchmark.problems
        ):
            raise UsageError(
                f"{benchmark.name} has no gaps to fill, which is all that --prompt-form infill asks for; omit it"
                if model.prompt_form is PromptForm.INFILL
                else f"{benchmark.name} has gaps to fill, and this model would be asked in the form "
                f"{model.prompt_form}; give --prompt-form infill"
            )
        if model.prompt_form is PromptForm.CHAT and any(
            problem.few_shot_prompt and not problem.message for problem in benchmark.problems
        ):
            raise UsageError(
                f"{benchmark.name} has few-shot prompts, which a model has to continue, and this one would be asked as "
                "chat; give --prompt-form completion, or take another benchmark"
            )


def _sample(
    plan: RunPlan,
    model: LanguageModel,
    benchmark: Benchmark,
    *,
    pool: "GeneratorPool | Engine | None",
    out: Path | None,
    execute: bool,
) -> Outcome:
    part = part_of(benchmark, plan.shard)
    manifest = _manifest(
        plan,
        benchmark,
        ks_for(plan.ks, n=plan.sampling.n),
        label=f"{model.facts.name}-{benchmark.name}-n{plan.sampling.n}",
        model=model.facts,
        adapter=model.adapter,
        prompt=PromptFacts(
            form=model.prompt_form,
            template_sha256=model.template_sha256,
            infill=model.infill_template,
            date=model.prompt_date,
            **plan.loading.chat.asked,
        ),
        sampling=plan.sampling,
        expected_samples=plan.sampling.n * len(part.problems),
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
        Progress(quiet=plan.quiet) as progress,
        # One a benchmark: the run names the images that its own executor started, and holds no others' containers.
        open_executor(plan.cluster, plan.workers, progress.note, scanned=benchmark.languages, executes=benchmark.tested)
        if execute
        else nullcontext() as executor,
        mirrored(folder, plan.sync),
        RunWriter(folder, manifest) as writer,
    ):
        if plan.perplexity:
            _measure_perplexity(model, part, writer, progress)
        progress.note(f"sampling {for_terminal(benchmark.name)} into {writer.path}")
        batches = sample_batches(
            model,
            part,
            plan.sampling,
            done=writer.folder.samples(),
            progress=progress,
            extraction=plan.extraction,
            earlier_n=writer.folder.manifest.earlier_n,
        )
        return work(writer, benchmark, executor, progress, batches=batches)


def _measure_perplexity(model: Any, benchmark: Benchmark, writer: RunWriter, progress: Progress) -> None:
    """Write how likely the references are under the run's model, unless that is known of the run already."""
    from codecrucible.harness.evaluation.perplexity import measure_perplexity

    if read_reference_losses(writer.path) is not None:
        return
    progress.stage("perplexity", total=sum(bool(problem.reference) for problem in benchmark.problems))
    measure_perplexity(model, benchmark, writer.path, done=lambda problems: progress.advance("perplexity", problems))


def _manifest(
    plan: Plan,
    benchmark: Benchmark,
    ks: tuple[int, ...],
    *,
    label: str,
    model: CheckpointFacts | ImportedFile,
    adapter: AdapterFacts | None,
    prompt: PromptFacts,
    sampling: Sampling | ImportedSampling,
    expected_samples: int,
) -> Manifest:
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        run_id="",
        argv=plan.argv,
        cutoff=plan.cutoff,
        created_utc=provenance.utc_now(),
        code_version=provenance.code_version(),
        packages=provenance.packages(),
        model=model,
        adapter=adapter,
        benchmark=provenance.of_benchmark(benchmark),
        prompt=prompt,
        extraction=plan.extraction,
        sampling=sampling,
        limits=LimitRule(floor=plan.limits, cpu_factor=plan.cpu_factor),
        k=ks,
        sandbox={},
        machine=provenance.machine(),
        shard=plan.shard,
        expected_samples=expected_samples,
    )
    return replace(manifest, run_id=run_id_of(label, manifest.identity()))


def _folder_of(manifest: Manifest) -> Path:
    shard = manifest.shard
    return RUNS / (f"{manifest.run_id}-shard-{shard.number}-of-{shard.count}" if shard else manifest.run_id)


def _missing(missing: tuple[str, ...], benchmark: Benchmark) -> str:
    shown = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")  # noqa: PLR2004  # a line's worth
    return f"{len(missing)} of {len(benchmark.problems)} problems have no sample and are left out: {shown}"
