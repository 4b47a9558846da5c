"""Which part of a chat answer is its code.

An answer is untrusted and may be any text: it is read by lines and by regular expressions that take linear time.
"""

import re
import textwrap
from collections.abc import Collection

from benchmarks.markdown import lines_of, starts_with_fence, stretches

_COMMENTS = (("/*", "*/"), ('"""', '"""'))
_LONGEST_COMMENT = 200
"""In lines. Prose in it does not end the code that it belongs to."""

ANY_NAME = r"(\w+)"
"""The name that a pattern matches as its last group."""

_WORD = re.compile(r"\w+")
_HEADING = re.compile(r"#+\s")


def code_of(
    answer: str,
    *,
    definition: re.Pattern[str],
    any_definition: re.Pattern[str],
    code_line: re.Pattern[str],
    fences: Collection[str],
) -> str:
    """The part of a chat answer that is its code.

    In this order: the first fenced block that defines the entry point, behind those before it that define what it uses
    and does not define; the first stretch outside of the fences that defines it, without the prose around it; the text
    up to the first fence, if that starts as code or there is no fence; the first fenced block. A block that says it is
    in another language comes after all that do not.

    Args:
        answer: What the model returned, without its reasoning.
        definition: Matches where the entry point is defined.
        any_definition: Matches where anything is, with `ANY_NAME` for its name.
        code_line: Matches a line at column 0 that looks like code rather than prose.
        fences: What a fence of the language says behind its mark, in lower case.
    """
    parts = list(stretches(answer))
    fenced = sorted((part for part in parts if part.fenced), key=lambda part: part.info not in {"", *fences})
    blocks = [_flush_left(part.text, definition) for part in fenced]
    for number, block in enumerate(blocks):
        if definition.search(block):
            return _with_helpers(block, blocks[:number], any_definition)
    for part in parts:
        found = None if part.fenced else definition.search(part.text)
        if found:
            return _without_prose(part.text, found.start(), code_line)
    if not blocks or starts_as_code(answer, code_line):
        return parts[0].text
    return next((block for block in blocks if block.strip()), "")


def starts_as_code(text: str, code_line: re.Pattern[str]) -> bool:
    """Whether the first line with text on it is indented as a body is, or is code at column 0."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    if starts_with_fence(first) or _HEADING.match(first):
        return False
    return first.startswith(("    ", "\t")) or code_line.match(first) is not None


def _with_helpers(block: str, earlier: list[str], any_definition: re.Pattern[str]) -> str:
    """`block` behind each `earlier` one that defines something that the block uses and does not define."""
    missing = set(_WORD.findall(block)) - _defined(block, any_definition)
    return "".join(f"{helper}\n" for helper in earlier if missing & _defined(helper, any_definition)) + block


def _defined(block: str, any_definition: re.Pattern[str]) -> set[str]:
    return {found[found.lastindex or 0] for found in any_definition.finditer(block)}


def _flush_left(block: str, definition: re.Pattern[str]) -> str:
    """`block` moved to column 0 if only that puts the definition of the entry point at top level."""
    if definition.search(block):
        return block
    moved = textwrap.dedent(block)
    return moved if definition.search(moved) else block


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
