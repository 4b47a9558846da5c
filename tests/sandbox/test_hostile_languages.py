"""Every hostile program that shares a process with its tests ends as its first line says, and leaves nothing."""

from pathlib import Path

import pytest
from exit_code_jobs import RIGHT, exit_code_job

from codecrucible.sandbox import Ending, Job, Limits
from codecrucible.sandbox.languages import LANGUAGES

#: Not ruff's settings, nor its cache.
PROGRAMS = sorted(
    path for path in Path(__file__).parent.glob("hostile_languages/*/*") if path.suffix not in {"", ".toml"}
)
LIMITS = {"cpu_s": 1.0, "wall_s": 8.0, "output_bytes": 4 << 20}

# A right program that is wrong where a file or a process of another uid is left.
NOTHING_IS_LEFT = {
    "bash": r"""
others=$(cat /proc/[0-9]*/status 2>/dev/null | awk -v me="$UID" '/^Uid:/ && $2 >= 20000 && $2 != me')
[[ $(ls -A /tmp) = "main.sh" && -z $others ]] || { ls -A /tmp; echo "$others"; exit 9; }
""",
    "javascript": r"""
const fs = require("fs");
const files = fs.readdirSync("/tmp");
const others = fs.readdirSync("/proc").filter((pid) => {
  if (!/^\d+$/.test(pid)) return false;
  const uid = /^Uid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1];
  return uid >= 20000 && uid != process.getuid();
});
if (files.join() !== "main.js" || others.length) throw new Error(files + others);
""",
    "cpp": r"""
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
struct Look {
    Look() {
        int files = 0, others = 0;
        DIR *tmp = opendir("/tmp");
        while (readdir(tmp)) files++;
        DIR *proc = opendir("/proc");
        while (dirent *entry = readdir(proc)) {
            if (!atoi(entry->d_name)) continue;
            char path[300], line[300];
            snprintf(path, sizeof path, "/proc/%s/status", entry->d_name);
            FILE *file = fopen(path, "r");
            while (file && fgets(line, sizeof line, file))
                if (!strncmp(line, "Uid:", 4)) others += atoi(line + 4) >= 20000 && atoi(line + 4) != (int)getuid();
            if (file) fclose(file);
        }
        if (files != 3 || others) _exit(9);  // ".", ".." and the program
    }
} look;
""",
    "python": r"""
import os, re
def uid(pid):
    return int(re.search(r"Uid:\s+(\d+)", open(f"/proc/{pid}/status").read())[1])
others = [pid for pid in os.listdir("/proc") if pid.isdigit() and uid(pid) >= 20000 and uid(pid) != os.getuid()]
assert os.listdir("/tmp") == ["main.py"] and not others, (os.listdir("/tmp"), others)
""",
}


@pytest.fixture(scope="module")
def lone_executor(languages):
    """One container a family, so that what follows a hostile program runs where it ran."""
    from codecrucible.sandbox import DockerExecutor

    with DockerExecutor(workers=1) as lone:
        yield lone


def hostile_job(language, program):
    if language in RIGHT:
        return exit_code_job(language, program, **LIMITS)
    return Job(program=program, check=LANGUAGES[language].trial.check, limits=Limits(**LIMITS), language=language)


def honest_job(language):
    """A job that passes; where `NOTHING_IS_LEFT` has its language, only if nothing is left of the one before."""
    if language in RIGHT:
        return exit_code_job(language, NOTHING_IS_LEFT[language] + RIGHT[language])
    right, _ = LANGUAGES[language].trials(Limits())
    return right


def test_there_are_enough_of_each():
    counts = {language: sum(path.parent.name == language for path in PROGRAMS) for language in NOTHING_IS_LEFT}
    assert min(counts.values()) >= 20


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(120)
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_hostile_program_ends_as_it_should_and_the_next_one_passes(lone_executor, image_of, path):
    language = path.parent.name
    image_of(language)
    first, _, program = path.read_text().partition("\n")
    expected = first.partition("ending: ")[2].split("|")
    execution = lone_executor.run(hostile_job(language, program))
    follower = lone_executor.run(honest_job(language))
    assert execution.ending in expected, execution
    assert execution.ending is not Ending.COMPLETED
    assert follower.ending is Ending.COMPLETED, follower


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(60)
def test_no_hostile_program_cost_a_container(lone_executor):
    """It runs after them, in the same file: they all met the same PID 1."""
    assert lone_executor.restarts == 0
