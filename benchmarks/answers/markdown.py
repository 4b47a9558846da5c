"""Which stretches of a Markdown text are fenced code.

Models write Markdown carelessly, so this reads more than CommonMark allows: a fence may follow prose on its line, an
unclosed one (an answer that was cut off) goes to the end, and a line that opens a block inside of a block ends the
first. Fences in docstrings are part of the code: as in CommonMark, one that is indented by four columns more than the
fence that opened the block; in code without a fence, one that is indented below a function or a class; and a pair of
them within a string of three quotes that is closed on the last of its lines. A block may stand in a quotation (`> `).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

# Possessive (`*+`) wherever white space could be shared out in more than one way, so that a line of 100,000 blanks is
# read once: test_no_text_takes_long_to_read.
_LIST_MARKER = r"(?:[-*+]|\d{1,9}[.)])[ \t]++"
_FENCE = re.compile(rf"(?P<lead>[ \t]*+(?:{_LIST_MARKER})*+)(?P<mark>`{{3,}}+(?=[^`]*$)|~{{3,}}+)")
_FENCE_AFTER_PROSE = re.compile(r"(?P<lead>[^`]*+)(?P<mark>`{3,}+)[ \t]*+[\w+#.-]*+\s*+$")
_DEFINITION = re.compile(r"(?:async[ ]+)?def\b|class\b|\)")  # a closing bracket ends a signature of several lines
_INFO = re.compile(r"[ \t]*+[\w+#.-]++\s*+$")
_QUOTATION = re.compile(r"[ ]{0,3}>(?!>)[ ]?")
_QUOTES = re.compile(r"""\#[^\n]*+|(?P<long>\"{3}|'{3})|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?""")


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
    quoted: bool = False


def lines_of(text: str) -> list[str]:
    """Lines of `text` with their ends; unlike `str.splitlines`, only a newline ends one, as in Python source."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def stretches(text: str) -> Iterator[Stretch]:
    """Stretches of `text` in order; the first is outside of any fence, and may be empty."""
    all_lines = lines_of(text)
    fence: _Fence | None = None
    lines: list[str] = []
    in_definition = in_quotation = False
    quotes = ""
    string_end = -1  # the last line of a string that has fences in it
    for number in range(len(all_lines)):
        line, in_quotation = _unquoted(all_lines, number, fence, in_quotation=in_quotation)
        if fence and fence.quoted and not in_quotation:
            yield _stretch(lines, fence)
            fence, lines, quotes = None, [], ""
        if not line[0].isspace():
            in_definition = fence is None and _DEFINITION.match(line) is not None
        found = None if number <= string_end else _closing(line, fence) if fence else _opening(line)
        if found and quotes:
            string_end = _end_of_string(all_lines, number, quotes)
        if found is None or in_definition or number <= string_end:
            lines.append(line)
            quotes = _quotes_after(line, quotes)
            continue
        yield _stretch([*lines, found.prose], fence)
        fence = found if found.opens else None
        if fence and in_quotation:
            fence = replace(fence, quoted=True)
        lines, quotes = [], ""
    yield _stretch(lines, fence)


def starts_with_fence(line: str) -> bool:
    """Whether `line` opens a fence without prose before it."""
    return _FENCE.match(line) is not None


def _unquoted(lines: list[str], number: int, fence: _Fence | None, *, in_quotation: bool) -> tuple[str, bool]:
    """A line without the mark of the quotation that its block is in, and whether it is in one."""
    line = lines[number]
    mark = _QUOTATION.match(line) if ">" in line[:4] and (in_quotation or fence is None) else None
    if mark is None:
        return line, False
    if not in_quotation:
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if not _FENCE.match(line, mark.end()) or not _QUOTATION.match(following):
            return line, False
    return line[mark.end() :] or "\n", True


def _quotes_after(line: str, quotes: str) -> str:
    """The three quotes that a string is open with after `line`, if it is with `quotes` before; "" if none is."""
    if not quotes and '"""' not in line and "'''" not in line:
        return ""
    at = 0
    while True:
        if quotes:
            end = line.find(quotes, at)
            if end < 0:
                return quotes
            at, quotes = end + len(quotes), ""
        opened = next((found for found in _QUOTES.finditer(line, at) if found["long"]), None)
        if opened is None:
            return ""
        at, quotes = opened.end(), opened["long"]


def _end_of_string(lines: list[str], number: int, quotes: str) -> int:
    """The line that ends the string around the fence on line `number`, of fences that open and close; -1 if none.

    Without such an end the string was never closed, as in an answer that gives a signature with half a docstring.
    """
    inside = False
    for at in range(number, len(lines)):
        before, closed, after = lines[at].partition(quotes)
        if closed:
            return -1 if inside or before.strip() or after.strip() else at
        fence = _FENCE.match(lines[at])
        if fence:
            if inside and lines[at][fence.end() :].strip():
                return -1
            inside = not inside
    return -1


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
    return re.split(r"[:=,{]", words[0].strip("{.}"), maxsplit=1)[0].lower() if words else ""


def _stretch(lines: list[str], fence: _Fence | None) -> Stretch:
    first = next((line for line in lines if line.strip()), "")
    # No more than the code has: a list's fence may hold code at column 0.
    indent = min(fence.indent if fence else 0, len(first) - len(first.lstrip(" \t")))
    if indent:
        lines = [re.sub(rf"^[ \t]{{0,{indent}}}", "", line) for line in lines]
    return Stretch(text="".join(lines), fenced=fence is not None, info=fence.info if fence else "")
