"""Whole programs that are judged by what they print: honest ones in every language, and hostile ones."""

import os
import secrets
import time
from dataclasses import replace
from pathlib import Path

import pytest

from codecrucible.sandbox import (
    Case,
    CasesCheck,
    Change,
    Check,
    Comparison,
    Ending,
    ExitCodeCheck,
    Job,
    Limits,
    SetUpFile,
)
from codecrucible.sandbox.image.printed import digest_of, digests_of, is_expected
from codecrucible.sandbox.languages import LANGUAGES

PROGRAMS = {path.suffix: path for path in sorted((Path(__file__).parent / "whole_programs").iterdir())}
#: Those that every run of the suite tries; the others take most of a minute.
QUICK = ("python", "bash", "javascript", "cpp", "typescript", "php", "perl")
SECRET = secrets.token_hex(8)
SUMS = (Case(stdin="1 2 3\n", expected="6"), Case(stdin="40 2\n", expected="42\n"), Case(stdin="", expected="0\n"))
docker = [pytest.mark.docker, pytest.mark.timeout(120)]


def marked(test):
    for mark in docker:
        test = mark(test)
    return test


def cases_job(program, cases=SUMS, language="python", **limits):
    limits = Limits(**{"cpu_s": 5.0, "wall_s": 15.0, **limits})
    return Job(program=program, check=CasesCheck(cases=tuple(cases)), limits=limits, language=language)


def test_blanks_at_the_ends_of_lines_and_empty_lines_at_the_end_do_not_count():
    same = ["1 2\n\n3", "1 2 \n\t\n3\n", "1 2\r\n\r\n3\r\n\r\n", "1 2\n\n3\n \n\n"]
    assert len({digest_of(text.encode()) for text in same}) == 1
    others = ["1 2\n3", " 1 2\n\n3", "\n1 2\n\n3", "1  2\n\n3", "1 2\n\n\n3", "1 2\n\n3\n4", "", "1 2"]
    assert len({digest_of(text.encode()) for text in (*others, same[0])}) == len(others) + 1
    assert digest_of(b"") == digest_of(b"\n \n")


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("\n  1 2\n3  \n\n", "1 2\n3", True),
        ("1  2", "1 2", True),
        ("yes  no", "yes no", False),
        ("1.0 -0 2e3\r\nYES", "1 0 2000\n YES", True),
        ("0.30000000000000004", "0.3", False),
        ("50000000000000001", "50000000000000000", False),
        ("1" * 5000 + ".50", "1" * 5000 + ".5", True),
        ("1_000 inf", "1000 Infinity", True),
        ("nan 1", "nan 1", True),
        ("nan 1.0", "nan 1", False),
        ("1 yes", "1.0 yes", False),
        ("=1e+0", "1", False),
        ("1\n2", "1 2", False),
        ("1\n\n2", "1\n2", False),
        ("1", "1\n1", False),
        ("", "\n", True),
        ("1e999999999999999999 2", "1e1000000000000000000 2", False),
        ("1\x85", "1", True),
        ("\ud800", "\ud800", True),
    ],
)
def test_numbers_are_compared_line_by_line_after_strip_and_then_as_exact_decimals(printed, expected, same):
    texts = (text.encode("utf-8", "surrogatepass") for text in (printed, expected))
    printed, expected = texts
    digests = list(digests_of(expected, Comparison.NUMBERS))
    assert is_expected(printed, digests, Comparison.NUMBERS) is same


@marked
@pytest.mark.parametrize(("comparison", "ending"), [("numbers", Ending.COMPLETED), ("text", Ending.WRONG_OUTPUT)])
def test_a_check_says_how_what_was_printed_is_compared(languages, comparison, ending):
    check = CasesCheck(cases=(Case(stdin="", expected="0.5 2\n"),), comparison=Comparison(comparison))
    assert languages.run(Job(program="print('  0.50', 2.0)", check=check)).ending is ending


COOKIES = {
    "first line": '# -*- coding: unicode_escape -*-\ndef f(): return len(r"\\x41")\n',
    "second line": '#!/usr/bin/python3\n# coding=unicode_escape\ndef f(): return len(r"\\x41")\n',
    "no such coding": '# coding: no-such\ndef f(): return len(r"\\x41")\n',
    "another one": '# coding: latin-1\ndef f(): return len("\u00e9") + 3\n',
    "a docstring and the future": '"""Says."""\nfrom __future__ import annotations\ndef f(): return 4\n',
}
REFUSED = {
    "what follows a NUL is left out of a file": "def f(): return 4\n#\0\nno such thing = 1\n",
    "a mark of byte order": "\ufeffdef f(): return 4\n",
    "no text": "def f(): return len('\ud800') + 3\n",
}


