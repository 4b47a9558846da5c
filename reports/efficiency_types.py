"""What a report says of the CPU time and memory that passing programs take on stress inputs."""

from dataclasses import dataclass

TOLERANCE = 1.25
"""A program may take so many times the reference's CPU seconds, and counts as no slower: see docs/efficiency.md."""

WAITS_S = 0.5
"""A program that waited so many seconds in every round sleeps, and is no efficient one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowSample:
    """A sample that passes, and is no efficient one.

    Attributes:
        problem_id: The benchmark's own task id.
        sample_index: From 0 within the problem; of those that share the program, the first.
        samples: Samples that share it.
        state: "measured", "wrong", "over_limit" or "out_of_memory".
        cpu_ratio: CPU seconds over the reference's; at least that many where the state is "over_limit"; None where it
            was not measured.
        memory_ratio: Peak memory over the reference's.
        waited_s: Seconds that it slept beyond the reference.
        detail: One line for a person; may hold text of the program's.
    """

    problem_id: str
    sample_index: int
    samples: int
    state: str
    cpu_ratio: float | None = None
    memory_ratio: float | None = None
    waited_s: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Efficiency:
    """CPU time and memory of the passing programs beside the reference's.

    Attributes:
        passing: Samples that passed, of the problems that could be measured.
        measured: Those of them that have a ratio of CPU seconds, or are known to have none.
        problems: Problems that could be measured.
        left_out: Problems of the run that could not: no stress inputs, or a reference that does not answer them.
        own_tests: Those of `problems` that were measured by their own tests, for want of stress inputs.
        efficient_at_1: Mean over problems of the share of judged samples that pass, answer right under stress, and
            take no more CPU time than the reference, by `tolerance`; None where it was not measured.
        efficient_at_1_ci95: Its 95 % interval.
        as_the_best_at_1: The same beside the fastest program that is known, over the problems where there is one.
        as_the_best_at_1_ci95: Its 95 % interval.
        cpu_ratio: Median over problems with a measured pass of the median over their samples.
        memory_ratio: The same of peak memory.
        wrong: Passing samples that answer wrong under stress.
        over_limit: Passing samples that were stopped for their time, or ran out of memory.
        waiting: Passing samples that sleep.
        tolerance: How many times the reference's CPU seconds still count as the same.
        noise: 95 % of the references, measured against themselves, are within this factor of 1; None for fewer than
            20 of them.
        reason: What is left out, or why there is no number; "" if nothing.
        slow: The passing samples that are not efficient, the slowest first.
    """

    passing: int
    measured: int
    problems: int
    left_out: int
    own_tests: int = 0
    efficient_at_1: float | None = None
    efficient_at_1_ci95: tuple[float, float] | None = None
    as_the_best_at_1: float | None = None
    as_the_best_at_1_ci95: tuple[float, float] | None = None
    cpu_ratio: float | None = None
    memory_ratio: float | None = None
    wrong: int = 0
    over_limit: int = 0
    waiting: int = 0
    tolerance: float = TOLERANCE
    noise: float | None = None
    reason: str = ""
    slow: tuple[SlowSample, ...] = ()
