"""Which stretches of a Markdown text are fenced code.

Models write Markdown carelessly, so this reads more than CommonMark allows: a fence may follow prose on its line, an
unclosed one (an answer that was cut off) goes to the end, and a line that opens a block inside of a block ends the
first. Fences in docstrings are part of the code: as in CommonMark, one that is indented by four columns more than the
fence that opened the block, and in code without a fence, one that is indented below a function or a class.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Possessive (`*+`) wherever white space could be shared out in more than one way, so that a line of 100,000 blanks is
# read once: test_no_text_takes_long_to_read.
_LIST_MARKER = r"(?:[-*+]|\d{1,9}[.)])[ \t]++"
_FENCE = re.compile(rf"(?P<lead>[ \t]*+(?:{_LIST_MARKER})*+)(?P<mark>`{{3,}}+(?=[^`]*$)|~{{3,}}+)")
_FENCE_AFTER_PROSE = re.compile(r"(?P<lead>[^`]*+)(?P<mark>`{3,}+)[ \t]*+[\w+#.-]*+\s*+$")
_DEFINITION = re.compile(r"(?:async[ ]+)?def\b|class\b|\)")  # a closing bracket ends a signature of several lines
_INFO = re.compile(r"[ \t]*+[\w+#.-]++\s*+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Consecutive lines of a text.

    Attributes:
        text: The lines, without the indentation that a fence in a list gives all of them.
        fenced: Whether they are the inside of a fence; the fence itself is in no stretch.
        info: First word behind the mark of the fence, in lower case: "c++" of "```C++ title=x"; "" without a fence.
    """

    text: str
    fenced: bool
    info: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fence:
    mark: str
    indent: int  # columns, counting a tab as one
    prose: str  # what stands before it on its line
    opens: bool
    info: str


def lines_of(text: str) -> list[str]:
    """Lines of `text` with their ends; unlike `str.splitlines`, only a newline ends one, as in Python source."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def stretches(text: str) -> Iterator[Stretch]:
    """Stretches of `text` in order; the first is outside of any fence, and may be empty."""
    fence: _Fence | None = None
    lines: list[str] = []
    in_definition = False
    for line in lines_of(text):
        if not line[0].isspace():
            in_definition = fence is None and _DEFINITION.match(line) is not None
        found = _closing(line, fence) if fence else _opening(line)
        if found is None or in_definition:
            lines.append(line)
            continue
        yield _stretch([*lines, found.prose], fence)
        fence = found if found.opens else None
        lines = []
    yield _stretch(lines, fence)


def starts_with_fence(line: str) -> bool:
    """Whether `line` opens a fence without prose before it."""
    return _FENCE.match(line) is not None


def _opening(line: str) -> _Fence | None:
    match = _FENCE.match(line)
    if match:
        info = _info(line, match)
        return _Fence(mark=match["mark"], indent=len(match["lead"]), prose="", opens=True, info=info)
    match = _FENCE_AFTER_PROSE.match(line)
    if match is None:
        return None
    prose = match["lead"] + "\n"
    return _Fence(mark=match["mark"], indent=0, prose=prose, opens=True, info=_info(line, match))


def _closing(line: str, fence: _Fence) -> _Fence | None:
    match = _FENCE.match(line)
    if match is None or match["lead"].strip() or not match["mark"].startswith(fence.mark):
        return None
    if len(match["lead"]) > fence.indent + 3:
        return None
    opens = _INFO.match(line, match.end()) is not None
    return _Fence(mark=match["mark"], indent=len(match["lead"]), prose="", opens=opens, info=_info(line, match))


def _info(line: str, fence: re.Match[str]) -> str:
    words = line[fence.end("mark") :].split(maxsplit=1)
    return words[0].strip("{.}").lower() if words else ""


def _stretch(lines: list[str], fence: _Fence | None) -> Stretch:
    first = next((line for line in lines if line.strip()), "")
    # No more than the code has: a list's fence may hold code at column 0.
    indent = min(fence.indent if fence else 0, len(first) - len(first.lstrip(" \t")))
    if indent:
        lines = [re.sub(rf"^[ \t]{{0,{indent}}}", "", line) for line in lines]
    return Stretch(text="".join(lines), fenced=fence is not None, info=fence.info if fence else "")
