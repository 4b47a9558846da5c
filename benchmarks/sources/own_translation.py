"""A problem of the user's own in MultiPL-E's format: a prompt in some language, and tests that follow the completion.

What is covered: rows as MultiPL-E's translators write them, in each language that they have here. They are judged as
the benchmark's own rows are: by the referee in Python, by their answers elsewhere, or by exit status.
What is not: what is known of rows of the benchmark itself that nothing passes. `benchmarks check` finds such.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from codecrucible.benchmarks.problem import Problem
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS, problem_of_row
from codecrucible.benchmarks.sources.multipl_e.translation import Translation
from codecrucible.benchmarks.sources.problem_file import check_id, fault, text_of

STOP_TOKENS = "stop_tokens"
"""The field that such a row is known by."""

_TEXTS = ("name", "language", "prompt", "tests")
_IGNORED = {"doctests", "original", "prompt_terminology"}
_MOST_STOPS = 16

_TRANSLATIONS: Mapping[str, Translation] = {
    name: replace(each, dead={}, unpassable={})
    for each in TRANSLATIONS.values()
    for name in (each.suffix, each.language, *(("go_test.go",) if each.language == "go" else ()))
}
"""By what rows call the language."""


def read_translation(row: dict[str, Any], where: str) -> Problem:
    """The problem that a row with `STOP_TOKENS` holds.

    Args:
        row: As JSON has it.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is no problem.
    """
    unknown = sorted(row.keys() - {*_TEXTS, STOP_TOKENS} - _IGNORED)
    if unknown:
        raise fault(unknown[0], f"a problem with {STOP_TOKENS!r} has no such field", where=where)
    stops = row[STOP_TOKENS]
    if (
        not isinstance(stops, list)
        or len(stops) > _MOST_STOPS
        or not all(isinstance(each, str) and each for each in stops)
    ):
        raise fault(
            STOP_TOKENS, f"expected a list of at most {_MOST_STOPS} strings with something in them", where=where
        )
    for field in _TEXTS:
        text_of(row.get(field), field, where=where)
    check_id(row["name"], where=where, field="name")
    if row["language"] not in _TRANSLATIONS:
        raise fault(
            "language",
            f"nothing here is {row['language'][:40]!r}; there are {', '.join(sorted(TRANSLATIONS))}",
            where=where,
        )
    return problem_of_row(row, _TRANSLATIONS[row["language"]], where=where)
