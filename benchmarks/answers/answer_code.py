"""Which part of a chat answer is its code.

The parts are told apart by what they define and use, see `Reader`. An answer is untrusted and may be any text: it is
read by lines and by regular expressions that take linear time.
"""

import re
import textwrap
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Protocol

from codecrucible.benchmarks.answers.markdown import Stretch, lines_of, starts_with_fence
from codecrucible.benchmarks.answers.marked_code import is_of, marked, starts_with_tag
from codecrucible.benchmarks.answers.program import Rule

_COMMENTS = (("/*", "*/"), ('"""', '"""'))
_LONGEST_COMMENT = 200
"""In lines. Prose in it does not end the code that it belongs to."""

ANY_NAME = r"(\w+)"
"""The name that a pattern matches as its last group."""

_SENTENCE = re.compile(r"[A-Z][\w'\u2019]*+[,;:!]?[ ][^\n]*[.:!?*]\s*$")
_ASIDE = re.compile(
    r"\W*+(?:or\b|alternatively\b|another (?:way|option|approach|version|solution)\b|you (?:can|could|may) also\b"
    r"|(?:a |the )?(?:common mistake|incorrect|wrong|buggy|bad)\b|avoid\b|do not\b|don['\u2019]t\b|not like this\b)",
    re.IGNORECASE,
)
"""Begins a line that announces another solution than the one given, or one to stay away from."""

_HEADING = re.compile(r"#+\s")


class Finish(IntEnum):
    """How far a definition of the entry point is worked out."""

    SIGNATURE = 0  # without a body
    STUB = 1  # with a body that does nothing, or only raises
    CUT = 2  # with something open at the end of the code
    IMPORT = 3  # taken from elsewhere
    PLACEHOLDER = 4  # gives back a constant, or says that something is left to do
    WHOLE = 5


class Reader(Protocol):
    """Reads code of one language."""

    @property
    def code_line(self) -> re.Pattern[str]:
        """Matches a line at column 0 that looks like code rather than prose."""

    @property
    def fences(self) -> Collection[str]:
        """What a fence of the language says behind its mark, in lower case."""

    @property
    def sees_prose(self) -> bool:
        """Whether prose between two definitions is told from the text of a comment."""

    def definitions(self, text: str, functions: frozenset[str]) -> list[int]:
        """Where the entry point is defined at the top level of text that may hold prose; arguments as of `finish`."""

    def functions(self, code: str) -> frozenset[str]:
        """Names of what `code` defines that can be called, as far as `finish` asks for them."""

    def finish(self, code: str, functions: frozenset[str]) -> Finish | None:
        """How far `code` works the entry point out; None if it does not define it.

        Args:
            code: At column 0.
            functions: Names that can be called, of other code of the answer.
        """

    def with_helpers(self, code: str, before: Sequence[str], after: Sequence[str]) -> str:
        """`code` with what it needs of the blocks `before` and `after` it."""

    def steps(self, blocks: Sequence[str]) -> str:
        """The body that the `blocks` give part by part; "" if they give none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of an answer that defines the entry point."""

    finish: Finish
    ours: bool  # whether it does not say that it is in another language
    aside: bool
    fenced: bool
    place: int
    code: str

    @property
    def worth(self) -> tuple[int, bool, bool, bool, int]:
        return self.finish, self.ours, not self.aside, self.fenced, self.place


def code_of(answer: str, reader: Reader) -> tuple[str, Rule]:
    """The part of a chat answer that is its code, and the rule that chose it.

    Among the parts that define the entry point, marked blocks and text outside of them, it is the one that works it
    out furthest; of several, the last block. A block that says it is in another language, one that the line before it
    calls an alternative or wrong, and text come after the others. It gets what it uses, not defining it, from the other
    blocks. Where no part goes beyond a stub, the blocks that hold a body are taken for one. Where none defines the
    entry point: the text up to the first block, if that starts as code or there is no block; else the first block.
    """
    parts = marked(answer, reader.code_line)
    blocks = {place: _flush_left(part.text, reader) for place, part in enumerate(parts) if part.fenced}
    ours = {place for place in blocks if not parts[place].info or is_of(parts[place].info, reader.fences)}
    functions = frozenset().union(*(reader.functions(blocks[place]) for place in ours))
    found = []
    for place, part in enumerate(parts):
        pieces = [blocks[place]] if part.fenced else _pieces(part.text, reader, functions)
        for code in pieces:
            finish = reader.finish(code, functions)
            if finish is not None:
                is_ours = not part.fenced or place in ours
                aside = part.fenced and _is_aside(parts[:place])
                found.append(
                    _Part(finish=finish, ours=is_ours, aside=aside, fenced=part.fenced, place=place, code=code)
                )
    best = max(found, key=lambda part: part.worth, default=None)
    if best:
        if best.finish <= Finish.STUB:
            defining = {part.place for part in found}
            body = reader.steps([blocks[place] for place in sorted(ours) if place not in defining])
            if body:
                return body, Rule.STEPS
        before = [blocks[place] for place in sorted(ours) if place < best.place]
        after = [blocks[place] for place in sorted(ours) if place > best.place]
        code = reader.with_helpers(best.code, before, after)
        return code, Rule.BLOCKS if code != best.code else Rule.BLOCK if best.fenced else Rule.TEXT
    if not blocks or starts_as_code(answer, reader.code_line):
        return parts[0].text, Rule.BODY_TEXT
    first = sorted(blocks, key=lambda place: place not in ours)
    return next((blocks[place] for place in first if blocks[place].strip()), ""), Rule.BODY


