"""The least that executing a program can cost: fork, compile, run it with its tests. No isolation, no limit, no verdict
that could be trusted. `execution.py` starts one of these for each worker.

Reads a line of JSON, a list of sources, and writes the number of those that ended well; until stdin ends.
"""

import json
import os
import sys

print("ready", flush=True)
for line in sys.stdin:
    passed = 0
    for source in json.loads(line):
        pid = os.fork()
        if pid == 0:
            try:
                exec(compile(source, "<program>", "exec"), {})  # noqa: S102
                os._exit(0)
            except BaseException:  # noqa: BLE001
                os._exit(1)
        passed += os.waitpid(pid, 0)[1] == 0
    print(passed, flush=True)