@marked
@pytest.mark.parametrize("name", [*COOKIES, *REFUSED])
def test_a_coding_cookie_has_no_effect_wherever_a_program_runs(executor, image_of, name):
    image_of("python")
    program = COOKIES.get(name) or REFUSED[name]
    as_text = executor.run(Job(program=program, check=Check(setup="", tests="assert f() == 4\n", entry_point="f")))
    as_file = executor.run(cases_job(program + "print(f())\n", [Case(stdin="", expected="4")]))
    assert (as_text.ending is Ending.COMPLETED) is (name in COOKIES), as_text
    assert (as_file.ending is Ending.COMPLETED) is (name in COOKIES), as_file


def test_cases_that_are_none_or_too_large_are_refused():
    with pytest.raises(ValueError, match="0 cases"):
        CasesCheck(cases=())
    with pytest.raises(ValueError, match="17825792 bytes of stdin"):
        CasesCheck(cases=(Case(stdin="x" * (17 << 20), expected=""),))


CPP_READS = """#include <fstream>
#include <string>
std::string first() {
    std::ifstream file("words.txt");
    std::string line;
    std::getline(file, line);
    return line;
}
"""
FILES = (SetUpFile(name="words.txt", text="é b\n"), SetUpFile(name="empty.csv", text=""))
READS = """
import os
text = open("words.txt", encoding="utf-8").read()
for change in (lambda: open("words.txt", "w"), lambda: os.remove("words.txt"), lambda: os.chmod("words.txt", 0o777)):
    try:
        change()
        print("changed")
    except PermissionError:
        pass
open("mine.txt", "x").close()
print(text.strip(), os.path.getsize("empty.csv"), sorted(os.listdir()))
"""


@marked
def test_a_program_finds_its_files_in_each_case_and_can_change_none(languages):
    listed = "é b 0 ['empty.csv', 'main.py', 'mine.txt', 'words.txt']"
    job = cases_job(READS, [Case(stdin="", expected=listed)] * 2)
    found = languages.run(replace(job, files=FILES))
    assert (found.ending, found.calls, found.files_removed) == (Ending.COMPLETED, 2, 2), found
    gone = languages.run(cases_job("import os\nprint(os.listdir())\n", [Case(stdin="", expected="['main.py']")]))
    assert gone.ending is Ending.COMPLETED, gone


@marked
@pytest.mark.parametrize(("language", "program"), [("bash", "read -r first < words.txt\n"), ("cpp", CPP_READS)])
def test_tests_and_their_negative_control_find_the_files_too(languages, language, program):
    tests = {
        "bash": '[[ "$first" = "é b" ]] || exit 1\n',
        "cpp": '#include <cstdlib>\nint main() {\n    if (first() != "é b") exit(1);\n}\n',
    }[language]
    at = tests.index(" b")
    check = ExitCodeCheck(tests=tests, changes=(Change(start=at, end=at + 2, text=" c"),))
    job = Job(program=program, check=check, language=language, files=FILES, limits=Limits(cpu_s=5.0, wall_s=30.0))
    found = languages.run(job)
    assert (found.ending, found.files_removed) == (Ending.COMPLETED, 0), found


def test_a_program_that_a_referee_calls_has_no_files():
    with pytest.raises(ValueError, match="finds no files"):
        Job(program="", check=Check(setup="", tests="", entry_point="f"), files=FILES)


@marked
def test_any_of_several_outputs_will_do_and_no_other(languages):
    case = Case(stdin="", expected="1 2", accepted=("2 1", "none\n"))
    programs = {"print('1 2')": True, "print('2 1 ')": True, "print('none')": True, "print('1')": False, "": False}
    found = {program: languages.run(cases_job(program, [case])).ending for program in programs}
    assert {program: ending is Ending.COMPLETED for program, ending in found.items()} == programs


def test_there_is_a_whole_program_in_every_language():
    wholes = {Path(language.whole.file_name).suffix for language in LANGUAGES.values() if language.tested}
    assert wholes == PROGRAMS.keys()


