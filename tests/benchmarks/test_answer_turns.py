"""Particular turns of answers in Python: how the entry point is bound, how parts are joined, whole programs."""

import pytest
import trusted

from codecrucible.benchmarks import Problem, PromptForm, Rule, extract, form_of
from codecrucible.sandbox.case_check import Case

MEAN = Problem(
    problem_id="t/0",
    prompt='from typing import List\n\n\ndef mean(values: List[float]) -> float:\n    """Mean, 0.0 of none."""\n',
    entry_point="mean",
    tests="assert mean([1, 2, 4]) == 7 / 3\nassert mean([]) == 0.0\n",
    setup="",
    reference="    return sum(values) / len(values) if values else 0.0\n",
    stub="    return None\n",
)
AVERAGE = "def average(xs):\n    return sum(xs) / len(xs) if xs else 0.0\n\n\n"
RIGHT = "def mean(values):\n    return sum(values) / len(values) if values else 0.0\n"
CLASS = (
    "class Solution:\n    def mean(self, values):\n        return sum(values) / len(values) if values else 0.0\n\n\n"
)


def block(*codes):
    return "".join(f"Next:\n```python\n{code}```\n" for code in codes)


def chat(answer, problem=MEAN):
    return extract(problem, answer, form=PromptForm.CHAT)


def works(program):
    return trusted.outcomes([program.source + "\n" + MEAN.tests]) == ["passed"]


@pytest.mark.parametrize(
    "code",
    [
        f"{AVERAGE}mean = average\n",
        f"{AVERAGE}mean = other = average\n",
        f"{AVERAGE}mean: object = average\n",
        f"import functools\n{AVERAGE}mean = functools.lru_cache(None)(lambda *xs: 0)\nmean = average\n",
        (
            "from functools import partial\n\n\ndef _m(e, xs):\n    return sum(xs) / len(xs) if xs else e\n\n\n"
            "mean = partial(_m, 0.0)\n"
        ),
        "import functools\nmean = functools.partial(lambda e, xs: sum(xs) / len(xs) if xs else e, 0.0)\n",
        "from typing import Callable\nmean: Callable = lambda xs: sum(xs) / len(xs) if xs else 0.0\n",
        "mean = (lambda xs: sum(xs) / len(xs) if xs else 0.0)\n",
        f"{CLASS}mean = Solution().mean\n",
        f"{CLASS}solution = Solution()\nmean = getattr(solution, 'mean')\n",
        f"def traced(f):\n    return f\n\n\n{AVERAGE}mean = traced(average)\n",
        "import math\nif True:\n    def mean(values):\n        return math.fsum(values) / max(1, len(values))\n",
        (
            "try:\n    from nowhere import mean\nexcept ImportError:\n    def mean(values):\n"
            "        return sum(values) / len(values) if values else 0.0\n"
        ),
        f"{AVERAGE}if average:\n    mean = average\nelse:\n    mean = None\n",
        (
            "def make():\n    def inner(xs):\n        return sum(xs) / len(xs) if xs else 0.0\n    return inner\n\n\n"
            "inner = make()\n\n\ndef mean(values):\n    return inner(values)\n"
        ),
    ],
)
def test_an_entry_point_bound_in_another_way_is_a_whole_program(code):
    for answer in (block(code), block(code, "print(mean([1]))\n"), block("def mean(values):\n    pass\n", code)):
        program = chat(answer)
        assert MEAN.prompt not in program.source
        assert works(program), program.source


@pytest.mark.parametrize(
    "body",
    [
        "mean = sum(values) / (len(values) or 1)\nreturn mean + 0.0\n",
        "if not values:\n    return 0.0\nmean = sum(values)\nreturn mean / len(values)\n",
    ],
)
def test_a_variable_of_the_entry_points_name_does_not_make_a_body_a_program(body):
    program = chat(block(body))
    assert program.rule is Rule.BODY
    assert works(program)


@pytest.mark.parametrize(
    "usage",
    [
        "mean = mean([1, 2])\nprint(mean)\n",
        "import numpy as np\nmean = np.mean([1, 2])\nprint(mean)\n",
        "values = [1]\nmean = sum(values) / len(values)\n",
        "from solution import mean\n\n\ndef test_mean():\n    assert mean([]) == 0.0\n",
        "class TestMean:\n    def mean(self):\n        return 0\n",
        "if __name__ == '__main__':\n    mean = None\n",
        ">>> mean([1])\n1.0\n",
        "result = [mean(x) for x in ([1], [2])]\n",
    ],
)
def test_no_usage_of_the_entry_point_is_taken_for_its_definition(usage):
    for answer in (block(RIGHT, usage), block(usage, RIGHT)):
        assert chat(answer).code == RIGHT


def test_a_body_that_is_given_step_by_step_is_put_together():
    steps = [
        "def mean(values):\n",
        "    if not values:\n        return 0.0\n",
        "    return sum(values) / len(values)\n",
    ]
    program = chat(block(*steps))
    assert program.rule is Rule.STEPS
    assert works(program)
    assert chat(block(*steps, "".join(steps))).code == "".join(steps)


def test_a_body_behind_a_stub_is_the_body():
    program = chat(block("def mean(values):\n    pass\n", "return sum(values) / len(values) if values else 0.0\n"))
    assert program.rule is Rule.STEPS
    assert works(program)


