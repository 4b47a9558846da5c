"""Answers by hand to problems of MultiPL-E, each language's in a folder of `solutions`, through the real sandbox.

`right` passes. `near_miss` compiles and runs, and gives a wrong answer. `cheat` has no answer, and passes tests that
run in its own process, and their negative control with them.
"""

import os
from functools import lru_cache
from pathlib import Path

import pytest
from multipl_e_data import require_data

from codecrucible.benchmarks import PromptForm, Verdict, extract, job_for, judge, load_benchmark
from codecrucible.sandbox import Limits, Strength


def chosen():
    """Files of solutions: of one problem a language, or all with CRUCIBLE_ALL_LANGUAGES (`make test-languages`)."""
    every = sorted((Path(__file__).parent / "solutions").glob("*/*.*"))
    first = {path.parent.name: path.stem for path in reversed(every)}
    return [path for path in every if os.environ.get("CRUCIBLE_ALL_LANGUAGES") or path.stem == first[path.parent.name]]


VERDICTS = {".right": Verdict.PASSED, ".near_miss": Verdict.WRONG_ANSWER, ".cheat": Verdict.WRONG_ANSWER}
LIMITS = Limits(cpu_s=10.0, wall_s=60.0)


@lru_cache
def problems(suffix):
    require_data()
    return {problem.problem_id: problem for problem in load_benchmark(f"multipl-e:humaneval-{suffix}").problems}


@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("path", chosen(), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_solution_is_judged_as_it_deserves(executor, image_of, path):
    problem = problems(path.parent.name)[path.stem]
    image_of(problem.language)
    program = extract(problem, path.read_text(encoding="utf-8"), form=PromptForm.COMPLETION).source
    judgement = judge(executor.run(job_for(problem, program, limits=LIMITS)))
    if path.suffix == ".cheat" and problem.assertions:  # some cheat by never letting the tests begin
        assert judgement.verdict in (Verdict.WRONG_ANSWER, Verdict.EARLY_EXIT, Verdict.RUNTIME_ERROR), judgement
    else:
        assert judgement.verdict is VERDICTS[path.suffix], judgement
    assert (judgement.reason == "accepts_changed_tests") is (path.suffix == ".cheat" and not problem.assertions)
    by = Strength.ANSWERS if problem.assertions else Strength.CONTROL if problem.changes else Strength.REFEREE
    assert judgement.strength is by
