"""What MultiPL-E's rows of one language are, beyond what each of them says itself."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from codecrucible.sandbox.job import Assertion, Change

REACHED = "the stub was reached"
"""What the error says that a stub raises."""

#: Where it has the name of something in the language, the function under test is called otherwise than its row.
_CANDIDATE = re.compile(r"\bcandidate(?: = (?:\\&)?|\([.$\w]*\) \{\n +(?:return )?)(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One target language.

    Attributes:
        suffix: Suffix of the language, as the dataset's files have it.
        language: As `Problem.language` has it.
        title: For a person.
        changes: From the tests of a row to changes of them for the negative control. None where the referee judges,
            and none is needed.
        assertions: From the tests of a row to all their assertions, none if they cannot be taken apart. None where
            nothing prints the answers of the language.
        result: Finds the type of an answer in the prompt of a row, where the printer has to be told; with what declares
            it where that is not known either.
        stub: A completion of any prompt that raises an error with `REACHED` in its text, which ends up on stdout or
            stderr. Where it leaves a brace open, the tests close it.
        sha256: Digest of the data file, uncompressed, by origin: "humaneval" and "mbpp".
        candidate: Finds the name of the function under test in the tests of a row.
        dead: Why no completion is ever tested, by problem id: with the stub the tests do not get as far as calling it.
            Faults of the data, not of an answer; `check_benchmark` finds them.
        unpassable: Why no value that a completion may return passes, by problem id, for tests that do call it. Known
            by reading them, since a stub is reached there as anywhere.
    """

    suffix: str
    language: str
    title: str
    changes: Callable[[str], Iterable[Change]] | None
    stub: str
    sha256: Mapping[str, str]
    assertions: Callable[[str], tuple[Assertion, ...]] | None = None
    result: re.Pattern[str] | None = None
    candidate: re.Pattern[str] = _CANDIDATE
    dead: Mapping[str, str] = field(default_factory=dict)
    unpassable: Mapping[str, str] = field(default_factory=dict)

    def taken_apart(self, tests: str, prompt: str) -> tuple[tuple[Assertion, ...], str]:
        """All assertions of some tests, and the type of an answer where it counts; () and "" if that cannot be had."""
        found = self.assertions(tests) if self.assertions else ()
        if not found or self.result is None:
            return found, ""
        result = self.result.search(prompt)
        return (found, result[1]) if result else ((), "")
