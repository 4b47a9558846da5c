"""The parsers of foreign bytes, each as a function of bytes that raises only where the parser is at fault."""

import collections
import contextlib
import datetime as dt
import decimal
import fractions
import io
import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from codecrucible.benchmarks import BenchmarkError, PromptForm, extract, form_of, load_benchmark
from codecrucible.benchmarks.answers.extraction import ended, raw
from codecrucible.benchmarks.answers.markdown import stretches
from codecrucible.benchmarks.sources.own_record import read_record
from codecrucible.benchmarks.sources.problem_file import CODEX_STOP, read_problems
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import HarnessError
from codecrucible.harness.evaluation.from_files import read_samples
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.sandbox.image import decoder, frames, values
from codecrucible.sandbox.languages import LANGUAGES

STARTER = load_benchmark("starter[:3]")
SAMPLES = "".join(
    json.dumps({"task_id": problem.problem_id, "completion": problem.reference, "sample_index": index}) + "\n"
    for problem in STARTER.problems
    for index in range(2)
).encode()
OF_OTHER_HARNESSES = (
    b'[["def f(): pass"], []]',
    b'{"eval": {"starter/0": [{"solution": "x"}]}}',
    b'{"name": "starter/0", "completions": ["x"]}',
    b'{"doc": {"task_id": 0}, "filtered_resps": [["x"]]}',
)

CASES = [{"stdin": "1", "expected": "1"}]
RECORDS = (
    {"problem_id": "a/0", "language": "python", "prompt": "Echo.", "cases": CASES, "limits": {"cpu_s": 2.0}},
    {"problem_id": "a/1", "language": "lua", "prompt": "function f()\n", "entry_point": "f", "stop": ["\nend"],
     "tests": "assert(f() == 42)\n", "expected": ["42"]},
    {"problem_id": "a/2", "language": "rust", "prompt": "//", "entry_point": "f", "tolerance": {"absolute": 0.5},
     "types": {"arguments": ["Vec<(i64, String)>"], "result": "Option<f64>"},
     "calls": [{"arguments": [[[1, "a"]]], "expected": None}, {"arguments": [[]], "expected": 1.5}]},
    {"task_id": 3, "text": "Add.", "test_list": ["assert add(1, 2) == 3"], "test_setup_code": ""},
    {"task_id": "a/4", "prompt": "def f(x):\n", "entry_point": "f", "canonical_solution": "  return x\n",
     "base_input": [[1]], "plus_input": [], "atol": 0},
)  # fmt: skip
OWN = "".join(json.dumps(record) + "\n" for record in RECORDS).encode()

FRAME = frames.pack({"id": 1, "ending": "completed", "stdout": "x"})

COMPLETIONS = (
    "Here it is:\n\n```python\ndef f(x):\n    return x\n```\n",
    "    return x\n\nprint(f(1))\n",
    "<think>no</think>~~~c++\nint f() {\n  return 1; /* } */\n}\n~~~",
    "1. ```lua\n   function f()\n     return '\"'\n   end\n   ```",
    "def f(x):\n    '''```\n    text\n    ```'''\n    return x",
)

VALUES = (
    *(None, True, -3, 1 << 80, 0.5, 2j, "é", b"\0", bytearray(b"x"), [1, [2]], (1,), {1}, frozenset({2}), {"a": 1}),
    *(range(1, 9, 2), {"a": 1}.keys(), {"a": 1}.values(), {"a": 1}.items(), collections.deque([1]), iter([1])),
    *(decimal.Decimal("1.50"), fractions.Fraction(1, 3), dt.datetime(2024, 2, 29, 1, 2, tzinfo=dt.UTC)),
    *(dt.date(2024, 2, 29), dt.time(1, 2), dt.timedelta(1, 2, 3), np.arange(4).reshape(2, 2), int, object()),
)

#: A fraction made of a text, which is more than it looks.
FRACTION = b"Q\x02\x00\x00\x00s\x0b\x00\x00\x001e999999999n"

RUN_FILES = ("run.json", "samples.jsonl", "executions.jsonl", "findings.jsonl", "judgements.jsonl", "sessions.jsonl")

DEEP = b"[" * 100_000 + b"\n"


