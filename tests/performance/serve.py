"""Verdicts a second of `crucible serve`, from many clients, some of whose programs are hostile. Prints JSON.

    python tests/performance/serve.py [--clients 64] [--seconds 60]

Each client sends answers to problems of `starter` one after another: references, stubs and, one in five, a program that
exits, spins, forks, floods or equals everything. Counted are answers that were lost, verdicts that were not due, and
the seconds from a request to its answer, those of requests that were told to come again included.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import quantiles

import requests

from codecrucible.benchmarks import load_benchmark

_HOSTILE = (
    "import os\nos._exit(0)\n",
    "while True:\n    pass\n",
    "import os\nwhile True:\n    os.fork()\n",
    "while True:\n    print('x' * 65536)\n",
    "class Yes(int):\n    def __eq__(self, other):\n        return True\n",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    problems = load_benchmark("starter").problems
    command = [Path(sys.executable).with_name("crucible"), "serve", "--benchmark", "starter", "--cpu-limit", "1"]
    verdicts: Counter[str] = Counter()
    wrong: list[str] = []
    lost: Counter[str] = Counter()
    seconds: list[float] = []
    with subprocess.Popen([*command, "--quiet"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        began = time.monotonic()

        def client(number: int) -> None:
            source, session = random.Random(number), requests.Session()  # noqa: S311
            while time.monotonic() - began < options.seconds:
                problem, kind = source.choice(problems), source.random()
                due = "passed" if kind < 0.4 else "failed"
                program = problem.reference if kind < 0.4 else "    return None\n"
                if kind >= 0.8:
                    program = f"{source.choice(_HOSTILE)}\ndef {problem.entry_point}(*_):\n    return 0\n"
                asked = {"benchmark": "starter", "problem_id": problem.problem_id, "answers": [program]}
                start = time.monotonic()
                try:
                    while (answer := session.post(f"{address}/judge", json=asked, timeout=300)).status_code == 429:
                        verdicts["asked again"] += 1
                        time.sleep(0.1)
                    (judgement,) = answer.json()["judgements"]
                except (requests.RequestException, ValueError, KeyError) as error:
                    lost[type(error).__name__] += 1
                    continue
                seconds.append(time.monotonic() - start)
                verdicts[judgement["verdict"]] += 1
                if (judgement["verdict"] == "passed") is not (due == "passed"):
                    wrong.append(f"{problem.problem_id}: {judgement['verdict']}, due {due}: {program[:60]!r}")

        clients = [threading.Thread(target=client, args=(number,)) for number in range(options.clients)]
        for each in clients:
            each.start()
        for each in clients:
            each.join()
        took = time.monotonic() - began
        server.terminate()
        server.wait(120)
    percentiles = quantiles(seconds, n=100)
    result = {
        "cores": os.cpu_count(),
        "clients": options.clients,
        "seconds": round(took, 1),
        "answers": len(seconds),
        "answers_a_second": round(len(seconds) / took, 1),
        "p50_s": round(percentiles[49], 3),
        "p99_s": round(percentiles[98], 3),
        "verdicts": dict(verdicts),
        "lost": dict(lost),
        "not_due": wrong[:20],
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
