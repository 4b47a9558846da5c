"""An evaluation card: what was evaluated, how, with which result, and what was not measured.

What is covered: what runs and ratings have on record, told once for programs, for people and for a browser.
What is not: a judgement. It certifies nothing, and what no run has on record is listed as not measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codecrucible.reports.card_audits import CardAudit, MemorisationAudit, RobustnessAudit
from codecrucible.reports.card_clauses import CLAUSES, Clause
from codecrucible.reports.efficiency_types import Efficiency
from codecrucible.reports.ratings import RatingSummary
from codecrucible.reports.report_types import ProblemRow, Report, Score
from codecrucible.reports.statistics.by_group import LANGUAGE, groups_in, kinds_of, scores_by_group


@dataclass(frozen=True, slots=True, kw_only=True)
class CardAdapter:
    """What was put on top of the weights.

    Attributes:
        name: Short name.
        kind: Method, such as "LORA".
        sha256: Digest of its files.
        base_verified: Whether it was trained on these very weights.
    """

    name: str
    kind: str
    sha256: str
    base_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardModel:
    """What was evaluated. Texts are as they came: not harmless.

    Attributes:
        name: Short name.
        spec: What was asked for; of an imported file, its name.
        revision: Commit, or package and version; "" where there is none.
        sha256: Digest of all files; "" where it is not known, as behind a server.
        weights_sha256: Digest of the weights alone; "" as above.
        architecture: Class name; "" where it is not known.
        parameters: Their number; None where it is not known.
        dtype: Number type; "" where it is not known.
        licence_notice: What the licence wants said; "" if nothing is on record.
        adapter: What was put on top, or None.
    """

    name: str
    spec: str
    revision: str = ""
    sha256: str
    weights_sha256: str = ""
    architecture: str = ""
    parameters: int | None = None
    dtype: str = ""
    licence_notice: str = ""
    adapter: CardAdapter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contamination:
    """What the record of a training says of a benchmark.

    Attributes:
        data_sha256: Digest of the data card that says it.
        checked: Whether the training data was held against the benchmark.
        hits: Rows that gave a problem away, all dropped; None where it was not held against it.
    """

    data_sha256: str
    checked: bool
    hits: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardData:
    """The problems of a run.

    Attributes:
        benchmark: Name, with the choice of problems.
        source: Where they come from.
        revision: Revision of the source.
        licence: SPDX id.
        sha256: Digest of the data.
        pinned: Whether it is the published data.
        problems: How many problems.
        dead: Number of problems that cannot be passed, by cause.
        contamination: One for each set of training data on record; () where there is no record.
        cutoff: The last day of the model's training data, as whoever ran it said; "" if nobody did.
    """

    benchmark: str
    source: str
    revision: str
    licence: str
    sha256: str
    pinned: bool
    problems: int
    dead: Mapping[str, int]
    contamination: tuple[Contamination, ...]
    cutoff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardProtocol:
    """How a run was made.

    Attributes:
        sampling: Settings of the draw of completions, by name.
        prompt: Form of the prompt.
        limits: Limits of an execution, by name.
        images: Ids of the images that programs ran in.
        strengths: Number of passes by what established them.
        scanners: Names and versions of the scanners.
        made_utc: When, in ISO 8601.
        code_version: Version of codecrucible.
    """

    sampling: Mapping[str, Any]
    prompt: str
    limits: Mapping[str, Any]
    images: tuple[str, ...]
    strengths: Mapping[str, int]
    scanners: tuple[str, ...]
    made_utc: str
    code_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardNumber:
    """One result.

    Attributes:
        name: What it is, such as "pass@1".
        value: In [0, 1], but for perplexity and ratios; None where it was not measured.
        ci95: Its 95 % interval over problems, or None.
        problems: Problems that entered, where that is known.
        reason: What it leaves out, or why there is none.
    """

    name: str
    value: float | None
    ci95: tuple[float, float] | None = None
    problems: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardGroup:
    """pass@1 of the problems of one group.

    Attributes:
        kind: Kind of group.
        group: The group.
        pass_at_1: Over its problems.
    """

    kind: str
    group: str
    pass_at_1: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRun:
    """One run of a card.

    Attributes:
        run_id: Its id.
        model: What was evaluated.
        data: With which data.
        protocol: How.
        results: What came out.
        groups: The same by group; () where no problem is in one.
        verdicts: Number of samples by verdict, of those that occur.
        faults: What is known to be wrong with the benchmark or the run, in sentences without their full stops.
        command: The command line that made it.
    """

    run_id: str
    model: CardModel
    data: CardData
    protocol: CardProtocol
    results: tuple[CardNumber, ...]
    groups: tuple[CardGroup, ...]
    verdicts: Mapping[str, int]
    faults: tuple[str, ...]
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """What nobody may read into the card.

    Attributes:
        run_id: The run; "" for all.
        what: What was not measured.
        why: Why, or what would measure it.
    """

    run_id: str = ""
    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An evaluation card.

    Attributes:
        runs: In the order given.
        audits: What audits of the runs found, where they were given.
        ratings: What people said, or None.
        not_measured: All that was not.
        command: The command line that makes the card.
        clauses: Which paragraphs its parts speak to.
    """

    runs: tuple[CardRun, ...]
    audits: tuple[CardAudit, ...] = ()
    ratings: RatingSummary | None
    not_measured: tuple[NotMeasured, ...]
    command: str
    clauses: tuple[Clause, ...] = CLAUSES


