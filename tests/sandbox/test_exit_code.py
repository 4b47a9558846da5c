"""Each way to end where the exit status judges, with the facts that go with it."""

import os
import re
from collections import Counter
from dataclasses import replace

import pytest
from containers import containers_of, kill
from exit_code_jobs import RIGHT, TESTS, WRONG, check, exit_code_job

from codecrucible.sandbox import (
    Change,
    Check,
    Ending,
    ExitCodeCheck,
    ImageMissing,
    Job,
    Limits,
    SandboxUnavailable,
    examine,
)
from codecrucible.sandbox.docker.exit_code_frame import frame_of
from codecrucible.sandbox.languages import FAMILIES, LANGUAGES, chosen, families_of

docker = [pytest.mark.docker, pytest.mark.timeout(120)]


def marked(test):
    for mark in docker:
        test = mark(test)
    return test


def test_tests_without_a_control_are_refused():
    with pytest.raises(ValueError, match="no negative control"):
        ExitCodeCheck(tests="exit 0\n", changes=())


def test_a_change_replaces_one_value():
    assert Change(start=5, end=7, text="43").of("f == 42\n") == "f == 43\n"


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.name)
def test_the_token_is_in_the_tests_once(language):
    source = language.source("PROGRAM", language.trial.tests, "0123")
    assert source.startswith(language.file_text("PROGRAM") + "\n")
    assert source.count("0123") == 1
    assert source.index("42") < source.index("0123")


def test_tests_that_do_not_end_as_their_language_wants_are_refused():
    with pytest.raises(ValueError, match=r"in cpp: these tests should have `int main\(\) {` in them, and have not"):
        LANGUAGES["cpp"].source("", "twice(1);\n", "0123")
    with pytest.raises(ValueError, match=r"in rust: these tests should close the brace of `fn main\(\) {`, and do not"):
        LANGUAGES["rust"].source("", "fn main() { let x = '}'; /* } */ \n", "0123")


def test_languages_are_named_by_commas_or_all_together():
    assert families_of("cpp, bash,cpp") == (FAMILIES["gcc"], FAMILIES["script"])
    untested = [FAMILIES[name] for name in ("julia", "swift", "dart")]
    by_name_alone = [*untested, FAMILIES["python-libraries"]]
    assert families_of("all") == tuple(family for family in FAMILIES.values() if family not in by_name_alone)
    assert families_of("julia,swift,dart") == tuple(untested)
    with pytest.raises(ValueError, match="no language is called 'cobol': there are python, bash"):
        families_of("bash,cobol")
    assert [language.name for language in chosen("cpp, bash")] == ["cpp", "bash"]


@marked
@pytest.mark.parametrize("language", [name for name, declared in LANGUAGES.items() if declared.tested])
def test_each_language_proves_itself_by_its_trial(executor, image_of, language):
    image_of(language)
    right, wrong = LANGUAGES[language].trials(Limits())
    assert executor.run(right).ending is Ending.COMPLETED
    assert executor.run(wrong).ending is Ending.ASSERTION


@marked
@pytest.mark.parametrize("language", TESTS)
def test_a_right_program_completes_and_its_token_is_nowhere(languages, language):
    execution = languages.run(exit_code_job(language, RIGHT[language]))
    assert execution.ending is Ending.COMPLETED, execution
    assert (execution.exit_code, execution.stage, execution.note) == (0, "", "")
    assert (execution.stdout, execution.stderr, execution.output_bytes) == ("", "", 0)
    assert (execution.processes_killed, execution.files_removed) == (0, 0)
    assert execution.cpu_s > 0
    assert execution.memory_bytes > 1 << 20


@marked
@pytest.mark.parametrize("language", TESTS)
def test_a_wrong_program_fails_as_by_an_assertion(languages, language):
    execution = languages.run(exit_code_job(language, WRONG[language]))
    assert execution.ending is Ending.ASSERTION
    ends = {"bash": (1, None), "cpp": (None, 6)}
    assert (execution.exit_code, execution.signal) == ends.get(language, (41, None))


