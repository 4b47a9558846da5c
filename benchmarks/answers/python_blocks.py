"""Blocks of Python in an answer: whether one works the entry point out, and what it needs of the others."""

import builtins
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from codecrucible.benchmarks.answers.answer_code import Finish
from codecrucible.benchmarks.answers.markdown import lines_of
from codecrucible.benchmarks.answers.python_outline import Line, Outline, Token, defines_function, outline

FENCES = ("python", "python3", "py", "ipython", "sage")

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

# Every prompt that ends with a function compiles with a body indented by four spaces; `problem_file` checks that.
INDENT = "    "

_BUILT_IN = frozenset(name for name in vars(builtins) if callable(getattr(builtins, name)))
_TO_DO = re.compile(
    r"\btodo\b|\bfixme\b|your (?:code|implementation)|code goes here|implement (?:this|me|here|it)\b"
    r"|fill (?:this |me )?in\b|(?:rest|remainder) of|existing code|same as (?:before|above)|\.\.\.",
    re.IGNORECASE,
)
_STUBS = frozenset({"pass", "...", "return", "returnNone", "returnNotImplemented"})
_CONSTANTS = frozenset({"True", "False", "None", "-", "[", "]", "(", ")", "{", "}", ","})
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


def future_head(code: str) -> int:
    """Characters of `code` up to the end of the `from __future__` imports it begins with; 0 if with none."""
    match = _HEAD.match(code)
    return match.end() if match and _FUTURE_IMPORT.search(match[0]) else 0


@dataclass(frozen=True, kw_only=True)
class PythonReader:
    """Reads Python; see `answer_code.Reader`.

    Attributes:
        entry_point: What has to be defined.
        tests: Trusted source that is executed with the code, and may use more of it, such as a class for its arguments.
        definition: Matches the line on which it is or may be defined, in any text.
        code_line: As of a `Reader`.
        fences: As of a `Reader`.
    """

    entry_point: str
    tests: str = ""
    definition: re.Pattern[str] = field(init=False)
    code_line: re.Pattern[str] = CODE_LINE
    fences: tuple[str, ...] = FENCES

    def __post_init__(self) -> None:
        name = re.escape(self.entry_point)
        assigned = rf"(?={name}[ \t]*(?::[^=\n]{{1,200}})?=(?!=))"
        kind = r"(?P<kind>(?:async[ \t]+)?def[ \t]+|class[ \t]+)"
        pattern = re.compile(rf"^(?:{kind}|{assigned}){name}\b.*", re.MULTILINE)
        object.__setattr__(self, "definition", pattern)

    @property
    def sees_prose(self) -> bool:
        """Whether prose is seen; it is."""
        return True

    def definitions(self, text: str, functions: frozenset[str]) -> list[int]:
        """Where a line at column 0 defines the entry point."""
        found = self.definition.finditer(text)
        return [match.start() for match in found if match["kind"] or self.finish(match[0], functions) is not None]

    def functions(self, code: str) -> frozenset[str]:
        """Names that `code` binds to functions, classes and what it imports."""
        found = outline(code)
        return frozenset().union(*(found.lines[at].binds for at in found.outer if _binds_function(found.lines[at])))

    def finish(self, code: str, functions: frozenset[str]) -> Finish | None:
        """How far `code` works the entry point out; of several definitions one after the other the last counts."""
        if self.entry_point not in code:
            return None
        found = outline(code)
        callables = self.functions(code) | functions | _BUILT_IN
        finishes: list[tuple[int, Finish]] = []
        for at in found.outer:
            line = found.lines[at]
            if self.entry_point in line.binds:
                finish = self._finish_at(found, at, callables)
                if finish is not None:
                    finishes.append((line.indent, finish))
        if not finishes:
            return None
        indent, last = finishes[-1]
        return max(finish for _, finish in finishes) if indent else last

    def with_helpers(self, code: str, before: Sequence[str], after: Sequence[str]) -> str:
        """`code` behind what it needs of the other blocks; what uses it in turn comes behind it."""
        texts = [*before, *after]
        blocks = [outline(each) for each in texts]
        places = _best_places(blocks)
        own = outline(code)
        seen = {self.entry_point} | _BUILT_IN
        free = own.free | (outline(self.tests).free - own.binds if texts else frozenset())
        wanted = sorted(free - seen)
        seen |= free
        taken: set[tuple[int, int]] = set()
        while wanted:
            found = places.get(wanted.pop()) or places.get("*")
            if not found or found[1:] in taken:
                continue
            _, number, place = found
            block = blocks[number]
            whole = not block.runs and self.entry_point not in block.binds
            taken |= {(number, each) for each in (range(len(block.statements)) if whole else (place,))}
            new = (block if whole else outline(_text(texts[number], block, place))).free - seen
            seen |= new
            wanted += sorted(new)
        return self._joined(code, own, texts, blocks, taken, len(before))

    def steps(self, blocks: Sequence[str]) -> str:
        """The blocks that are indented as a body is, or return outside of a function, one after the other."""
        body = []
        for block in blocks:
            found = outline(block)
            if found.lines and (found.returns or found.lines[0].indent >= len(INDENT)):
                body.append(as_body(block if block.endswith("\n") else f"{block}\n"))
        return "".join(body)

    def _finish_at(self, found: Outline, at: int, callables: frozenset[str]) -> Finish | None:
        line = found.lines[at]
        if line.word in {"import", "from"}:
            return None if found.returns else Finish.IMPORT
        if not defines_function(line, callables, self.entry_point):
            return None
        if line.word in {"def", "class"}:
            finish = _body_finish(found, at)
        elif found.returns and not any(token.text == "lambda" for token in line.value):
            return None  # a variable of a body
        else:
            finish = Finish.WHOLE
        return min(finish, Finish.CUT) if found.unfinished else finish

    def _joined(
        self,
        code: str,
        own: Outline,
        texts: Sequence[str],
        blocks: Sequence[Outline],
        taken: set[tuple[int, int]],
        first_after: int,
    ) -> str:
        if not taken:
            return code
        head = future_head(code)
        heads = [code[:head]]
        parts: list[str] = []
        behind: list[str] = []
        for number in sorted({number for number, _ in taken}):
            block, text = blocks[number], texts[number]
            chosen = [place for place in range(len(block.statements)) if (number, place) in taken]
            part = text if len(chosen) == len(block.statements) else "".join(_text(text, block, at) for at in chosen)
            its_head = future_head(part)
            heads.append(part[:its_head])
            part = part[its_head:]
            uses_code = number >= first_after and outline(part).free & own.binds
            (behind if uses_code else parts).append(f"{part}\n")
        rest = code[head:]
        if behind:
            behind.insert(0, "\n" if rest.endswith("\n") else "\n\n")
        return "".join([*heads, *parts, rest, *behind])


