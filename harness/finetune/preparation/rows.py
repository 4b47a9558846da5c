"""One row of training data: its form, where it came from, and the Python in it."""

import ast
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MOST_CHARACTERS = 200_000
"""Most characters of a row's text; the linters take minutes over more."""

MOST_CHARACTERS_A_LINE = 5_000
"""Detectors of secrets take quadratic time over a line, and nobody writes longer ones by hand."""

TEXT_COLUMNS = ("text", "content", "code")
LICENCE_COLUMNS = ("license", "licence", "licenses", "licences", "max_stars_repo_licenses")
LANGUAGE_COLUMNS = ("language", "lang", "programming_language")
GROUP_COLUMNS = ("repo_name", "repository_name", "max_stars_repo_name", "repo")

_ROLES = frozenset({"system", "user", "assistant"})
_FENCE_START = re.compile(r"```(?:python3?|py)[ \t]*")


class NotARow(Exception):
    """A record is no row; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One example to train on.

    Attributes:
        texts: Its texts in order: (prompt, completion), the contents of the messages, or (text,).
        roles: Who says each of `texts` in a conversation; () for the other two forms.
        origin: Source and line or path.
        licences: SPDX ids that its source states; None if the source states nothing.
        language: Language of the code, as its source states it; "" if it does not.
        group: Repository or folder it is from, "" if unknown: rows of one group are split together.
    """

    texts: tuple[str, ...]
    origin: str
    roles: tuple[str, ...] = ()
    licences: tuple[str, ...] | None = None
    language: str = ""
    group: str = ""

    @property
    def content(self) -> str:
        """All of its text."""
        return "\n".join(self.texts)

    def to_json(self) -> dict[str, Any]:
        """The row as it is written, in exactly one of the three forms."""
        if self.roles:
            messages = [{"role": role, "content": text} for role, text in zip(self.roles, self.texts, strict=True)]
            return {"messages": messages, "origin": self.origin}
        names = ("text",) if len(self.texts) == 1 else ("prompt", "completion")
        return dict(zip(names, self.texts, strict=True)) | {"origin": self.origin}

    def code(self) -> str | None:
        """The Python that it teaches: what is fenced in its last text, else the text itself; None if it is none."""
        fenced = [self.texts[-1][start:end] for start, end in _fences(self.texts[-1])]
        if fenced:
            return "\n\n".join(fenced)
        if self.roles:
            return None
        whole = "".join(self.texts)
        return whole if len(self.texts) == 1 or parses(whole) else self.texts[-1]

    def with_code(self, code: str) -> "Row":
        """The row with other Python in place of `code()`, as far as its form allows."""
        before = self.code()
        last = self.texts[-1]
        fences = _fences(last)
        if len(fences) == 1:
            start, end = fences[0]
            last = last[:start] + code + last[end:]
        elif before == last:
            last = code
        elif before is not None and not fences and code.startswith(self.texts[0]):
            last = code[len(self.texts[0]) :]
        return replace(self, texts=(*self.texts[:-1], last))


def row_of(record: Any, *, origin: str, text_column: str | None = None) -> Row:
    """Row that a record of a data set holds.

    Args:
        record: What JSON or the data set gave.
        origin: As `Row.origin`.
        text_column: Where the text is; None for the columns that are usual.

    Raises:
        NotARow: if it is none, or not one that can be written.
    """
    if not isinstance(record, Mapping):
        raise NotARow(f"expected an object, found {type(record).__name__}")
    roles, texts = _form(record, text_column)
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise NotARow(f"has {sum(map(len, texts))} characters, and may have {MOST_CHARACTERS}")
    if not texts[-1].strip():
        raise NotARow("has nothing to learn: its last text is empty")
    for text in texts:
        if max(map(len, text.splitlines()), default=0) > MOST_CHARACTERS_A_LINE:
            raise NotARow(f"has a line of more than {MOST_CHARACTERS_A_LINE} characters")
        if "\0" in text:
            raise NotARow("holds NUL")
        if not _encodable(text):
            raise NotARow("holds half a character (a lone surrogate)")
    return Row(
        texts=texts,
        roles=roles,
        origin=origin,
        licences=_licences(record),
        language=next((each for name in LANGUAGE_COLUMNS if isinstance(each := record.get(name), str)), ""),
        group=next((each for name in GROUP_COLUMNS if isinstance(each := record.get(name), str)), ""),
    )


def parses(code: str, python: tuple[int, int] = (3, 11)) -> bool:
    """Whether `code` is Python of a version or older."""
    return tree_of(code, python) is not None


def tree_of(code: str, python: tuple[int, int] = (3, 11)) -> ast.Module | None:
    """`code` parsed as Python of a version or older; None if it is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the code, not about us
            return ast.parse(code, feature_version=python)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_continued(prompt: str, completion: str) -> bool:
    r"""Whether `prompt` is Python that `completion` goes on with, and no message to which it answers.

    >>> is_continued("def f(x):\n", "    return x\n"), is_continued("Fibonacci", "\ndef f(x):\n    return x\n")
    (True, False)
    """
    whole = tree_of(prompt + completion)
    if not prompt.strip() or whole is None:
        return False
    lines = len(prompt.rstrip("\n").split("\n"))
    begun = [statement for statement in whole.body if statement.lineno <= lines]
    if not begun:
        return prompt.lstrip().startswith("#")
    return all(not isinstance(each, ast.Expr) or isinstance(each.value, ast.Constant) for each in begun)


def _fences(text: str) -> list[tuple[int, int]]:
    """Where the content of each fenced Python block of `text` begins and ends; takes linear time."""
    found, start, place = [], None, 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if start is None and _FENCE_START.fullmatch(bare):
            start = place + len(line)
        elif start is not None and bare.rstrip() == "```":
            found.append((start, place))
            start = None
        place += len(line)
    return found


def _form(record: Mapping[str, Any], text_column: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Roles and texts of a record."""
    if text_column is None and "messages" in record:
        return _conversation(record["messages"])
    if text_column is None and {"prompt", "completion"} <= record.keys():
        return (), (_string(record, "prompt"), _string(record, "completion"))
    for name in TEXT_COLUMNS if text_column is None else (text_column,):
        if name in record:
            return (), (_string(record, name),)
    wanted = text_column or "prompt and completion, messages, or " + ", ".join(TEXT_COLUMNS)
    raise NotARow(f"has no field {wanted}")


def _conversation(messages: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if not isinstance(messages, list) or not messages:
        raise NotARow("field messages: expected a list with something in it")
    for message in messages:
        if not isinstance(message, Mapping) or message.get("role") not in _ROLES:
            raise NotARow(f"field messages: expected objects whose role is one of {', '.join(sorted(_ROLES))}")
    if messages[-1]["role"] != "assistant":
        raise NotARow("field messages: the last one is not the assistant's")
    return tuple(each["role"] for each in messages), tuple(_string(each, "content") for each in messages)


def _string(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if not isinstance(value, str):
        raise NotARow(f"field {name}: expected a string, found {type(value).__name__}")
    return value


def _licences(record: Mapping[str, Any]) -> tuple[str, ...] | None:
    for name in LICENCE_COLUMNS:
        if name in record:
            value = record[name]
            stated = value if isinstance(value, list) else [value]
            return tuple(each if isinstance(each, str) else "" for each in stated) or ("",)
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
