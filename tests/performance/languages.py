"""CPU seconds of a program in each language whose image is built, compiling and running apart.

    CRUCIBLE_DATA=… python tests/performance/languages.py [--languages cpp,typescript] [--plain] [--control]

Prints JSON. The programs are the hand-made right answers to MultiPL-E in tests/benchmarks/solutions, compiled and run
with their tests by the declared commands, in the declared image, in a container without a network; the kernel counts.
A figure is the median over the answers, each run as often as `--rounds` says; the first run of each is left out.
They print their answers where the language has a printer; with `--control` they run with the tests as they stand, which
a program that passes did twice. `--plain` takes the plain commands instead of those that were made fast, for the
languages that have both.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median

from codecrucible.benchmarks import PromptForm, extract, job_for, load_benchmark
from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import AnswersCheck, ImageMissing, Limits
from codecrucible.sandbox.docker.images import find
from codecrucible.sandbox.languages import FAMILIES, LANGUAGES, Language, chosen

SOLUTIONS = Path(__file__).parents[1] / "benchmarks" / "solutions"
TOKEN = "0" * 32

_JAVA = "/usr/share/java/javatuples.jar"
#: By language: how to compile and how to run without what makes it faster.
PLAIN = {
    "cpp": (("g++", "-std=c++17", "-O0", "-o", "main", "main.cpp", "-lcrypto", "-lpthread"), ("./main",)),
    "typescript": (("tsc", "--target", "esnext", "--module", "commonjs", "main.ts"), ("node", "main.js")),
    "java": (
        ("javac", "-encoding", "UTF8", "-cp", _JAVA, "-d", ".", "Problem.java"),
        ("java", "-ea", "-cp", f".:{_JAVA}", "Problem"),
    ),
    "go": ((), ("go", "test", "main_test.go")),
}

#: Runs in the container: reads jobs as JSON, answers with the exit status and the CPU seconds of each step.
IN_CONTAINER = """
import json, os, resource, shutil, subprocess, sys
def cpu_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
answers = []
os.dup2(os.open("/dev/null", os.O_WRONLY), 3)  # the channel for answers
os.chdir("/tmp")  # Go's files name each other by their paths
for job in json.load(sys.stdin):
    with open(job["file_name"], "w", encoding="utf-8") as file:
        file.write(job["source"])
    environment = {**os.environ, "LANG": "C.UTF-8", "HOME": "/tmp", "TMPDIR": "/tmp", **job["environment"]}
    answer = []
    for arguments in (job["compile"], job["run"]):
        before = cpu_s()
        done = arguments and subprocess.run(arguments, env=environment, capture_output=True, pass_fds=(3,))
        answer.append([done.returncode if done else 0, cpu_s() - before])
    answers.append(answer)
    for name in os.listdir():
        shutil.rmtree(name) if os.path.isdir(name) else os.unlink(name)
json.dump(answers, sys.stdout)
"""


def sources(suffix: str, language: Language, *, control: bool) -> list[str]:
    """The right answers to HumanEval in a language, with what prints their answers, or with their tests."""
    paths = sorted((SOLUTIONS / suffix).glob("*.right"))
    problems = {problem.problem_id: problem for problem in load_benchmark(f"multipl-e:humaneval-{suffix}").problems}
    made = []
    for path in paths:
        problem = problems[path.stem]
        program = extract(problem, path.read_text(encoding="utf-8"), form=PromptForm.COMPLETION).source
        check = job_for(problem, program, limits=Limits()).check
        if language.printer and isinstance(check, AnswersCheck) and not control:
            made.append(language.printer.source(program, check))
        else:
            made.append(language.source(program, problem.tests, TOKEN))
    return made


def measure(language: Language, programs: list[str], rounds: int) -> dict[str, float | int]:
    """Median CPU seconds of compiling and of running, over `programs`.

    Raises:
        ImageMissing: if the image is not built.
        ValueError: if a step fails.
    """
    job = {
        "file_name": language.file_name,
        "compile": language.compile,
        "run": language.run,
        "environment": dict(language.environment),
    }
    jobs = [{**job, "source": source} for source in programs for _ in range(rounds + 1)]
    image = find(family=FAMILIES[language.family]).id
    container = ["docker", "run", "--rm", "-i", "--network", "none", "--tmpfs", "/tmp:exec"]
    done = subprocess.run(
        [*container, image, "python3", "-c", IN_CONTAINER],
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise ValueError(f"{language.name}: {done.stderr}")
    answers = json.loads(done.stdout)
    failed = [answer for answer in answers if any(status for status, _ in answer)]
    if failed:
        raise ValueError(f"{language.name}: {len(failed)} of {len(answers)} did not exit with 0: {failed[0]}")
    counted = [answer for number, answer in enumerate(answers) if number % (rounds + 1)]
    compile_s, run_s = (median(answer[step][1] for answer in counted) for step in (0, 1))
    return {"programs": len(programs), "compile_cpu_s": round(compile_s, 3), "run_cpu_s": round(run_s, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--languages", default="all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--control", action="store_true")
    options = parser.parse_args()
    suffixes = {translation.language: suffix for suffix, translation in TRANSLATIONS.items() if suffix != "py"}
    result = {}
    for language in chosen(options.languages):
        if language.name not in suffixes or (options.plain and language.name not in PLAIN):
            continue
        programs = sources(suffixes[language.name], LANGUAGES[language.name], control=options.control)
        if options.plain:
            compile_, run = PLAIN[language.name]
            language = replace(language, compile=compile_, run=run)  # noqa: PLW2901 - the same language, otherwise made
        try:
            result[language.name] = measure(language, programs, options.rounds)
        except ImageMissing as error:
            print(error, file=sys.stderr)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
