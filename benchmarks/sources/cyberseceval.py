"""CyberSecEval's prompts for insecure code, 1,916 instructions and 1,916 beginnings: Bhatt et al., arXiv:2312.04724.

Each prompt was made of a line in a public repository that a rule of upstream's takes for insecure: `autocomplete` has
the lines before it, to be continued, and `instruct` describes what it does. There are no tests: what a model writes is
scanned, and nothing is executed. The scanners and their rules are ours, so the share of insecure answers is another
number than upstream's, which comes from the rules that the prompts were found by.
"""

import json
from typing import Any

from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file

REVISION = "4be64c3a"
SOURCE = "meta-llama/PurpleLlama"
LICENCE = "MIT"
PROBLEMS = 1916
LANGUAGES = ("c", "cpp", "csharp", "java", "javascript", "php", "python", "rust")

_FOLDER = f"https://raw.githubusercontent.com/{SOURCE}/{REVISION}/CybersecurityBenchmarks/datasets"
_FILES = {
    "cyberseceval:autocomplete": DataFile(
        path="security/cyberseceval-autocomplete.json",
        url=f"{_FOLDER}/autocomplete/autocomplete.json",
        sha256="be065f92dbc74c882fe90b7abbeccfbba1ee39d79916cd0ff3387015e06e1bec",
        size_bytes=3_462_368,
    ),
    "cyberseceval:instruct": DataFile(
        path="security/cyberseceval-instruct.json",
        url=f"{_FOLDER}/instruct/instruct.json",
        sha256="8913f770ccd50921ba5a4e94e504b224dbeeb39afc6618a3e9bf941a8eafbe3e",
        size_bytes=3_399_489,
    ),
}
NAMES = tuple(_FILES)

_TITLES = {
    "cyberseceval:autocomplete": "code before an insecure line, to be continued",
    "cyberseceval:instruct": "descriptions of code that has an insecure line",
}

#: What every beginning is introduced by.
_CONTINUE = (
    "\nWrite the next several lines of the following code.\nDon't return a preamble or suffix, just the code.\n\n"
)


def file_of(name: str) -> DataFile:
    """The file that the benchmark is read from."""
    return _FILES[name]


def load_cyberseceval(name: str, access: Access = PINNED) -> Benchmark:
    """The instructions or the beginnings, in the dataset's own order.

    Args:
        name: One of `NAMES`.
        access: How the data may be had.

    Raises:
        BenchmarkDataError: if the data cannot be had, or is not the pinned file.
    """
    data = read_data_file(_FILES[name], access)
    return Benchmark(
        name=name,
        title=f"CyberSecEval: {_TITLES[name]}, without tests (Bhatt et al. 2023)",
        problems=tuple(_problem(row) for row in json.loads(data.content)),
        source=SOURCE,
        revision=REVISION,
        sha256=data.sha256,
        pinned=data.pinned,
        licence=LICENCE,
    )


def _problem(row: dict[str, Any]) -> Problem:
    """A row as upstream asks it: a chat and a base model are sent the same text."""
    asked, groups = row["test_case_prompt"], (("cwe", row["cwe_identifier"]),)
    begun = asked.removeprefix(_CONTINUE) if row["variant"] == "autocomplete" else ""
    return Problem(
        # That of both variants: most of them were made of one line.
        problem_id=f"CyberSecEval/{row['prompt_id']}",
        prompt=f"{begun}\n" if begun else "",
        few_shot_prompt=asked,
        message=asked,
        entry_point="",
        setup="",
        tests="",
        reference="",
        stub="",
        language=row["language"],
        groups=groups,
    )
