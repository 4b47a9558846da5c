"""Problems from a file in HumanEval's format: one JSON object a line, gzipped or not.

Every record has exactly the fields `task_id`, `prompt`, `entry_point`, `canonical_solution` and `test`, all strings;
`test` defines `check(candidate)`. Whoever adds a benchmark in this format writes one call of `load_problem_file`; see
`starter.py`. A file may be hostile: ids go into file names and tables, and what is read is bounded.
"""

import ast
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from codecrucible.benchmarks.answers.body_indent import USUAL, body_indent
from codecrucible.benchmarks.errors import BenchmarkDataError
from codecrucible.benchmarks.problem import Benchmark, Problem, RefusedRow
from codecrucible.benchmarks.sources.mbpp import STOP as WHOLE_STOP
from codecrucible.benchmarks.sources.mbpp import stub_of

# Where a base model goes on to the next thing after the function: Chen et al. 2021, arXiv:2107.03374, section 2.1.
CODEX_STOP = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")

_FIELDS = ("task_id", "prompt", "entry_point", "canonical_solution", "test")
_REFERENCE = "canonical_solution"

MOST_BYTES = 256 << 20
"""Largest problem file, packed and unpacked."""

LINE_CHARACTERS = 4 << 20
"""Longest line of such a file."""

MOST_LINES = 100_000
"""Most lines of such a file."""

_ID_CHARACTERS = 200


