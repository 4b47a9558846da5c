"""Text that a model, a dataset or a user wrote, made harmless for the place where it is shown.

All of it is hostile until it has passed one of these functions: it may hold terminal escape sequences, reversed
writing direction, lone surrogates, table and HTML syntax, commands to a build server, or spreadsheet formulas.
HTML pages escape for themselves, and JSON is written as pure ASCII.
"""

import re
import unicodedata

# Control, format (bidirectional overrides, zero width), lone surrogate, private, unassigned, line and paragraph ends.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~@$#]|:(?=[:/])|(?<=:):|(?<=www)\.", re.IGNORECASE)
_FORMULA = tuple(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def for_terminal(text: str, *, longest: int = 200) -> str:
    r"""`text` on one line, every character that is not shown as itself written as an escape such as \x1b.

    A beginning that a build server would take for a command gets a backslash before it.

    Args:
        text: Any text.
        longest: Characters to return at most; what is cut is marked with an ellipsis.

    >>> for_terminal("passed\x1b[2J\n")
    'passed\\x1b[2J\\n'
    >>> for_terminal("::error::gone")
    '\\::error::gone'
    """
    # Enough is looked at to fill `longest`: a model may write megabytes.
    shown = "".join(_visible(character) for character in text[: longest + 1])
    shown = shown.replace("##[", "#\\#[")
    if shown.lstrip().startswith("::"):
        shown = "\\" + shown.lstrip()
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def for_markdown(text: str, *, longest: int = 200) -> str:
    r"""`text` for a table cell or the inside of a line: no structure, HTML, link, mention or command of its own.

    Args:
        text: Any text.
        longest: Characters shown at most.

    >>> for_markdown("a|b")
    'a&#124;b'
    """
    shown = for_terminal(text, longest=longest)
    escaped = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", shown)
    # A mention is looked for in the rendered text; a zero-width space keeps it from naming anybody.
    return escaped.replace("&#64;", "&#64;&#8203;")


def for_csv(text: str, *, longest: int = 1000) -> str:
    """`text` for a cell that a spreadsheet may open: a formula is kept as text by an apostrophe before it.

    Args:
        text: Any text.
        longest: Characters returned at most, the apostrophe not counted.

    >>> for_csv("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    """
    shown = for_terminal(text, longest=longest)
    return "'" + shown if shown.lstrip().startswith(_FORMULA) else shown


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSHOWN:
        return character
    return character.encode("unicode_escape").decode("ascii")