@marked
def test_a_pass_that_the_control_shares_is_told(languages):
    execution = languages.run(exit_code_job("bash", "set() { :; }\ntwice() { echo 1; }\n"))
    assert (execution.ending, execution.exit_code) == (Ending.CONTROL_PASSED, 0)


@marked
def test_a_control_that_runs_out_of_time_confirms_no_pass(languages):
    # With what stands before them: the token may hold these digits too.
    program = "if grep -q '= .[4]3' \"$0\" || grep -q '= .8[0]1' \"$0\"; then while :; do :; done; fi\n" + RIGHT["bash"]
    execution = languages.run(exit_code_job("bash", program, cpu_s=0.3, wall_s=8.0))
    assert execution.ending is Ending.CPU_LIMIT, execution
    assert execution.note == "while its tests had a changed expected value"


@marked
def test_a_pass_with_which_no_changed_test_compiles_is_unconfirmed(languages):
    program = "#include <assert.h>\nconstexpr long twice(long x) { return 2 * x; }\n"
    tests = "int main() {\n    static_assert(twice(21) == 42 && twice(400) == 800);\n}\n"
    execution = languages.run(exit_code_job("cpp", program, tests))
    assert (execution.ending, execution.exit_code) == (Ending.UNCONFIRMED, 0)


#: Tests as MultiPL-E writes them, a program that gives what a loose comparison takes for anything, and an honest one.
LOOSE = {
    "php": (
        'if (twice(21) != 42) { throw new Exception("wrong"); }\n',
        "<?php\nfunction twice($x) { return true; }\n",
        "<?php\nfunction twice($x) { return 2 * $x; }\n",
    ),
    "javascript": (
        "const assert = require('node:assert');\nassert.equal(twice(21), 42);\n",
        "require('node:assert').equal = () => 1;\nfunction twice(x) {}\n",
        "function twice(x) { return String(2 * x); }\n",
    ),
    "perl": (
        'die "wrong" unless twice(21) =~ 42;\n',
        "sub twice { return join ',', 1 .. 99; }\n",
        "sub twice { return 2 * $_[0]; }\n",
    ),
    "bash": (
        '[[ "42" == $(twice 21) ]] || exit 1\n',
        "twice() { echo '*'; }\n",
        "twice() { echo $(($1 * 2)); }\n",
    ),
}


@marked
@pytest.mark.parametrize("language", LOOSE)
def test_what_a_loose_comparison_takes_for_anything_is_no_pass_and_a_right_answer_is(languages, language):
    tests, loose, right = LOOSE[language]
    start = tests.index("42")
    check = ExitCodeCheck(tests=tests, changes=(Change(start=start, end=start + 2, text="43"),))
    endings = [languages.run(Job(program=each, check=check, language=language)).ending for each in (loose, right)]
    assert endings == [Ending.CONTROL_PASSED, Ending.COMPLETED]


def test_controls_and_order_are_drawn_for_each_job_and_the_first_two_controls_are_of_two_kinds():
    tests = "".join(f"[[ $(twice {number}) = {2 * number} ]] || exit 1\n" for number in range(30, 36))
    changes = tuple(
        Change(start=tests.index(f"= {number}") + 2, end=tests.index(f"= {number}") + 4, text=text, borrowed=borrowed)
        for number in (60, 62, 64, 66, 68, 70)
        for text, borrowed in ((str(number + 1), False), ("20", True))
    )
    job = Job(program="", check=ExitCodeCheck(tests=tests, changes=changes), language="bash")
    frames = [frame_of(job, job.check) for _ in range(60)]
    controls = [[source.decode() for source in sources[1:]] for _, sources in frames]
    assert {header["job"]["control_first"] for header, _ in frames} == {True, False}
    assert len({re.sub("[0-9a-f]{32}", "", sources[0]) for sources in controls}) > 6
    assert all(["= 20" in source for source in sources[:2]] in ([True, False], [False, True]) for sources in controls)


