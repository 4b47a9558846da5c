"""Where in a file of a run folder the lines of a problem stand, so that a run is read a problem at a time.

The lines of a problem need not stand together: they are written as completions come and executions end. Where they do,
a stretch of lines takes one entry here, whatever their number; where they do not, a line takes 24 bytes.
"""

import re
from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from codecrucible.harness.common.codec import loads
from codecrucible.harness.common.errors import BadRecord

_PROBLEM_ID = re.compile(rb'\{\s*"problem_id"\s*:\s*("(?:[^"\\]|\\.)*")\s*[,}]')


class ProblemLines:
    """The lines of a JSONL file by their `problem_id`; a context manager. A file that is not there has no lines.

    A last line without its newline was torn by a kill and is left out, and so is what is written from now on.

    Raises:
        BadRecord: a line has no problem id, or is not JSON; what else is wrong with a line is seen when it is read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("rb") if path.exists() else None
        #: By problem id, for each stretch of its lines: first byte, number of bytes, number of the first line.
        self._stretches: dict[str, array[int]] = {}
        try:
            self._find()
        except BaseException:
            self.close()
            raise

    def _find(self) -> None:
        opening, stretches, start = b"", array("q"), 0
        for line_number, line in enumerate(self._file or (), 1):
            if not line.endswith(b"\n"):
                return
            if opening and line.startswith(opening):
                stretches[-2] += len(line)
            else:
                opening, problem_id = self._opening(line, line_number)
                stretches = self._stretches.setdefault(problem_id, array("q"))
                stretches.extend((start, len(line), line_number))
            start += len(line)

    def _opening(self, line: bytes, line_number: int) -> tuple[bytes, str]:
        """With what every line of the same problem begins that is written as this one is, b"" if not known; the id."""
        if found := _PROBLEM_ID.match(line):
            with suppress(ValueError):
                return found[0], loads(found[1])
        value = self._value(line, line_number)
        problem_id = value.get("problem_id") if isinstance(value, dict) else None
        if not isinstance(problem_id, str):
            raise BadRecord(f"{self._path}:{line_number}: expected a JSON object with a 'problem_id'")
        return b"", problem_id

    def _value(self, line: bytes, line_number: int) -> Any:
        try:
            return loads(line)
        except ValueError as error:
            raise BadRecord(f"{self._path}:{line_number}: not JSON: {error}") from None

    @property
    def problem_ids(self) -> frozenset[str]:
        """The problems that have lines."""
        return frozenset(self._stretches)

    def of(self, problem_id: str) -> Iterator[tuple[str, Any]]:
        """Place, as file and line, and JSON value of each line of a problem, in the file's order.

        Raises:
            BadRecord: a line is not JSON, or has two problem ids.
        """
        if self._file is None:
            return
        stretches = self._stretches.get(problem_id, array("q"))
        for at in range(0, len(stretches), 3):
            start, size, line_number = stretches[at : at + 3]
            end = start + size
            while start < end:
                self._file.seek(start)  # within what is buffered, as a rule
                line = self._file.readline()
                value = self._value(line, line_number)
                if value["problem_id"] != problem_id:
                    raise BadRecord(f"{self._path}:{line_number}: field 'problem_id' stands there twice")
                yield f"{self._path}:{line_number}", value
                start, line_number = start + len(line), line_number + 1

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
