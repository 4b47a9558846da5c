"""What a program cost on the stress inputs of its problem; a line of `efficiency.jsonl`."""

from dataclasses import dataclass
from enum import StrEnum

EFFICIENCY = "efficiency.jsonl"


class Role(StrEnum):
    """Whose a measured program is."""

    SAMPLE = "sample"
    REFERENCE = "reference"  # the reference once more, against itself: so the noise is known
    BEST = "best"  # the fastest program that is known


class UnderStress(StrEnum):
    """What became of a program on the stress inputs."""

    MEASURED = "measured"
    WRONG = "wrong"  # it passes its tests, and no more than these
    OVER_LIMIT = "over_limit"  # it was stopped at ten times what the reference takes
    OUT_OF_MEMORY = "out_of_memory"
    NOT_MEASURABLE = "not_measurable"  # the reference itself answers none of the inputs, or not here


@dataclass(frozen=True, slots=True, kw_only=True)
class EfficiencyRecord:
    """What one distinct program of one problem cost beside the reference. Seconds and bytes are medians of the rounds.

    Attributes:
        problem_id: The benchmark's task id.
        program_sha256: Digest of the program that was measured.
        measured_sha256: Digest of everything that decides the observation, see `harness.evaluation.efficiency`.
        role: Whose program it is.
        state: What became of it.
        inputs: Stress inputs that it was put to; 0 for the problem's own tests.
        left_out: Inputs of the problem that the reference itself did not get through, or not in the time there is.
        rounds: In each of which program and reference ran once.
        cpu_s: CPU seconds of the program, over all inputs, all its processes, its start and the transport included.
        reference_cpu_s: The reference's.
        overhead_cpu_s: What start, arguments and answers alone cost; 0 where that is not known.
        cpu_ratio: Median of the rounds' ratios, both sides less the overhead; 1 where the two differ by no more than
            the noise; where it was stopped, what it is at least; None where it has none.
        memory_bytes: Peak resident memory of the program's largest process, the interpreter included.
        reference_memory_bytes: The reference's.
        waited_s: Wall seconds of the program beyond those that the reference, in its slowest round, would have had for
            the same CPU time; of the program's round in which that is least. One that sleeps has many.
        load: Mean number of processes on the machine that wanted a core, over the minute before the end; None where
            the system does not say.
        detail: One line for a person; may hold text of the program's.
    """

    problem_id: str
    program_sha256: str
    measured_sha256: str
    role: Role
    state: UnderStress
    inputs: int = 0
    left_out: int = 0
    rounds: int = 0
    cpu_s: float = 0.0
    reference_cpu_s: float = 0.0
    overhead_cpu_s: float = 0.0
    cpu_ratio: float | None = None
    memory_bytes: int = 0
    reference_memory_bytes: int = 0
    waited_s: float = 0.0
    load: float | None = None
    detail: str = ""

    @property
    def memory_ratio(self) -> float | None:
        """Peak memory over the reference's; None where one of the two is not known."""
        return self.memory_bytes / self.reference_memory_bytes if self.reference_memory_bytes else None
