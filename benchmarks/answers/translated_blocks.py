"""Blocks in a language of MultiPL-E: whether one works the entry point out, and what it needs of the others."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from codecrucible.benchmarks.answers.answer_code import ANY_NAME, Finish
from codecrucible.benchmarks.answers.answer_language import AnswerLanguage
from codecrucible.benchmarks.answers.braces import BRACES, braces

CODE_LINE = re.compile(
    r"""[^\w\s*>"'-]
    | [^\n]*(?:\*/|\"\"\")\s*$
    | --[^-]
    | [^\n]*[;{}(=\\\]|]\s*$
    | (?![A-Z][a-z']*+(?:,?[ ](?!\w+\()|,\s*$))[^\n]*[),]\s*$
    | [^\n]*(?:\s(?:=|<-|:=)\s|::)
    | (?:import|using|package|module|namespace|open|require|library|from|use|with|pragma|include|let|local|const|var|val
        |my|our|def|defp|defmodule|fn|func|fun|function|sub|type|typedef|data|newtype|class|struct|enum|object|trait
        |instance|where|public|private|static|template|pub|impl|extern|export|declare|echo|set|begin|end|done|fi|do|is
        |return|procedure)\b(?![^\n]*[.:!?]\s*$)
    """,
    re.VERBOSE,
)
"""What matches a line at column 0 that looks like code of some language rather than prose."""

_MOST_DEFINITIONS = 20
"""Most definitions of the entry point in one block that are looked at."""

_WORD = re.compile(r"\w+")
_SLASHES = r"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_HASH = r"(?<![$\w{\\&])\#(?!\[)[^\n]*+"
_COMMENTS = {
    **dict.fromkeys(("bash", "elixir", "julia", "perl", "r", "ruby"), _HASH),
    **dict.fromkeys(("clojure", "racket"), r";[^\n]*+"),
    "php": rf"{_SLASHES}|{_HASH}",
    "ada": r"--[^\n]*+",
    "haskell": r"--[^\n]*+|\{-(?:[^-]|-(?!\}))*+(?:-\})?",
    "lua": r"--[^\n]*+",
    "ocaml": r"\(\*(?:[^*]|\*(?!\)))*+(?:\*\))?",
}
"""What matches a comment, by language; the others have those of C."""

_TO_DO = re.compile(
    r"\btodo\b|\bfixme\b|your (?:code|implementation)|code goes here|implement (?:this|me|here|it)\b"
    r"|fill (?:this |me )?in\b|(?:rest|remainder) of|existing code|same as (?:before|above)|\.\.\.",
    re.IGNORECASE,
)
_NOTHING = r"(?:nil|null|undefined|None|NULL|unit|\(\)|\(void\)|void)"
_CONSTANT = (
    r"(?:-?\d[\w.]*|\"\"|''|\[\]|\{\}|\(\)|true|false|True|False|TRUE|FALSE|vec!\[\]|new\s+\w+(?:<>)?\(\)|#t|#f)"
    r"(?:\s+as\s+\w+)?"
)
_RAISED = (
    r"(?:throw|raise|panic|die|error|fatalError|failwith|todo|unimplemented|abort|croak|stop|exit|assert|return\s+panic"
    r"|invalid_arg|preconditionFailure|Error)!?(?![\w])[^\n;]{0,200}"
)
_FILLER = (
    r"(?:\s|;|\)|\}|end\s+\w+;|my\b[^;\n]{0,200}=\s*(?:@_|shift(?:\(\))?)\s*;|end\b|begin\b|do\b|pass\b|is\b|->"
    r"|:(?=\s)|\.\.\.|\?\?\?|null\s*;)"
)
_STUB = re.compile(rf"(?:{_FILLER}|return\b(?:\s+{_NOTHING})?(?=[\s;}})]|\Z)|{_NOTHING}(?=[\s;}})]|\Z)|{_RAISED})*+")
_PLACEHOLDER = re.compile(
    rf"(?:{_FILLER}|return\b(?:\s+(?:{_NOTHING}|{_CONSTANT}))?(?=[\s;}})]|\Z)|(?:{_NOTHING}|{_CONSTANT})(?=[\s;}})]|\Z))*+"
)
_HEADER_ENDS = {
    "clojure": r"\A\s*+(?:\"(?:[^\"\\]|\\.)*+\"\s*+)?\[[^\[\]]*+\]",
    "elixir": r"\bdo\b",
    "julia": r"\n",
    "lua": r"\)",
    "ocaml": r"=",
    "racket": r"\)",
    "ruby": r"[\n;]",
}
"""What matches where the body of a function begins, by language; of Ada and Haskell the definition goes so far."""

_IMPORT = re.compile(
    r"[ \t]*(?:$|//|/\*|\*|--|;|\#|import\b|from\b|using\b|use\b|require\b|require_relative\b|package\b|open\b|with\b"
    r"|library\b|source\b|<\?php|pragma\b|extern\b|alias\b|\(require\b|\(:require\b"
    r"|(?:const|var|let|local)\b[^\n]*\b(?:require|import)\b)"
)
_CONSTANT_LINE = re.compile(
    r"^(?:\#define[ \t]+(?P<macro>\w+)|\((?:def|define)[ \t]+(?P<lisp>[\w-]+)"
    r"|(?:[\w<>\[\],:&*.]++[ \t]++){0,6}?[$@%]?(?P<name>\w+)(?:\[\w*\])?[ \t]*(?::[^=\n]{1,100})?(?:=(?!=)|<-|:=))",
    re.MULTILINE,
)


@dataclass(frozen=True, kw_only=True)
class TranslatedReader:
    """Reads a language of MultiPL-E; see `answer_code.Reader`.

    Attributes:
        language: How its answers look.
        name: Name of the language.
        entry_point: What has to be defined.
        definition: As of a `Reader`.
        any_definition: Matches where anything is defined.
        code_line: As of a `Reader`.
    """

    language: AnswerLanguage
    name: str
    entry_point: str
    definition: re.Pattern[str] = field(init=False)
    any_definition: re.Pattern[str] = field(init=False)
    code_line: re.Pattern[str] = CODE_LINE

    def __post_init__(self) -> None:
        object.__setattr__(self, "definition", self.language.defines(re.escape(self.entry_point)))
        object.__setattr__(self, "any_definition", self.language.defines(ANY_NAME))

    @property
    def fences(self) -> tuple[str, ...]:
        """What a fence of the language says behind its mark."""
        return self.language.fences

    @property
    def sees_prose(self) -> bool:
        """Whether its functions are in braces, which are not found in comments."""
        return self.name in BRACES

    def definitions(self, text: str, functions: frozenset[str]) -> list[int]:  # noqa: ARG002
        """Where the pattern of the entry point's definition matches."""
        return [match.start() for match in self.definition.finditer(text)]

    def functions(self, code: str) -> frozenset[str]:  # noqa: ARG002  # a definition is told by its form alone
        """None: a definition is told by its form alone."""
        return frozenset()

    def finish(self, code: str, functions: frozenset[str]) -> Finish | None:  # noqa: ARG002
        """How far `code` works the entry point out, at the definition that does so furthest."""
        found = list(self.definition.finditer(code))
        if not found:
            return None
        blocks = braces(code, self.name).blocks
        starts = [match.start() for match in self.any_definition.finditer(code)]
        return max(self._finish_at(code, match, blocks, starts) for match in found[-_MOST_DEFINITIONS:])

    def with_helpers(self, code: str, before: Sequence[str], after: Sequence[str]) -> str:
        """`code` behind each block that defines something which it uses and does not define, or that only imports."""
        missing = set(_WORD.findall(code)) - self._defined(code)
        mention = re.compile(rf"(?<!\w){re.escape(self.entry_point)}(?!\w)")
        helpers = []
        for number, block in enumerate((*before, *after)):
            if self.definition.search(block) or not block.strip():
                continue
            mentions = mention.search(block) is not None
            needed = missing & self._defined(block)
            if (needed and (number < len(before) or not mentions)) or (
                not mentions and (missing & _constants(block) or _only_imports(block))
            ):
                helpers.append(f"{block}\n")
        return "".join(helpers) + code

    def steps(self, blocks: Sequence[str]) -> str:  # noqa: ARG002
        """No body: a part of one is not told from an example of a call."""
        return ""

    def _defined(self, block: str) -> set[str]:
        return {found[found.lastindex or 0] for found in self.any_definition.finditer(block)}

    def _finish_at(
        self, code: str, match: re.Match[str], blocks: Sequence[tuple[int, int]], starts: Sequence[int]
    ) -> Finish:
        at = bisect_right(starts, match.start())
        following = starts[at] if at < len(starts) else len(code)
        if self.name in BRACES:
            block = bisect_right(blocks, (match.end() - 1,))
            opening, closing = blocks[block] if block < len(blocks) else (len(code), len(code))
            header = code[match.end() : opening]
            if opening < max(following, match.end()) and ";" not in header and "\n\n" not in header:
                body = code[opening + 1 : closing]
            elif "=>" in code[match.start() : following] or "=" in code[match.start() : match.end() + 1]:
                body = code[match.end() : following].rpartition("=>")[2]
            elif "{" in code[match.end() - 1 : following]:
                return Finish.CUT  # or left for the tests to close
            else:
                return Finish.SIGNATURE
        else:
            rest = code[match.end() : max(following, match.end())]
            pattern = _HEADER_ENDS.get(self.name)
            header_end = re.search(pattern, rest) if pattern and not match[0].endswith("=") else None
            body = rest[header_end.end() :] if header_end else rest
            if match[0].endswith("::"):  # a type alone
                return Finish.SIGNATURE
        comments = re.findall(_COMMENTS.get(self.name, _SLASHES), body)
        body = re.sub(_COMMENTS.get(self.name, _SLASHES), " ", body)
        to_do = any(_TO_DO.search(comment) for comment in comments)
        if _STUB.fullmatch(body):
            return Finish.STUB if body.strip(" \t\n;})") else Finish.SIGNATURE
        if _PLACEHOLDER.fullmatch(body):
            return Finish.STUB if to_do else Finish.PLACEHOLDER
        return Finish.PLACEHOLDER if to_do else Finish.WHOLE


def _constants(block: str) -> set[str]:
    return {found[found.lastgroup or 0] for found in _CONSTANT_LINE.finditer(block)}


def _only_imports(block: str) -> bool:
    return all(_IMPORT.match(line) for line in block.split("\n"))
