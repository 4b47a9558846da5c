"""What an answer in each language looks like, as far as its program is to be put together with MultiPL-E's tests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# `NAME` stands for the name of what is defined. Repetitions are possessive or bounded: an answer is untrusted.
_INNERMOST = r"\([^;{}()]{0,300}+\)"
_INNER = rf"\((?:[^;{{}}()]|{_INNERMOST}){{0,300}}+\)"
_RECORD = rf"\((?:[^;{{}}()]|{_INNER}){{0,300}}+\)"
_PARAMETERS = rf"\((?:[^;{{}}()]|{_RECORD}){{0,300}}+\)"
_AFTER_PARAMETERS = (
    r"(?:\s|const\b|noexcept\b|async\b|pure\b|nothrow\b|@\w+|throws[ \t]+[\w.]+(?:,[ \t]*[\w.]+)*+|->[^{};\n]+){0,20}+"
)
_TYPED = (
    r"^[ \t]*+(?!(?:return|else|throw|new|await|case)\b)[A-Za-z_(\[][^\n=;{}\"]{0,300}[\s&*>\])?]NAME[ \t]*"
    rf"{_PARAMETERS}{_AFTER_PARAMETERS}(?:\{{|=>)"
)
_SCRIPT_FUNCTION = (
    r"^[ \t]*+(?:export[ \t]+(?:default[ \t]+)?)?(?:async[ \t]+)?"
    r"(?:function\b[ \t]*\*?[ \t]*NAME\b|(?:const|let|var)[ \t]+NAME\b[^=\n]{0,300}+=)"
)
_EXPORT = (
    r"^[ \t]*export[ \t]+(?:default[ \t]+\w+[ \t]*;?[ \t]*$|\{[^{}\n]*+\}[ \t]*;?[ \t]*$|(?:default[ \t]+)?(?=\w))"
)


class Shape(StrEnum):
    """What a whole program of the language is made of, as MultiPL-E writes it."""

    FUNCTIONS = "functions"  # side by side, behind the imports
    GO_FILE = "go_file"  # a package clause, the imports, and functions
    CLASS = "class"  # methods of the class `Problem`, which the tests close
    ELIXIR_MODULE = "elixir_module"  # functions of the module `HumanEval`, `candidate` among them
    ADA_PACKAGE = "ada_package"  # the body of the package `Placeholder`, which the tests close


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLanguage:
    """How answers in one language look.

    Attributes:
        fences: What a fence says behind its mark, in lower case.
        definition: Pattern of the start of a definition; `NAME` is what it defines, and the only group that captures.
        shape: Shape of a whole program.
        dropped: Pattern of what a whole program holds that its prompt has said before or no test can follow; "" if
            there is nothing of the kind.
        main: Pattern of the header of a function that is not kept: the tests bring their own, or it tests by itself.
        opened: Start of an empty function, for the brace that the tests begin with; "" if they begin with none.
        flags: Flags of the patterns.
    """

    fences: tuple[str, ...]
    definition: str
    shape: Shape = Shape.FUNCTIONS
    dropped: str = ""
    main: str = ""
    opened: str = ""
    flags: re.RegexFlag = re.MULTILINE

    def defines(self, name: str) -> re.Pattern[str]:
        """What matches where a name that the pattern `name` matches is defined."""
        return re.compile(self.definition.replace("NAME", name), self.flags)


ANSWER_LANGUAGES: Mapping[str, AnswerLanguage] = {
    "ada": AnswerLanguage(
        fences=("ada", "adb"),
        definition=r"^[ \t]*+function[ \t]+NAME\b\s*+(?:\([^()]{0,2000}+\)\s*+)?return\b[^;]{0,200}?\bis\b",
        shape=Shape.ADA_PACKAGE,
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    "bash": AnswerLanguage(
        fences=("bash", "sh", "shell", "zsh"),
        definition=r"^[ \t]*+(?:function[ \t]+NAME\b|NAME[ \t]*\(\))",
        opened="closed_by_the_tests() {\n    :\n",
    ),
    "clojure": AnswerLanguage(
        fences=("clojure", "clj"), definition=r"^[ \t]*+\(def[\w-]*+\s++(?:\^\S++\s++)?NAME(?=[\s\[]|$)"
    ),
    "cpp": AnswerLanguage(
        fences=("cpp", "c++", "cc", "cxx", "c"),
        definition=_TYPED,
        main=r"^(?:int|void|auto)[ \t]+main[ \t]*\([^()]*+\)",
        opened="void closed_by_the_tests() {\n",
    ),
    "csharp": AnswerLanguage(
        fences=("csharp", "cs", "c#"),
        definition=_TYPED,
        shape=Shape.CLASS,
        dropped=r"^[ \t]*namespace[ \t]+[\w.]+[ \t]*;[^\n]*\n?",
        main=r"^[ \t]*+(?:\w++[ \t]++){0,5}(?:void|int|Task)[ \t]+Main[ \t]*\([^()]*+\)",
        opened="    static void ClosedByTheTests() {\n",
    ),
    "d": AnswerLanguage(
        fences=("d", "dlang"),
        definition=_TYPED,
        dropped=r"^[ \t]*module[ \t]+[\w.]+[ \t]*;[^\n]*\n?",
        main=r"^(?:(?:int|void)[ \t]+main[ \t]*\([^()]*+\)|unittest\b)",
    ),
    "dart": AnswerLanguage(
        fences=("dart",),
        definition=_TYPED,
        main=r"^(?:void[ \t]+)?main[ \t]*\([^()]*+\)",
        opened="void closedByTheTests() {\n",
    ),
    "elixir": AnswerLanguage(
        fences=("elixir", "ex", "exs"),
        definition=r"^[ \t]*+defp?[ \t]+NAME(?![\w?!])",
        shape=Shape.ELIXIR_MODULE,
    ),
    "go": AnswerLanguage(
        fences=("go", "golang"),
        definition=r"^func[ \t]+NAME\b",
        shape=Shape.GO_FILE,
        dropped=r"^package[ \t]+\w+[^\n]*\n?",
        main=r"^func[ \t]+(?:Test|Benchmark|Example|Fuzz)\w*[ \t]*\([^()]*+\)",
    ),
    "haskell": AnswerLanguage(
        fences=("haskell", "hs"),
        definition=r"^NAME(?![\w'])(?:[ \t]*::|[^\n=]{0,300}+=|[^\n]{0,300}+\n[ \t]+\|)",
        dropped=(
            r"^module\b[^\n]*(?:\n[ \t][^\n]*)*?\bwhere[ \t]*$"
            r"|^main\b[^\n]*\n?(?:(?:[ \t][^\n]*)?\n|[ \t][^\n]*\Z)*+"
        ),
    ),
    "java": AnswerLanguage(
        fences=("java",),
        definition=_TYPED,
        shape=Shape.CLASS,
        dropped=r"^[ \t]*package[ \t]+[\w.]+[ \t]*;[^\n]*\n?",
        main=r"^[ \t]*+(?:(?:public|static|final)[ \t]+){1,3}void[ \t]+main[ \t]*\([^()]*+\)",
        opened="    static void closedByTheTests() {\n",
    ),
    "javascript": AnswerLanguage(
        fences=("javascript", "js", "node", "jsx", "mjs"), definition=_SCRIPT_FUNCTION, dropped=_EXPORT
    ),
    "julia": AnswerLanguage(
        fences=("julia", "jl"),
        definition=r"^[ \t]*+(?:@\w+[ \t]+)?(?:function[ \t]+NAME\b|NAME\([^\n=]{0,300}+=(?!=))",
    ),
    "lua": AnswerLanguage(
        fences=("lua",),
        definition=r"^[ \t]*+(?:local[ \t]+)?(?:function[ \t]+NAME\b|NAME[ \t]*=[ \t]*function\b)",
        dropped=r"^return\b[^\n]*+\s*+\Z",  # nothing may follow it
    ),
    "ocaml": AnswerLanguage(
        fences=("ocaml", "ml"), definition=r"^[ \t]*+(?:let[ \t]+(?:rec[ \t]+)?|and[ \t]+)NAME(?![\w'])"
    ),
    "perl": AnswerLanguage(
        fences=("perl", "pl"),
        definition=r"^[ \t]*+sub[ \t]+NAME\b",
        dropped=r"^__(?:END|DATA)__$[\s\S]*",
    ),
    "php": AnswerLanguage(
        fences=("php",),
        definition=r"^[ \t]*+function[ \t]+&?NAME\b",
        dropped=r"^[ \t]*<\?(?:php\b)?[ \t]*\n?|\?>\s*\Z",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
    "r": AnswerLanguage(fences=("r", "rscript"), definition=r"^[ \t]*+NAME[ \t]*(?:<-|=)[ \t]*(?:function\b|\\\()"),
    "racket": AnswerLanguage(
        fences=("racket", "rkt", "scheme", "lisp"),
        definition=r"^[ \t]*+\(define[/\w-]*+\s++\(*+\s*+NAME(?=[\s)])",
        dropped=r"^[ \t]*#lang\b[^\n]*\n?",
    ),
    "ruby": AnswerLanguage(fences=("ruby", "rb"), definition=r"^[ \t]*+def[ \t]+(?:self\.)?NAME(?![\w?!=])"),
    "rust": AnswerLanguage(
        fences=("rust", "rs"),
        definition=r"^[ \t]*+(?:pub(?:\([^()\n]*\))?[ \t]+)?(?:const[ \t]+|unsafe[ \t]+)?fn[ \t]+NAME\b",
        main=r"^(?:pub[ \t]+)?fn[ \t]+main[ \t]*\([^()]*+\)",
        opened="fn closed_by_the_tests() {\n",
    ),
    "scala": AnswerLanguage(
        fences=("scala",),
        definition=r"^[ \t]*+(?:(?:private|final|override|implicit|@\w+)[ \t]+){0,4}def[ \t]+NAME\b",
        shape=Shape.CLASS,
        dropped=r"^[ \t]*package[ \t]+[\w.]+[ \t]*;?[ \t]*$\n?",
        main=r"^[ \t]*+(?:@main[ \t]+)?def[ \t]+main[ \t]*\([^()]*+\)",
        opened="    def closedByTheTests(): Unit = {\n",
    ),
    "swift": AnswerLanguage(
        fences=("swift",),
        definition=r"^[ \t]*+(?:(?:public|private|static|@\w+)[ \t]+){0,4}func[ \t]+NAME\b",
        opened="func closedByTheTests() {\n",
    ),
    "typescript": AnswerLanguage(fences=("typescript", "ts", "tsx"), definition=_SCRIPT_FUNCTION, dropped=_EXPORT),
}
"""By name of the language. Python has a module of its own."""
