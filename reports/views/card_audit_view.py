"""The audits of an evaluation card, as sheets."""

from collections.abc import Iterator, Sequence

from codecrucible.reports.card_audits import AuditNumber, CardAudit, MemorisationAudit, RobustnessAudit
from codecrucible.reports.card_clauses import MEMORISATION, ROBUSTNESS
from codecrucible.reports.views.estimates import p_cell
from codecrucible.reports.views.sheet import NOT_MEASURED, Cell, Sheet, optional, percent

_ROBUST = (
    "Robust pass@1: one draw of each version of a prompt passes for all of them. The drop, in points, is from as many "
    "draws of the nominal prompt where it has that many samples, else from pass@1. p is Holm's, over an audit's kinds."
)
_TWINS = (
    "A twin is the problem with other names and words, and the same tests: a drop may be memorised text, or a model "
    "that needs the usual names. A model without one may have memorised all the same. p is one-sided, of worse twins."
)


def audit_sheets(audits: Sequence[CardAudit]) -> Iterator[Sheet]:
    """One sheet for all audits of a sort."""
    robustness = [each for each in audits if isinstance(each, RobustnessAudit)]
    memorisation = [each for each in audits if isinstance(each, MemorisationAudit)]
    if robustness:
        yield _robustness(robustness)
    if memorisation:
        yield _memorisation(memorisation)


def _robustness(audits: Sequence[RobustnessAudit]) -> Sheet:
    return Sheet(
        title=ROBUSTNESS,
        headings=(
            "run",
            "perturbation",
            "versions counted",
            "problems",
            "versions",
            "pass@1",
            "perturbed",
            "robust pass@1",
            "drop",
            "p",
        ),
        rows=tuple(
            (
                audit.run_id,
                kind.perturbation,
                kind.over,
                str(kind.problems),
                str(kind.versions),
                _share(kind.nominal_pass_at_1),
                _share(kind.perturbed_pass_at_1),
                _share(kind.robust_pass_at_1),
                _points(kind.drop.value, kind.drop.ci95),
                optional(kind.p_holm, p_cell),
            )
            for audit in audits
            for kind in audit.kinds
        ),
        labels=3,
        notes=(_ROBUST, *_notes(audits)),
    )


def _memorisation(audits: Sequence[MemorisationAudit]) -> Sheet:
    return Sheet(
        title=MEMORISATION,
        headings=(
            "run",
            "problems",
            "pass@1",
            "of the twins",
            "difference",
            "p",
            "same as the reference",
            "same but for names",
            "twins: same",
            "twins: same but for names",
        ),
        rows=tuple(
            (
                audit.run_id,
                str(found.problems),
                percent(found.baseline),
                percent(found.candidate),
                _points(found.difference, found.ci95),
                optional(found.p_worse, p_cell),
                *(
                    _share(share)
                    for side in (audit.same_as_reference.original, audit.same_as_reference.twin)
                    for share in (side.same, side.same_but_for_names)
                ),
            )
            for audit in audits
            for found in (audit.pass_at_1,)
        ),
        notes=(_TWINS, *_notes(audits)),
    )


def _notes(audits: Sequence[CardAudit]) -> Iterator[str]:
    yield f"95 % intervals are over source problems. {NOT_MEASURED}: not measured."
    for audit in audits:
        yield from (f"{audit.run_id}: {note}." for note in audit.notes)


def _share(number: AuditNumber | None) -> Cell:
    if number is None:
        return NOT_MEASURED
    if number.ci95 is None:
        return percent(number.value)
    return percent(number.value), f"{100 * number.ci95[0]:.1f} to {100 * number.ci95[1]:.1f}"


def _points(value: float | None, ci95: Sequence[float] | None) -> Cell:
    if value is None:
        return NOT_MEASURED
    told = f"{100 * value:+.1f}"
    return told if ci95 is None else (told, f"{100 * ci95[0]:+.1f} to {100 * ci95[1]:+.1f}")
