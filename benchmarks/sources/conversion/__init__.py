"""Files in formats that others publish, converted into a benchmark of one's own, which the user can read and change.

What is covered: each row becomes a record that the reader of one's own benchmarks accepts, in the strongest form that
it has, or is left out with the reason. Nothing of a file is executed, and nothing of it is trusted.
What is not: whether a row's own solution passes its tests. `crucible benchmarks check` says that.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Problem, RefusedRow
from codecrucible.benchmarks.sources.conversion import humaneval_x, mxeval
from codecrucible.benchmarks.sources.conversion.candidate import Candidate, NotConverted, Row
from codecrucible.benchmarks.sources.conversion.contests import from_apps, from_codecontests
from codecrucible.benchmarks.sources.own_inputs import BASE_INPUT
from codecrucible.benchmarks.sources.own_record import read_record
from codecrucible.benchmarks.sources.own_translation import STOP_TOKENS
from codecrucible.benchmarks.sources.problem_file import (
    CODEX_STOP,
    LINE_CHARACTERS,
    MOST_LINES,
    check_id,
    problem_of,
    unpacked,
)
from codecrucible.sandbox.job import Strength

__all__ = ["CONVERTED", "Conversion", "converted"]

_Way = Callable[[Row], Candidate]
_IDS = ("problem_id", "task_id", "name", "id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """What became of a file.

    Attributes:
        format: One of `CONVERTED`.
        sha256: Digest of the file's bytes.
        rows: That the file has.
        lines: The new file's, a record each.
        languages: Problems by language.
        strengths: Problems by how their verdicts are established.
        references: Problems that have a solution.
        changes: How often a record has something that its row had otherwise, by what it is.
        under_control: Rows whose tests keep their source, each with what kept them from becoming calls.
        dropped: Rows that became no problem, with the reason.
    """

    format: str
    sha256: str
    rows: int
    lines: tuple[str, ...]
    languages: Mapping[str, int]
    strengths: Mapping[Strength, int]
    references: int
    changes: Mapping[str, int]
    under_control: tuple[RefusedRow, ...]
    dropped: tuple[RefusedRow, ...]


def _as_it_is(field: str, row: Row) -> Candidate:
    """A row of a format that a benchmark of one's own may have its lines in, and that is known by `field`."""
    if field not in row:
        raise NotConverted(f"field {field!r}: is missing")
    return Candidate(record=row)


def _ways(language: str) -> Mapping[str, tuple[_Way, ...]]:
    """By format, what a row of it may become, the strongest first."""
    return {
        "mxeval": (mxeval.as_calls, mxeval.as_tests),
        "humaneval-x": (humaneval_x.as_calls, humaneval_x.as_tests),
        "apps": (from_apps,),
        "codecontests": (partial(from_codecontests, language=language),),
        "evalplus": (partial(_as_it_is, BASE_INPUT),),
        "multipl-e": (partial(_as_it_is, STOP_TOKENS),),
    }


CONVERTED = tuple(_ways("python"))
"""Names of the formats."""


def converted(data: bytes, format: str, *, where: str, language: str = "python") -> Conversion:  # noqa: A002 - its name
    """What the bytes of a file become.

    Args:
        data: JSON lines, gzipped or not.
        format: One of `CONVERTED`.
        where: Name of the file, for messages.
        language: In which problems of CodeContests are to be solved.

    Raises:
        BenchmarkDataError: if the file cannot be read, or none of its rows becomes a problem; names the first.
    """
    ways = _ways(language)[format]
    lines: list[str] = []
    taken: set[str] = set()
    languages, strengths, changes = Counter[str](), Counter[Strength](), Counter[str]()
    kept: list[RefusedRow] = []
    dropped: list[RefusedRow] = []
    rows = references = 0
    for number, text in enumerate(unpacked(data, where=where).split("\n"), start=1):
        if not text.strip():
            continue
        if number > MOST_LINES:
            raise BenchmarkDataError(f"{where}: a file has at most {MOST_LINES} lines; split it into several files")
        rows += 1
        place, row = f"{where}:{number}", None
        try:
            row = _row(text)
            made = _made(row, ways, place=place)
            _take(made.problem.problem_id, taken)
        except NotConverted as error:
            dropped.append(RefusedRow(place=place, problem_id=_claimed_id(row), reason=str(error)))
            continue
        lines.append(made.line)
        languages[made.problem.language] += 1
        strengths[_strength_of(made.problem)] += 1
        changes.update(made.changes)
        references += bool(made.problem.reference)
        if made.kept_by:
            kept.append(RefusedRow(place=place, problem_id=made.problem.problem_id, reason=made.kept_by))
    if not lines:
        first = f"; the first: {dropped[0].place}: {dropped[0].reason}" if dropped else ""
        raise BenchmarkDataError(f"{where}: none of {rows} rows became a problem as {format!r}{first}")
    return Conversion(
        format=format,
        sha256=hashlib.sha256(data).hexdigest(),
        rows=rows,
        lines=tuple(lines),
        languages=languages,
        strengths=strengths,
        references=references,
        changes=changes,
        under_control=tuple(kept),
        dropped=tuple(dropped),
    )


def _take(problem_id: str, taken: set[str]) -> None:
    if problem_id in taken:
        raise NotConverted(f"the id {problem_id!r} is there twice")
    taken.add(problem_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A record that the reader accepts: its problem, its line, its changes, and what kept it from a stronger form."""

    problem: Problem
    line: str
    changes: Sequence[str]
    kept_by: str


def _made(row: Row, ways: Sequence[_Way], *, place: str) -> _Made:
    reasons: list[str] = []
    for way in ways:
        try:
            candidate = way(row)
            line = _line(candidate.record)
            record = json.loads(line)
            problem = read_record(record, place) or problem_of(
                record, where=place, stop=CODEX_STOP, reference_needed=False
            )
        except NotConverted as error:
            reasons.append(str(error))
        except BenchmarkDataError as error:
            reasons.append(str(error).removeprefix(f"{place}: "))
        else:
            return _Made(problem=problem, line=line, changes=candidate.changes, kept_by="; ".join(reasons))
    raise NotConverted("; ".join(dict.fromkeys(reasons)))


def _line(record: Row) -> str:
    line = json.dumps(record, ensure_ascii=False)
    if len(line) > LINE_CHARACTERS:
        raise NotConverted(f"its line would have {len(line)} characters, and may have {LINE_CHARACTERS}")
    if any("\ud800" <= character <= "\udfff" for character in line):
        raise NotConverted("holds half of a surrogate pair, which is no text")
    return line


def _row(text: str) -> dict[str, Any]:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotConverted(f"expected a JSON object: {error}") from error
    if not isinstance(row, dict):
        raise NotConverted(f"expected a JSON object, found {type(row).__name__}")
    return row


def _claimed_id(row: Row | None) -> str:
    """The id that a row gives itself, "" if that could not be one."""
    claimed = next((row[field] for field in _IDS if field in row), "") if row else ""
    try:
        check_id(str(claimed), where="")
    except BenchmarkDataError:
        return ""
    return str(claimed)


def _strength_of(problem: Problem) -> Strength:
    """How verdicts on a problem are established."""
    if problem.cases:
        return Strength.CASES
    if problem.assertions:
        return Strength.ANSWERS
    return Strength.CONTROL if problem.changes else Strength.REFEREE
