"""What compares printed answers outside of the container meets texts made to break it or to hold it up."""

import random
import time

import pytest

from codecrucible.sandbox.job import Tolerance
from codecrucible.sandbox.languages import LANGUAGES
from codecrucible.sandbox.languages.close_values import close

SIZE = 65_536  # bytes of an answer that are kept
EXPECTED = ["[1, 2]", '{"a": 1}', "1", '"a"', "[1,[2,[3]]]", "1.0", "true", "null", "list(1, 2)", "#hash((1 . 2))"]
HOSTILE = [
    *(character * SIZE for character in '[{(9-"0en\0'),
    "[" * 30_000 + "]" * 30_000,
    "[" + "[]," * 20_000 + "[]]",
    "[" + "1," * 30_000 + "1]",
    '{"a":' * 10_000 + "1" + "}" * 10_000,
    '"' + "\\" * SIZE,
    "1e" + "9" * 100,
    "1e-" + "9" * 60_000,
    "1 " * 30_000,
    "list(" * 13_000,
    "c(" * 30_000,
    "Map{" * 10_000,
    '"a": ' * 10_000,
    "\ud800" * 100,
]
LOOSE = {
    name: language.printer.equal for name, language in LANGUAGES.items() if language.printer and language.printer.equal
}


def near(answer, expected):
    return close(answer, expected, tolerance=Tolerance(absolute=0.1, relative=0.1), quoted_numbers=True)


@pytest.mark.parametrize("equal", [*LOOSE.values(), near], ids=[*LOOSE, "tolerance"])
def test_a_text_made_to_break_the_comparison_is_unequal_at_once(equal):
    for answer in HOSTILE:
        for expected in EXPECTED:
            started = time.process_time()
            assert not equal(answer, expected), (answer[:20], expected)
            assert time.process_time() - started < 2, (answer[:20], expected)


@pytest.mark.parametrize("equal", [*LOOSE.values(), near], ids=[*LOOSE, "tolerance"])
def test_no_text_of_random_signs_raises_an_error(equal):
    drawn = random.Random(1)  # noqa: S311 - the same texts each time
    for _ in range(1000):
        answer = "".join(drawn.choices('[]{}(),:"\\ 1230.eE-+naNfiltc #.hs', k=drawn.randrange(30)))
        assert equal(answer, drawn.choice(EXPECTED)) in (True, False)
