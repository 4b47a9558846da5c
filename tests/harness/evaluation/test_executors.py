"""Where a command executes programs."""

import pytest

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_USAGE
from codecrucible.harness.evaluation import executors


@pytest.mark.parametrize(
    "command",
    [
        ("run", "--model", "openai:http://127.0.0.1:9/v1#none", "--benchmark", "starter"),
        ("generate", "--model", "none", "--benchmark", "starter"),
        ("execute", "runs/none"),
        ("evaluate", "none.jsonl", "--benchmark", "starter"),
    ],
    ids=lambda command: command[0],
)
def test_a_cluster_without_ray_says_what_to_install(command, monkeypatch, capsys):
    monkeypatch.setattr(executors, "find_spec", lambda _: None)
    assert main([*command, "--cluster", "auto"]) == EXIT_USAGE
    told = capsys.readouterr().err
    assert "--cluster auto needs the extra 'ray': pip install 'codecrucible[ray]'" in told
