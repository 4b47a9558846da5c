"""Programs and tests in other languages that the tests of this folder share."""

from codecrucible.sandbox import Change, ExitCodeCheck, Job, Limits

TESTS = {
    "bash": (
        'candidate() {\n    twice "$@"\n}\n\nset -e\nrun_test() {\n    [[ $(candidate "21") = "42" ]]\n'
        '    [[ $(candidate "400") = "800" ]]\n}\n\nrun_test\n'
    ),
    "javascript": (
        "const assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = twice;\n"
        "  assert.deepEqual(candidate(21),42);\n  assert.deepEqual(candidate(400),800);\n}\n\ntest();\n"
    ),
    "cpp": (
        "int main() {\n    auto candidate = twice;\n    assert(candidate((21)) == (42));\n"
        "    assert(candidate((400)) == (800));\n}\n"
    ),
    "python": "candidate = twice\nassert candidate(21) == 42\nassert candidate(400) == 800\n",
}

RIGHT = {
    "bash": "twice() {\n    echo $(($1 * 2))\n}\n",
    "javascript": "function twice(x) {\n  return 2 * x;\n}\n",
    "cpp": "#include <assert.h>\nlong twice(long x) { return 2 * x; }\n",
    "python": "def twice(x):\n    return 2 * x\n",
}

WRONG = {
    "bash": "twice() {\n    echo $(($1 + 2))\n}\n",
    "javascript": "function twice(x) {\n  return x + 2;\n}\n",
    "cpp": "#include <assert.h>\nlong twice(long x) { return x + 2; }\n",
    "python": "def twice(x):\n    return x + 2\n",
}


def check(tests):
    changes = []
    for value, other in (("42", "43"), ("800", "801")):
        start = tests.index(value)
        changes.append(Change(start=start, end=start + len(value), text=other))
    return ExitCodeCheck(tests=tests, changes=tuple(changes))


def exit_code_job(language, program, tests=None, **limits):
    return Job(
        program=program,
        check=check(tests or TESTS[language]),
        limits=Limits(**{"cpu_s": 3.0, "wall_s": 10.0, **limits}),
        language=language,
    )
