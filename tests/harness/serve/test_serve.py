"""`crucible serve`, asked over HTTP, with real containers behind it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.serve import fusion
from codecrucible.sandbox import Ending, Execution

pytestmark = pytest.mark.docker
CRUCIBLE = Path(sys.executable).with_name("crucible")
TOKEN = "not a secret"
OWN = {
    "task_id": "sum",
    "prompt": "def add(a, b):\n",
    "entry_point": "add",
    "calls": [{"arguments": [1, 2], "expected": 3}],
}
REFERENCES = {problem.problem_id: problem.reference for problem in load_benchmark("starter[:3]").problems}
HOSTILE = "import os\nos._exit(0)\n"


class Client:
    """Asks a service."""

    def __init__(self, address):
        self._address = address

    def ask(self, method, path, token=TOKEN, headers=(), **what):
        """What the service answers."""
        shown = {"Authorization": f"Bearer {token}", **dict(headers)}
        return requests.request(method, self._address + path, headers=shown, timeout=150, **what)


@pytest.fixture(scope="module")
def service(request):
    """A client of a service for three problems, whose queue has four places."""
    request.getfixturevalue("engine")
    command = [CRUCIBLE, "serve", "--benchmark", "starter[:3]", "--queue", "4", "--workers", "1", "--cpu-factor", "0"]
    environment = os.environ | {"CRUCIBLE_SERVE_TOKEN": TOKEN}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        yield Client(process.stdout.readline().strip())
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0, process.stderr.read()


def judged(service, **asked):
    answer = service.ask("POST", "/judge", json=asked)
    assert answer.status_code == 200, answer.text
    return [(each["verdict"], each["strength"]) for each in answer.json()["judgements"]]


def ran(service, code, **asked):
    patient = {"code": code, "language": "python", "compile_timeout": 120}  # which is how long the client waits
    answer = service.ask("POST", "/run_code", json=patient | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_answers_to_a_problem_by_its_name_get_their_verdicts_in_order(service):
    problem_id, reference = next(iter(REFERENCES.items()))
    assert judged(
        service, benchmark="starter[:3]", problem_id=problem_id, answers=[reference, "    return None\n", "", reference]
    ) == [("passed", "referee"), ("wrong_answer", "referee"), ("empty", ""), ("passed", "referee")]


def test_answers_to_a_problem_that_comes_with_them_are_judged_by_its_calls(service):
    right = "def add(a, b):\n    return a + b\n"
    found = judged(service, problem=OWN, form="chat", answers=[right, right.replace("+", "-"), HOSTILE + right])
    assert [verdict for verdict, _ in found] == ["passed", "wrong_answer", "early_exit"]


def test_a_program_runs_as_sandbox_fusion_would_run_it(service):
    answer = ran(service, "print(int(input()) * 2)", stdin="21\n", run_timeout=5, memory_limit_MB=256, files={})
    assert (answer["status"], answer["compile_result"]) == ("Success", None)
    assert (
        answer["run_result"].items() >= {"status": "Finished", "return_code": 0, "stdout": "42\n", "stderr": ""}.items()
    )
    failed = ran(service, "import sys\nprint('a')\nsys.exit(3)")
    assert (failed["status"], failed["run_result"]["return_code"], failed["run_result"]["stdout"]) == (
        "Failed",
        3,
        "a\n",
    )
    raised = ran(service, "1 / 0")
    assert "ZeroDivisionError" in raised["run_result"]["stderr"]
    spins = ran(service, "while True: pass", run_timeout=0.5)
    assert (spins["status"], spins["run_result"]["status"]) == ("Failed", "TimeLimitExceeded")
    assert ran(service, "x", language="cobol")["status"] == "SandboxError"
    assert "files" in ran(service, "x", files={"a": "aGk="})["message"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"answers": ["x"]}, "give either benchmark and problem_id, or problem"),
        (
            {"answers": ["x"], "benchmark": "humaneval", "problem_id": "1"},
            "'humaneval' is not served; there are starter[:3]",
        ),
        ({"answers": ["x"], "benchmark": "starter[:3]", "problem_id": "starter/9"}, "has no problem 'starter/9'"),
        (
            {"answers": [], "benchmark": "starter[:3]", "problem_id": "starter/0"},
            "answers: List should have at least 1",
        ),
        ({"answers": ["x"], "problem": {"id": "a"}}, "is no record in the format of a benchmark of one's own"),
        ({"answers": ["x"], "problem": OWN, "odd": 1}, "odd: Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_judged_is_refused_in_words(service, asked, said):
    answer = service.ask("POST", "/judge", json=asked)
    assert answer.status_code == 422
    assert said in answer.json()["error"]


def test_a_client_without_the_token_or_under_another_name_is_refused(service):
    assert service.ask("GET", "/metrics", token="guess").status_code == 401  # noqa: S106
    assert service.ask("POST", "/run_code", json={"code": "x"}, token="guess").status_code == 401  # noqa: S106
    assert service.ask("GET", "/health", headers={"Host": "example.org"}).status_code == 400
    assert service.ask("POST", "/judge", data=iter([b"{}"])).status_code == 413, "no length is told"


def test_beyond_its_queue_the_service_asks_to_come_again(service):
    slow = {"code": "import time\ntime.sleep(1.5)", "run_timeout": 5, "compile_timeout": 120}
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: service.ask("POST", "/run_code", json=slow), range(8)))
    codes = sorted(each.status_code for each in found)
    assert codes == [200] * 4 + [429] * 4
    assert {each.headers["Retry-After"] for each in found if each.status_code == 429} == {"1"}
    metrics = service.ask("GET", "/metrics").text
    assert re.search(r'crucible_refused_total\{why="busy"\} 4', metrics)
    assert "crucible_jobs 0.0" in metrics
    assert service.ask("GET", "/health").json()["jobs"] == 0


def test_other_machines_may_not_ask_without_a_token(monkeypatch, capsys):
    monkeypatch.delenv("CRUCIBLE_SERVE_TOKEN", raising=False)
    assert main(["serve", "--host", "0.0.0.0"]) == 2  # noqa: S104
    assert "put a token into CRUCIBLE_SERVE_TOKEN first" in capsys.readouterr().err


@pytest.mark.usefixtures("engine")
def test_a_port_that_another_has_is_wrong_use_and_no_regression(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--benchmark", "starter[:1]", "--workers", "1", "--cpu-factor", "0", "--port", port]) == 2
    assert (
        f"cannot listen on port {port} of 127.0.0.1 (Address already in use); give another --port"
        in capsys.readouterr().err
    )


def test_a_compiler_that_fails_and_a_signal_are_told_as_sandbox_fusion_does():
    compiled = fusion.answer_of(Execution(ending=Ending.COMPILE_ERROR, stage="compile", exit_code=1, stderr="no"))
    assert (compiled["status"], compiled["run_result"]) == ("Failed", None)
    assert compiled["compile_result"]["stderr"] == "no"
    killed = fusion.answer_of(Execution(ending=Ending.SIGNALLED, signal=11, stage="case"))
    assert killed["run_result"]["return_code"] == -11
    json.dumps(killed)
