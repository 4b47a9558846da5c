"""From run folders and ratings to an evaluation card."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import from_json, loads, to_json
from codecrucible.harness.common.errors import BadRecord
from codecrucible.harness.common.facts import TRAINING_RECORD, CheckpointFacts, TrainingSource
from codecrucible.harness.results.card_audits import read_audits
from codecrucible.harness.results.ratings.summary import rating_summary
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.records import image_id_of
from codecrucible.reports import Report
from codecrucible.reports.card import (
    ALWAYS_OPEN,
    Card,
    CardAdapter,
    CardData,
    CardModel,
    CardProtocol,
    CardRun,
    Contamination,
    NotMeasured,
    groups_of,
    not_measured_of,
    numbers_of,
)
from codecrucible.reports.views.card_view import card_to_html, card_to_markdown


def card_to_json(card: Card) -> str:
    """The card for programs: numbers as in `report.json`."""
    return json.dumps(to_json(card), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


WRITERS: Mapping[str, Callable[[Card], str]] = {".md": card_to_markdown, ".json": card_to_json, ".html": card_to_html}
"""How a card is written, by the ending of the file's name."""


def card_of(
    folders: Sequence[RunFolder],
    ratings: Sequence[Path] = (),
    *,
    audits: Sequence[Path] = (),
    argv: Sequence[str] = (),
) -> Card:
    """The card of some runs.

    Args:
        folders: The runs.
        ratings: Files of ratings, of one of the runs or of two.
        audits: Files with the JSON of audits of the runs.
        argv: The command line, for the record.

    Raises:
        RunMismatch: a run was made with other data than its benchmark has here.
        BadRecord: the record of a training or an audit is damaged, or ratings are not of these runs.
        UsageError: an audit is not of these runs.
    """
    audited = read_audits(audits, {folder.manifest.run_id for folder in folders})
    runs, open_ones = [], []
    for folder in folders:
        report = current_report(folder, benchmark_of(folder.manifest))
        run = _run(folder.manifest, report)
        runs.append(run)
        open_ones += not_measured_of(report, run.data, audited)
    summary = rating_summary(folders, ratings) if ratings else None
    unrated = () if summary else (NotMeasured(what="what people say of the programs", why="no ratings were given"),)
    return Card(
        runs=tuple(runs),
        audits=audited,
        ratings=summary,
        not_measured=(*open_ones, *unrated, *ALWAYS_OPEN),
        command=shlex.join(argv),
    )


def _run(manifest: Manifest, report: Report) -> CardRun:
    return CardRun(
        run_id=report.run_id,
        model=_model(manifest),
        data=_data(manifest, report),
        protocol=_protocol(manifest, report),
        results=numbers_of(report),
        groups=groups_of(report.per_problem),
        verdicts={name: count for name, count in report.verdicts.items() if count},
        faults=tuple(_faults(report)),
        command=shlex.join(manifest.argv),
    )


def _faults(report: Report) -> list[str]:
    dead = report.live.causes if report.live else {}
    return [*report.cautions, *(f"{count} problems cannot be passed: {cause}" for cause, count in dead.items())]


def _model(manifest: Manifest) -> CardModel:
    model, adapter = manifest.model, manifest.adapter
    put_on = None
    if adapter:
        put_on = CardAdapter(
            name=adapter.name, kind=adapter.kind, sha256=adapter.sha256, base_verified=adapter.base_verified
        )
    if not isinstance(model, CheckpointFacts):
        return CardModel(name=model.name, spec=f"completions of the file {model.name}", sha256=model.sha256)
    return CardModel(
        name=model.name,
        spec=_without_folder(model.spec),
        revision=model.revision,
        sha256=model.sha256,
        weights_sha256=model.weights_sha256,
        architecture=model.architecture,
        parameters=model.parameters,
        dtype=model.dtype,
        licence_notice=model.licence_notice,
        adapter=put_on,
    )


def _without_folder(spec: str) -> str:
    """What was asked for; of a path on this machine the last part alone."""
    path = Path(spec)
    return path.name if path.is_absolute() else spec


def _data(manifest: Manifest, report: Report) -> CardData:
    facts = manifest.benchmark
    return CardData(
        benchmark=report.benchmark,
        source=_without_folder(facts.source),
        revision=facts.revision,
        licence=facts.licence,
        sha256=facts.sha256,
        pinned=report.pinned,
        problems=report.problems,
        dead=dict(report.live.causes) if report.live else {},
        contamination=_contamination(manifest),
        cutoff=report.cutoff.cutoff if report.cutoff else manifest.cutoff,
    )


def _contamination(manifest: Manifest) -> tuple[Contamination, ...]:
    """What the adapter's training has on record of the benchmark."""
    path = Path(manifest.adapter.path) / TRAINING_RECORD if manifest.adapter else None
    if path is None or not path.is_file():
        return ()
    try:
        record = loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadRecord(f"{path}: not JSON: {error}") from None
    if not isinstance(record, dict):
        raise BadRecord(f"{path}: it is no record of a training")
    name = manifest.benchmark.name.partition("[")[0]
    wanted = {field.name for field in fields(TrainingSource)}
    found = []
    for key in ("data", "replay"):
        if isinstance(told := record.get(key), dict):
            known = {each: told[each] for each in wanted & told.keys()}
            found.append(_held_against(from_json(TrainingSource, known, where=f"{path}: {key}"), name))
    return tuple(found)


def _held_against(source: TrainingSource, benchmark: str) -> Contamination:
    checked = benchmark in source.decontaminated_against
    hits = source.contamination[benchmark].hits if benchmark in source.contamination else 0
    return Contamination(data_sha256=source.sha256, checked=checked, hits=hits if checked else None)


def _protocol(manifest: Manifest, report: Report) -> CardProtocol:
    images = image_id_of(manifest.sandbox)
    limits: dict[str, Any] = to_json(manifest.limits)
    scanners = manifest.sandbox.get("scanners", {})
    return CardProtocol(
        sampling={name: value for name, value in to_json(manifest.sampling).items() if value is not None},
        prompt=manifest.prompt.form,
        limits=limits,
        images=tuple(each for each in images.split("+") if each),
        strengths=dict(report.passes_by_strength),
        scanners=tuple(sorted({str(each["scanner"]) for each in scanners.values()})),
        made_utc=manifest.created_utc,
        code_version=manifest.code_version,
    )
