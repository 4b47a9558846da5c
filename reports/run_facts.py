"""What a report must know of a run besides its samples."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from codecrucible.reports.efficiency_types import Efficiency
from codecrucible.reports.report_types import Perplexity, Timing

TIMED_STAGES = tuple(stage.name for stage in fields(Timing))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a report must know of a run besides its samples.

    Attributes:
        run_id: Name of the run.
        benchmark: Name of the benchmark.
        model: Checkpoint as it was asked for.
        adapter: PEFT adapter, or None.
        problem_ids: Every problem the run was to cover, in the benchmark's order.
        n: Samples asked for a problem.
        timing: Seconds by stage, for any of `TIMED_STAGES`; a stage without a number is reported as not measured.
        tokens: Further numbers on tokens for the report, such as {"completion_per_s": 812.0}. The sums over samples
            ("prompt", "completion") come from the rows.
        inputs: SHA-256 by file name of the files the rows were read from.
        languages: Language by problem id; {} where it is not known.
        pinned: Whether the benchmark's data is the published one.
        dead: Why no completion can pass, by problem id, for the problems where the benchmark declares it.
        parts: Names of the parts that the tests of each problem have, in their order; () for one.
        codebleu_reason: Why no sample has a CodeBLEU, if that is known, such as "no grammar for bash".
        codebleu_method: What decides the CodeBLEU of a sample.
        cautions: What to know of model and benchmark before the numbers are believed, in a sentence each.
        perplexity: Perplexity of the references under the model; None where not asked for.
        efficiency: CPU time and memory of what passes; None where not asked for.
        efficient: Efficient samples by problem id, where they were measured.
        dates: When each problem was published, by its id, where that is known.
        groups: Groups of each problem, as `Problem.groups` has them, by its id, where it has any.
        untested: Ids of the problems that have no tests.
        cutoff: The last day of the model's training data; "" where that was not said.
    """

    run_id: str
    benchmark: str
    model: str
    adapter: str | None = None
    problem_ids: tuple[str, ...]
    n: int
    timing: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = True
    dead: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    codebleu_reason: str = ""
    codebleu_method: str = ""
    cautions: tuple[str, ...] = ()
    perplexity: Perplexity | None = None
    efficiency: Efficiency | None = None
    efficient: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    untested: frozenset[str] = frozenset()
    cutoff: str = ""

    @property
    def tested(self) -> bool:
        """Whether a problem has tests."""
        return not self.untested.issuperset(self.problem_ids)
