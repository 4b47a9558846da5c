"""From sources and runs to a folder of data with its card."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import NothingToDo
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.provenance import packages
from codecrucible.harness.finetune.preparation.data_folder import SCHEMA, new_folder, write_card, write_rows
from codecrucible.harness.finetune.preparation.decontamination import Decontamination, installed_benchmarks
from codecrucible.harness.finetune.preparation.pipeline import LONG_CHARACTERS, Pipeline, Rules
from codecrucible.harness.finetune.preparation.rows import Row
from codecrucible.harness.finetune.preparation.run_rows import RunRules, RunSource, run_sources
from codecrucible.harness.finetune.preparation.sources import TRAIN_SPLIT, SourceOptions, Unreadable, read_source
from codecrucible.harness.finetune.preparation.splitting import validation_rows

_PACKAGES = ("codecrucible", "datasets", "datasketch", "detect-secrets", "pylint", "ruff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What data is made of, and how.

    Attributes:
        sources: As `read_source` takes them.
        reading: How they are read.
        limit: The first records of each source, so many; None for all.
        runs: Run folders, or folders of them, whose passing samples become rows.
        run_rules: Which of their samples.
        rules: What a row must be to be kept.
        against: Benchmarks to keep out; None for all on this machine.
        validation_share: Share of the rows that are held out.
    """

    sources: tuple[str, ...] = ()
    reading: SourceOptions = field(default_factory=SourceOptions)
    limit: int | None = None
    runs: tuple[Path, ...] = ()
    run_rules: RunRules = field(default_factory=RunRules)
    rules: Rules = field(default_factory=Rules)
    against: Sequence[str] | None = None
    validation_share: float = 0.1


def prepare_data(out: Path, preparation: Preparation, progress: Progress) -> dict[str, Any]:
    """Write the folder `out`, whole or not at all, and return its card.

    Raises:
        UsageError: `out` is there, or a source or run cannot be read or is not to be learnt from.
        NothingToDo: no row is left.
        BenchmarkError: one of `against` is no benchmark, or its data is absent.
    """
    with new_folder(out) as folder:
        return _written(folder, preparation, progress)


def _written(folder: Path, preparation: Preparation, progress: Progress) -> dict[str, Any]:
    rules = preparation.rules
    runs = run_sources(preparation.runs, preparation.run_rules)
    on_split = any(run.manifest.benchmark.name.startswith(TRAIN_SPLIT) for run in runs)
    training_split = on_split or TRAIN_SPLIT in preparation.sources
    benchmarks, absent = installed_benchmarks(preparation.against, training_split=training_split)
    for name in absent:
        progress.note(f"not decontaminated against {name}: its data is not on this machine")
    records: Counter[str] = Counter()
    spool = folder / "rows.partial"
    with Pipeline(spool, rules=rules, decontamination=Decontamination(benchmarks)) as pipeline:
        progress.stage("rows", total=0)
        read = chain(_records(preparation, records, progress), _records_of(runs, records, progress))
        pipeline.run(read, done=lambda rows: progress.advance("rows", rows))
        if not pipeline.kept:
            raise NothingToDo(_why_nothing(pipeline))
        validation, split = _split(pipeline, share=preparation.validation_share, seed=rules.seed)
        files = write_rows(folder, pipeline.lines(), validation=validation)
        card = _card(pipeline, rules, files=files, records=records, split=split)
    spool.unlink()
    card["decontaminated_against"] = [each.name for each in benchmarks]
    card["benchmarks_absent"] = absent
    card["runs"] = [run.to_json() for run in runs]
    write_card(folder, card)
    return card


def _records(preparation: Preparation, records: Counter[str], progress: Progress) -> Iterator[Row | Unreadable]:
    for source in preparation.sources:
        records[source] += 0
        for record in islice(read_source(source, preparation.reading), preparation.limit):
            records[source] += 1
            progress.grow("rows")
            yield record


def _records_of(runs: Sequence[RunSource], records: Counter[str], progress: Progress) -> Iterator[Row | Unreadable]:
    for run in runs:
        for record in run.rows():
            records[run.manifest.run_id] += 1
            progress.grow("rows")
            yield record


def _split(pipeline: Pipeline, *, share: float, seed: int) -> tuple[set[int], str]:
    """Rows for validation, and what the split kept together."""
    links = chain(pipeline.alike(), pipeline.same_group())
    chosen = validation_rows(pipeline.kept, links=links, share=share, seed=seed)
    if chosen or not share:
        return chosen, "rows that are alike or from one folder or repository are on one side"
    chosen = validation_rows(pipeline.kept, links=pipeline.alike(), share=share, seed=seed)
    if chosen:
        return chosen, "rows that are alike are on one side; the folder or repository could not be kept together"
    return chosen, "no row is for validation: there is one alone, or all are alike"


def _card(
    pipeline: Pipeline, rules: Rules, *, files: dict[str, Any], records: Counter[str], split: str
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "files": files,
        "sources": [{"source": source, "records": count} for source, count in records.items()],
        "licences": dict(sorted(pipeline.licences.items())),
        "steps": [step.to_json() for step in pipeline.steps.values()],
        "contamination": _contamination(pipeline),
        "augmented": {kind: pipeline.augmented[kind] for kind in rules.augment},
        "long_texts": {"characters": LONG_CHARACTERS, "rows": pipeline.long_texts},
        "split": split,
        "rules": asdict(rules),
        "versions": _versions(),
        "seed": rules.seed,
    }


def _contamination(pipeline: Pipeline) -> dict[str, Any]:
    """By benchmark: rows that gave one of its problems away, all of them dropped, and which problems."""
    found: dict[str, Any] = {
        name: {"hits": pipeline.contaminated_rows[name], "dropped": pipeline.contaminated_rows[name], "problems": []}
        for name in pipeline.benchmarks
    }
    for (benchmark, problem_id), first in pipeline.hits.items():
        found[benchmark]["problems"].append({"problem": problem_id, **first})
    return found


def _why_nothing(pipeline: Pipeline) -> str:
    dropped = ", ".join(f"{step.name} {step.dropped}" for step in pipeline.steps.values() if step.dropped)
    samples = [sample for step in pipeline.steps.values() for sample in step.samples]
    first = f"; the first: {samples[0]['origin']}: {samples[0]['reason']}" if samples else ""
    read = pipeline.steps["read"].entered
    if not read:
        return "there is nothing to train on: the sources hold no row"
    return f"there is nothing to train on: all {read} rows were dropped, by step: {dropped}{first}"


def _versions() -> dict[str, str]:
    return packages(_PACKAGES)
