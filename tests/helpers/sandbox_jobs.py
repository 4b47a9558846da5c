"""Jobs that the tests of this folder share."""

import json

from codecrucible.sandbox import CallsCheck, Check, Job, Limits

DOUBLE = Check(
    setup="def helper(x):\n    return x + 1\n",
    tests=(
        "def check(candidate):\n"
        "    for x in range(5):\n"
        "        assert candidate(x + 1) == 2 * (x + 1)\n"
        "    given = [1, 2]\n"
        "    assert candidate(given) == [1, 2, 1, 2] and given == [1, 2]\n"
        "check(double)\n"
    ),
    entry_point="double",
)
HONEST = "def double(x):\n    return x * 2\n"

#: Passes where nothing of an earlier program is left: no file, no process, no object of the kernel's.
NOTHING_IS_LEFT = (
    """
import os
files = [name for folder in ("/tmp", "/dev/shm", "/dev/mqueue") for name in os.listdir(folder)]
def uid_of(pid):
    try:
        return int(open(f"/proc/{pid}/status").read().split("Uid:")[1].split()[0])
    except OSError:  # the referee of the job before has just gone, to make room for a fresh one
        return 0
others = [pid for pid in os.listdir("/proc") if pid.isdecimal() and int(pid) != os.getpid()]
strangers = [pid for pid in others if uid_of(pid) >= 20000]
objects = [line for kind in ("shm", "sem", "msg") for line in open(f"/proc/sysvipc/{kind}").readlines()[1:]]
# The runner's own have a name that the kernel chose, of five digits.
names = [line.split()[-1] for line in open("/proc/net/unix")]
sockets = [name for name in names if name[0] == "@" and len(name) != 6]
assert not (files or strangers or objects or sockets), (files, strangers, objects, sockets)
"""
    + HONEST
)


def job(program, check=DOUBLE, **limits):
    return Job(program=program, check=check, limits=Limits(**{"cpu_s": 3.0, "wall_s": 10.0, **limits}))


def checking(tests, setup="", entry_point="f"):
    return Check(setup=setup, tests=tests, entry_point=entry_point)


#: Tests that are data, in two parts: numbers, and then lists and numbers, some of them twice.
DOUBLE_CALLS = CallsCheck(
    oracle=(
        "class Doubling:\n"
        "    def calls(self, inputs): return [tuple(arguments) for arguments in inputs]\n"
        "    def expected(self, x): return x * 2\n"
        "    def comparison(self): return lambda answer, expected: answer == expected\n"
        "oracle = Doubling()\n"
    ),
    parts=(
        json.dumps([[number] for number in range(1, 90)]),
        json.dumps([[argument] for number in range(100) for argument in ([number, 1], number, [number, 1])]),
    ),
    entry_point="double",
)
