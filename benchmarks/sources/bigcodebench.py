"""BigCodeBench v0.1.4: 1,140 functions that call libraries, and the 148 hard ones, Zhuo et al. 2024, arXiv:2406.15877.

Two tasks for each: `complete` continues a signature with a long docstring, `instruct` is asked in prose. Programs and
tests are the same in both. The tests are classes of `unittest` that look into live objects and patch modules, so they
share a process with the program (`UnittestCheck`), in an image with the libraries.

The rule is upstream's, calibrated: the imports and the signature come before the program, and passed is one that passes
all tests of the class. What is not upstream's: a test that is skipped, limits, seeds, and the versions of libraries.
"""

import json
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, OwnLimits, Problem
from codecrucible.benchmarks.sources.bigcodebench_rows import DEAD, SLOW, UNCHANGED
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file
from codecrucible.benchmarks.unittest_methods import methods_of
from codecrucible.sandbox.limits import MEBIBYTE

REVISION = "v0.1.4"
SOURCE = "bigcode-project/bigcodebench"
RUNTIME = "python-libraries"

_FIELDS = (
    "task_id",
    "complete_prompt",
    "instruct_prompt",
    "canonical_solution",
    "code_prompt",
    "test",
    "entry_point",
    "doc_struct",
    "libs",
)
_RECIPE = (
    "its rows are those of the split v0.1.4 of {name} on the Hugging Face hub, a JSON object a line, as "
    "`datasets.load_dataset({name!r}, split='v0.1.4').to_json(PATH)` writes them"
)


def _written(content: bytes) -> bytes:
    """The rows of a file, whatever the order of their fields and the escapes; `content` itself if it holds no rows."""
    try:
        rows = [json.loads(line) for line in content.splitlines()]
        lines = [json.dumps({field: row[field] for field in _FIELDS}, ensure_ascii=False) for row in rows]
        return "".join(f"{line}\n" for line in lines).encode()
    except (ValueError, LookupError, TypeError, RecursionError):
        return content


FULL = DataFile(
    path="bigcodebench/BigCodeBench-v0.1.4.jsonl",
    url="",
    sha256="f6704a124f4edcec9d12cc7912f41f3d4207f51b87f091d136e3436f7e25149f",
    size_bytes=6_964_708,
    recipe=_RECIPE.format(name="bigcode/bigcodebench"),
    written=_written,
)
HARD = DataFile(
    path="bigcodebench/BigCodeBench-Hard-v0.1.4.jsonl",
    url="",
    sha256="e5ee3607abf5274f2b9e5c65cb1aae30e78a08f707c4da5727a59faa4608d124",
    size_bytes=1_069_336,
    recipe=_RECIPE.format(name="bigcode/bigcodebench-hard"),
    written=_written,
)

NAMES = {
    "bigcodebench": 1140,
    "bigcodebench:hard": 148,
    "bigcodebench:instruct": 1140,
    "bigcodebench:instruct-hard": 148,
}
"""How many problems each benchmark has."""

_NLTK = "https://raw.githubusercontent.com/nltk/nltk_data/5db857e6/packages"
IMAGE_FILES = (
    DataFile(
        path="nltk_data/vader_lexicon.zip",
        url=f"{_NLTK}/sentiment/vader_lexicon.zip",
        sha256="8adba4294eef3964d820bf655e37e61bdc3a341994356af59b74fb3b4a36ce5c",
        size_bytes=90_486,
    ),
    DataFile(
        path="nltk_data/words.zip",
        url=f"{_NLTK}/corpora/words.zip",
        sha256="54ed02917d6771dcc3e8141218960d020947f7f2ccfd9ac9b320979349746015",
        size_bytes=757_777,
    ),
)
"""What the image of `RUNTIME` is made of that no package holds."""

#: Where upstream ends a plain completion.
_STOP = (
    "\ndef ",
    "\nclass ",
    "\nimport ",
    "\nfrom ",
    "\nassert ",
    "\nif __name__",
    "\ndef main(",
    "\nprint(",
)
_ASKED = "Please provide a self-contained Python script that solves the following problem in a markdown code block:"

#: Upstream allows 241 s of wall time and 30 GB of address space.
_CPU_S, _MEMORY_BYTES = 20.0, 2048 * MEBIBYTE


def file_of(name: str) -> DataFile:
    """The file of one benchmark."""
    return HARD if name.endswith("hard") else FULL


def load_bigcodebench(name: str, access: Access = PINNED) -> Benchmark:
    """One task with all or the hard problems, in the dataset's own order.

    Args:
        name: A key of `NAMES`.
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(file_of(name), access)
    instruct = ":instruct" in name
    hard = "the hard 148 of " if name.endswith("hard") else ""
    asked = "asked for in prose" if instruct else "with a docstring"
    return Benchmark(
        name=name,
        title=f"BigCodeBench: {hard}1,140 functions that call libraries, {asked} (Zhuo et al. 2024)",
        problems=tuple(_problem(json.loads(line), instruct=instruct) for line in data.content.splitlines()),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence="Apache-2.0",
    )


def _problem(row: dict[str, Any], *, instruct: bool) -> Problem:
    problem_id, signature = row["task_id"], row["code_prompt"]
    dead = DEAD.get(problem_id, "")
    return Problem(
        problem_id=problem_id,
        prompt=f"{signature.rstrip()}\n" if instruct else row["complete_prompt"],
        few_shot_prompt=f"{row['instruct_prompt']}\n\n```python\n{signature.rstrip()}\n" if instruct else "",
        message=_message(row["instruct_prompt" if instruct else "complete_prompt"].strip(), fenced=not instruct),
        entry_point=row["entry_point"],
        setup=f"{signature}\n    pass\n",
        tests=row["test"],
        methods=methods_of(row["test"], unchanged=UNCHANGED.get(problem_id, ())),
        runtime=RUNTIME,
        reference="" if dead else row["canonical_solution"],
        stub="    return None\n",
        stop=_STOP,
        limits=OwnLimits(cpu_s=SLOW.get(problem_id, _CPU_S), memory_bytes=_MEMORY_BYTES, at_least=True),
        dead=dead,
        dead_by_reading=bool(dead),
    )


def _message(asked: str, *, fenced: bool) -> str:
    """What upstream asks a chat."""
    return f"{_ASKED}\n```\n{asked}\n```\n" if fenced else f"{_ASKED}\n{asked}\n"
