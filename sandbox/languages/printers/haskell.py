"""Prints values of Haskell as `show` does: two that `==` holds between have one text, but for `-0.0` and `0.0`."""

import re

from codecrucible.sandbox.languages.declaration import Printer

# Not Prelude, which would no more be imported by itself then.
_IMPORTS = "".join(
    f"import qualified {module} as Crucible\n" for module in ("Data.Int", "Data.List", "System.IO", "Text.Show")
)

# No name in it is the program's, whatever that calls its own. A list without an end is cut off.
_TEXT = """
crucibleAnswer :: Crucible.Show crucible => Crucible.Int -> crucible -> Crucible.IO ()
crucibleAnswer number value = case Crucible.show (Crucible.length text) of
  size@(_ : _) -> Crucible.appendFile "/dev/fd/3" (Crucible.concat [Crucible.show number, " ", size, " ", text, "\\n"])
  where text = Crucible.take 1000000 (Crucible.show value)
"""

#: What may stand before the imports of a program: comments, pragmas, and the name of the module.
_HEAD = re.compile(r"(?:\s|--[^\n]*\n|\{-.*?-\})*(?:module\s[^\n]*?\bwhere[ \t]*\n)?", re.DOTALL)

_SPECIAL = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\[^']*'?|[^'\\])')|\(-0\.0\)|-0\.0(?![\d.e])|\bNaN\b""")


def _with_imports(program: str, printer: str, tests: str) -> str:
    head = _HEAD.match(program)
    at = head.end() if head else 0
    return f"{program[:at]}\n{_IMPORTS}{program[at:]}\n{printer}\n{tests}"


def equal(answer: str, expected: str) -> bool:
    """Whether `==` holds between two printed values.

    >>> [equal(a, b) for a, b in (("[-0.0]", "[0.0]"), ("Just (-0.0)", "Just 0.0"), ('"-0.0"', '"0.0"'))]
    [True, True, False]
    """
    return _plain(answer, nan="") == _plain(expected, nan="NaN")


def _plain(text: str, *, nan: str) -> str:
    return _SPECIAL.sub(lambda found: found[1] or (nan if found[0] == "NaN" else "0.0"), text)


PRINTER = Printer(
    text=_TEXT,
    statement="crucibleAnswer {number} ({value})",
    expected_statement="  crucibleAnswer {number} ({value} :: {result})",
    program=_with_imports,
    expected=f"{_IMPORTS}{{printer}}\nmain :: IO ()\nmain = do\n{{statements}}\n",
    equal=equal,
    never_equal=r"\bNaN\b",
)
"""Haskell's."""
