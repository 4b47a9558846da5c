"""Benchmarks in files of one's own: the page's example works as it stands, and hostile files are refused."""

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from own_records import RECORD, install, write

from codecrucible.benchmarks import BenchmarkDataAbsent, BenchmarkDataError, PromptForm, extract, load_benchmark

PAGE = (Path(__file__).parents[2] / "docs" / "your-own-benchmark.md").read_text(encoding="utf-8")

#: 257 MiB of newlines.
BOMB = gzip.compress(b"\n" * (257 << 20), compresslevel=1)


def test_a_file_is_a_benchmark_named_by_its_path_and_known_by_its_bytes(tmp_path, monkeypatch):
    second = {**RECORD, "task_id": "mine/1", "canonical_solution": "    return 1\n"}
    file = write(tmp_path / "mine.jsonl", RECORD, second)
    monkeypatch.chdir(tmp_path)
    named = load_benchmark("./mine.jsonl")
    assert (named.name, len(named.problems)) == (str(file), 2)
    assert [problem.reference for problem in named.problems] == ["", "    return 1\n"]
    assert load_benchmark(named.name) == named == load_benchmark("mine.jsonl") == load_benchmark(f"{tmp_path}/")
    assert load_benchmark("mine.jsonl[1:]").name == f"{file}[1:]"
    assert load_benchmark(f"{file}[1:]").problems == named.problems[1:]
    write(file, {**RECORD, "prompt": 'def one():\n    """Return one."""\n'})
    assert load_benchmark("mine.jsonl").sha256 != named.sha256


@pytest.mark.parametrize("indent", ["  ", "    ", "\t", "   "])
@pytest.mark.parametrize(
    "answer",
    [
        "```python\nfor x in [1]:\n    return x\n```\n",
        "```python\n    for x in [1]:\n        return x\n```\n",
        "```python\n  for x in [1]:\n    return x\n```\n",
        "```python\n\tfor x in [1]:\n\t\treturn x\n```\n",
        "```python\ndef one():\n    return 1\n```\n",
    ],
)
def test_a_body_that_a_chat_model_writes_fits_the_prompts_indentation(tmp_path, indent, answer):
    file = write(tmp_path / "mine.jsonl", {**RECORD, "prompt": f'def one():\n{indent}"""Return 1."""\n'})
    (problem,) = load_benchmark(str(file)).problems
    program = extract(problem, f"Here:\n\n{answer}", form=PromptForm.CHAT)
    namespace = {}
    exec(program.source, namespace)  # noqa: S102 - a few lines of our own
    assert namespace["one"]() == 1


def packed(record):
    return gzip.compress(json.dumps(record).encode() + b"\n")


def test_a_gzipped_file_will_do_and_so_will_two_of_them_joined(tmp_path):
    file = tmp_path / "mine.jsonl.gz"
    file.write_bytes(packed(RECORD) + packed({**RECORD, "task_id": "mine/1"}))
    assert len(load_benchmark(str(file)).problems) == 2


def test_a_path_may_have_brackets(tmp_path):
    (tmp_path / "a[b").mkdir()
    file = write(tmp_path / "a[b" / "mine[1].jsonl", RECORD)
    assert load_benchmark(load_benchmark(str(file)).name).name == str(file)


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(BenchmarkDataAbsent, match=r"cannot read the benchmark .*none.jsonl: it is not there"):
        load_benchmark(str(tmp_path / "none.jsonl"))
    os.mkfifo(tmp_path / "pipe.jsonl")
    with pytest.raises(BenchmarkDataAbsent, match="it is no file"):
        load_benchmark(str(tmp_path / "pipe.jsonl"))
    (tmp_path / "pipe.jsonl").unlink()
    with pytest.raises(BenchmarkDataAbsent, match=r"expected one file in .* found 0"):
        load_benchmark(str(tmp_path))


