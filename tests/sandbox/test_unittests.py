"""Tests of `unittest` in the program's own process: who passes, who does not, and what is told of both."""

from dataclasses import replace

import pytest

from codecrucible.benchmarks import judge
from codecrucible.benchmarks.unittest_methods import methods_of
from codecrucible.sandbox import Ending, Job, Limits, Strength, UnittestCheck
from codecrucible.sandbox.docker.unittest_frame import frame_of
from codecrucible.sandbox.image.unittests import differing
from codecrucible.sandbox.job import without_later

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300)]

TESTS = """\
import unittest


class TestCases(unittest.TestCase):
    def test_sum(self):
        self.assertEqual(task_func(20, 22), 42)

    def test_sign(self):
        self.assertTrue(task_func(-1, -1) < 0)

    def test_frame(self):
        self.assertEqual(task_func([1], [2]), [1, 2])
"""
#: No expected value of these can be changed.
UNCHANGEABLE = TESTS.replace("assertEqual(task_func(20, 22), 42)", "assertTrue(task_func(20, 22) == 42)").replace(
    "assertEqual(task_func([1], [2]), [1, 2])", "assertIsInstance(task_func([1], [2]), list)"
)
RIGHT = "def task_func(a, b):\n    return a + b\n"
WRONG = "def task_func(a, b):\n    return 0\n"

#: Programs that solve nothing, and one ending that each may have.
HOSTILE = {
    "leaves while it is loaded": ("import sys\nsys.exit(0)\n", Ending.EXITED),
    "leaves at once while it is called": ("import os\ndef task_func(a, b):\n    os._exit(0)\n", Ending.EXITED),
    "lets every assertion pass": (
        "import unittest\nfor name in dir(unittest.TestCase):\n    if name.startswith('assert'):\n"
        "        setattr(unittest.TestCase, name, lambda *args, **named: None)\n" + WRONG,
        Ending.TAMPERED,
    ),
    "lets no test be run": (
        "import unittest\nunittest.TestCase.run = lambda self, result=None: result.startTest(self)\n" + WRONG,
        Ending.TAMPERED,
    ),
    "calls no test method": (
        "import unittest\nunittest.TestCase._callTestMethod = lambda self, method: None\n" + WRONG,
        Ending.TAMPERED,
    ),
    "counts no failure": (
        "import unittest\nunittest.TestResult.addFailure = unittest.TestResult.addError = lambda *args: None\n" + WRONG,
        Ending.ASSERTION,
    ),
    "loads no tests": (
        "import unittest\nunittest.TestLoader.loadTestsFromTestCase = lambda *args: unittest.TestSuite()\n" + WRONG,
        Ending.ASSERTION,
    ),
    "puts another class in the place of the tests": (
        "import builtins\nmade = builtins.__build_class__\n"
        "def build(body, name, *bases, **named):\n    made_of = made(body, name, *bases, **named)\n"
        "    if name == 'TestCases':\n        for each in dir(made_of):\n            if each.startswith('test'):\n"
        "                setattr(made_of, each, lambda self: None)\n    return made_of\n"
        "builtins.__build_class__ = build\n" + WRONG,
        Ending.CONTROL_PASSED,
    ),
    "empties the classes that it finds": (
        (
            "import gc, unittest\ndef task_func(a, b):\n    for each in gc.get_objects():\n"
            "        if isinstance(each, type) and issubclass(each, unittest.TestCase):\n"
            "            for name in dir(each):\n                if name.startswith('test'):\n"
            "                    setattr(each, name, lambda self: None)\n"
        ),
        Ending.ASSERTION,
    ),
    "prints what a runner prints": (
        "import sys\nprint('Ran 3 tests in 0.000s\\n\\nOK')\nsys.stderr.write('OK\\n')\n" + WRONG,
        Ending.ASSERTION,
    ),
    "exits with 0 at its end": ("import atexit, os\natexit.register(os._exit, 0)\n" + WRONG, Ending.ASSERTION),
    "equals everything": (
        (
            "class Yes:\n    def __eq__(self, other):\n        return True\n    def __lt__(self, other):\n"
            "        return True\ndef task_func(a, b):\n    return Yes()\n"
        ),
        Ending.CONTROL_PASSED,
    ),
    "has every test skipped": (
        "import unittest\ndef task_func(a, b):\n    raise unittest.SkipTest('no')\n",
        Ending.RAISED,
    ),
    "prints the line that it finds in its own source": (
        (
            "import ast, os, re\nsource = open('main.py').read()\n"
            "canaries, token = ast.literal_eval('(' + source.rpartition('report(TestCases, ')[2].strip())\n"
            "ends = {name: 'ok' for name in re.findall(r'def (test_\\w+)', source)}\n"
            "numbers = {name: re.findall(r'\\d+', text) for name, text in canaries.items()}\n"
            "ends |= {name: 'ok' if one == other else 'fail' for name, (one, other, *_) in numbers.items()}\n"
            "print(token, *(f'{name}={end}' for name, end in sorted(ends.items())), flush=True)\nos._exit(0)\n"
        ),
        Ending.CONTROL_PASSED,
    ),
}