def _is_aside(earlier: Sequence[Stretch]) -> bool:
    """Whether the prose in front of a block announces what is not the answer."""
    if not earlier or earlier[-1].fenced:
        return False
    lines = earlier[-1].text.rstrip().rpartition("\n")
    return _ASIDE.match(lines[2]) is not None


def starts_as_code(text: str, code_line: re.Pattern[str]) -> bool:
    """Whether the first line with text on it is indented as a body is, or is code at column 0."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    if starts_with_fence(first) or starts_with_tag(first) or _HEADING.match(first):
        return False
    return first.startswith(("    ", "\t")) or code_line.match(first) is not None


def is_prose(line: str) -> bool:
    """Whether `line` is a sentence, as far as that can be said without knowing the language of the code."""
    return _SENTENCE.match(line) is not None


def without_prose(text: str, code_line: re.Pattern[str]) -> str:
    """`text` without the sentences that it begins and ends with."""
    lines = lines_of(text)
    first, last = 0, len(lines)
    while first < last and not lines[first].strip():
        first += 1
    if first < last and is_prose(lines[first]):
        first = next((at for at in range(first, last) if code_line.match(lines[at]) and not is_prose(lines[at])), 0)
    while last > first and (not lines[last - 1].strip() or is_prose(lines[last - 1])):
        last -= 1
    return "".join(lines[first:last]) or text


def _pieces(text: str, reader: Reader, functions: frozenset[str]) -> list[str]:
    """Code of `text`, which is outside of any mark, around each definition that prose sets apart."""
    found = reader.definitions(text, functions)
    if not found:
        return []
    cuts = [0]
    for at, following in pairwise(found if reader.sees_prose else ()):
        prose = _prose_between(text, at, following, reader.code_line)
        if prose:
            cuts.append(prose)
    pieces = []
    for start, end in pairwise([*cuts, len(text)]):
        first = next(at for at in found if start <= at < end)
        pieces.append(_without_prose(text[start:end], first - start, reader.code_line))
    return pieces


def _prose_between(text: str, at: int, following: int, code_line: re.Pattern[str]) -> int:
    """Where the first line of prose at column 0 starts between two definitions; 0 if none does."""
    start = text.find("\n", at) + 1
    while 0 < start < following:
        end = text.find("\n", start) + 1
        line = text[start : end or len(text)]
        if line.strip() and not _may_be_code(line, code_line):
            return start
        start = end
    return 0


def _flush_left(block: str, reader: Reader) -> str:
    """`block` moved to column 0 if that puts the definition of the entry point at top level."""
    first = next((line for line in lines_of(block) if line.strip()), "")
    if not first[:1].isspace():
        return block
    moved = textwrap.dedent(block)
    return moved if moved != block and reader.finish(moved, frozenset()) is not None else block


def _without_prose(text: str, at: int, code_line: re.Pattern[str]) -> str:
    """Lines of `text` around the definition at the character `at`, up to prose before and after it."""
    lines = lines_of(text)
    definition = text.count("\n", 0, at)
    first = definition
    while first > 0 and _may_be_code(lines[first - 1], code_line):
        first = _opening(lines, first - 1)
    while first < definition and lines[first][0].isspace():  # blank, or an indented part of the prose
        first += 1
    # From the end, not from the definition: a line inside of a string may look like prose.
    last = len(lines)
    while last > definition + 1 and not _may_be_code(lines[last - 1], code_line):
        last -= 1
    return "".join(lines[first:last])


def _opening(lines: list[str], last: int) -> int:
    """Line on which the comment or the long string begins that ends on the line `last`; `last` if none does."""
    text = lines[last].rstrip()
    for opened, closed in _COMMENTS:
        if text.endswith(closed) and opened not in text.removesuffix(closed):
            above = range(last - 1, max(-1, last - _LONGEST_COMMENT), -1)
            return next((line for line in above if opened in lines[line]), last)
    return last


def _may_be_code(line: str, code_line: re.Pattern[str]) -> bool:
    return line[0].isspace() or code_line.match(line) is not None
