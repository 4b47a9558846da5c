"""Haskell, compiled by GHC: several times faster to run than its interpreter, with errors of types told apart."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, last_match
from codecrucible.sandbox.languages.printers.haskell import PRINTER


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of the `do` block of their `main`, indented as the first is."""
    block = last_match(tests, r"^main\s*=\s*do[ \t]*\n(?:[ \t]*\n)*([ \t]+)\S.*\n?(?:(?:[ \t].*)?\n?)*", "`main = do`")
    return f"{tests[: block.end()].rstrip()}\n{block[1]}{statement}\n{tests[block.end() :]}"


FAMILY = Family(name="haskell", packages=("ghc",), compiles=True)

LANGUAGE = Language(
    name="haskell",
    family=FAMILY.name,
    file_name="main.hs",
    # Linked dynamically a program costs three quarters.
    compile=("ghc", "-v0", "-O0", "-dynamic", "-o", "main", "main.hs"),
    run=("./main",),
    token='Prelude.putStrLn "{token}"',  # noqa: S106 - a template
    wire=_wire,
    printer=PRINTER,
    trial=Trial(
        right="double :: Int -> Int\ndouble x = 2 * x\n",
        wrong="double :: Int -> Int\ndouble x = x\n",
        tests='main :: IO ()\nmain = do\n  if double 21 == 42 then pure () else error "wrong"\n  pure ()\n',
        statement='if double 21 == 42 then pure () else error "wrong"',
        call="double 21",
        result="Int",
    ),
)
