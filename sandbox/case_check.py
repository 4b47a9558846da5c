"""The check of whole programs, by what they print."""

from dataclasses import dataclass
from enum import StrEnum

from codecrucible.sandbox.image import printed
from codecrucible.sandbox.limits import MEBIBYTE


class Comparison(StrEnum):
    """When what a program printed is what is expected. Lines are compared in their order, and there are as many."""

    TEXT = printed.TEXT  # blanks at the ends of lines and empty lines at the end do not count
    NUMBERS = printed.NUMBERS  # nor do blanks in front of lines and empty lines at the beginning; lines that differ
    # are equal if both are decimal numbers with blanks between them, and these are exactly equal one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a whole program reads, and what it has to print then.

    Attributes:
        stdin: All that it can read there.
        expected: What it has to write to stdout, in the sense of the check's `Comparison`.
        accepted: What will do as well.
    """

    stdin: str
    expected: str
    accepted: tuple[str, ...] = ()


CASES_BYTES = 16 * MEBIBYTE
"""Most bytes of the stdin of all cases of a check together."""

CASE_OUTPUT_BYTES = 8 * MEBIBYTE
"""What a program can print in one case, whatever its limits: all of it is looked at."""

ALL_CASES = 20
"""How many times the CPU and wall time of one case all cases together may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesCheck:
    """Inputs of a whole program, each with what it has to print.

    The program is compiled once and run once a case, in a process and under a uid of its own, up to the first case that
    it does not pass. Passed is one in which it ends with exit status 0 and has printed what is expected. The limits of
    the job are those of each case; all together may take `ALL_CASES` times their CPU and wall time.

    There is no negative control, since there is nothing to forge. What is expected is nowhere near the program: it does
    not even enter the container, where digests of it are compared. So whoever prints it has found it, or has learnt it
    by heart, and no control tells these two apart.

    Attributes:
        cases: In the order in which they are run, at least one.
        comparison: When what it printed is what is expected.
    """

    cases: tuple[Case, ...]
    comparison: Comparison = Comparison.TEXT

    def __post_init__(self) -> None:
        size = sum(len(case.stdin.encode("utf-8", "surrogatepass")) for case in self.cases)
        if not self.cases or size > CASES_BYTES:
            raise ValueError(
                f"{len(self.cases)} cases with {size} bytes of stdin: there is at least one, and at most {CASES_BYTES} "
                "bytes"
            )
