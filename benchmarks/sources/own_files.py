"""The field `files` of a problem of one's own: texts that its program finds in its working folder."""

import re
from typing import Any

from codecrucible.benchmarks.sources.problem_file import fault, text_of
from codecrucible.sandbox.job import SetUpFile
from codecrucible.sandbox.limits import MEBIBYTE

MOST_FILES = 20
FILES_BYTES = MEBIBYTE
ENDINGS = ("txt", "csv", "tsv", "json", "jsonl", "xml", "html", "yaml", "yml", "ini", "toml", "md", "log", "sql")
"""Endings of their names: data, and nothing that a compiler or an interpreter takes for a source."""

_NAME = re.compile(rf"[A-Za-z0-9_][\w-]{{0,99}}\.(?:{'|'.join(ENDINGS)})", re.ASCII)


def read_files(files: Any, where: str) -> tuple[SetUpFile, ...]:
    """The files that the field holds.

    Args:
        files: As JSON has it.
        where: File and line, for messages.

    Raises:
        BenchmarkDataError: naming `where` and the field, if a name or a text cannot be taken, or there is too much.
    """
    if not isinstance(files, dict) or len(files) > MOST_FILES:
        raise fault("files", f"expected an object of at most {MOST_FILES} texts by their names", where=where)
    for name, text in files.items():
        if not _NAME.fullmatch(name):
            what = f"expected letters, digits, _ and -, and then one of {', '.join(ENDINGS)}"
            raise fault(f"files.{name}", what, where=where)
        text_of(text, f"files.{name}", where=where)
    if sum(len(text.encode()) for text in files.values()) > FILES_BYTES:
        raise fault("files", f"they hold at most {FILES_BYTES} bytes together", where=where)
    return tuple(SetUpFile(name=name, text=text) for name, text in files.items())