def told(*arguments: object) -> tuple[int, str]:
    """Exit code and stderr of a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(each) for each in arguments])
    return code, err.getvalue()


def make_run(home: Path) -> Path:
    """A run folder with everything in it, made in `home`."""
    (home / "samples.jsonl").write_bytes(SAMPLES)
    command = ("evaluate", home / "samples.jsonl", "--benchmark", "starter[:3]", "--out", home / "run", "--quiet")
    code, said = told(*command)
    assert code == 0, said
    return home / "run"


@cache
def _home() -> "tempfile.TemporaryDirectory[str]":
    """A folder of this process, which goes when it ends."""
    return tempfile.TemporaryDirectory(prefix="codecrucible-fuzz-")


@cache
def _run() -> Path:
    return make_run(Path(_home().name))


@cache
def _one_problem_a_language():
    record = {"prompt": "function f()\n", "entry_point": "f", "tests": "== 42", "expected": ["42"]}
    problems = [*STARTER.problems[:1]]
    for name in LANGUAGES:
        line = json.dumps(record | {"problem_id": name, "language": name}).encode()
        with contextlib.suppress(BenchmarkError):  # one whose tests are written otherwise
            problems += read_problems(line, where=name, stop=(), other=read_record)
    return problems


def take_frames(data: bytes) -> None:
    """What a runner answers."""
    buffer = bytearray(data)
    with contextlib.suppress(ValueError):
        while frames.take(buffer) is not None:
            pass


def decode(data: bytes) -> None:
    """What a program returns to its tests; what can be decoded is of the same type after another journey."""
    reader = decoder.Decoder(values.TYPES, lambda number: number)
    encoder = values.Encoder(values.TYPE_NAMES, lambda _: 0)
    try:
        value = reader.decode(data)
    except ValueError:
        return
    with contextlib.suppress(values.NotData):
        again = reader.decode(encoder.encode(value))
        assert type(again) is type(value), (value, again)


def import_samples(data: bytes) -> None:
    """Samples in a file, and in each kind of folder."""
    for name in ("samples.jsonl", "completions/a.json", "programs/starter_0/0.py"):
        path = Path(_home().name, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for name in ("samples.jsonl", "completions", "programs"):
        with contextlib.suppress(HarnessError):
            read_samples(Path(_home().name, name), STARTER)


def read_benchmark(data: bytes) -> None:
    """A benchmark in either format."""
    for other in (None, read_record):
        with contextlib.suppress(BenchmarkError):
            read_problems(data, where="own.jsonl", stop=CODEX_STOP, reference_needed=other is None, other=other)


def take_programs(data: bytes) -> None:
    """A completion in every language, taken in every way that there is."""
    text = data.decode("utf-8", "surrogateescape")
    list(stretches(text))
    for problem in _one_problem_a_language():
        form_of(problem, text)
        raw(problem, text)
        extract(problem, ended(problem, text), form=PromptForm.COMPLETION)
        extract(problem, text, form=PromptForm.CHAT)


def report_on(data: bytes) -> None:
    """A run folder in which the file that the first byte tells holds the rest."""
    folder, name = RunFolder(_run()), RUN_FILES[data[0] % len(RUN_FILES) if data else 0]
    whole = (folder.path / name).read_bytes()
    (folder.path / name).write_bytes(data[1:])
    try:
        # What is refused is not reported on: making a report takes long.
        with contextlib.suppress(HarnessError):
            _ = folder.manifest, folder.executions(), folder.sessions()
            code, said = told("report", folder.path)
            assert "internal error" not in said, said
            assert code in range(6), code
    finally:
        (folder.path / name).write_bytes(whole)


def _encoded() -> list[bytes]:
    encoder = values.Encoder(values.TYPE_NAMES, lambda _: 0)
    return [FRACTION, *(encoder.encode(value) for value in VALUES)]


def _run_files() -> list[bytes]:
    contents = [(_run() / name).read_bytes() for name in RUN_FILES]
    return [bytes([place]) + content for place, whole in enumerate(contents) for content in (whole, DEEP)]


PARSERS: Mapping[str, tuple[Callable[[bytes], None], Callable[[], list[bytes]]]] = {
    "frames": (take_frames, lambda: [FRAME, FRAME * 2, FRAME[:9]]),
    "values": (decode, _encoded),
    "samples": (import_samples, lambda: [SAMPLES[: SAMPLES.index(b"\n") + 1], *OF_OTHER_HARNESSES, DEEP]),
    "benchmark": (read_benchmark, lambda: [OWN, *(json.dumps(each).encode() for each in RECORDS), DEEP]),
    "completions": (take_programs, lambda: [each.encode() for each in COMPLETIONS]),
    "run_folder": (report_on, _run_files),
}
"""By name: the parser, and what makes inputs to begin with."""
