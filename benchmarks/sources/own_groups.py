"""The groups that a record of a user's own names for its problem, in whatever format the rest of it is.

`"groups": {"topic": "dates", "level": "hard"}`: kinds of group, and the group of each kind. Scores are shown by them.
"""

import re
from typing import Any

from codecrucible.benchmarks.sources.problem_file import fault

GROUPS = "groups"
"""The field."""

MOST_KINDS = 20
"""Most kinds of groups of a record."""

GROUP_CHARACTERS = 100
"""Longest name of a group."""

_KIND = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_ -]{0,38}[A-Za-z0-9_])?")
_TAKEN = "language"


def groups_of(record: dict[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    """Kinds and groups of a record, in its order; () where it names none.

    Args:
        record: As JSON has it.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if they are no texts that can be shown and asked for.
    """
    groups = record.get(GROUPS, {})
    if not isinstance(groups, dict) or len(groups) > MOST_KINDS:
        raise fault(
            GROUPS, f"expected an object of at most {MOST_KINDS} kinds, each with the name of a group", where=where
        )
    for kind, group in groups.items():
        field = f"{GROUPS}.{kind}"
        if not _KIND.fullmatch(kind):
            raise fault(
                field,
                "expected a kind of at most 40 letters, digits, blanks, '-' and '_', such as 'topic'",
                where=where,
            )
        if kind == _TAKEN:
            raise fault(field, "every problem has a language of its own; name the kind in another way", where=where)
        if (
            not isinstance(group, str)
            or not 1 <= len(group) <= GROUP_CHARACTERS
            or not group.isprintable()
            or group != group.strip()
        ):
            raise fault(field, f"expected a text of 1 to {GROUP_CHARACTERS} characters that are printed", where=where)
    return tuple(groups.items())