@marked
@pytest.mark.parametrize("language", [name for name, declared in LANGUAGES.items() if declared.tested])
def test_a_right_program_passes_and_a_wrong_one_does_not_in_every_language(executor, image_of, language):
    if language not in QUICK and not os.environ.get("CRUCIBLE_ALL_LANGUAGES"):
        pytest.skip("CRUCIBLE_ALL_LANGUAGES=1 tries every language")
    image_of(language)
    program = PROGRAMS[Path(LANGUAGES[language].whole.file_name).suffix].read_text()
    right = executor.run(cases_job(program, language=language))
    assert (right.ending, right.calls, right.stage) == (Ending.COMPLETED, 3, "case"), right
    assert (right.processes_killed, right.exit_code) == (0, None)
    off = (SUMS[0], Case(stdin="40 2\n", expected="43\n"), SUMS[2])
    wrong = executor.run(cases_job(program, off, language=language))
    assert (wrong.ending, wrong.calls, wrong.note) == (Ending.WRONG_OUTPUT, 2, "case 2 of 3"), wrong


ADD = "import sys\n\nprint(sum(map(int, sys.stdin.read().split())))\n"


@marked
@pytest.mark.parametrize(
    ("program", "ending", "told"),
    [
        ("", Ending.WRONG_OUTPUT, "case 1 of 3"),
        ("print(6)\n", Ending.WRONG_OUTPUT, "case 2 of 3"),
        (f"{ADD}raise SystemExit(3)\n", Ending.RAISED, "case 1 of 3"),
        (f"{ADD}1 / 0\n", Ending.RAISED, "case 1 of 3"),
        (f"{ADD}import os\nos.abort()\n", Ending.SIGNALLED, "case 1 of 3"),
        (f"{ADD}import time\nsys.stdout.flush()\ntime.sleep(60)\nprint(6)\n", Ending.WALL_LIMIT, "case 1 of 3"),
        ("while True: pass\n", Ending.CPU_LIMIT, "case 1 of 3"),
        ("while True: print('6' * 1000)\n", Ending.OUTPUT_LIMIT, "case 1 of 3"),
        ("print('6' * (9 << 20))\n", Ending.OUTPUT_LIMIT, "case 1 of 3"),
        ("x = [b'x' * (1 << 20) for _ in range(4000)]\n", Ending.MEMORY_LIMIT, "case 1 of 3"),
        ("import os\nos.close(1)\n", Ending.WRONG_OUTPUT, "case 1 of 3"),
        (f"import sys\nif sys.stdin.read() == '': raise SystemExit(1)\n{ADD.replace('sys.stdin.read()', repr('6'))}",
         Ending.WRONG_OUTPUT, "case 2 of 3"),
    ],
    ids=["nothing", "one for all", "exit status", "exception", "abort", "late", "spins", "floods", "long", "memory",
         "closes stdout", "by heart"],
)  # fmt: skip
def test_each_end_is_told_with_its_case(languages, program, ending, told):
    # Memory is slow to get on a busy machine.
    cpu_s, wall_s = (10.0, 30.0) if ending is Ending.MEMORY_LIMIT else (1.0, 1.5)
    execution = languages.run(cases_job(program, cpu_s=cpu_s, wall_s=wall_s))
    assert execution.ending is ending, execution
    assert execution.note.endswith(told)


@marked
def test_a_program_that_reads_no_stdin_and_one_that_prints_megabytes_pass(languages):
    large = Case(stdin="x" * (4 << 20), expected="done")
    assert languages.run(cases_job("print('done  \\n\\n')\n", [large])).ending is Ending.COMPLETED
    echoes = "import sys\nsys.stdout.write(sys.stdin.read())\n"
    long = Case(stdin="1 2 3\n" * 900_000, expected="1 2 3\n" * 900_000)
    execution = languages.run(cases_job(echoes, [long]))
    assert (execution.ending, execution.output_truncated) == (Ending.COMPLETED, True), execution.note


@marked
def test_children_that_hold_stdout_are_killed_and_hold_nothing_up(languages):
    program = f"import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\n    os._exit(0)\n{ADD}"
    begin = time.monotonic()
    execution = languages.run(cases_job(program, wall_s=40.0))
    assert (execution.ending, execution.processes_killed) == (Ending.COMPLETED, 3)
    assert time.monotonic() - begin < 30


