"""A prompt that begins one function: where its name, its parameters and its docstring stand."""

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from codecrucible.benchmarks.answers.body_indent import body_indent
from codecrucible.benchmarks.problem import Problem

_LITERAL = re.compile(r"([rRuU]?)(\"{3}|'{3}|\"|')")

#: What the parser and the tokenizer raise of a text that they do not take.
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError)


class Unchanged(Exception):
    """Why a prompt cannot be perturbed, in a few words that fit behind a number of problems."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A prompt in Python that ends with the beginning of one function.

    Attributes:
        text: The prompt.
        function: The function, with a body of `pass` behind its docstring.
        starts: Index of the first character of each line, from line 1 on.
    """

    text: str
    function: ast.FunctionDef
    starts: tuple[int, ...]

    def index(self, line: int, column: int) -> int:
        """Index in `text` of a place as `ast` has it: a line from 1, and bytes of UTF-8."""
        start = self.starts[line - 1]
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        return start + len(self.text[start:end].encode()[:column].decode())

    @property
    def docstring(self) -> tuple[int, int] | None:
        """First index of the docstring's literal and the one behind it; None without one, or of several literals."""
        first = self.function.body[0]
        if not (isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)):
            return None
        node = first.value
        if not isinstance(node.value, str) or node.end_lineno is None or node.end_col_offset is None:
            return None
        start, end = self.index(node.lineno, node.col_offset), self.index(node.end_lineno, node.end_col_offset)
        return (start, end) if len(list(tokens_of(self.text[start:end]))) == 1 else None

    @property
    def words(self) -> tuple[int, int]:
        """First index of what stands between the docstring's quotes and the one behind it.

        Raises:
            Unchanged: there is no docstring.
        """
        if (found := self.docstring) is None:
            raise Unchanged("no docstring")
        start, end = found
        opened = _LITERAL.match(self.text, start)
        if opened is None:
            raise Unchanged("no docstring")
        return start + len(opened[0]), end - len(opened[2])

    @property
    def names(self) -> frozenset[str]:
        """Every name in the prompt's code."""
        return frozenset(token.string for token in tokens_of(f"{self.text}\n") if token.type == tokenize.NAME)

    def with_words(self, words: str) -> str:
        """The prompt with other text between the docstring's quotes."""
        start, end = self.words
        return self.text[:start] + words + self.text[end:]


def prompt_of(problem: Problem) -> Prompt:
    """The prompt of a problem, read.

    Raises:
        Unchanged: the problem does not ask in this form.
    """
    asked_otherwise = problem.suffix is not None or problem.few_shot_prompt or problem.message
    if problem.language != "python" or not problem.continued or asked_otherwise:
        raise Unchanged("no prompt that begins a function in Python")
    text = problem.prompt
    try:
        indent = body_indent(text, problem.entry_point)
        function = ast.parse(f"{text}{indent}pass\n").body[-1]
    except (LookupError, *UNREADABLE):
        raise Unchanged("no prompt that begins a function in Python") from None
    if not isinstance(function, ast.FunctionDef) or "\r" in text or "\f" in text:
        raise Unchanged("no prompt that begins a function in Python")
    lines = text.split("\n")
    return Prompt(text=text, function=function, starts=tuple(accumulate((len(line) + 1 for line in lines), initial=0)))


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a source.

    Attributes:
        type: As in `tokenize`.
        string: Its text.
        start: Index of its first character.
    """

    type: int
    string: str
    start: int


_LAYOUT = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}


def tokens_of(source: str) -> Iterator[Token]:
    """The tokens of a source but for comments and layout.

    Raises:
        SyntaxError: or another of `UNREADABLE`, where it cannot be cut into tokens.
    """
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _LAYOUT:
            yield Token(token.type, token.string, starts[token.start[0] - 1] + token.start[1])


def is_free(name: str, taken: frozenset[str]) -> bool:
    """Whether a name may be given to something among those that are `taken`."""
    return name.isidentifier() and not keyword.iskeyword(name) and not keyword.issoftkeyword(name) and name not in taken
