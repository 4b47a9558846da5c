"""CodeBLEU of a run's programs, measured while they come."""

from dataclasses import replace

import pytest

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.evaluation.from_files import samples_of
from codecrucible.harness.results.scoring import Scoring
from codecrucible.harness.runs.records import Sample
from codecrucible.reports import code_bleu
from codecrucible.reports.likeness.work_pool import ITEMS_WORTH_A_PROCESS

BENCHMARK = load_benchmark("humaneval")


def samples(copies: int) -> list[Sample]:
    records = [
        (problem.problem_id, {"task_id": problem.problem_id, "completion": f"{problem.reference}    x = {copy}\n"})
        for problem in BENCHMARK.problems
        for copy in range(copies)
    ]
    return samples_of(records, BENCHMARK)[0]


@pytest.mark.parametrize("copies", [1, 3])
def test_the_scores_are_those_of_each_pair_alone_in_this_process_and_in_others(copies):
    made = samples(copies)
    assert (len(made) > ITEMS_WORTH_A_PROCESS) == (copies == 3)
    reference = {problem.problem_id: problem.reference_program for problem in BENCHMARK.problems}
    with Scoring(BENCHMARK) as scoring:
        for start in range(0, len(made), 50):
            scoring.add(made[start : start + 70])  # some come twice
        scores = scoring.scores()
    assert scores == {
        sample.program_key: code_bleu(reference[sample.problem_id], sample.program).value for sample in made
    }
    assert len(scores) == len(made)
    assert scoring.clock.seconds > 0


@pytest.mark.parametrize(("cores", "processes"), [(2, 0), (16, 3)])
def test_programs_that_are_all_there_are_measured_in_this_process_where_executing_takes_longer(
    cores, processes, monkeypatch
):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: range(cores))
    started = []
    monkeypatch.setattr("codecrucible.reports.likeness.work_pool._Process", lambda: started.append(1) or InThis())
    with Scoring(BENCHMARK, at_once=True) as scoring:
        scoring.add(samples(5))
        assert len(scoring.scores()) == 820
    assert len(started) == processes


class InThis:
    """In place of a process, which would take longer to start."""

    def call(self, function, items):
        return [function(item) for item in items]

    def close(self):
        """It was none."""


def test_a_completion_without_code_scores_0_and_a_problem_without_reference_not_at_all():
    first, second = samples(1)[:2]
    empty = replace(first, program="", program_sha256=text_sha256(""))
    unknown = replace(second, problem_id="HumanEval/999")
    with Scoring(BENCHMARK) as scoring:
        scoring.add([empty, unknown])
        assert scoring.scores() == {empty.program_key: 0.0, unknown.program_key: None}


def test_nothing_added_has_no_scores():
    with Scoring(BENCHMARK) as scoring:
        assert scoring.scores() == {}
        assert scoring.clock.seconds == 0
