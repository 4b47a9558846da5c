"""Each way to end, with the facts that go with it."""

import json

import pytest
from sandbox_jobs import HONEST, checking, job

from codecrucible.sandbox import Check, Ending

pytestmark = [pytest.mark.docker, pytest.mark.timeout(60)]


def test_a_right_program_completes_with_its_calls_counted(executor):
    execution = executor.run(job(HONEST))
    assert execution.ending is Ending.COMPLETED
    assert (execution.calls, execution.exception, execution.stage, execution.note) == (6, "", "", "")
    assert execution.cpu_s > 0
    assert execution.wall_s > 0
    assert execution.memory_bytes > 1 << 20


def test_a_wrong_answer_is_an_assertion_in_the_check(executor):
    execution = executor.run(job("def double(x):\n    return x\n"))
    assert (execution.ending, execution.exception, execution.stage) == (Ending.ASSERTION, "AssertionError", "check")
    assert execution.calls == 1


@pytest.mark.parametrize(
    "program",
    ["def f(:\n", "def f(x):\nreturn x\n", "x = '\0'\n", "x = '\ud800'\n", "(" * 5000, "return 1\n", "\udcff"],
)
def test_what_does_not_compile_is_a_syntax_error(executor, program):
    assert executor.run(job(program)).ending is Ending.SYNTAX_ERROR


@pytest.mark.parametrize(
    ("program", "exception", "stage"),
    [
        ("1 / 0\n", "ZeroDivisionError", "load"),
        ("import no_such_module\n", "ModuleNotFoundError", "load"),
        ("x = 1\n", "NameError", "load"),
        ("", "NameError", "load"),
        ("def double(x): return x / 0\n", "ZeroDivisionError", "check"),
        ("def double(x): return missing\n", "NameError", "check"),
        ("def double(): return 1\n", "TypeError", "check"),
        ("double = 3\n", "TypeError", "check"),
        ("def double(x): raise AssertionError\n", "AssertionError", "check"),
        ("def double(x): raise StopIteration\n", "StopIteration", "check"),
        ("def double(x): raise KeyboardInterrupt\n", "KeyboardInterrupt", "check"),
        ("def double(x): raise ExceptionGroup('a', [ValueError()])\n", "ExceptionGroup", "check"),
        ("def double(x): b'\\xff'.decode()\n", "UnicodeDecodeError", "check"),
        ("class Own(KeyError): pass\ndef double(x): raise Own\n", "KeyError", "check"),
        ("def double(x): return double(x)\n", "RecursionError", "check"),
        ("def double(x): return 'text' * 10 ** 15\n", "MemoryError", "check"),
        ("def double(x): return input()\n", "EOFError", "check"),
    ],
)
def test_an_exception_is_named_by_its_builtin_class(executor, program, exception, stage):
    execution = executor.run(job(program))
    assert (execution.ending, execution.exception, execution.stage) == (Ending.RAISED, exception, stage)


def test_an_exception_of_the_tests_own_arithmetic_counts_as_raised(executor):
    execution = executor.run(job("def f(): return 'x'\n", checking("assert abs(f() - 1) < 2\n")))
    assert (execution.ending, execution.exception, execution.stage) == (Ending.RAISED, "TypeError", "check")


def test_tests_may_expect_an_exception(executor):
    tests = "try:\n    f()\nexcept ValueError:\n    pass\nelse:\n    assert False\n"
    assert executor.run(job("def f(): raise ValueError\n", checking(tests))).ending is Ending.COMPLETED
    assert executor.run(job("def f(): pass\n", checking(tests))).ending is Ending.ASSERTION


def test_tests_that_catch_everything_do_not_hide_that_the_program_is_gone(executor):
    tests = "try:\n    f()\nexcept BaseException:\n    pass\n"
    execution = executor.run(job("import os\ndef f(): os._exit(7)\n", checking(tests)))
    assert (execution.ending, execution.exit_code, execution.stage) == (Ending.EXITED, 7, "check")


