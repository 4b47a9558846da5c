"""D, compiled by LDC."""

import re
from dataclasses import replace

from codecrucible.sandbox.languages.declaration import (
    COMPILE_LIMITS,
    Family,
    Language,
    Trial,
    Whole,
    at_the_end,
    at_the_end_of_main,
)
from codecrucible.sandbox.languages.printers.d import PRINTER
from codecrucible.sandbox.limits import MEBIBYTE


def _wire(tests: str, statement: str) -> str:
    """The tests, whose unit tests run before `main` and keep it from running if one of them fails."""
    if not re.search(_MAIN, tests, re.MULTILINE):
        return at_the_end(tests, f"void main() {{ {statement} }}")
    return at_the_end_of_main(tests, _MAIN, statement, what="`void main() {`")


_MAIN = r"^[ \t]*void\s+main\s*\([^()]*\)\s*\{"


FAMILY = Family(name="d", packages=("ldc", "gcc", "libc6-dev"), compiles=True)

LANGUAGE = Language(
    name="d",
    family=FAMILY.name,
    file_name="main.d",
    compile=("ldc2", "-unittest", "-of=main", "main.d"),
    run=("./main", "--DRT-testmode=run-main"),
    token='import std.stdio : writeln; writeln("{token}");',  # noqa: S106 - a template
    wire=_wire,
    compile_limits=replace(COMPILE_LIMITS, memory_bytes=1024 * MEBIBYTE),
    printer=PRINTER,
    trial=Trial(
        right="long twice(long x)\n{\n    return 2 * x;\n}\n",
        wrong="long twice(long x)\n{\n    return x;\n}\n",
        tests="unittest\n{\n    assert(twice(21) == 42);\n}\nvoid main(){}\n",
        statement="assert(twice(21) == 42);",
        call="twice(21)",
    ),
    different=Whole(file_name="main.d", compile=("ldc2", "-of=main", "main.d"), run=("./main",)),
)
