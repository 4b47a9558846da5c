"""Rows of MultiPL-E whose calls are answered with the values that their own tests expect, through the real sandbox.

Rows of a few problems a language, or all with CRUCIBLE_ALL_LANGUAGES.
"""

import os
import re

import pytest
from multipl_e_data import require_data
from replaying import REPLAYING

from codecrucible.benchmarks import Verdict, job_for, judge, load_benchmark
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import Limits, Strength
from codecrucible.sandbox.languages import LANGUAGES

LIMITS = Limits(cpu_s=10.0, wall_s=60.0)
#: Rows whose values are not of the declared type without a conversion that the tests do not make either.
CONVERTED = {"d": {"HumanEval_20_find_closest_elements"}}
#: Prompts that no compiler takes as they stand: names that begin as those of constructors do, types that are none.
WRITTEN_ANEW = {
    "hs": re.compile(r"^\w+(?: \w+)* [A-Z]\w*(?: \w+)* =\s*\Z", re.MULTILINE),
    "ml": re.compile(r"let [A-Z]|\([A-Z]\w* :|\(\w+, \w+\) list"),
}
SAMPLE = slice(None) if os.environ.get("CRUCIBLE_ALL_LANGUAGES") else slice(0, None, 60)


def test_every_language_with_a_printer_is_replayed():
    printing = {
        suffix
        for suffix, translation in TRANSLATIONS.items()
        if LANGUAGES[translation.language].printer and LANGUAGES[translation.language].tested
    }
    assert printing == REPLAYING.keys()


def with_one_changed(problem):
    """The expected values of a problem with the last one changed that can be, and its number; None if none can."""
    for number, assertion in reversed(list(enumerate(problem.assertions, start=1))):
        for change in problem.changes:
            start = problem.tests.rfind(assertion.expected, assertion.start, assertion.end)
            raises = change.text in ("[undefined]", "[Obj.magic 0]")
            if not raises and start <= change.start and change.end <= start + len(assertion.expected):
                value = assertion.expected[: change.start - start] + change.text
                value += assertion.expected[change.end - start :]
                values = [each.expected for each in problem.assertions]
                return [*values[: number - 1], value, *values[number:]], number
    return None


def replayable(suffix, problem):
    """Whether a program that keeps the prompt of `problem` can answer with its expected values."""
    anew = suffix in WRITTEN_ANEW and WRITTEN_ANEW[suffix].search(problem.prompt)
    converted = problem.problem_id in CONVERTED.get(suffix, ())
    return bool(problem.assertions) and not (problem.dead or anew or converted)


@pytest.mark.docker
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("origin", ["humaneval", pytest.param("mbpp", marks=pytest.mark.slow)])
@pytest.mark.parametrize("suffix", REPLAYING)
def test_expected_values_are_right_answers_and_a_changed_one_is_wrong(executor, image_of, suffix, origin):
    require_data()
    image_of(TRANSLATIONS[suffix].language)
    waiting = []
    for problem in load_benchmark(f"multipl-e:{origin}-{suffix}").problems[SAMPLE]:
        if not replayable(suffix, problem):
            continue
        values = [assertion.expected for assertion in problem.assertions]
        program = REPLAYING[suffix](problem, values)
        waiting.append((problem, 0, executor.submit(job_for(problem, program, limits=LIMITS))))
        if changed := with_one_changed(problem):
            program = REPLAYING[suffix](problem, changed[0])
            waiting.append((problem, changed[1], executor.submit(job_for(problem, program, limits=LIMITS))))
    assert len(waiting) >= 4
    for problem, wrong, future in waiting:
        execution = future.result()
        judgement = judge(execution)
        told = (problem.problem_id, judgement, execution.stderr)
        assert judgement.strength is Strength.ANSWERS, told
        assert judgement.verdict is (Verdict.WRONG_ANSWER if wrong else Verdict.PASSED), told
        assert execution.calls == (wrong or len(problem.assertions)), told