#: How programs end whatever comes first, the tests or a control.
ENDINGS = {
    "right": (RIGHT["bash"], Ending.COMPLETED),
    "wrong": (WRONG["bash"], Ending.ASSERTION),
    "wrong, and right where a value is changed": ("twice() { echo $(($1 == 21 ? 43 : 800)); }\n", Ending.ASSERTION),
    "an error": ("twice() { no_such_command; }\nexit 7\n", Ending.RAISED),
    "no program": ("twice() {\n    if true; then echo 42\n}\n", Ending.SYNTAX_ERROR),
    "leaves": ("exit 0\n", Ending.EXITED),
    "works too long": ("twice() { while :; do :; done; }\n", Ending.CPU_LIMIT),
    "tests done away with": ("set() { :; }\ntwice() { echo 1; }\n", Ending.CONTROL_PASSED),
}


@marked
@pytest.mark.parametrize("name", ENDINGS)
def test_the_order_of_tests_and_control_is_not_to_be_seen_in_what_is_observed(languages, monkeypatch, name):
    program, ending = ENDINGS[name]
    observed = []
    for first in (False, True):
        monkeypatch.setattr("codecrucible.sandbox.docker.exit_code_frame.control_first", lambda first=first: first)
        execution = languages.run(exit_code_job("bash", f"echo said\n{program}", cpu_s=0.3))
        observed.append(replace(execution, cpu_s=0.0, wall_s=0.0, memory_bytes=0))
    assert observed[0].ending is ending
    assert observed[0] == observed[1]


@marked
@pytest.mark.parametrize(
    "counter", ["$$", "$$ / 32", "$(stat -c %i main.sh)", "$(readlink /proc/self/fd/2 | tr -dc 0-9)"]
)
def test_counting_does_not_tell_the_tests_from_their_control(languages, counter):
    # It prints the token at every other number. By chance it passes its tests and fails both controls 7 times in 60.
    read = 'while read -r line; do last=$line; done < "$0"\nlast=${last##* \\\'}\necho "${last%?}"\nexit 0\n'
    program = f"if (( ({counter}) % 2 )); then\n{read}fi\nexit 1\n"
    endings = Counter(languages.run(exit_code_job("bash", program)).ending for _ in range(60))
    assert set(endings) == {Ending.COMPLETED, Ending.CONTROL_PASSED, Ending.ASSERTION}
    assert endings[Ending.COMPLETED] < 22


@marked
@pytest.mark.parametrize(
    ("language", "program"),
    [
        ("bash", "exit 0\n"),
        ("javascript", "process.exit(0);\n"),
        ("python", "import os\nos._exit(0)\n"),
        ("cpp", "#include <assert.h>\n#include <stdlib.h>\nlong twice(long x) { _Exit(0); }\n"),
    ],
)
def test_exit_status_0_before_the_token_is_an_early_exit(languages, language, program):
    execution = languages.run(exit_code_job(language, program))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 0)
    assert execution.note == "the completion token was not the last that it printed"


@marked
def test_what_is_printed_after_the_token_takes_its_worth(languages):
    execution = languages.run(
        exit_code_job("javascript", RIGHT["javascript"] + "setTimeout(() => console.log(1), 9);\n")
    )
    assert (execution.ending, execution.stdout) == (Ending.EXITED, "1\n")


@marked
def test_another_exit_status_is_no_assertion(languages):
    execution = languages.run(exit_code_job("bash", "twice() { no_such_command; }\nexit 7\n"))
    assert (execution.ending, execution.exit_code) == (Ending.RAISED, 7)


@marked
def test_a_compile_error_is_told_with_what_the_compiler_said(languages):
    execution = languages.run(exit_code_job("cpp", "long twice(long x) { return y; }\n"))
    assert (execution.ending, execution.stage) == (Ending.COMPILE_ERROR, "compile")
    assert "was not declared in this scope" in execution.stderr


@marked
def test_compiling_is_not_counted_as_running(languages):
    # Preprocessing these headers takes many times what the program may use.
    program = "#include <bits/stdc++.h>\n#include <assert.h>\nlong twice(long x) { return 2 * x; }\n"
    execution = languages.run(exit_code_job("cpp", program, cpu_s=0.3, wall_s=5.0))
    assert execution.ending is Ending.COMPLETED, execution
    assert execution.cpu_s < 0.3