def load_problem_file(
    file: Traversable,
    *,
    name: str,
    title: str,
    source: str,
    revision: str,
    sha256: str,
    licence: str,
    stop: tuple[str, ...] = CODEX_STOP,
) -> Benchmark:
    """Benchmark whose problems are the lines of `file`.

    Args:
        file: JSON lines in HumanEval's format, plain or gzipped.
        name: Name on the command line, such as "humaneval".
        title: One line for a list.
        source: Where the file came from: package and version, or hub id.
        revision: Version or commit of the source.
        sha256: Hex digest that the bytes of `file` must have.
        licence: SPDX id.
        stop: Strings at which a plain completion of a prompt has ended.

    Raises:
        BenchmarkDataError: if the file is absent, has another digest, or holds a record that is not a problem.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BenchmarkDataError(
            f"cannot read the data of benchmark {name!r} from {file}: {error}; install {source} again"
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise BenchmarkDataError(
            f"the data of benchmark {name!r} is not the file its scores are defined on: {file} has sha256 {found}, "
            f"expected {sha256}; install {source} again"
        )
    return Benchmark(
        name=name,
        title=title,
        problems=read_problems(data, where=file.name, stop=stop),
        source=source,
        revision=revision,
        sha256=sha256,
        licence=licence,
    )


def read_problems(
    data: bytes,
    *,
    where: str,
    stop: tuple[str, ...],
    reference_needed: bool = True,
    other: Callable[[Any, str], Problem | None] | None = None,
    refuse: Callable[[RefusedRow], None] | None = None,
) -> tuple[Problem, ...]:
    """Problems that the bytes of a problem file hold, in its order.

    Args:
        data: JSON lines in HumanEval's format, plain or gzipped; blank lines are skipped.
        where: Name of the file, for messages.
        stop: As `Problem.stop`.
        reference_needed: Whether a record without `canonical_solution` is refused.
        other: From what a line holds and its place to the problem it is in another format; None if it is in none.
        refuse: Gets each line that is not a problem, and the others are read. None refuses all with the first.

    Raises:
        BenchmarkDataError: on the first record that is not a problem, unless `refuse` gets it, or if there is no other;
            names `where`, line and field.
    """
    problems: dict[str, Problem] = {}
    first: BenchmarkDataError | None = None
    for number, line in enumerate(unpacked(data, where=where).split("\n"), start=1):
        if not line.strip():
            continue
        if number > MOST_LINES:
            raise BenchmarkDataError(f"{where}: a file has at most {MOST_LINES} lines; split it into several files")
        place, record = f"{where}:{number}", None
        try:
            record = _record(line, where=place)
            problem = (other and other(record, place)) or problem_of(
                record, where=place, stop=stop, reference_needed=reference_needed
            )
            _refuse_second(problem.problem_id, problems, record, where=place)
        except BenchmarkDataError as error:
            if not refuse:
                raise
            first = first or error
            refuse(RefusedRow(place=place, problem_id=_claimed_id(record), reason=str(error)))
        else:
            problems[problem.problem_id] = problem
    if not problems:
        raise first or BenchmarkDataError(f"{where}: expected at least one problem, found none")
    return tuple(problems.values())


def _refuse_second(problem_id: str, problems: Collection[str], record: Any, *, where: str) -> None:
    if problem_id in problems:
        raise BenchmarkDataError(f"{where}: field {_id_field(record)!r}: {problem_id!r} is there twice")


def _id_field(record: Any) -> str:
    """The field that a record gives its id in, in whatever format it is."""
    named = record if isinstance(record, dict) else {}
    return next((field for field in ("problem_id", "task_id", "name") if field in named), "task_id")


def _claimed_id(record: Any) -> str:
    """The id that a record gives itself, "" if that could not be one."""
    claimed = record.get(_id_field(record)) if isinstance(record, dict) else None
    try:
        check_id(str(claimed) if isinstance(claimed, str | int) else "", where="")
    except BenchmarkDataError:
        return ""
    return str(claimed)


def unpacked(data: bytes, *, where: str) -> str:
    """The text of a file, gzipped or not.

    Raises:
        BenchmarkDataError: if it is too large, no gzip where its first bytes promise that, or no UTF-8.
    """
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise BenchmarkDataError(f"{where}: holds more than {MOST_BYTES >> 20} MiB; split it into several files")
        return data.decode()
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkDataError(f"{where}: expected gzip, which its first bytes promise: {error}") from error
    except UnicodeDecodeError as error:
        raise BenchmarkDataError(f"{where}: expected UTF-8: {error}") from error


def _record(line: str, *, where: str) -> Any:
    if len(line) > LINE_CHARACTERS:
        raise BenchmarkDataError(f"{where}: a line has at most {LINE_CHARACTERS} characters, and this has {len(line)}")
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BenchmarkDataError(f"{where}: expected a JSON object: {error}") from error


def problem_of(record: Any, *, where: str, stop: tuple[str, ...], reference_needed: bool) -> Problem:
    """The problem that a line in HumanEval's format holds; arguments and errors as of `read_problems`."""
    if isinstance(record, dict) and not reference_needed:
        record = {_REFERENCE: ""} | record
    _check_fields(record, where=where)
    check_id(record["task_id"], where=where)
    start = begun(record["prompt"], record["entry_point"], where=where)
    if not re.search(r"\bcheck\b", record["test"]):
        raise BenchmarkDataError(
            f"{where}: field 'test': defines no `check(candidate)`: write one, or give the asserts as 'test_list'"
        )
    return Problem(
        problem_id=record["task_id"],
        prompt=record["prompt"],
        entry_point=record["entry_point"],
        # With the prompt, the helpers that some tests call (HumanEval/32, 38 and 50) are the dataset's own.
        setup=start.setup,
        tests=f"{record['test']}\ncheck({record['entry_point']})\n",
        reference=record["canonical_solution"],
        stub=start.stub,
        stop=stop if start.stop == CODEX_STOP else start.stop,
        body_indent=start.indent,
    )


def _check_fields(record: Any, *, where: str) -> None:
    if not isinstance(record, dict):
        raise BenchmarkDataError(f"{where}: expected a JSON object, found {type(record).__name__}")
    for field in _FIELDS:
        if field not in record:
            raise BenchmarkDataError(f"{where}: field {field!r} is missing")
        value = record[field]
        if not isinstance(value, str):
            raise BenchmarkDataError(f"{where}: field {field!r}: expected a string, found {type(value).__name__}")
        if "\0" in value:
            raise BenchmarkDataError(f"{where}: field {field!r}: holds NUL, which no Python source may hold")
    unknown = sorted(record.keys() - set(_FIELDS))
    if unknown:
        raise BenchmarkDataError(f"{where}: unknown field {unknown[0]!r} (a problem has {', '.join(_FIELDS)})")


