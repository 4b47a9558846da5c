"""Answers that are compared where no expected value is within the program's reach."""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from answers_jobs import STYLES, answering, answers_check, answers_job
from equal_values import EQUAL_VALUES

from codecrucible.sandbox import AnswersCheck, Ending, Job, Strength
from codecrucible.sandbox.docker.answers_frame import printer_of
from codecrucible.sandbox.languages import LANGUAGES

docker = [pytest.mark.docker, pytest.mark.timeout(180)]
ALL = bool(os.environ.get("CRUCIBLE_ALL_LANGUAGES"))
PAIRS = [
    (language, *pair, "")[:5]
    for language, pairs in EQUAL_VALUES.items()
    for pair in (pairs if ALL or not LANGUAGES[language].compile else pairs[::6])
]
#: Their framework prints how the tests went.
REPORTING = ("lua", "ruby", "go", "elixir", "clojure")
HOLDS = (Ending.COMPLETED, Ending.CONTROL_PASSED, Ending.UNCONFIRMED)


def slow_where_compiled(values, language_of):
    """`values` as parameters, those of languages that are compiled among the slow tests."""
    compiled = [bool(LANGUAGES[language_of(value)].compile) for value in values]
    return [
        pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=[pytest.mark.slow] if slow else [])
        for value, slow in zip(values, compiled, strict=True)
    ]


def marked(test):
    for mark in docker:
        test = mark(test)
    return test


def test_every_language_with_a_printer_is_tested_here():
    printing = {name for name, language in LANGUAGES.items() if language.printer and language.tested}
    assert printing == STYLES.keys() == EQUAL_VALUES.keys()


def test_tests_without_an_assertion_are_refused():
    with pytest.raises(ValueError, match="without an assertion have no answers"):
        AnswersCheck(tests="", assertions=())


@pytest.mark.parametrize("language", STYLES)
def test_no_expected_value_is_in_the_source_that_a_program_runs_in(language):
    expected = '"a secret"'
    check = answers_check(language, expected, expected)
    printer = LANGUAGES[language].printer
    source = printer.source("PROGRAM", check)
    assert "secret" not in source
    assert "PROGRAM" in source
    assert source.count(check.assertions[0].call) == source.count(check.assertions[1].call) == 1
    assert "PROGRAM" not in printer.expected_source(check)
    assert printer.expected_source(check).count("a secret") == 2


@marked
@pytest.mark.parametrize("language", STYLES)
def test_right_answers_complete(executor, image_of, language):
    image_of(language)
    execution = executor.run(answers_job(language, answering(language, '"a"'), '"a"', '"a"'))
    assert (execution.ending, execution.strength, execution.calls) == (Ending.COMPLETED, Strength.ANSWERS, 2), execution
    assert (execution.stderr, execution.note) == ("", "")
    if language not in REPORTING:
        assert (execution.stdout, execution.output_bytes) == ("", 0)
    assert (execution.processes_killed, execution.files_removed) == (0, 0)


@marked
@pytest.mark.parametrize("language", STYLES)
def test_the_first_wrong_answer_ends_it_and_is_told_with_the_right_one(executor, image_of, language):
    image_of(language)
    execution = executor.run(answers_job(language, answering(language, '"a"'), '"a"', '"b"', '"c"'))
    assert (execution.ending, execution.strength, execution.calls) == (Ending.ASSERTION, Strength.ANSWERS, 2), execution
    call = answers_check(language, '"a"', '"b"').assertions[1].call
    told = f'{call} answered "a", expected "b"'
    if language in ("bash", "go"):  # where a string is printed without quotes
        told = f"{call} answered a, expected b"
    assert execution.note == told


@marked
def test_an_empty_answer_is_told_from_one_that_is_too_long(executor, image_of):
    image_of("bash")
    execution = executor.run(answers_job("bash", answering("bash", '""'), '"b"'))
    assert execution.note == '$(candidate "1") answered nothing, expected b', execution
    execution = executor.run(answers_job("bash", answering("bash", '"b"'), '""'))
    assert execution.note == '$(candidate "1") answered b, expected nothing', execution


@marked
@pytest.mark.parametrize(
    ("language", "answer", "expected", "equal", "type_"), slow_where_compiled(PAIRS, lambda pair: pair[0])
)
def test_equal_is_what_the_assertions_of_the_language_take_for_equal(
    executor, image_of, language, answer, expected, equal, type_
):
    image_of(language)
    job = answers_job(language, answering(language, answer, type_), expected, type_=type_)
    compared = executor.run(job)
    assert compared.strength is Strength.ANSWERS
    assert compared.ending is (Ending.COMPLETED if equal else Ending.ASSERTION), compared
    if ALL:
        control = Job(program=job.program, check=job.check.control, limits=job.limits, language=language)
        asserted = executor.run(control)
        assert (asserted.ending in HOLDS) is equal, asserted


@marked
def test_what_is_printed_meanwhile_and_afterwards_disturbs_nothing(executor, image_of):
    image_of("javascript")
    program = (
        "console.log(1);\nfunction answer(n) {\n  console.log('1 1 2');\n  return n;\n}\n"
        "setTimeout(() => console.log('late'), 30);\nPromise.resolve(3).then(console.log);\n"
    )
    execution = executor.run(answers_job("javascript", program, "1", "2"))
    assert execution.ending is Ending.COMPLETED, execution
    assert execution.stdout == "1\n1 1 2\n1 1 2\n3\nlate\n"


