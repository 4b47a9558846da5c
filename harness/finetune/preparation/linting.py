"""What ruff and pylint find wrong with Python, and Python as ruff formats it.

Nothing of the code is executed or imported. Files are checked in batches, one process each, because starting pylint
takes longer than checking a file; a batch that cannot be checked is halved until the file at fault is alone.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

#: Syntax errors, comparisons that never hold, misplaced statements, undefined names.
RUFF_RULES = "E9,F63,F7,F82"
#: PEP 8's own.
LINE_LENGTH = 79

# What is imported is not installed where the rows are prepared.
_PYLINT_OFF = "import-error,no-name-in-module,no-member"
_PYLINT_KINDS = frozenset({"error", "fatal"})
_SECONDS_A_FILE = 2.0
_SECONDS_AT_LEAST = 60.0
_UNCHECKED = -1
# Other exit codes say what was found.
_PYLINT_FAILED = 32
_RUFF_FAILED = 2

_Check = Callable[[Path, Sequence[str]], dict[str, int]]


def ruff_error_lines(codes: Sequence[str], *, python: tuple[int, int]) -> list[int]:
    """How many lines of each of `codes` ruff finds errors in; -1 where it cannot tell."""

    def check(folder: Path, names: Sequence[str]) -> dict[str, int]:
        arguments = ["check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--output-format", "json"]
        target = [f"--target-version=py{python[0]}{python[1]}", f"--select={RUFF_RULES}", "."]
        found = json.loads(_run("ruff", [*arguments, *target], folder, files=len(names)))
        return _lines((Path(each["filename"]).name, each["location"]["row"]) for each in found)

    return _checked(codes, check)


def pylint_error_lines(codes: Sequence[str], *, python: tuple[int, int]) -> list[int]:
    """How many lines of each of `codes` pylint finds errors in; -1 where it cannot tell."""

    def check(folder: Path, names: Sequence[str]) -> dict[str, int]:
        (folder / "pylintrc").touch()  # so that none of the user's counts
        arguments = ["--errors-only", "--output-format=json", "--rcfile=pylintrc", f"--disable={_PYLINT_OFF}"]
        version = f"--py-version={python[0]}.{python[1]}"
        found = json.loads(_run("pylint", [*arguments, version, *names], folder, files=len(names)) or "[]")
        return _lines((Path(each["path"]).name, each["line"]) for each in found if each["type"] in _PYLINT_KINDS)

    return _checked(codes, check)


def formatted(codes: Sequence[str], *, python: tuple[int, int]) -> list[str]:
    """Each of `codes` in ruff's format at PEP 8's line length; as it was where ruff does not take it."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = _write(folder, codes)
        target = f"--target-version=py{python[0]}{python[1]}"
        arguments = ["format", "--isolated", "--no-cache", "--quiet", f"--line-length={LINE_LENGTH}", target, "."]
        try:
            _run("ruff", arguments, folder, files=len(names))
        except (subprocess.SubprocessError, OSError):
            return list(codes)
        return [(folder / name).read_text(encoding="utf-8") for name in names]


def _checked(codes: Sequence[str], check: _Check) -> list[int]:
    if not codes:
        return []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = _write(folder, codes)
        try:
            lines = check(folder, names)
        except (subprocess.SubprocessError, OSError, ValueError):
            if len(codes) == 1:
                return [_UNCHECKED]
            middle = len(codes) // 2
            return _checked(codes[:middle], check) + _checked(codes[middle:], check)
    return [lines.get(name, 0) for name in names]


def _write(folder: Path, codes: Sequence[str]) -> list[str]:
    names = [f"row_{number:06}.py" for number in range(len(codes))]
    for name, code in zip(names, codes, strict=True):
        (folder / name).write_text(code, encoding="utf-8", newline="\n")
    return names


def _lines(places: Any) -> dict[str, int]:
    """Number of different lines by file."""
    found: dict[str, set[int]] = {}
    for name, line in places:
        found.setdefault(name, set()).add(line)
    return {name: len(lines) for name, lines in found.items()}


def _run(tool: str, arguments: Sequence[str], folder: Path, *, files: int) -> str:
    """What a tool prints.

    Raises:
        subprocess.SubprocessError: if it failed or took too long; what it cannot format, ruff only leaves alone.
    """
    seconds = max(_SECONDS_AT_LEAST, _SECONDS_A_FILE * files)
    done = subprocess.run(
        [sys.executable, "-I", "-m", tool, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    failed = done.returncode & _PYLINT_FAILED if tool == "pylint" else done.returncode == _RUFF_FAILED
    if done.returncode < 0 or (failed and "format" not in arguments):
        raise subprocess.CalledProcessError(done.returncode, tool, stderr=done.stderr)
    return done.stdout
