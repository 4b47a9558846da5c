"""Text that a model, a dataset or a user wrote, made harmless for the place where it is shown.

All of it is hostile until it has passed one of these functions: it may hold terminal escape sequences, reversed
writing direction, lone surrogates, table and HTML syntax, commands to a build server, or spreadsheet formulas.
Pages that a script fills show text as text, and JSON is written as pure ASCII. In XML, `for_terminal` leaves nothing
that the format forbids, and the XML writer does the rest.
"""

import html
import re
import unicodedata

# Control, format (bidirectional overrides, zero width), lone surrogate, private, unassigned, line and paragraph ends.
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKDOWN = re.compile(r"[\\`*_\[\]<>&|~@$#]|:(?=[:/])|(?<=:):|(?<=www)\.", re.IGNORECASE)
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    **{each: "\\" + each for each in "{}$&#_%"},
    **{each: "{" + each + "}" for each in "[]*-`'?!"},  # the last five join with their neighbours into other characters
}
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


def for_folding(text: str, *, longest: int = 200) -> str:
    r"""`text` as for a terminal, where a line may begin with any part of it: it holds no command to a build server.

    Args:
        text: Any text.
        longest: Characters of it shown at most.

    >>> for_folding("model ::error::gone")
    'model :\\:error:\\:gone'
    """
    return re.sub(":(?=:)", r":\\", for_terminal(text, longest=longest))


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


def for_html(text: str, *, longest: int = 200) -> str:
    """`text` for the inside of an HTML element or a quoted attribute: nothing in it is markup.

    Args:
        text: Any text.
        longest: Characters shown at most.

    >>> for_html("<b>a & b</b>")
    '&lt;b&gt;a &amp; b&lt;/b&gt;'
    """
    return html.escape(for_terminal(text, longest=longest))


def for_latex(text: str, *, longest: int = 200) -> str:
    r"""`text` for a cell of a LaTeX table: nothing in it is a command, and every engine can set it.

    Characters outside ASCII become escapes, since an engine may have no glyph for them. Brackets and stars are put
    into groups, because after the end of a row they would be its options.

    Args:
        text: Any text.
        longest: Characters shown at most.

    >>> for_latex("50 % of $x_1")
    '50 \\% of \\$x\\_1'
    """
    shown = for_terminal(text, longest=longest).replace("…", "...")
    shown = "".join(each if each.isascii() else each.encode("unicode_escape").decode("ascii") for each in shown)
    return "".join(_LATEX.get(each, each) for each in shown)


def for_workflow_command(text: str, *, longest: int = 1000) -> str:
    """`text` for the message of a GitHub workflow command, which ends with the line and in which % is an escape.

    Args:
        text: Any text.
        longest: Characters shown at most.

    >>> for_workflow_command("50 %")
    '50 %25'
    """
    return for_terminal(text, longest=longest).replace("%", "%25")


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSHOWN:
        return character
    return character.encode("unicode_escape").decode("ascii")