def as_body(code: str) -> str:
    """`code` indented as the body of the function that a prompt ends with."""
    lines = lines_of(code)
    texts = [line for line in lines if line.strip()]
    indents = [len(line) - len(line.lstrip(" \t")) for line in texts]
    if not texts or indents[0] >= len(INDENT) or texts[0].startswith("\t"):
        return code
    if _lost_its_first_indent(texts[0], indents[1:]):
        return INDENT + code.lstrip()
    shift = " " * (len(INDENT) - min(indents))
    return "".join(shift + line if line.strip() else line for line in lines)


def _lost_its_first_indent(first: str, rest: list[int]) -> bool:
    """Whether a body was stripped as text is, so that of all its lines only the first is not indented."""
    in_block = first.rstrip().endswith(":")
    return bool(rest) and min(rest) >= len(INDENT) and rest[0] >= len(INDENT) + in_block


def _best_places(blocks: Sequence[Outline]) -> dict[str, tuple[Finish, int, int]]:
    """By name: how far it is worked out where it is best, and the numbers of the block and the statement there.

    Where two are equal, the later counts.
    """
    places: dict[str, tuple[Finish, int, int]] = {}
    for number, block in enumerate(blocks):
        outer = set(block.outer)
        for place, statement in enumerate(block.statements):
            for at in outer.intersection(statement.lines):
                line = block.lines[at]
                finish = _body_finish(block, at) if line.word in {"def", "class"} else Finish.WHOLE
                for name in line.binds:
                    places[name] = max(places.get(name, (Finish.SIGNATURE, -1, -1)), (finish, number, place))
    return places


def _text(text: str, block: Outline, place: int) -> str:
    statement = block.statements[place]
    written = text[statement.start : statement.end].strip("\n").lstrip(" \t;")
    return f"{written}\n"


def _binds_function(line: Line) -> bool:
    value = line.value
    return line.word in {"def", "class", "import", "from"} or (bool(value) and value[0].text == "lambda")


def _body_finish(found: Outline, at: int) -> Finish:
    """How far a function or a class is worked out."""
    header = found.lines[at]
    colons = [place for place, token in enumerate(header.tokens) if token.text == ":" and not token.depth]
    if not colons:
        return Finish.SIGNATURE
    inline = header.tokens[colons[0] + 1 :]
    body = [inline] if inline else []
    comments = header.comments if inline else ""
    inner = 0
    for line in found.lines[at + 1 :]:
        if line.indent <= header.indent:
            break
        inner = inner or line.indent
        comments += line.comments
        if line.indent == inner:
            body.append(line.tokens)
    if not body:
        return Finish.SIGNATURE
    kinds = [_statement_finish(tokens) for tokens in body if not all(token.kind == "string" for token in tokens)]
    to_do = _TO_DO.search(comments) is not None
    if (
        not kinds
        or max(kinds) is Finish.STUB
        or (header.word != "class" and len(kinds) == 1 and body[-1][0].text == "raise")
    ):
        return Finish.STUB
    if max(kinds) is Finish.PLACEHOLDER:
        return Finish.STUB if to_do else Finish.PLACEHOLDER
    elided = any("".join(token.text for token in tokens) == "..." for tokens in body)
    return Finish.PLACEHOLDER if to_do or elided else Finish.WHOLE


def _statement_finish(tokens: Sequence[Token]) -> Finish:
    """What a statement alone would make of a function."""
    words = [token.text for token in tokens]
    if "".join(words) in _STUBS:
        return Finish.STUB
    if words[0] == "return" and all(
        token.kind in {"string", "number"} or token.text in _CONSTANTS for token in tokens[1:]
    ):
        return Finish.PLACEHOLDER
    return Finish.WHOLE