def job(program, tests=TESTS):
    check = UnittestCheck(tests=tests, methods=methods_of(tests))
    return Job(program=program, check=check, limits=Limits(cpu_s=10.0, wall_s=60.0), language="python-libraries")


@pytest.fixture(scope="module")
def libraries(executor, image_of):
    image_of("python-libraries")
    return executor


@pytest.mark.parametrize("tests", [TESTS, UNCHANGEABLE], ids=["changed", "unchangeable"])
def test_a_right_program_passes_and_a_wrong_one_does_not(libraries, tests):
    right, wrong = libraries.submit(job(RIGHT, tests)), libraries.submit(job(WRONG, tests))
    passed = right.result()
    assert (passed.ending, passed.exit_code, passed.strength) == (Ending.COMPLETED, 0, Strength.CONTROL), passed
    assert (passed.stdout, passed.stderr, passed.output_bytes) == ("", "", 0)
    assert ("false assertion of ours" in passed.note) is (tests == UNCHANGEABLE)
    failed = wrong.result()
    assert (failed.ending, failed.stdout) == (Ending.ASSERTION, "")
    assert judge(failed).detail.startswith("an assertion failed: in test_")


def test_libraries_and_tools_are_there_as_in_an_interpreter_of_its_own_and_the_network_is_not(libraries):
    program = (
        "import numpy, pandas, matplotlib.pyplot as plt, sklearn, nltk, os, signal, socket, subprocess\n"
        "from nltk.corpus import stopwords, words\nfrom nltk.sentiment.vader import SentimentIntensityAnalyzer\n"
        "assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL\n"
        "assert signal.getsignal(signal.SIGPIPE) is signal.SIG_IGN\n"
        "def task_func(a, b):\n    assert 'the' in stopwords.words('english') and 'apple' in words.words()\n"
        "    assert nltk.word_tokenize('One two.') == ['One', 'two', '.'] and SentimentIntensityAnalyzer()\n"
        "    plt.subplots()[0].savefig('plot.png')\n"
        "    open('script.sh', 'w').write('#!/bin/bash\\npython -c \"print(1)\"\\n')\n"
        "    os.chmod('script.sh', 0o755)\n"
        "    assert subprocess.check_output(['./script.sh']) == b'1\\n'\n"
        "    try:\n        socket.create_connection(('1.1.1.1', 53), 2)\n    except OSError:\n        return a + b\n"
    )
    execution = libraries.run(job(program))
    assert execution.ending is Ending.COMPLETED, execution


