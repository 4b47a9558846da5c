"""An evaluation card for people: the same sheets in Markdown and in HTML."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from codecrucible.reports.card import Card, CardModel, CardNumber, CardRun
from codecrucible.reports.card_clauses import (
    AGAIN,
    BY_GROUP,
    DATA,
    FAULTS,
    NOT_MEASURED_HERE,
    PROTOCOL,
    RATINGS,
    RESULTS,
    SECURITY,
    WHAT,
)
from codecrucible.reports.views.card_audit_view import audit_sheets
from codecrucible.reports.views.rating_view import rating_sheets
from codecrucible.reports.views.sheet import (
    NOT_MEASURED,
    Sheet,
    optional,
    percent,
    sheets_to_html,
    sheets_to_markdown,
)

TITLE = "Evaluation card"
_CERTIFIES = (
    "This card says what was measured and what was not. It certifies nothing: no conformity with a law or a standard, "
    "and no fitness for a use."
)
_NO_FULFILMENT = (
    "AI Act: Regulation (EU) 2024/1689, OJ L, 12.7.2024. NIST AI RMF: NIST AI 100-1, table 3. To speak to a paragraph "
    "is not to fulfil it: most ask for more than an evaluation has."
)


def card_to_markdown(card: Card) -> str:
    """The card as Markdown; whatever a model, a dataset or a user wrote is harmless in it."""
    return sheets_to_markdown(card_sheets(card), title=TITLE)


def card_to_html(card: Card) -> str:
    """The card as an HTML document that asks for nothing; harmless as the Markdown is."""
    return sheets_to_html(card_sheets(card), title=TITLE)


def card_sheets(card: Card) -> list[Sheet]:
    """The card's parts in order; a part for which there is nothing is not there, and is among what was not measured."""
    return [
        Sheet(title="What this card is", headings=(), rows=(), notes=(_CERTIFIES,)),
        _by_run(WHAT, card, lambda run: _model_facts(run.model)),
        _by_run(DATA, card, _data_facts),
        _by_run(PROTOCOL, card, _protocol_facts),
        *_results(card),
        *_groups(card),
        *audit_sheets(card.audits),
        *(rating_sheets(card.ratings) if card.ratings else ()),
        Sheet(
            title=NOT_MEASURED_HERE,
            headings=("what", "why", "run"),
            rows=tuple((each.what, each.why, each.run_id or "all") for each in card.not_measured),
            labels=3,
        ),
        _faults(card),
        Sheet(
            title=AGAIN,
            headings=(),
            rows=(),
            notes=(*dict.fromkeys(run.command for run in card.runs), card.command),
        ),
        _clauses(card),
    ]


def _by_run(title: str, card: Card, facts_of: Callable[[CardRun], Iterable[tuple[str, str]]]) -> Sheet:
    """A table with a row a fact and a column a run."""
    columns: list[dict[str, str]] = [dict(facts_of(run)) for run in card.runs]
    names = list(dict.fromkeys(name for column in columns for name in column))
    return Sheet(
        title=title,
        headings=("fact", *(run.run_id for run in card.runs)),
        rows=tuple((name, *(column.get(name, NOT_MEASURED) for column in columns)) for name in names),
        labels=1 + len(columns),
    )


def _model_facts(model: CardModel) -> Iterator[tuple[str, str]]:
    yield "model", model.name
    yield "asked for as", model.spec
    if model.revision:
        yield "revision", model.revision
    yield "sha256 of its files", model.sha256 or NOT_MEASURED
    yield "sha256 of its weights", model.weights_sha256 or NOT_MEASURED
    if model.architecture:
        yield "architecture", model.architecture
    yield "parameters", optional(model.parameters, "{:,.0f}".format)
    if model.dtype:
        yield "computed in", model.dtype
    if model.licence_notice:
        yield "licence notice", model.licence_notice
    adapter = model.adapter
    yield "adapter", f"{adapter.name} ({adapter.kind})" if adapter else "none"
    if adapter:
        yield "sha256 of the adapter", adapter.sha256
        yield "trained on these weights", "yes, by their digest" if adapter.base_verified else "not on record"


