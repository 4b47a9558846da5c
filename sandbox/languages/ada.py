"""Ada, compiled by GNAT with its assertions."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, Whole, last_match
from codecrucible.sandbox.languages.printers.ada import PRINTER


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of their main procedure."""
    begin = last_match(tests, r"(?i)^[ \t]*procedure\s+Main\s+is\b", "`procedure Main is`").start()
    end = last_match(tests, r"(?i)^[ \t]*end\s+Main\s*;", "`end Main;`").start()
    return f"{tests[:begin]}with Ada.Text_IO;\n{tests[begin:end]}   {statement}\n{tests[end:]}"


# What the file is taken apart into holds the tests: it is gone before the program runs.
_BUILD = """\
gnatchop -w prog.ada > /dev/null && gnatmake -q -gnatW8 -gnata -gnateE main.adb -o main && rm ./*.ad[bs] ./*.ali"""

FAMILY = Family(name="ada", packages=("gnat",), compiles=True)

LANGUAGE = Language(
    name="ada",
    family=FAMILY.name,
    file_name="prog.ada",
    compile=("sh", "-c", _BUILD),
    run=("./main",),
    token='Ada.Text_IO.Put_Line ("{token}");',  # noqa: S106 - a template
    wire=_wire,
    printer=PRINTER,
    trial=Trial(
        right="package Placeholder is\n   function Twice (X : Integer) return Integer is (2 * X);\nend Placeholder;\n",
        wrong="package Placeholder is\n   function Twice (X : Integer) return Integer is (X);\nend Placeholder;\n",
        tests=(
            "with Placeholder; use Placeholder;\n\nprocedure Main is\nbegin\n   pragma Assert (Twice (21) = 42);\n"
            "end Main;\n"
        ),
        statement="pragma Assert (Twice (21) = 42);",
        call="Twice (21)",
        result="   function Twice (X : Integer) return Integer",
    ),
    different=Whole(
        file_name="prog.ada", compile=("sh", "-c", _BUILD), run=("./main",), main="a procedure called Main"
    ),
)
