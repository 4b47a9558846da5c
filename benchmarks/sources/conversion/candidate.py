"""What a row of another format may become: a record of a benchmark of one's own, and what was changed for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.sources.calls import WRITERS, Signature
from codecrucible.benchmarks.sources.calls.types import Type, parsed
from codecrucible.benchmarks.sources.own_expected import LITERAL

Row = Mapping[str, Any]
"""A row of the source, as JSON has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A record that the reader of one's own benchmarks has yet to accept.

    Attributes:
        record: As `own_record.schema.json` has it, or as another format that is read as it is.
        changes: What it has that its row had otherwise, a phrase each.
    """

    record: Mapping[str, Any]
    changes: tuple[str, ...] = ()


class NotConverted(ValueError):
    """Why a row becomes no record, or none of a kind; the message says what to do if there is something."""


def text_in(row: Row, field: str) -> str:
    """A text of a row.

    Raises:
        NotConverted: naming the field, if it is none.
    """
    value = row.get(field)
    if not isinstance(value, str):
        found = "is missing" if field not in row else f"expected a string, found {type(value).__name__}"
        raise NotConverted(f"field {field!r}: {found}")
    return value


def begun_record(row: Row, language: str, prompt: str, stop: Sequence[str] = ()) -> dict[str, Any]:
    """What records of functions begin with: id, language, prompt, name, and the solution if the row has one."""
    record: dict[str, Any] = {
        "problem_id": text_in(row, "task_id"),
        "language": language,
        "prompt": prompt,
        "entry_point": text_in(row, "entry_point"),
    }
    if stop:
        record["stop"] = list(stop)
    solution = row.get("canonical_solution")
    if isinstance(solution, str) and solution.strip():
        record["reference"] = solution
    return record


def calls_of(
    found: Sequence[tuple[Sequence[Any], Any]], language: str, prompt: str, entry_point: str
) -> list[dict[str, Any]]:
    """Calls as a record has them, of arguments and what they have to be answered with.

    C++ writes a map as a list of pairs: where the signature in `prompt` says so, it becomes a map.

    Raises:
        NotConverted: if there are none.
    """
    if not found:
        raise NotConverted("its tests have no call that is understood")
    writer = WRITERS[language]
    signature = (writer.types(prompt, entry_point) if writer.types else None) or Signature()
    types = [_parsed(type_) for type_ in signature.arguments]
    result = _parsed(signature.result)
    return [
        {
            "arguments": [
                _shaped(value, type_) for value, type_ in zip(arguments, types or [None] * len(arguments), strict=False)
            ],
            "expected": _shaped(expected, result),
        }
        for arguments, expected in found
    ]


def expected_between(tests: str, spans: Iterator[tuple[int, int]]) -> list[dict[str, Any]]:
    """The last literal of each span, as the field `expected` names it.

    Raises:
        NotConverted: if there is none.
    """
    found = []
    for start, end in spans:
        literals = list(LITERAL.finditer(tests, start, end))
        if literals:
            found.append({"literal": literals[-1][0], "offset": literals[-1].start()})
    if not found:
        raise NotConverted("its tests have no expected value that could be changed for a negative control")
    return found


def _parsed(text: str) -> Type | None:
    try:
        return parsed(text) if text else None
    except ValueError:
        return None


def _shaped(value: Any, type_: Type | None) -> Any:
    """A value as JSON has it for its type: the pairs of a map as an object."""
    if type_ is None or not isinstance(value, list):
        return value
    name = re.sub(r"^std::", "", type_.name)
    if name in ("map", "unordered_map") and len(type_.of) > 1:
        pairs = [each for each in value if isinstance(each, list) and len(each) == 2]  # noqa: PLR2004 - key and value
        if len(pairs) < len(value):
            raise NotConverted("a map that is written in another way")
        return {str(key): _shaped(item, type_.of[1]) for key, item in pairs}
    if name == "vector" and type_.of:
        return [_shaped(each, type_.of[0]) for each in value]
    if name in ("tuple", "pair") and len(type_.of) == len(value):
        return [_shaped(each, inner) for each, inner in zip(value, type_.of, strict=True)]
    return value