@marked
def test_a_case_finds_nothing_of_the_one_before_and_can_change_nothing(languages):
    traces = """
import os, sys
found = [name for folder in ("/tmp", "/dev/shm") for name in os.listdir(folder) if name != "main.py"]
for pid in filter(str.isdecimal, os.listdir("/proc")):
    try:
        uid = int(open(f"/proc/{pid}/status").read().split("Uid:")[1].split()[0])
    except OSError:  # one of the sandbox's own has just gone
        continue
    found += [pid] if uid >= 20000 and uid != os.getuid() else []
for name in ("/tmp/left", "/dev/shm/left", "/dev/shm/main.py"):
    open(name, "w").write("x")
try:
    open("main.py", "a")
except PermissionError:
    pass
else:
    found.append("main.py")
try:
    os.remove("main.py")
except PermissionError:
    pass
else:
    found.append("removed")
if os.fork() == 0:
    import time
    time.sleep(60)
print(found)
"""
    execution = languages.run(cases_job(traces, [Case(stdin="", expected="[]")] * 3))
    assert execution.ending is Ending.COMPLETED, execution
    assert (execution.files_removed, execution.processes_killed) == (9, 3)


@marked
def test_a_compiled_program_can_neither_be_changed_nor_replaced_by_a_case(languages):
    program = """
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>
int main() {
    bool open_to_it = open("main", O_WRONLY) >= 0 || unlink("main") == 0 || rename("main", "x") == 0;
    FILE *left = fopen("left", "w");
    puts(open_to_it || access("main", X_OK) || !left ? "broken" : "kept");
}
"""
    execution = languages.run(cases_job(program, [Case(stdin="", expected="kept")] * 2, language="cpp"))
    assert (execution.ending, execution.files_removed) == (Ending.COMPLETED, 2), execution


@marked
def test_what_is_expected_is_nowhere_in_reach_of_the_program(languages):
    # All that it can read of files, environments, arguments, memory and descriptors, as far as it can open them.
    search = """
import glob, hashlib, os
wanted = [WANTED.encode(), hashlib.sha256(WANTED.encode()).hexdigest().encode()]
found, own = [], str(os.getpid())
for folder in glob.glob("/proc/[0-9]*"):
    if folder.endswith("/" + own):
        continue
    for name in ("environ", "cmdline", "maps", "mem", "stat", "status"):
        try:
            found += [folder + name for text in wanted if text in open(f"{folder}/{name}", "rb").read(1 << 20)]
        except OSError:
            pass
    found += glob.glob(f"{folder}/fd/*")
for folder in ("/tmp", "/dev/shm", "/opt", "/run", "/var/tmp"):
    for top, _, names in os.walk(folder):
        for name in names:
            try:
                data = open(f"{top}/{name}", "rb").read() if name != "main.py" else b""
            except OSError:
                continue
            found += [name for text in wanted if text in data]
for fd in range(256):
    try:
        os.fstat(fd)
    except OSError:
        continue
    if fd > 2:
        found.append(os.readlink(f"/proc/self/fd/{fd}"))
try:
    os.write(0, b"x")
    found.append("stdin")
except OSError:
    pass
try:
    os.write(os.open("/proc/self/fd/0", os.O_RDWR), b"x")
    found.append("stdin")
except OSError:
    pass
found += [name for name in os.environ.values() if WANTED in name]
for pid in (1, os.getppid()):
    try:
        os.kill(pid, 9)
        found.append("killed")
    except OSError:
        pass
print(found)
""".replace("WANTED", f"({SECRET[:8]!r} + {SECRET[8:]!r})")
    # It passes the first case if it finds nothing; the answer that it looks for is the second's.
    cases = [Case(stdin="", expected="[]"), Case(stdin="", expected=SECRET)]
    execution = languages.run(cases_job(search, cases, wall_s=40.0, cpu_s=20.0))
    assert (execution.ending, execution.calls, execution.stdout) == (Ending.WRONG_OUTPUT, 2, "[]\n"), execution


@marked
def test_the_limits_are_those_of_a_case_and_all_together_have_a_bound(languages):
    half = "import time\nwhile time.process_time() < 0.1: pass\n"
    cases = [Case(stdin="", expected="")] * 60
    execution = languages.run(cases_job(half, cases[:6], cpu_s=0.4))
    assert (execution.ending, execution.cpu_s < 0.4) == (Ending.COMPLETED, True), execution
    execution = languages.run(cases_job(half, cases, cpu_s=0.15, wall_s=5.0))
    assert (execution.ending, execution.calls < 60) == (Ending.CPU_LIMIT, True), execution
    assert execution.note.endswith("of 60, at the bound of all cases together")


@marked
def test_a_compile_error_has_its_stage(languages):
    execution = languages.run(cases_job("int main() { return x; }\n", language="cpp"))
    assert (execution.ending, execution.stage) == (Ending.COMPILE_ERROR, "compile")
    assert "was not declared" in execution.stderr


@marked
def test_none_of_them_cost_a_container(languages):
    """It runs after them, in the same file."""
    assert languages.restarts == 0