@pytest.mark.parametrize(
    ("program", "code", "stage"),
    [
        ("import sys\nsys.exit(0)\n", 0, "load"),
        ("raise SystemExit\n", 0, "load"),
        ("raise SystemExit('text')\n", 1, "load"),
        ("exit(3)\n", 3, "load"),
        ("import os\ndef double(x): os._exit(0)\n", 0, "check"),
        ("import sys\ndef double(x): sys.exit(4)\n", 4, "check"),
    ],
)
def test_a_program_that_ends_before_the_tests_do_has_exited(executor, program, code, stage):
    execution = executor.run(job(program))
    assert (execution.ending, execution.exit_code, execution.stage) == (Ending.EXITED, code, stage)


def test_a_crash_is_known_by_its_signal(executor):
    execution = executor.run(job("import ctypes\ndef double(x): ctypes.string_at(0)\n"))
    assert (execution.ending, execution.signal, execution.exit_code) == (Ending.SIGNALLED, 11, None)


def test_cpu_time_decides(executor):
    execution = executor.run(job("def double(x):\n    while True: pass\n", cpu_s=0.3))
    assert execution.ending is Ending.CPU_LIMIT
    assert 0.3 <= execution.cpu_s < 1.0


def test_wall_time_ends_what_sleeps(executor):
    execution = executor.run(job("import time\ndef double(x): time.sleep(100)\n", wall_s=0.5))
    assert execution.ending is Ending.WALL_LIMIT
    assert 0.5 <= execution.wall_s < 2.0
    assert execution.cpu_s < 0.3


def test_output_written_before_a_limit_is_kept(executor):
    execution = executor.run(job("print('before')\ndef double(x):\n    while True: pass\n", cpu_s=0.2))
    assert (execution.ending, execution.stdout) == (Ending.CPU_LIMIT, "before\n")


def test_a_chatty_correct_program_completes_with_its_output_marked_as_truncated(executor):
    program = "print('first')\nfor _ in range(5_000): print('x' * 999)\nprint('last')\n" + HONEST
    execution = executor.run(job(program))
    assert execution.ending is Ending.COMPLETED
    assert execution.output_bytes == 5_000_000 + len("first\nlast\n")
    assert execution.output_truncated
    assert execution.stdout.endswith("x\nlast\n")
    assert len(execution.stdout) == 8192


def test_output_up_to_the_limit_is_fine_and_a_byte_more_is_not(executor):
    program = "import os\nos.write(1, b'x' * {})\n" + HONEST
    assert executor.run(job(program.format(1000), output_bytes=1000)).ending is Ending.COMPLETED
    assert executor.run(job(program.format(1001), output_bytes=1000)).ending is Ending.OUTPUT_LIMIT


def test_stdout_and_stderr_come_apart_and_odd_bytes_are_replaced(executor):
    program = "import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nos.write(1, b'\\xff\\0\\x1b[2J')\n" + HONEST
    execution = executor.run(job(program))
    assert (execution.stdout, execution.stderr) == ("out\n\ufffd\0\x1b[2J", "err\n")
    assert not execution.output_truncated


@pytest.mark.parametrize("odd", ["b'\\xff'", "b'\\0'", "'\u00e9'.encode()", "'\U0001f600'.encode()", "b'\\\\'"])
def test_bytes_that_are_no_plain_text_take_no_more_room_than_those_that_are(executor, odd):
    program = f"import os\nfor fd in (1, 2): os.write(fd, {odd} * 9_000)\nos.write(1, b'end')\n" + HONEST
    execution = executor.run(job(program))
    assert 8_100 < len(json.dumps(execution.stdout)) <= 8_194
    assert 8_100 < len(json.dumps(execution.stderr)) <= 8_194
    assert execution.stdout.endswith("end")
    assert execution.output_truncated


def test_bytes_that_were_cut_for_their_room_are_marked_as_truncated(executor):
    execution = executor.run(job("import os\nos.write(1, b'\\xff' * 2_000)\n" + HONEST))
    assert execution.output_truncated
    assert execution.stdout == "\ufffd" * 1_365


def test_the_traceback_of_a_failure_is_on_stderr_for_a_person(executor):
    execution = executor.run(job("def double(x):\n    raise ValueError('see me')\n"))
    assert "ValueError: see me" in execution.stderr


