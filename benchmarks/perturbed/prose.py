"""Which words of a docstring are prose, so that another spelling or another word keeps what is asked."""

import re
from collections.abc import Iterator

#: From here on a docstring shows examples, or names what its names stand for.
_EXAMPLES = re.compile(
    r"^[ \t]*(?:>>>|(?:for[ \t]+)?(?:examples?|instance|e\.g)\b|assert\b)", re.IGNORECASE | re.MULTILINE
)
#: A line with code in it.
_CODE = re.compile(
    r">>>|=|->|=>|\N{RIGHTWARDS ARROW}|\N{SQUARED RISING DIAGONAL SLASH}|\u279e|[\[\]{}\\]|\w\(|\bassert\b"
)
QUOTED = re.compile(r"(?<![\w])([\"'`]).*?\1(?!\w)")
"""A text in quotes, on one line."""
_SECTION = re.compile(
    r"\b(?:input|output|args?|arguments|returns?|raises|note|param\w*)[ \t]*:|[:@]param", re.IGNORECASE
)
_WORD = re.compile(r"(?<![\w.'\"`<@:#/-])[A-Za-z]+(?![\w'\"`>(/-]|\.\w)")


def prose_lines(words: str) -> Iterator[tuple[int, str]]:
    """Index and text of each line that holds prose alone, up to the first example."""
    end = found.start() if (found := _EXAMPLES.search(words)) else len(words)
    start = 0
    for line in words[:end].split("\n"):
        if not _CODE.search(line) and not _SECTION.search(line):
            yield start, QUOTED.sub(lambda match: "\0" * len(match[0]), line)
        start += len(line) + 1


def prose_words(words: str, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Index and text of each word of a docstring that is no name, no part of an example and not quoted.

    Args:
        words: What stands between the docstring's quotes.
        names: Names of the code, which are no prose wherever they stand.
    """
    for start, line in prose_lines(words):
        for match in _WORD.finditer(line):
            word = match[0]
            if word not in names and word not in ("True", "False", "None") and not (word.isupper() and len(word) > 1):
                yield start + match.start(), word