@pytest.mark.parametrize("order", [1, -1])
def test_helpers_of_helpers_constants_and_imports_are_kept_in_any_order(order):
    parts = [
        "from __future__ import annotations\nimport math\n",
        "EMPTY = 0.0\n",
        "def total(values):\n    return math.fsum(values)\n",
        "cache = {}\n\n\ndef divide(a, b):\n    global cache\n    return cache.setdefault((a, b), a / b)\n",
        (
            "def mean(values: List[float], empty=EMPTY) -> float:\n"
            "    return divide(total(values), len(values)) if values else empty\n"
        ),
    ]
    program = chat(block(*parts[::order], "unused = 1\n"))
    assert program.rule is Rule.BLOCKS
    assert "unused" not in program.source
    assert works(program)


def test_of_two_helpers_of_one_name_the_finished_one_is_taken():
    helper = "def total(values):\n    return sum(values)\n"
    code = "def mean(values):\n    return total(values) / len(values) if values else 0.0\n"
    for blocks in (
        (f"def total(values):\n    ...\n\n\n{RIGHT[:18]}    ...\n", helper, code),
        (helper, code, "def total(values):\n    pass\n"),
    ):
        assert works(chat(block(*blocks)))


def test_a_helper_that_uses_the_solution_comes_behind_it():
    program = chat(
        block(
            RIGHT.replace("def mean", "class Mean:\n    pass\n\n\ndef mean").replace("sum(", "plus("),
            "base = Mean\n\n\nclass More(base):\n    pass\n\n\ndef plus(xs):\n    return sum(xs)\n\n\nmore = Mean()\n",
        )
    )
    assert works(program)


def test_only_what_is_needed_of_a_block_that_runs_is_taken():
    code = "def mean(values):\n    return math.fsum(values) / len(values) if values else 0.0\n"
    program = chat(block(code, "import math\n\nprint(mean([1]))\nraise SystemExit\n"))
    assert works(program)
    assert "print" not in program.source


# ---- whole programs

SUM = Problem(
    problem_id="t/sum",
    prompt="Read two integers and print their sum.\n",
    entry_point="",
    setup="",
    tests="",
    reference="",
    stub="",
    cases=(Case(stdin="3 4\n", expected="7\n"),),
)
READS = "a, b = map(int, input().split())\nprint(a + b)\n"
FUNCTION = "def add(a, b):\n    return a + b\n"
OUTPUT = "```\n" + "7\n" * 300 + "```\n"
SHELL = f"```sh\necho '3 4' | python3 sum.py {'#' * 300}\n```\n"
JAVA = "```java\nclass Main { static void main(String[] a) { new Scanner(System.in); System.out.print(1); } }\n```\n"
HARNESS = (
    "import subprocess\n\nfor given, wanted in [('3 4', '7'), ('1 1', '2'), ('0 0', '0')]:\n"
    "    got = subprocess.run(['python', 'a.py'], input=given, capture_output=True, text=True).stdout\n"
    "    assert got.strip() == wanted\nprint('all good')\n"
)
MOCKED = "import io, sys\nsys.stdin = io.StringIO('3 4')\nexec(open('a.py').read())\nprint('fine, as it should be')\n"


@pytest.mark.parametrize(
    "others",
    [
        HARNESS,
        MOCKED,
        "print(add(3, 4))\nprint(add(1, 1))\nprint(add(2, 2))\n" * 3,
        "def main():\n    # read two numbers\n    # add them\n    # print the sum\n    pass\n\n\nmain()\n",
        "a, b = 3, 4\nprint('For example', a, 'plus', b, 'is', a + b)\n",
    ],
)
def test_the_program_wins_over_what_is_longer(others):
    for answer in (
        block(READS, others),
        block(others, READS),
        block(READS) + OUTPUT + SHELL + JAVA,
        SHELL + OUTPUT + block(READS),
    ):
        program = chat(answer, SUM)
        assert (program.source, program.rule) == (READS, Rule.PROGRAM)


def test_a_corrected_program_wins():
    assert chat(block(READS.replace("+", "-"), READS), SUM).source == READS


def test_a_program_in_parts_is_put_together():
    whole = "import sys\n\n" + FUNCTION + "\nprint(add(*map(int, sys.stdin.read().split())))\n"
    parts = ["import sys\n", FUNCTION, "print(add(*map(int, sys.stdin.read().split())))\n"]
    assert chat(block(*parts), SUM).source.split() == whole.split()
    assert chat(block(*parts, whole), SUM).source == whole
    steps = ["a, b = map(int, input().split())\n", "print(a + b)\n"]
    assert chat(block(*steps), SUM).source.split() == READS.split()
    main = ["def main():\n    print(sum(map(int, input().split())))\n", "if __name__ == '__main__':\n    main()\n"]
    assert chat(block(*main), SUM).source.split() == "".join(main).split()


@pytest.mark.parametrize(
    "answer",
    [
        f"Here is the program:\n\n{READS}\nThis reads both numbers. It prints their sum.\n",
        f"[PYTHON]\n{READS}[/PYTHON]\n[TESTS]\nassert True\n[/TESTS]\n",
        f"```python\n{READS}<|im_end|>",
        f"> ```python\n> {READS.strip()}\n> ```\n".replace("\nprint", "\n> print"),
        f"Sure.\n<pre><code>{READS}</code></pre>\n",
    ],
)
def test_a_program_is_found_in_prose_and_tags(answer):
    assert form_of(SUM, answer) is PromptForm.CHAT
    assert chat(answer, SUM).source.strip() == READS.strip()


def test_a_program_without_prose_is_left_as_it_is():
    for code in (READS, "#!/usr/bin/env python\n" + READS, 'x = """\nThis is it.\n"""\n' + READS):
        assert form_of(SUM, code) is PromptForm.COMPLETION
        assert chat(code, SUM).source == code