@pytest.mark.parametrize("text", ["MemoryError", "SyntaxError: invalid syntax", "PASSED", "Killed", "no space left"])
def test_text_that_a_program_prints_decides_nothing(executor, text):
    talk = f"import sys\nprint({text!r})\nprint({text!r}, file=sys.stderr)\n"
    assert executor.run(job(talk + HONEST)).ending is Ending.COMPLETED
    assert executor.run(job(talk + "def double(x): return x\n")).ending is Ending.ASSERTION


def test_tests_that_never_call_the_program_are_no_pass(executor):
    execution = executor.run(job(HONEST, Check(setup="", tests="assert True\n", entry_point="double")))
    assert execution.ending is Ending.ASSERTION
    assert execution.note == "the tests never called the program"


def test_tests_that_never_end_are_stopped_and_the_next_job_is_unharmed(executor):
    execution = executor.run(job("def f(): return 1\n", checking("f()\nwhile True: pass\n"), wall_s=1.0))
    assert execution.ending is Ending.WALL_LIMIT
    assert [executor.run(job(HONEST)).ending for _ in range(4)] == [Ending.COMPLETED] * 4


def test_tests_that_do_not_compile_are_told_from_a_program_that_does_not(executor):
    execution = executor.run(job("def f(): return 1\n", checking("assert f( ==\n")))
    assert (execution.ending, execution.stage) == (Ending.RAISED, "check")
    assert "the tests do not compile" in execution.note


def test_a_program_of_eight_megabytes_runs(executor):
    assert executor.run(job("text = '" + "x" * (8 << 20) + "'\n" + HONEST)).ending is Ending.COMPLETED


def test_checking_eight_megabytes_run(executor):
    tests = f"given = {'x' * (8 << 20)!r}\nassert double(given) == given * 2\n"
    assert executor.run(job("def double(x): return x[:10] * 2\n", checking(tests, entry_point="double"))).ending is (
        Ending.ASSERTION
    )


def test_a_main_block_does_not_run(executor):
    assert executor.run(job(HONEST + "if __name__ == '__main__':\n    1 / 0\n")).ending is Ending.COMPLETED


def test_a_program_may_use_threads_processes_and_files(executor):
    program = """
import asyncio, concurrent.futures, dataclasses, multiprocessing, sqlite3, subprocess, sys, tempfile, threading
@dataclasses.dataclass
class Point:
    x: "int"
def double(x):
    with concurrent.futures.ThreadPoolExecutor(4) as pool: pool.submit(len, "").result()
    with tempfile.NamedTemporaryFile() as file: file.write(b"x")
    process = multiprocessing.Process(target=print); process.start(); process.join()
    assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True).stdout == b"1\\n"
    sqlite3.connect(":memory:").execute("select 1")
    asyncio.run(asyncio.sleep(0))
    return Point(x).x * 2
"""
    execution = executor.run(job(program))
    assert execution.ending is Ending.COMPLETED, execution.stderr


def test_every_program_gets_the_same_random_numbers(executor):
    program = "import random\nvalue = random.random()\ndef f(): return value\n"
    check = checking("import random\nrandom.seed(0)\nassert f() == random.random()\n")
    assert executor.run(job(program, check)).ending is Ending.COMPLETED
    assert (
        executor.run(job("print(hash('x'))\n" + HONEST)).stdout
        == executor.run(job("print(hash('x'))\n" + HONEST)).stdout
    )


@pytest.mark.parametrize("count", [20_000, 40_000])
def test_an_answer_that_is_too_large_to_travel_is_no_tampering(executor, count):
    program = f"def f(): return ['x' * 1000] * {count}\n"
    assert executor.run(job(program, checking("assert f() == 3\n"))).ending is Ending.ASSERTION


def test_a_program_that_the_kernel_ended_did_not_tamper(executor):
    program = (
        "import os, resource\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n"
        "def f():\n"
        "    if os.fork() == 0: os.execlp('sleep', 'sleep', '9')\n"  # alive when the channel closes
        "    while True: pass\n"
    )
    execution = executor.run(job(program, checking("f()\n"), cpu_s=9.0, wall_s=30.0))
    assert (execution.ending, execution.signal) == (Ending.SIGNALLED, 9)
