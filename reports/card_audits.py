"""What a card has of audits: the parts of what `crucible audit ... --json` prints that a card shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditNumber:
    """A share, or a difference of two.

    Attributes:
        value: In [-1, 1].
        ci95: Both ends of its 95 % interval over source problems; None where there is nothing to estimate it from.

    Raises:
        ValueError: it is neither, or has no such interval.
    """

    value: float
    ci95: tuple[float, ...] | None

    def __post_init__(self) -> None:
        _refuse_other(self.value, ends=self.ci95)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessKind:
    """One kind of perturbation, as `KindRow` has it.

    Attributes:
        perturbation: Its name.
        over: "perturbed" or "all" versions.
        problems: Problems with a version.
        versions: Most versions of a problem.
        left_out: Versions whose own reference did not pass.
        unpaired: Versions without a judged sample on both sides.
        nominal_pass_at_1: That on the nominal prompts.
        perturbed_pass_at_1: That on their versions.
        perturbed_difference: The latter less the former.
        robust_pass_at_1: One draw of each version passes for all of them.
        nominal_as_often: As many draws of the nominal prompt all pass; None where there were too few.
        drop: Robust pass@1 less what it is held against.
        p: That of the drop; None where there is none.
        p_holm: Adjusted for the kinds of the audit.
        reason: Why there is no p; "" if there is one.
    """

    perturbation: str
    over: str
    problems: int
    versions: int
    left_out: int
    unpaired: int
    nominal_pass_at_1: AuditNumber
    perturbed_pass_at_1: AuditNumber
    perturbed_difference: AuditNumber
    robust_pass_at_1: AuditNumber
    nominal_as_often: AuditNumber | None
    drop: AuditNumber
    p: float | None
    p_holm: float | None
    reason: str

    def __post_init__(self) -> None:
        _refuse_other(self.p, self.p_holm)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustnessAudit:
    """What `crucible audit robustness` found. Texts are as they came: not harmless.

    Attributes:
        run_id: The run on the nominal prompts.
        model: Its model.
        benchmark: Its benchmark.
        greedy: Whether samples were drawn without chance.
        kinds: By kind of perturbation.
        notes: What the numbers leave out.
    """

    run_id: str
    model: str
    benchmark: str
    greedy: bool
    kinds: tuple[RobustnessKind, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwinsDifference:
    """pass@1 of the twins beside that of the benchmark.

    Attributes:
        baseline: That on the benchmark; None where it was not measured.
        candidate: That on the twins; None where it was not measured.
        difference: The latter less the former; None where it was not measured.
        ci95: Both ends of its 95 % interval, or None.
        p_worse: One-sided, of the twins being worse; None where there is none.
        problems: Problems that both have.
    """

    baseline: float | None
    candidate: float | None
    difference: float | None
    ci95: tuple[float, ...] | None
    p_worse: float | None
    problems: int

    def __post_init__(self) -> None:
        _refuse_other(self.baseline, self.candidate, self.difference, self.p_worse, ends=self.ci95)


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAsReference:
    """How many completions of one side are the published reference.

    Attributes:
        same: But for comments and layout; None where nothing could be looked at.
        same_but_for_names: But for names, too.
        without: Problems that could not be looked at.
    """

    same: AuditNumber | None
    same_but_for_names: AuditNumber | None
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BothSides:
    """The same of the benchmark and of its twins."""

    original: SameAsReference
    twin: SameAsReference


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorisationAudit:
    """What `crucible audit memorisation` found. Texts are as they came: not harmless.

    Attributes:
        run_id: The run on the benchmark.
        model: Its model.
        original: The benchmark.
        twin: Its twins.
        pass_at_1: That of both.
        same_as_reference: Completions of both that are the reference.
        notes: What the numbers leave out.
    """

    run_id: str
    model: str
    original: str
    twin: str
    pass_at_1: TwinsDifference
    same_as_reference: BothSides
    notes: tuple[str, ...]


def _refuse_other(*shares: float | None, ends: tuple[float, ...] | None = None) -> None:
    """Raise `ValueError` for what is no share, difference or p-value, or not both ends of an interval."""
    known = [each for each in (*shares, *(ends or ())) if each is not None]
    if not all(-1 <= each <= 1 for each in known) or (ends is not None and len(ends) != 2):  # noqa: PLR2004
        raise ValueError(f"expected numbers from -1 to 1, and both ends of an interval, found {known}")


CardAudit = RobustnessAudit | MemorisationAudit
"""One audit of a card."""