@marked
def test_running_has_its_own_limits(languages):
    spin = "#include <assert.h>\nvolatile bool on = true;\nlong twice(long x) { while (on) {} return x; }\n"
    execution = languages.run(exit_code_job("cpp", spin, cpu_s=0.3))
    assert (execution.ending, execution.stage) == (Ending.CPU_LIMIT, "")
    assert 0.25 < execution.cpu_s < 1.0
    sleep = "#include <assert.h>\n#include <unistd.h>\nlong twice(long x) { sleep(60); return x; }\n"
    execution = languages.run(exit_code_job("cpp", sleep, wall_s=0.5, cpu_s=0.5))
    assert (execution.ending, execution.stage) == (Ending.WALL_LIMIT, "")


@marked
def test_a_limit_met_while_compiling_is_told_with_its_stage(languages):
    execution = languages.run(exit_code_job("cpp", '#include "/dev/zero"\n', cpu_s=0.3))
    assert (execution.ending, execution.stage) == (Ending.MEMORY_LIMIT, "compile")


@marked
def test_memory_and_output_have_their_limits(languages):
    def holding(size):
        program = f"const held = Buffer.alloc({size}, 1);\n" + RIGHT["javascript"]
        return languages.run(exit_code_job("javascript", program)).ending

    def talking(size):
        program = f"head -c {size} /dev/zero\n" + RIGHT["bash"]
        return languages.run(exit_code_job("bash", program, output_bytes=2000)).ending

    assert (holding(300 << 20), holding(800 << 20)) == (Ending.COMPLETED, Ending.MEMORY_LIMIT)
    assert (talking(1000), talking(3000)) == (Ending.COMPLETED, Ending.OUTPUT_LIMIT)


@marked
def test_files_and_output_of_a_right_program_are_told(languages):
    program = "echo said; echo complained >&2; touch left /tmp/too; mkdir -p a/b\nsleep 60 &\n" + RIGHT["bash"]
    execution = languages.run(exit_code_job("bash", program))
    assert (execution.ending, execution.stdout, execution.stderr) == (Ending.COMPLETED, "said\n", "complained\n")
    assert (execution.output_bytes, execution.files_removed, execution.processes_killed) == (16, 4, 1)


@marked
def test_a_program_can_neither_write_to_its_source_nor_see_one_after_it_was_compiled(languages):
    program = '{ echo >> "$0"; rm -f "$0"; } 2> /dev/null && exit 9\n' + RIGHT["bash"]
    assert languages.run(exit_code_job("bash", program)).ending is Ending.COMPLETED
    program = (
        "#include <assert.h>\n#include <unistd.h>\n"
        'long twice(long x) { return access("main.cpp", F_OK) == 0 ? 0 : 2 * x; }\n'
    )
    assert languages.run(exit_code_job("cpp", program)).ending is Ending.COMPLETED


@marked
def test_odd_sources_end_as_failures_of_theirs(languages):
    for program in ("", "\0", "\ud800", "é" * 1000):
        for language in TESTS:
            assert languages.run(exit_code_job(language, program)).ending not in (
                Ending.COMPLETED,
                Ending.CONTROL_PASSED,
                Ending.UNCONFIRMED,
            )


@marked
def test_a_language_that_is_not_declared_and_one_without_a_referee_do_not_start(languages):
    with pytest.raises(SandboxUnavailable, match="nothing here executes 'cobol'; there are python, bash"):
        languages.prepare("cobol")
    with pytest.raises(SandboxUnavailable, match="nothing here executes 'cobol'"):
        languages.run(Job(program="", check=check(TESTS["bash"]), language="cobol"))
    with pytest.raises(SandboxUnavailable, match="no referee tests 'bash'"):
        languages.run(Job(program="", check=Check(setup="", tests="", entry_point="f"), language="bash"))


