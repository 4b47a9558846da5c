"""What the tests of a dataset may do with a program that they cannot touch."""

import subprocess
import sys
from pathlib import Path

import pytest
from sandbox_jobs import checking, job

import codecrucible.sandbox
from codecrucible.sandbox import Ending
from codecrucible.sandbox.image.checks import compile_check
from codecrucible.sandbox.image.notes import CANNOT_TRAVEL


def test_names_that_only_the_program_knows_are_found():
    check = compile_check(
        setup="import os\ndef helper(): return os.sep\n",
        tests="from math import inf\nassert f(Pair(1), sys.maxsize) == [n for n in range(3)] and helper() < inf\n",
        entry_point="f",
    )
    assert check.modules == ("sys",)
    assert check.borrowed == ("Pair",)
    assert not check.changes_objects
    assert compile_check(setup="", tests="f().x = 1\n", entry_point="f").changes_objects


PAIR = "class Pair:\n    def __init__(self, a, b): self.a, self.b = a, b\n"
NODE = "class Node:\n    def __init__(self, v): self.v, self.left = v, None\n"
RIGHT = {
    "a module that only it imports": ("import sys\ndef f(): return sys.maxsize\n", "assert f() == sys.maxsize\n"),
    "a class that only it defines": (
        PAIR + "def f(pairs): return [p.b for p in pairs]\n",
        "assert f([Pair(1, 2), Pair(3, 4)]) == [2, 4]\n",
    ),
    "a tree of its own nodes": (
        NODE + "def f(n): return 1 + f(n.left) if n else 0\n",
        "root = Node(1)\nroot.left = Node(2)\nroot.left.left = Node(3)\nassert f(root) == 3\n",
    ),
    "an attribute": ("class Box:\n    v = 3\ndef f(): return Box()\n", "assert f().v == 3\n"),
    "a function": ("def f(): return lambda n: n + 1\n", "assert f()(1) == 2\n"),
    "a type as an argument": ("def f(x, kind): return isinstance(x, kind)\n", "assert f('a', str) is True\n"),
    "a builtin as an argument": (
        "def f(items, key): return max(items, key=key)\n",
        "assert f([[1, 1], [2]], len) == [1, 1]\n",
    ),
    "a view": ("def f(): return {'a': 1}.keys()\n", "assert f() == {'a'} and list(f()) == ['a']\n"),
    "a generator": ("def f(n):\n    yield from range(n)\n", "assert list(f(3)) == [0, 1, 2]\n"),
    "a counter": (
        "from collections import Counter\ndef f(s): return Counter(s)\n",
        "assert f('aab') == {'a': 2, 'b': 1}\n",
    ),
    "a decimal": (
        "from decimal import Decimal\ndef f(): return Decimal('0.1')\n",
        "from decimal import Decimal\nassert f() == Decimal('0.1')\n",
    ),
    "a date": (
        "import datetime\ndef f(): return datetime.date(2024, 2, 29)\n",
        "import datetime\nassert f() == datetime.date(2024, 2, 29)\n",
    ),
    "arguments of all kinds": ("def f(*a, **k): return a, k\n", "assert f(1, x=2) == ((1,), {'x': 2})\n"),
    "not a number": ("def f(): return float('nan')\n", "assert f() != f()\n"),
    "an object that is true": (
        "import re\ndef f(s): return re.search('ab', s)\n",
        "assert f('cab') and not f('b')\nassert bool(f('ab')) is True\n",
    ),
    "an object that is false": (
        "class Empty:\n    def __len__(self): return 0\ndef f(): return Empty()\n",
        "assert not f()\n",
    ),
    "none": ("def f(): return None\n", "assert f() is None\n"),
    "a lone surrogate": ("def f(): return '\\ud800'\n", "assert f() == '\\ud800'\n"),
}


@pytest.mark.docker
@pytest.mark.parametrize(("program", "tests"), RIGHT.values(), ids=RIGHT)
def test_a_right_program_completes(executor, program, tests):
    execution = executor.run(job(program, checking(tests)))
    assert execution.ending is Ending.COMPLETED, (execution.note, execution.stderr)


@pytest.mark.docker
def test_the_entry_point_may_have_the_name_of_a_builtin(executor):
    check = checking("assert sum([1, 2]) == 3\n", entry_point="sum")
    assert executor.run(job("def sum(items): return 1 + 2\n", check)).ending is Ending.COMPLETED
    missing = executor.run(job("x = 1\n", check))
    assert (missing.ending, missing.exception) == (Ending.RAISED, "NameError")


@pytest.mark.docker
@pytest.mark.parametrize(
    "program",
    [
        "def f(): return {}\nclass Expected:\n    def __new__(cls): return {}\n",
        "def f(): return 1\ndef Expected(): return 1\n",
        "def f(): return Expected()\nclass Expected:\n    def __eq__(self, other): return True\n",
    ],
)
def test_a_name_of_the_programs_own_is_never_what_is_expected(executor, program):
    execution = executor.run(job(program, checking("assert f() == Expected()\n")))
    assert execution.ending is Ending.ASSERTION
    assert "not data" in execution.note


@pytest.mark.docker
def test_tests_that_catch_everything_do_not_hide_an_object_that_is_no_data(executor):
    program = "class Yes:\n    def __eq__(self, other): return True\ndef f(): return Yes()\n"
    tests = "try:\n    assert f() == 1\nexcept BaseException:\n    pass\n"
    assert executor.run(job(program, checking(tests))).ending is Ending.ASSERTION