def _data_facts(run: CardRun) -> Iterator[tuple[str, str]]:
    data = run.data
    yield "benchmark", data.benchmark
    yield "source", data.source
    yield "revision", data.revision
    yield "licence", data.licence
    yield "sha256", data.sha256
    yield "published data", "yes" if data.pinned else "NO"
    yield "problems", str(data.problems)
    yield "problems that cannot be passed", str(sum(data.dead.values()))
    yield "end of the training data, as was said", data.cutoff or NOT_MEASURED
    held = [
        f"{each.hits or 0} rows gave a problem away and were dropped (data card sha256 {each.data_sha256[:12]})"
        for each in data.contamination
        if each.checked
    ]
    yield "training data held against them", "; ".join(held) or "not on record"


def _protocol_facts(run: CardRun) -> Iterator[tuple[str, str]]:
    protocol = run.protocol
    yield "made", protocol.made_utc
    yield "by", f"codecrucible {protocol.code_version}"
    yield "prompt", protocol.prompt
    yield "sampling", _listed(protocol.sampling)
    yield "limits of an execution", _listed(protocol.limits)
    for image in protocol.images:
        yield "image", image
    yield "passes by strength of the verdict", _listed(protocol.strengths) or "not on record"
    yield "scanners", ", ".join(protocol.scanners) or "none"
    yield "verdicts", _listed(run.verdicts)


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


def _results(card: Card) -> Iterator[Sheet]:
    yield Sheet(
        title=RESULTS,
        headings=(("run", "benchmark"), "quantity", "value", "95 % interval", "problems"),
        rows=tuple(
            (
                (run.run_id, run.data.benchmark),
                each.name,
                _value(each),
                NOT_MEASURED if each.ci95 is None else f"{100 * each.ci95[0]:.1f} to {100 * each.ci95[1]:.1f}",
                NOT_MEASURED if each.problems is None else str(each.problems),
            )
            for run in card.runs
            for each in run.results
        ),
        labels=2,
        notes=(
            f"Intervals are over problems. {NOT_MEASURED}: not measured.",
            *(f"{run.run_id}: {each.name}: {each.reason}." for run in card.runs for each in run.results if each.reason),
        ),
    )


def _value(number: CardNumber) -> str:
    return (
        optional(number.value, "{:.3f}".format)
        if "perplexity" in number.name or "ratio" in number.name
        else percent(number.value)
    )


def _groups(card: Card) -> Iterator[Sheet]:
    rows = [
        (
            run.run_id,
            each.kind,
            each.group,
            percent(each.pass_at_1.value),
            NOT_MEASURED
            if each.pass_at_1.ci95 is None
            else f"{100 * each.pass_at_1.ci95[0]:.1f} to {100 * each.pass_at_1.ci95[1]:.1f}",
            str(each.pass_at_1.problems),
        )
        for run in card.runs
        for each in run.groups
    ]
    if rows:
        yield Sheet(
            title=BY_GROUP,
            headings=("run", "kind", "group", "pass@1", "95 % interval", "problems"),
            rows=tuple(rows),
            labels=3,
            notes=("Each interval is of its own group: that two overlap or not is no test of their difference.",),
        )


def _faults(card: Card) -> Sheet:
    rows = [(run.data.benchmark, fault) for run in card.runs for fault in run.faults]
    return Sheet(
        title=FAULTS,
        headings=("benchmark", "fault"),
        rows=tuple(dict.fromkeys(rows)),
        labels=2,
        notes=() if rows else ("None is on record.",),
    )


def _clauses(card: Card) -> Sheet:
    there = {WHAT, DATA, PROTOCOL, RESULTS, NOT_MEASURED_HERE, FAULTS, AGAIN}
    there |= {BY_GROUP} if any(run.groups for run in card.runs) else set()
    there |= {sheet.title for sheet in audit_sheets(card.audits)}
    there |= {RATINGS} if card.ratings else set()
    scanned = (each.value for run in card.runs for each in run.results if each.name == "insecure rate")
    there |= {SECURITY} if any(value is not None for value in scanned) else set()
    return Sheet(
        title="Which paragraphs its parts speak to",
        headings=("part", "text", "paragraph", "about", "here"),
        rows=tuple(
            (each.part, each.text, each.paragraph, each.about, "yes" if each.part in there else "no")
            for each in card.clauses
        ),
        labels=5,
        notes=(_NO_FULFILMENT,),
    )
