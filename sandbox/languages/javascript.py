"""JavaScript, run by Node.js."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.javascript import PRINTER

# What a line of the tests throws or exits with is a failed assertion. What the language itself throws there is none,
# nor is what the program throws. `GLOBAL` stands for what `process` is found in, whatever the program calls so; one
# that has put something else there is not watched, and judged as it would be without.
_WATCH = (
    r";(() => { const process = GLOBAL.process, line = (stack) => Number(/main\.js:(\d+)/.exec(stack)?.[1]); "
    "if (!process?.on) return; const here = line(new Error().stack), leave = process.exit; "
    "process.exit = (code) => leave.call(process, code === 1 ? 41 : code); "
    'process.on("uncaughtException", (raised) => { console.error(raised); '
    "const asserted = raised?.code === 'ERR_ASSERTION' "
    "|| (raised?.constructor === Error && line(raised.stack) > here); "
    "leave.call(process, asserted ? 41 : 1); }); })();"
)


def wire(tests: str, statement: str, *, of: str = "globalThis") -> str:
    """The tests between what tells a failed assertion from an error and the statement."""
    return at_the_end(f"{_WATCH.replace('GLOBAL', of)}\n{tests}", statement)


FAMILY = Family(name="node", packages=("nodejs",))

LANGUAGE = Language(
    name="javascript",
    family=FAMILY.name,
    file_name="main.js",
    run=("node", "main.js"),
    syntax=("node", "--check", "main.js"),
    wire=wire,
    assertion_exits=(41,),
    token='console.log("{token}");',  # noqa: S106 - a template
    processes=128,
    printer=PRINTER,
    trial=Trial(
        right="function double(x) {\n  return x * 2;\n}\n",
        wrong="function double(x) {\n  return x;\n}\n",
        tests='require("node:assert").strictEqual(double(21), 42);\n',
        statement='require("node:assert").strictEqual(double(21), 42);',
        call="double(21)",
    ),
)