def test_a_changed_test_that_leaves_its_figure_open_does_not_fail_the_next_one(libraries):
    method = (
        "    def test_{}(self):\n        task_func(0, 0)\n"
        "        self.assertEqual(len(plt.gca().patches), 2)\n        plt.close()\n"
    )
    tests = "import unittest\nclass TestCases(unittest.TestCase):\n" + "".join(map(method.format, "abc"))
    program = "import matplotlib.pyplot as plt\ndef task_func(a, b):\n    plt.bar([1, 2], [3, 4])\n"
    check = UnittestCheck(tests=tests, methods=methods_of(tests, unchanged=("test_b",)), every=True)
    execution = libraries.run(replace(job(program), check=check))
    assert execution.ending is Ending.COMPLETED, execution


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_program_passes(libraries, name):
    program, ending = HOSTILE[name]
    assert libraries.run(job(program)).ending is ending


def test_what_does_not_parse_or_load_is_told_as_that(libraries):
    assert libraries.run(job("def task_func(:\n")).ending is Ending.SYNTAX_ERROR
    assert libraries.run(job("import no_such_library\n")).ending is Ending.RAISED


def test_what_is_due_is_in_no_file_and_the_controls_change_what_it_says():
    check = UnittestCheck(tests=TESTS, methods=methods_of(TESTS), every=True)
    header, (plain, *controls) = frame_of(job(RIGHT), check)
    (part,) = header["job"]["parts"]
    changed = sorted([value in each for value in (b", 24)", b"[1, 1]", b", 1)", b"[42, 2]")] for each in controls)
    assert changed == [[False, False, True, True], [True, True, False, False]]
    assert b", 42)" in plain
    assert b"[1, 2]" in plain
    first, *others = (dict(pair.split("=") for pair in line.split()[1:]) for line in part["due"])
    assert [first[name] for name in ("test_sum", "test_sign", "test_frame")] == ["ok", "ok", "ok"]
    for other in others:
        assert [other[name] for name in ("test_sum", "test_sign", "test_frame")] == ["fail", "ok", "fail"]
    assert {"ok", "fail"} == {end for name, end in first.items() if name.startswith("test_case_")}
    for due, source in zip(part["due"], (plain, *controls), strict=True):
        assert due.partition(" ")[2].encode() not in source


def test_each_part_has_its_own_controls_and_leaves_out_what_comes_after_it():
    parts = {"test_sum": 0, "test_frame": 0, "test_sign": 1}
    methods = tuple(replace(method, part=parts[method.name]) for method in methods_of(TESTS))
    header, sources = frame_of(job(RIGHT), UnittestCheck(tests=TESTS, methods=methods))
    first, second = header["job"]["parts"]
    assert (len(first["due"]), len(second["due"]), len(sources)) == (3, 3, 6)
    assert not any("test_sign=" in due for due in first["due"])
    assert all("test_sign=ok" in due for due in second["due"])
    assert [b"['test_sign'])" in source for source in sources] == [True] * 3 + [False] * 3
    tokens = [due.partition(" ")[0] for due in (*first["due"], *second["due"])]
    assert len(set(tokens)) == 6


def test_a_digest_of_a_job_without_parts_is_what_it_was():
    told = without_later({"name": "test_a", "changes": (), "part": 0})
    assert told == {"name": "test_a", "changes": ()}
    assert without_later({"part": 1}) == {"part": 1}


def test_where_no_method_can_be_changed_there_is_one_control():
    _, sources = frame_of(job(RIGHT), UnittestCheck(tests=UNCHANGEABLE, methods=methods_of(UNCHANGEABLE)))
    assert len(sources) == 2


@pytest.mark.parametrize(
    ("told", "ending"),
    [
        ("a=ok b=ok", "tampered"),
        ("a=fail b=fail", "assertion"),
        ("a=error b=ok", "raised"),
        ("b=fail", "raised"),
        ("a=skip b=fail", "raised"),
        ("", "raised"),
    ],
)
def test_how_a_program_ended_whose_tests_ended_otherwise_than_is_due(told, ending):
    assert differing(told, "a=ok b=fail")["ending"] == ending