@marked
@pytest.mark.parametrize(
    ("program", "ending", "note"),
    [
        ("function answer(n) { if (n == 2) process.exit(0); return n; }\n", Ending.EXITED, "1 of 3 answers had come"),
        ("function answer(n) { if (n == 2) throw 1; return n; }\n", Ending.RAISED, "1 of 3 answers had come"),
        (
            "function answer(n) { return n }\nprocess.on('exit', () => { process.exitCode = 3 });\n",
            Ending.RAISED,
            "3 of",
        ),
        ("function answer(n) { while (n == 3); return n; }\n", Ending.CPU_LIMIT, ""),
        ("function answer(n) { while (n == 3); return 0; }\n", Ending.ASSERTION, "answered 0, expected 1"),
        ("function answer(n) { return n }\nsetInterval(() => 0, 99);\n", Ending.WALL_LIMIT, ""),
        (
            "function answer(n) { return '\\u{1f600}'.repeat(5e6); }\n",
            Ending.ASSERTION,
            "answered too much, expected 1",
        ),
        ("function answer(n) { return n \n", Ending.SYNTAX_ERROR, ""),
    ],
)
def test_each_way_to_end(executor, image_of, program, ending, note):
    image_of("javascript")
    execution = executor.run(answers_job("javascript", program, "1", "2", "3", cpu_s=1.0, wall_s=4.0))
    assert execution.ending is ending, execution
    assert note in execution.note


@marked
def test_where_no_expected_value_can_be_printed_the_control_judges(executor, image_of):
    image_of("javascript")
    program = "function known() { return 42; }\nfunction answer(number) { return NUMBER; }\n"
    endings = []
    for number in ("42", "43"):
        execution = executor.run(answers_job("javascript", program.replace("NUMBER", number), "known() + 0"))
        assert execution.strength is Strength.CONTROL
        endings.append(execution.ending)
    assert endings == [Ending.COMPLETED, Ending.ASSERTION]


@marked
def test_expected_values_are_printed_once_for_many_programs(image_of):
    from codecrucible.sandbox import DockerExecutor

    image_of("javascript")
    asked = []

    class Counting(DockerExecutor):
        def _ask_expected(self, *arguments):
            asked.append(arguments)
            return super()._ask_expected(*arguments)

    with Counting(workers=1) as executor:
        programs = [answering("javascript", str(number)) for number in range(6)]
        endings = [executor.submit(answers_job("javascript", each, "3", "3")) for each in programs]
        assert [each.result().ending for each in endings].count(Ending.COMPLETED) == 1
        executor.run(answers_job("javascript", programs[0], "4"))
    assert len(asked) == 3  # those of the trial that the language proves itself with, and these two


def test_a_language_without_a_printer_is_refused_and_told_what_to_use():
    unprinted = [name for name, each in LANGUAGES.items() if not each.printer and name != "python"]
    assert [name for name in unprinted if LANGUAGES[name].tested] == []
    for name in unprinted:
        with pytest.raises(ValueError, match=f"nothing prints answers in {name}: use an ExitCodeCheck"):
            printer_of(name)


# --- hostile programs ------------------------------------------------------------------------------------------------

HOSTILE = sorted(Path(__file__).parent.glob("hostile_answers/*/*"))
OLDER = [path for path in sorted(Path(__file__).parent.glob("hostile_languages/*/*")) if path.parent.name in STYLES]
MOST_USED = ("javascript", "typescript", "cpp", "java", "go", "rust", "php")
SECRETS = ('"271828"', '"314159"')
LIMITS = {"cpu_s": 1.0, "wall_s": 8.0, "output_bytes": 4 << 20}


@pytest.fixture(scope="module")
def lone_executor(executor):
    """One container a family, so that what follows a hostile program runs where it ran."""
    from codecrucible.sandbox import DockerExecutor

    with DockerExecutor(workers=1) as lone:
        yield lone


def test_every_language_with_a_printer_has_enough_hostile_programs():
    assert {path.parent.name for path in HOSTILE} == STYLES.keys()
    assert min(Counter(path.parent.name for path in HOSTILE).values()) >= 5
    every = Counter(path.parent.name for path in HOSTILE + OLDER)
    assert min(every[language] for language in MOST_USED) >= 12


@marked
@pytest.mark.parametrize(
    "path",
    slow_where_compiled(HOSTILE, lambda path: path.parent.name),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_a_hostile_program_ends_as_it_should_and_the_next_one_passes(lone_executor, image_of, path):
    language = path.parent.name
    image_of(language)
    first, _, program = path.read_text().partition("\n")
    execution = lone_executor.run(answers_job(language, program, *SECRETS, **LIMITS))
    follower = lone_executor.run(answers_job(language, answering(language, SECRETS[0]), SECRETS[0]))
    assert execution.ending in first.partition("ending: ")[2].split("|"), execution
    assert execution.ending is not Ending.COMPLETED
    assert execution.strength is Strength.ANSWERS
    assert follower.ending is Ending.COMPLETED, follower


@pytest.mark.slow
@marked
@pytest.mark.parametrize(
    "path",
    slow_where_compiled(OLDER, lambda path: path.parent.name),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_no_program_that_deceives_tests_in_its_own_process_passes_by_its_answers(lone_executor, image_of, path):
    language = path.parent.name
    image_of(language)
    program = re.sub(r"\b(?:twice|double)\b", "answer", path.read_text())
    assert lone_executor.run(answers_job(language, program, *SECRETS, **LIMITS)).ending is not Ending.COMPLETED


@marked
def test_no_hostile_program_cost_a_container(lone_executor):
    assert lone_executor.restarts == 0
