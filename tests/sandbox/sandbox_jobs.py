"""Jobs that the tests of this folder share."""

from sandbox import Check, Job, Limits

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


def job(program, check=DOUBLE, **limits):
    return Job(program=program, check=check, limits=Limits(**{"cpu_s": 3.0, "wall_s": 10.0, **limits}))


def checking(tests, setup="", entry_point="f"):
    return Check(setup=setup, tests=tests, entry_point=entry_point)