@marked
def test_an_image_that_is_not_built_is_told_with_the_command_that_builds_it(languages, monkeypatch):
    from codecrucible.sandbox import DockerExecutor

    changed = replace(FAMILIES["script"], packages=("bash", "no-such-package"))
    monkeypatch.setattr("codecrucible.sandbox.docker.executor.FAMILIES", {**FAMILIES, "script": changed})
    with DockerExecutor(workers=1) as executor:
        with pytest.raises(SandboxUnavailable, match="run `crucible sandbox build --languages bash`"):
            executor.run(exit_code_job("bash", RIGHT["bash"]))
        with pytest.raises(ImageMissing, match="run `crucible sandbox build --languages bash`"):
            executor.prepare("bash")
        assert executor.run(exit_code_job("python", RIGHT["python"])).ending is Ending.COMPLETED


@marked
def test_the_description_names_image_and_toolchain_of_each_family_that_is_prepared(languages):
    languages.prepare("javascript")
    told = languages.describe()["families"]["node"]
    assert told["image"]["id"].startswith("sha256:")
    assert told["toolchain"]["nodejs"]
    assert told["policy"]["pids"] == 192


@marked
def test_a_container_of_a_family_that_is_killed_amid_its_jobs_changes_no_result(languages):
    from codecrucible.sandbox import DockerExecutor

    with DockerExecutor(workers=1) as executor:
        before = containers_of(os.getpid())
        executor.run(exit_code_job("bash", RIGHT["bash"]))
        (container,) = containers_of(os.getpid()) - before
        programs = ["sleep 0.05\n" + (RIGHT if number % 2 else WRONG)["bash"] for number in range(20)]
        futures = [executor.submit(exit_code_job("bash", program)) for program in programs]
        futures[5].result()
        kill(container)
        endings = [future.result().ending for future in futures]
        assert endings == [Ending.COMPLETED if number % 2 else Ending.ASSERTION for number in range(20)]
        assert executor.restarts == 1


@marked
def test_a_closed_executor_starts_no_family(languages):
    from codecrucible.sandbox import DockerExecutor

    closed = DockerExecutor(workers=1)
    closed.close()
    with pytest.raises(SandboxUnavailable, match="closed"):
        closed.run(exit_code_job("bash", RIGHT["bash"]))


@marked
def test_the_doctor_tries_the_languages_it_is_asked_for(languages):
    facts = {fact.name: fact for fact in examine("bash,cpp") if fact.name.startswith("language")}
    assert list(facts) == ["language bash", "language cpp"]
    assert all(fact.ok for fact in facts.values())
    assert "g++ 4:12" in facts["language cpp"].evidence


@marked
def test_the_doctor_names_the_command_that_builds_an_image_that_is_not_there(languages, monkeypatch):
    changed = replace(FAMILIES["script"], packages=("bash", "no-such-package"))
    monkeypatch.setattr("codecrucible.sandbox.docker.executor.FAMILIES", {**FAMILIES, "script": changed})
    (fact,) = (fact for fact in examine("bash") if fact.name == "language bash")
    assert not fact.ok
    assert fact.fix == "crucible sandbox build --languages bash"


def broken(monkeypatch):
    """Bash, declared with a wrong program that is right."""
    bash = LANGUAGES["bash"]
    trial = replace(bash.trial, wrong=bash.trial.right)
    monkeypatch.setattr("codecrucible.sandbox.docker.executor.RUNTIMES", {"bash": replace(bash, trial=trial)})


@marked
def test_the_doctor_does_not_trust_a_language_whose_wrong_program_passes(languages, monkeypatch):
    broken(monkeypatch)
    (fact,) = (fact for fact in examine("bash") if fact.name == "language bash")
    assert not fact.ok
    assert fact.fix == "do not trust verdicts on it made here"


@marked
def test_a_language_whose_wrong_program_passes_is_refused_and_gives_no_verdict(languages, monkeypatch):
    from codecrucible.sandbox import DockerExecutor

    broken(monkeypatch)
    with DockerExecutor(workers=1) as executor:
        told = "a wrong one as completed; .* See `crucible sandbox doctor --languages bash`"
        with pytest.raises(SandboxUnavailable, match=told):
            executor.prepare("bash")
        with pytest.raises(SandboxUnavailable, match=told):
            executor.run(exit_code_job("bash", RIGHT["bash"]))
