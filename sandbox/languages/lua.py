"""Lua, with the unit testing framework that the tests use."""

from sandbox.languages.declaration import Family, Language, Trial, replaced

_RUN = "os.exit(lu.LuaUnit.run())"


def _wire(tests: str, statement: str) -> str:
    """The tests with a last line that runs them, and tells an assertion that failed (1) from an error (2)."""
    return replaced(
        tests,
        _RUN,
        f"""local runner = lu.LuaUnit.new()
if runner:runSuite() == 0 then {statement} os.exit(0) end
os.exit(runner.result.errorCount > 0 and 2 or 1)""",
    )


FAMILY = Family(name="lua", packages=("lua5.4", "lua-unit"))

LANGUAGE = Language(
    name="lua",
    family=FAMILY.name,
    file_name="main.lua",
    run=("lua5.4", "main.lua"),
    token='print("{token}")',  # noqa: S106 - a template
    wire=_wire,
    trial=Trial(
        right="local function double(x)\n  return 2 * x\nend\n",
        wrong="local function double(x)\n  return x\nend\n",
        tests=(
            "lu = require('luaunit')\n\nfunction test_double()\n  lu.assertEquals(double(21), 42)\nend\n\n"
            "os.exit(lu.LuaUnit.run())\n"
        ),
    ),
)