def numbers_of(report: Report) -> tuple[CardNumber, ...]:
    """The results of a run, those that were not measured among them."""
    security, bleu, perplexity = report.security, report.codebleu, report.perplexity
    live = report.live.pass_at_k if report.live else {}
    return (
        *(_number(f"pass@{k}", score) for k, score in report.pass_at_k.items()),
        *(_number(f"live pass@{k}", score) for k, score in live.items()),
        *(
            _number(f"pass@{k} of {part} tests", score)
            for part, scores in report.pass_at_k_of_parts.items()
            for k, score in scores.items()
        ),
        CardNumber(name="secure pass@1", value=security.secure_pass_at_1, ci95=security.secure_pass_at_1_ci95),
        CardNumber(
            name="insecure rate", value=security.insecure_rate, ci95=security.insecure_rate_ci95, reason=security.reason
        ),
        CardNumber(name="CodeBLEU", value=bleu.value, ci95=bleu.ci95, problems=bleu.problems, reason=bleu.reason),
        *(_efficiency(report.efficiency) if report.efficiency else ()),
        *(
            [CardNumber(name="perplexity of references", value=perplexity.value, reason=perplexity.reason)]
            if perplexity
            else []
        ),
    )


def _efficiency(found: Efficiency) -> tuple[CardNumber, ...]:
    return (
        CardNumber(
            name="efficient@1",
            value=found.efficient_at_1,
            ci95=found.efficient_at_1_ci95,
            problems=found.problems,
            reason=found.reason,
        ),
        CardNumber(name="median ratio of CPU time to the reference's", value=found.cpu_ratio, reason=found.reason),
    )


def _number(name: str, score: Score) -> CardNumber:
    return CardNumber(name=name, value=score.value, ci95=score.ci95, problems=score.problems, reason=score.reason)


def groups_of(rows: Sequence[ProblemRow]) -> tuple[CardGroup, ...]:
    """pass@1 of the problems of each group, by kind; the language is one where there are several."""
    kinds = [kind for kind in kinds_of(rows) if kind != LANGUAGE or len(groups_in(rows, kind)) > 1]
    return tuple(
        CardGroup(kind=kind, group=each.group or "not stated", pass_at_1=each.pass_at_1)
        for kind in kinds
        for each in scores_by_group(rows, kind)
    )


def not_measured_of(report: Report, data: CardData, audits: Sequence[CardAudit] = ()) -> list[NotMeasured]:
    """What a run leaves open, beside the audits that there are of it."""
    audited = {type(each) for each in audits if each.run_id == report.run_id}
    found = [
        (bool(report.unjudged), f"{report.unjudged} samples", "they have no verdict and are in no score"),
        (
            bool(report.missing.samples),
            f"{report.missing.samples} samples",
            f"they were never made; {len(report.missing.problems)} problems have none",
        ),
        (not groups_of(report.per_problem), "differences between groups", "no problem is in a group"),
        (
            not report.security.scanned,
            "security of the programs",
            report.security.reason or "no program was scanned",
        ),
        (
            bool(report.security.scanned) and report.security.no_scanner > 0,
            f"security of {report.security.no_scanner} programs",
            "no scanner reads their language",
        ),
        (report.codebleu.value is None, "likeness to the references (CodeBLEU)", report.codebleu.reason),
        (
            report.efficiency is None or report.efficiency.efficient_at_1 is None,
            "efficiency of passing programs",
            report.efficiency.reason if report.efficiency else "`crucible efficiency` was not run",
        ),
        (report.perplexity is None, "perplexity of the references", "it was not asked for"),
        (
            not any(each.checked for each in data.contamination),
            "contamination of the training data",
            "there is no record that it was held against these problems",
        ),
        (
            report.cutoff is None,
            "scores before and after the end of the training data",
            "the problems have no dates, or that day was not said",
        ),
        (
            RobustnessAudit not in audited,
            "robustness under perturbed prompts",
            "no result of `crucible audit robustness` was given",
        ),
        (
            MemorisationAudit not in audited,
            "signs of memorised problems",
            "no result of `crucible audit memorisation` was given",
        ),
    ]
    return [NotMeasured(run_id=report.run_id, what=what, why=why) for is_so, what, why in found if is_so]


ALWAYS_OPEN = (
    NotMeasured(what="other tasks", why="nothing but programs for the problems above was asked for"),
    NotMeasured(what="use by people, and behaviour when deployed", why="no user and no deployment is in a run"),
    NotMeasured(what="adversarial testing for misuse and harm", why="a benchmark of code does not do it"),
    NotMeasured(what="privacy, energy, and the training of the base model", why="nothing of it is on record in a run"),
)
"""What no card of this version has numbers of."""
