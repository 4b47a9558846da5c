"""How often programs that cheat get past tests in their own process and their negative controls.

    python tests/performance/cheats.py [--jobs 4000]

Prints the share of passes by cheat, in each language and for texts and numbers, as JSON. Nothing is executed: files and
order of each job are drawn as for the sandbox, and it is known what each cheat does with a file that it reads. One that
passes has passed the tests and failed both controls.
"""

import argparse
import json
import re
import secrets
from ast import literal_eval
from collections.abc import Callable, Sequence
from typing import Any

from codecrucible.benchmarks.in_process import changes_in
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import ExitCodeCheck, Job
from codecrucible.sandbox.docker.exit_code_frame import frame_of

#: Arguments and expected values.
VALUES: dict[str, dict[Any, Any]] = {
    "texts": {"test": "tset", "hello": "olleh", "level up": "pu level", "world": "dlrow", "kayak": "kayak"},
    "numbers": {4: 24, 5: 120, 3: 6, 7: 5040, 1: 1},
}

#: By language: tests around assertions, an assertion, and what finds its argument and value in a file.
WRITTEN = {
    "python": ("candidate = f\n%s", "assert candidate({0}) == {1}\n", r"candidate\((?P<a>.*)\) == (?P<b>.*)"),
    "javascript": (
        "const assert = require('node:assert');\nfunction test() {\n  let candidate = f;\n%s}\ntest();\n",
        "  assert.deepEqual(candidate({0}),{1});\n",
        r"candidate\((?P<a>.*)\),(?P<b>.*)\);",
    ),
    "php": (
        "function candidate(...$args) {\n    return f(...$args);\n}\n%s",
        'if (candidate({0}) !== {1}) {{ throw new Exception("Test failed!"); }}\n',
        r"candidate\((?P<a>.*)\) !== (?P<b>.*)\) \{",
    ),
    "ruby": (
        "require 'test/unit'\nclass T < Test::Unit::TestCase\n  def test_f\n    candidate = method(:f)\n%s  end\nend\n",
        "    assert_equal({1}, candidate.call({0}))\n",
        r"assert_equal\((?P<b>.*), candidate\.call\((?P<a>.*)\)\)",
    ),
    "cpp": (
        "int main() {\n    auto candidate = f;\n%s}\n",
        "    assert(candidate(({0})) == ({1}));\n",
        r"candidate\(\((?P<a>.*)\)\) == \((?P<b>.*)\)\);",
    ),
}

_random = secrets.SystemRandom()

Pairs = list[tuple[Any, Any]]


def solves(share: float) -> Callable[[Pairs, Pairs], bool]:
    """A program that answers the first of the tests right, and to the others what they expect."""

    def passes(pairs: Pairs, right: Pairs) -> bool:
        known = round(share * len(right))
        return pairs[:known] == right[:known]

    return passes


#: What of a file makes a program pass, given its arguments and expected values, and those of the tests themselves.
CHEATS: dict[str, Callable[[Pairs, Pairs], bool]] = {
    "exits, or is equal to everything": lambda pairs, right: True,
    "passes where no expected text ends in x": lambda pairs, right: not any(str(b).endswith("x") for _, b in pairs),
    "passes where no number above 1 is odd": lambda pairs, right: all(b == 1 or b % 2 == 0 for _, b in pairs),
    "passes where no value is expected twice": lambda pairs, right: len({b for _, b in pairs}) == len(pairs),
    "passes one time in two": lambda pairs, right: _random.random() < 1 / 2,
    "passes one time in three": lambda pairs, right: _random.random() < 1 / 3,
    "knows with what letter an answer begins": lambda pairs, right: all(b[:1] == a[-1:] for a, b in pairs),
    "answers half of the tests, and reads the rest": solves(0.5),
    "answers four in five, and reads the rest": solves(0.8),
}
_OF_NUMBERS, _OF_TEXTS = {"passes where no number above 1 is odd"}, {"knows with what letter an answer begins"}


def shares(language: str, values: dict[Any, Any], jobs: int) -> dict[str, float]:
    """The share of passes by cheat."""
    tests, assertion, pattern = WRITTEN[language]
    tests %= "".join(assertion.format(_text(argument), _text(value)) for argument, value in values.items())
    find = changes_in if language == "python" else _translation(language).changes
    assert find is not None
    check = ExitCodeCheck(tests=tests, changes=tuple(find(tests)))
    job = Job(program="", check=check, language=language)

    def pairs(source: str) -> Pairs:
        return [(literal_eval(each["a"]), literal_eval(each["b"])) for each in re.finditer(pattern, source)]

    right = pairs(tests)
    drawn: list[tuple[bool, Sequence[Pairs]]] = []
    for _ in range(jobs):
        header, sources = frame_of(job, check)
        drawn.append((header["job"]["control_first"], [pairs(source.decode()) for source in sources[:3]]))
    left_out = _OF_TEXTS if isinstance(right[0][1], int) else _OF_NUMBERS
    result = {
        name: sum(
            passes(own, right) and not any(passes(each, right) for each in controls) for _, (own, *controls) in drawn
        )
        / jobs
        for name, passes in CHEATS.items()
        if name not in left_out
    }
    return result | {"passes in its first run alone": sum(not control_first for control_first, _ in drawn) / jobs}


def _text(value: Any) -> str:
    return json.dumps(value)


def _translation(language: str) -> Any:
    return next(each for each in TRANSLATIONS.values() if each.language == language)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=4000)
    options = parser.parse_args()
    print(
        json.dumps(
            {
                f"{language}, {kind}": shares(language, values, options.jobs)
                for language in WRITTEN
                for kind, values in VALUES.items()
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