def check_id(problem_id: str, *, where: str, field: str = "task_id") -> None:
    """Refuse what would be another file, or nothing to look at, wherever an id is used or shown."""
    parts = problem_id.split("/")
    if not 1 <= len(problem_id) <= _ID_CHARACTERS:
        fault = f"has {len(problem_id)} characters, and may have 1 to {_ID_CHARACTERS}"
    elif not problem_id.isprintable() or problem_id != problem_id.strip():
        fault = "holds a character that is not printed, or begins or ends with a blank"
    elif "" in parts or "." in parts or ".." in parts or "\\" in problem_id:
        fault = "reads as the path of a file"
    else:
        return
    raise BenchmarkDataError(f"{where}: field {field!r}: {problem_id[:_ID_CHARACTERS]!r} {fault}")


def check_ids(problems: Sequence[Problem]) -> None:
    """Refuse problems of which two have one id, or one has an id that cannot be used; or none at all.

    Raises:
        BenchmarkDataError: saying which.
    """
    ids = [problem.problem_id for problem in problems]
    if not ids or len(set(ids)) < len(ids):
        raise BenchmarkDataError(f"expected problems with ids of their own, found {len(ids)}")
    for problem_id in ids:
        check_id(problem_id, where="a problem", field="problem_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a prompt in Python begins, and how it goes on.

    Attributes:
        indent: White space that the body begins with.
        stub: A completion that does nothing: a body, or the function where the prompt leaves all of it to be written.
        setup: The prompt as a source of its own, for what tests need of it.
        stop: Strings at which a plain completion has ended.
    """

    indent: str
    stub: str
    setup: str
    stop: tuple[str, ...]


def begun(prompt: str, entry_point: str, *, where: str) -> Begun:
    """What `prompt` begins: the function `entry_point`, or nothing, where it is a docstring, imports and helpers.

    Raises:
        BenchmarkDataError: if it ends with another function that is to be written, or is no Python in any way.
    """
    if _is_whole(prompt, entry_point):
        return Begun(indent=USUAL, stub=stub_of(entry_point), setup=f"{prompt}\n", stop=WHOLE_STOP)
    indent = _indent_of(prompt, entry_point, where=where)
    return Begun(indent=indent, stub=f"{indent}return None\n", setup=f"{prompt}{indent}pass\n", stop=CODEX_STOP)


def _is_whole(prompt: str, entry_point: str) -> bool:
    """Whether a prompt is a source of its own, that ends with no function to be gone on with."""
    try:
        body = ast.parse(prompt).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    last = body[-1] if body else None
    if not isinstance(last, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return True
    return last.name != entry_point and (len(last.body) > 1 or ast.get_docstring(last, clean=False) is None)


def _indent_of(prompt: str, entry_point: str, *, where: str) -> str:
    """How the prompt's body is indented: the tests run after it with a body of `pass`, and extraction indents by it."""
    try:
        return body_indent(prompt, entry_point)
    except LookupError as error:
        raise BenchmarkDataError(
            f"{where}: field 'entry_point': expected the function that the prompt ends with, found {entry_point!r}"
        ) from error
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise BenchmarkDataError(
            f"{where}: field 'prompt': does not compile with a body of 'pass', however it is indented (put prose into "
            f"a docstring or a comment): {error}"
        ) from error


def fault(field: str, what: str, *, where: str) -> BenchmarkDataError:
    """An error that names the place of a record and one of its fields."""
    return BenchmarkDataError(f"{where}: field {field[:100]!r}: {what}")


def text_of(value: Any, field: str, *, where: str) -> str:
    """`value`, which is a text that a source may hold.

    Raises:
        BenchmarkDataError: naming `where` and the field, if it is none.
    """
    if not isinstance(value, str):
        raise fault(
            field, "is missing" if value is None else f"expected a string, found {type(value).__name__}", where=where
        )
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise fault(field, "holds NUL or half of a surrogate pair, which no source may hold", where=where)
    return value