@pytest.mark.docker
def test_whether_an_object_is_true_is_asked_once(executor):
    program = "class Turning:\n    n = 0\n    def __bool__(self):\n        self.n += 1\n        return self.n < 2\n"
    tests = "answer = f()\nassert answer and answer\nassert f().n == 0\n"
    assert executor.run(job(program + "def f(): return Turning()\n", checking(tests))).ending is Ending.COMPLETED


@pytest.mark.docker
def test_a_truth_of_the_programs_own_name_is_not_asked_for(executor):
    program = "class Yes: pass\ndef is_right(x): return Yes()\ndef f(): return 1\n"
    execution = executor.run(job(program, checking("assert is_right(f())\n")))
    assert (execution.ending, execution.calls) == (Ending.ASSERTION, 1)
    assert "not data" in execution.note


@pytest.mark.docker
def test_an_object_that_is_neither_true_nor_false_breaks_the_rules(executor):
    program = "import builtins\nbuiltins.bool = lambda _: 3\ndef f(): return object()\n"
    assert executor.run(job(program, checking("assert f()\n"))).ending is Ending.TAMPERED


@pytest.mark.docker
def test_an_iteration_cannot_be_ended_from_outside(executor):
    program = "def f(n): raise StopIteration\n"
    assert (
        executor.run(job(program, checking("assert all(map(lambda n: f(n) == n, [1, 2]))\n"))).ending is Ending.RAISED
    )


@pytest.mark.docker
def test_tests_that_patch_a_module_do_not_change_the_next_ones(executor):
    patching = checking("import math\nmath.pi = 3\nassert f() == 1\n")
    program = "def f(): return 1\n"
    for _ in range(3):
        assert executor.run(job(program, patching)).ending is Ending.COMPLETED
        later = checking("import math\nassert f() == 1 and math.pi > 3.1\n")
        assert executor.run(job(program, later)).ending is Ending.COMPLETED


@pytest.mark.docker
def test_what_cannot_travel_is_named_in_the_note(executor):
    execution = executor.run(job("def f(g): return g(1)\n", checking("assert f(lambda n: n) == 1\n")))
    assert (execution.ending, execution.exception) == (Ending.RAISED, "TypeError")
    assert "cannot travel to the program" in execution.note


FAILURES = {
    "the line, the call and its answer": (
        "def f(a, b=0): return a - b\n",
        "assert f(1) == 1\nassert f(3, b=1) == 4\n",
        "assert f(3, b=1) == 4; f(3, b=1) answered 2",
    ),
    "a statement over several lines": (
        "def f(x): return x\n",
        "assert f('a') == [\n    'a',\n    'b',\n]\n",
        "assert f('a') == [ 'a', 'b', ]; f('a') answered 'a'",
    ),
    "an exception of the program": (
        "def f(x): return 1 / x\n",
        "def check(candidate):\n    assert candidate(0) == 1\ncheck(f)\n",
        "assert candidate(0) == 1; f(0)",
    ),
    "a line without a call": (
        "def f(): return 1\n",
        "answer = f()\nassert answer == 2\n",
        "assert answer == 2; f() answered 1",
    ),
    "an object": (
        "class Own:\n    x = 1\ndef f(): return Own()\n",
        "assert f().x == 2\n",
        "assert f().x == 2; f() answered <object of the program>",
    ),
    "a long answer": ("def f(): return 'x' * 5000\n", "assert f() == 'y'\n", "assert f() == 'y'; f() answered 'xxx"),
    "a large answer": ("def f(): return [0] * 10 ** 5\n", "assert f() == []\n", "answered a value of 5000"),
    "an endless number": ("def f(): return 10 ** 5000\n", "assert f() == 1\n", "f() answered a value of type int"),
    "a deep answer": (
        "def f():\n    answer = []\n    for _ in range(50): answer = [answer]\n    return answer\n",
        "assert f() == []\n",
        "f() answered [[[[[...]]]]]",
    ),
}


@pytest.mark.docker
@pytest.mark.parametrize(("program", "tests", "told"), FAILURES.values(), ids=FAILURES)
def test_a_failure_says_which_line_which_call_and_what_was_answered(executor, program, tests, told):
    execution = executor.run(job(program, checking(tests)))
    assert execution.ending in (Ending.ASSERTION, Ending.RAISED)
    assert told in execution.note
    assert len(execution.note) < 600


@pytest.mark.docker
def test_what_a_program_answers_does_not_pass_for_what_the_referee_says(executor):
    program = f"def f(): return {CANNOT_TRAVEL!r}\n"
    execution = executor.run(job(program, checking("assert f() == 1\n")))
    assert CANNOT_TRAVEL in execution.note
    assert execution.unproxiable == ""


def test_the_filter_has_a_table_for_each_machine_it_names():
    from codecrucible.sandbox.image.kernel import seccomp_program

    for machine in ("x86_64", "aarch64"):
        assert len(seccomp_program(machine)) % 8 == 0
    with pytest.raises(KeyError):
        seccomp_program("sparc")


def test_the_image_imports_nothing_from_outside_its_folder():
    modules = ", ".join(f"image.{name}" for name in ("runner", "supervisor", "referee", "scanner"))
    ours = "[name for name in sys.modules if name.startswith(('sandbox', 'codecrucible'))]"
    source = f"import sys, {modules}; sys.exit(str({ours}))"
    environment = {"PYTHONPATH": str(Path(codecrucible.sandbox.__file__).parent)}
    done = subprocess.run([sys.executable, "-P", "-c", source], env=environment, check=False, capture_output=True)
    assert done.stderr == b"[]\n"