@pytest.mark.parametrize(
    ("problem_id", "message"),
    [
        ("../../etc/passwd", "reads as the path of a file"),
        ("/etc/passwd", "reads as the path of a file"),
        ("a/../b", "reads as the path of a file"),
        ("c:\\x", "reads as the path of a file"),
        ("x" * 4096, "has 4096 characters"),
        ("", "has 0 characters"),
        ("nul\0", "holds NUL"),
        ("red\x1b[31m", "holds a character that is not printed"),
        ("left\u202eright", "holds a character that is not printed"),
        ("mine/0", "is there twice"),
    ],
)
def test_an_id_that_would_do_harm_is_refused_with_its_line(tmp_path, problem_id, message):
    file = write(tmp_path / "mine.jsonl", RECORD, {**RECORD, "task_id": problem_id})
    benchmark = load_benchmark(str(file))
    (row,) = benchmark.refused
    assert [problem.problem_id for problem in benchmark.problems] == ["mine/0"]
    assert re.match(rf"mine.jsonl:2: field 'task_id': .*{message}", row.reason)
    assert row.problem_id == ("mine/0" if problem_id == "mine/0" else "")
    assert row.reason.isprintable()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (BOMB, "holds more than 256 MiB"),
        (b"[" * 100_000 + b"]" * 100_000, "mine.jsonl:1: expected a JSON object"),
        (b'{"task_id": "' + b"x" * (5 << 20) + b'"}', "a line has at most"),
        (gzip.compress(BOMB), "expected UTF-8"),
        (b"\x1f\x8b broken", "expected gzip"),
        (packed(RECORD)[:-4], "expected gzip"),
        (packed(RECORD) + b"junk", "expected gzip"),
        (b"\xff\xfe", "expected UTF-8"),
        (json.dumps({**RECORD, "prompt": "(" * 50_000}).encode(), "does not compile"),
        (json.dumps({**RECORD, "prompt": "x = " + "-" * 50_000 + "1\n"}).encode(), "does not compile"),
    ],
    ids=[
        "gzip bomb",
        "nested JSON",
        "long line",
        "gzip in gzip",
        "no gzip",
        "cut off",
        "junk behind",
        "no text",
        "nested prompt",
        "deep prompt",
    ],
)
def test_a_bomb_is_refused(tmp_path, data, message):
    (tmp_path / "mine.jsonl").write_bytes(data)
    with pytest.raises(BenchmarkDataError, match=message):
        load_benchmark(str(tmp_path / "mine.jsonl"))


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(180)
def test_the_pages_examples_work_as_they_stand(languages, tmp_path):
    files = re.findall(r"`(\S+\.jsonl)`:\n\n((?:    .*\n)+)", PAGE)
    files += re.findall(r"`(\S+\.py)`[^\n]*:\n\n((?:    .*\n|\n(?=\n?    ))+)", PAGE)
    assert len(files) == 6
    for name, text in files:
        (tmp_path / name).write_text(re.sub(r"^ {4}", "", text, flags=re.MULTILINE))
    named, function = re.findall(r'^    (my-mixed) = "(.*)"$', PAGE, re.MULTILINE)[0]
    install(tmp_path, "my-benchmarks", f"{named} = {function}\n")
    commands = re.findall(r"^    \$ crucible (.*)\n((?:    [^$\n].*\n)*)", PAGE, re.MULTILINE)
    assert len(commands) == 6
    paths = [str(tmp_path), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    for command, expected in commands:
        done = subprocess.run(
            [sys.executable, "-m", "codecrucible", *command.split()],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        for line in expected.splitlines():
            assert line.strip() in done.stdout
    judged = [json.loads(line) for line in (tmp_path / "run" / "judgements.jsonl").read_text().splitlines()]
    assert [each["strength"] for each in judged] == ["referee", "answers"]
    run = json.loads((tmp_path / "mixed-run" / "report.json").read_text())
    assert run["verdicts"]["passed"] == 3
