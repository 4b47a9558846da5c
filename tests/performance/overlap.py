"""Prints JSON: what `crucible run` takes beside its stages alone, and a sweep of adapters beside its generation.

"model" samples from the bundled SmolLM2 in the run's own process, on the same cores that execute; "server" from a
server on this machine that waits and does not compute, with programs that compute a third as long as it waits. Each
ratio is the wall time of the whole `run` command over that of the longest of `generate`, `execute` and `scan` as
commands of their own. "sweep" is the wall time of one command with three adapters of random weights over the seconds in
which its three runs generated.

    python tests/performance/overlap.py --rounds 3
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CRUCIBLE = str(Path(sys.executable).with_name("crucible"))
SERVER_WAITS_S = 3.0
PROGRAM = "    for _ in range(5_000_000):\n        pass\n    return {}\n"  # tenths of a second, each another
ADAPTERS = 3


class Handler(BaseHTTPRequestHandler):
    """Waits, and answers with a program that no other answer has."""

    protocol_version = "HTTP/1.1"
    numbers = itertools.count()

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """List one model."""
        self._send({"object": "list", "data": [{"id": "slow", "object": "model"}]})

    def do_POST(self) -> None:
        """Complete a prompt."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if body["max_tokens"] > 1:  # not the first token that a client tries
            time.sleep(SERVER_WAITS_S)
        choice = {"index": 0, "text": PROGRAM.format(next(self.numbers)), "finish_reason": "stop"}
        self._send({"id": "c", "object": "text_completion", "created": 0, "model": "slow", "choices": [choice]})

    def _send(self, value: dict[str, Any]) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def server() -> Iterator[str]:
    """The slow server's name as a model."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as slow:
        threading.Thread(target=slow.serve_forever, daemon=True).start()
        yield f"openai:http://127.0.0.1:{slow.server_port}/v1#slow"
        slow.shutdown()


def seconds_of(*command: str) -> float:
    """Wall seconds of a `crucible` command that must succeed."""
    started = time.perf_counter()
    done = subprocess.run([CRUCIBLE, *command, "--quiet"], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stderr}")
    return time.perf_counter() - started


def overlapped(sampled: list[str], folder: Path) -> dict[str, float]:
    """Seconds of the run, and of each stage as a command."""
    alone, run = str(folder / "alone"), str(folder / "run")
    return {
        "generate_s": seconds_of("generate", *sampled, "--out", alone),
        "execute_s": seconds_of("execute", alone),
        "scan_s": seconds_of("scan", alone),
        "run_s": seconds_of("run", *sampled, "--out", run),
    }


def summary(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Medians, and the median of the rounds' ratios."""
    ratios = [each["run_s"] / max(each["generate_s"], each["execute_s"], each["scan_s"]) for each in rounds]
    medians = {key: round(statistics.median(each[key] for each in rounds), 1) for key in rounds[0]}
    return medians | {"run_over_longest_stage": round(statistics.median(ratios), 3)}


def save_adapters(folder: Path) -> list[str]:
    """Folders of adapters of the bundled model, of random weights small enough to let it write on."""
    import torch
    from peft import LoraConfig, get_peft_model

    from codecrucible.harness.models.local.model import LocalModel
    from codecrucible.harness.models.open import load_model

    base = load_model("bundled:smollm2-135m-instruct")
    assert isinstance(base, LocalModel)
    config = LoraConfig(task_type="CAUSAL_LM", r=16, lora_alpha=32, target_modules=["q_proj", "v_proj"])
    model = get_peft_model(base.model, config)
    names = []
    for number in range(ADAPTERS):
        torch.manual_seed(number)
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(parameter, std=0.005)
        names.append(str(folder / f"adapter-{number}"))
        model.save_pretrained(names[-1])
    return names


def sweep(adapters: list[str], sampled: list[str], folder: Path) -> dict[str, float]:
    """Seconds of one command with all adapters, and those in which its runs generated."""
    given = [text for adapter in adapters for text in ("--adapter", adapter)]
    total_s = seconds_of("generate", *sampled, *given, "--out", str(folder / "sweep"))
    sessions = [path.read_text(encoding="utf-8") for path in (folder / "sweep").glob("*/sessions.jsonl")]
    generate_s = [json.loads(text)["generate_s"] for text in sessions]
    assert len(generate_s) == ADAPTERS
    return {"command_s": total_s, "generate_s": sum(generate_s), "ratio": total_s / sum(generate_s)}


def main() -> None:
    """Take the measurements and print them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3, help="of each measurement, one after the other")
    options.add_argument("-n", type=int, default=5, help="samples of each of the 40 problems of `starter`")
    chosen = options.parse_args()
    drawn = ["--benchmark", "starter", "-n", str(chosen.n), "--temperature", "0.8", "--max-new-tokens", "96"]
    bundled = ["--model", "bundled:smollm2-135m-instruct", *drawn]
    model, served, swept = [], [], []
    with tempfile.TemporaryDirectory() as home, server() as url:
        adapters = save_adapters(Path(home))
        for turn in range(chosen.rounds):
            folder = Path(home) / str(turn)
            served.append(
                overlapped(
                    ["--model", url, *drawn, "--prompt-form", "completion", "--cpu-limit", "20"], folder / "served"
                )
            )
            model.append(overlapped(bundled, folder / "model"))
            swept.append(sweep(adapters, bundled, folder))
    medians = {key: round(statistics.median(each[key] for each in swept), 3) for key in swept[0]}
    print(json.dumps({"model": summary(model), "server": summary(served), "sweep": medians}, indent=2))


if __name__ == "__main__":
    main()
