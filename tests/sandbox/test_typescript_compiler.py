"""The compiler of TypeScript that starts from a snapshot finds and writes what the plain one does."""

import json
import subprocess

import pytest

PLAIN = ("tsc", "--target", "esnext", "--module", "commonjs", "--skipLibCheck", "main.ts")

PROGRAMS = {
    "a type that does not fit": "const x: number = 'a';\n",
    "no syntax": "const x: number = 'a' 'b';\n",
    "a library's type that is extended": (
        "interface Array<T> { last(): T }\nArray.prototype.last = function () { return this[0]; };\n"
        "const x: string = [1].last();\n"
    ),
    "a library's name that is taken": (
        "const name = 1;\nclass Map<K> { get(k: K) { return k; } }\nnew Map<string, number>();\n"
    ),
    "a module that is not there": "import fs from 'fs';\nexport const a: string = fs.readFileSync('a', 'utf8');\n",
    "nothing wrong": (
        "enum A { B, C }\nconst b: number[] = [A.B].map((x) => x + [1, [2]].flat().length);\nconsole.log(b);\n"
    ),
}

#: Runs in the container: reads programs and commands as JSON, answers with what each command made of each program.
IN_CONTAINER = """
import json, os, subprocess, sys, tempfile
programs, commands = json.load(sys.stdin)
answers = []
for program in programs:
    for command in commands:
        with tempfile.TemporaryDirectory() as folder:
            with open(f"{folder}/main.ts", "w", encoding="utf-8") as file:
                file.write(program)
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            with open(f"{folder}/main.js", encoding="utf-8") as file:
                answers.append([done.returncode, done.stdout, done.stderr, file.read()])
json.dump(answers, sys.stdout)
"""


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(180)
def test_it_finds_and_writes_what_the_plain_compiler_does(languages):
    from codecrucible.sandbox.docker.images import find
    from codecrucible.sandbox.languages import FAMILIES, LANGUAGES

    language = LANGUAGES["typescript"]
    container = ["docker", "run", "--rm", "-i", "--network", "none", "--tmpfs", "/tmp:exec"]
    done = subprocess.run(
        [*container, find(family=FAMILIES[language.family]).id, "python3", "-c", IN_CONTAINER],
        input=json.dumps([list(PROGRAMS.values()), [PLAIN, language.compile]]),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert [status for status, *_ in answers[::2]] == [0 if name == "nothing wrong" else 2 for name in PROGRAMS]
    for name, plain, fast in zip(PROGRAMS, answers[::2], answers[1::2], strict=True):
        assert fast == plain, name
