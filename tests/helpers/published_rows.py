"""Rows of our own in formats that others publish: one function in nine languages, and a few of other formats."""

import json
from pathlib import Path

_ROWS = json.loads(Path(__file__).with_suffix(".json").read_text())
HUMANEVAL_X, APPS, CODECONTESTS = _ROWS["humaneval-x"], _ROWS["apps"], _ROWS["codecontests"]

#: By language: prompt, solution, what tests begin and end with, and a test of `{n}`, `{numbers}`, `{least}`, `{kept}`.
_MXEVAL = _ROWS["mxeval"]
LANGUAGES = tuple(_MXEVAL)

#: Numbers, the least that is kept, and what is kept of them.
KEPT = [([3, 1, 2], 2, [3, 2]), ([], 1, []), ([-5, 7], -5, [-5, 7])]
_BRACKETS = {"cpp": ("vector<int>{", "}"), "java": ("Arrays.asList(", ")"), "go": ("[]int{", "}")}


def mxeval_row(language, *, computed=False):
    """A row of mxeval; `computed` writes the least number as an expression, which is no literal."""
    form = _MXEVAL[language]
    opening, closing = _BRACKETS.get(language, "[]")

    def literal(numbers):
        return opening + ", ".join(map(str, numbers)) + closing

    tests = (
        form["test"].format(
            n=n, numbers=literal(numbers), least=f"{least} + 0" if computed else least, kept=literal(kept)
        )
        for n, (numbers, least, kept) in enumerate(KEPT)
    )
    return {
        "task_id": f"KEPT_{language}/1",
        "language": language,
        "prompt": form["prompt"],
        "entry_point": "kept",
        "test": form["head"] + "".join(tests) + form["tail"],
        "description": "Those numbers that are at least so large.",
        "canonical_solution": form["solution"],
    }
