"""Verdicts as rewards: what passes, fails, cheats, hangs or could not be judged, in the call shapes of TRL and verl."""

from pathlib import Path

import pytest
from own_records import write

import codecrucible as cc
from codecrucible.benchmarks import PromptForm, extract
from codecrucible.sandbox import Limits

pytestmark = [pytest.mark.docker, pytest.mark.timeout(120)]

HOSTILE = Path(__file__).parents[2] / "sandbox" / "hostile"
FORGED = (HOSTILE / "answers_before_it_is_asked.py").read_text()
LOOP = "def double(x):\n    while True:\n        pass\n"
DOUBLE = {
    "task_id": "double",
    "prompt": 'def double(x):\n    """Return 2 * x."""\n',
    "entry_point": "double",
    "test": "def check(double):\n    assert double(0) == 0\n    assert double(2) == 4\n    assert double(3) == 6\n"
    "    assert double(5) == 10\n",
}
PRINTS = {
    "problem_id": "sum",
    "language": "python",
    "prompt": "Print the sum of two numbers.",
    "reference": "print(sum(map(int, input().split())))\n",
    "cases": [{"stdin": "1 2\n", "expected": "3"}, {"stdin": "2 2\n", "expected": "4"}],
}
#: Passes two of four assertions.
HALF = "def double(x):\n    return {0: 0, 2: 4}.get(x)\n"


@pytest.fixture(scope="module")
def benchmark(tmp_path_factory):
    return cc.load_benchmark(str(write(tmp_path_factory.mktemp("own") / "double.jsonl", DOUBLE)))


@pytest.fixture(scope="module")
def reward(executor, benchmark):
    with cc.Reward(benchmark, workers=1, cpu_factor=0, limits=Limits(cpu_s=1.0, wall_s=4.0)) as reward:
        yield reward


def test_a_pass_is_worth_1_and_all_else_0_and_what_cheats_is_counted(reward):
    answers = ["    return 2 * x\n", "    return x\n", LOOP, FORGED, "I cannot say."]
    before = reward.verdicts.copy()
    assert reward(answers, problem_id=["double"] * 5, prompts=[DOUBLE["prompt"]] * 5, step=3) == [1, 0, 0, 0, 0]
    told = {verdict: count for verdict, count in (reward.verdicts - before).items() if verdict != "syntax_error"}
    assert told == {"passed": 1, "wrong_answer": 1, "timeout": 1, "forged": 1}


def test_conversations_are_rewarded_by_their_last_message(reward):
    chat = [{"role": "assistant", "content": "Gladly:\n```python\ndef double(x):\n    return x + x\n```"}]
    assert reward([chat, chat], problem_id=["double", "double"]) == [1, 1]


def test_one_answer_is_scored_as_verl_asks(reward):
    assert reward.compute_score("own", "    return 2 * x\n", "double", {"split": "train"}) == 1.0
    assert reward.compute_score("own", "    return 3\n", "double") == 0.0


def test_what_fails_may_be_worth_the_share_of_the_tests_that_passed(benchmark, executor, tmp_path):
    answers = ["    return 2 * x\n", HALF, "    return 7\n", FORGED, LOOP, "def"]
    how = {"workers": 1, "cpu_factor": 0, "fraction": True, "limits": Limits(cpu_s=1.0, wall_s=4.0)}
    with cc.Reward(benchmark, **how) as reward:
        assert reward(answers, problem_id=["double"] * 6) == [1, 0.5, 0, 0, 0, 0]
    with cc.Reward(str(write(tmp_path / "prints.jsonl", PRINTS)), **how) as reward:
        assert reward(["print(3)\n"], problem_id=["sum"]) == [0.5]


def test_a_sandbox_that_is_gone_leaves_samples_out_and_is_no_verdict(benchmark, executor):
    with cc.Reward(benchmark, workers=1, cpu_factor=0) as reward:
        assert reward(["    return 2 * x\n"], problem_id=["double"]) == [1]
        reward._judge._executor.close()
        assert reward(["    return 2 * x\n", ""], problem_id=["double"] * 2) == [None, 0]  # nothing to run is known
        assert reward.compute_score("own", "    return 2 * x\n", "double") == 0.0
        assert reward.verdicts == {"passed": 1, "unjudged": 2, "empty": 1}


@pytest.mark.parametrize("form", [PromptForm.CHAT, PromptForm.COMPLETION])
def test_the_program_is_the_one_that_evaluations_take(executor, form):
    texts = {
        PromptForm.CHAT: ["```python\ndef add(a, b):\n    return a + b\n```", "<think>\nhm", "def add(a, b): pass"],
        PromptForm.COMPLETION: ["    return a + b\n", "return a + b", "```python\n    return a\n```"],
    }[form]
    (problem,) = cc.load_benchmark("starter[:1]").problems
    with cc.Reward("starter[:1]", workers=1, cpu_factor=0, form=form) as reward:
        judged = reward.judged(texts, [problem.problem_id] * 3, ["prompt"] * 3)
    expected = [extract(problem, text, form=form, prompt="prompt") for text in texts]
    assert [each.sample.program for each in judged] == ["" if each.empty else each.source for each in expected]
