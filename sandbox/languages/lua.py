"""Lua, with the unit testing framework that the tests use."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.lua import printer_with

#: What runs the tests of the framework, under whatever name it is there.
_RUN = re.compile(r"^[ \t]*os\.exit\(\s*(\w+)\.LuaUnit[.:]run\([^()\n]*\)\s*\)", re.MULTILINE)


def _wire(tests: str, statement: str) -> str:
    """The tests with a last line that runs them, and tells an assertion that failed (1) from an error (2).

    Tests without the framework are executed as they stand.
    """
    runs = list(_RUN.finditer(tests))
    if not runs:
        return at_the_end(tests, statement)
    run = runs[-1]
    return f"""{tests[: run.start()]}local runner = {run[1]}.LuaUnit.new()
if runner:runSuite() == 0 then {statement} os.exit(0) end
os.exit(runner.result.errorCount > 0 and 2 or 1){tests[run.end() :]}"""


FAMILY = Family(name="lua", packages=("lua5.4", "lua-unit"))

LANGUAGE = Language(
    name="lua",
    family=FAMILY.name,
    file_name="main.lua",
    run=("lua5.4", "main.lua"),
    syntax=("luac5.4", "-p", "main.lua"),
    token='print("{token}")',  # noqa: S106 - a template
    wire=_wire,
    printer=printer_with(_wire),
    trial=Trial(
        right="local function double(x)\n  return 2 * x\nend\n",
        wrong="local function double(x)\n  return x\nend\n",
        tests=(
            "lu = require('luaunit')\n\nfunction test_double()\n  lu.assertEquals(double(21), 42)\nend\n\n"
            "os.exit(lu.LuaUnit.run())\n"
        ),
        statement="lu.assertEquals(double(21), 42)",
        call="double(21)",
    ),
)
