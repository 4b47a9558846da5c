"""C#, compiled and run by Mono, where a failed assertion prints a line and goes on."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end_of_main, last_match
from codecrucible.sandbox.languages.printers.csharp import PRINTER

_MAIN, _WHAT = r"\bstatic\s+void\s+Main\s*\([^()]*\)\s*\{", "`static void Main(string[] args) {`"
_LISTENER = """
class CrucibleListener : System.Diagnostics.TraceListener {
    public override void Write(string message) { }
    public override void WriteLine(string message) { }
    public override void Fail(string message) { System.Environment.Exit(41); }
    public override void Fail(string message, string detail) { System.Environment.Exit(41); }
}
"""


def _wire(tests: str, statement: str) -> str:
    """The tests with a listener to their assertions that ends the process at the first that fails."""
    start = last_match(tests, _MAIN, _WHAT).end()
    listening = (
        "\n    System.Diagnostics.Debug.Listeners.Clear();\n"
        "    System.Diagnostics.Debug.Listeners.Add(new CrucibleListener());"
    )
    wired = at_the_end_of_main(f"{tests[:start]}{listening}{tests[start:]}", _MAIN, statement, what=_WHAT)
    return f"{wired.rstrip()}\n{_LISTENER}"


FAMILY = Family(
    name="csharp", packages=("mono-mcs", "libmono-system-numerics4.0-cil", "libmono-system-core4.0-cil", "mono-runtime")
)

LANGUAGE = Language(
    name="csharp",
    family=FAMILY.name,
    file_name="main.cs",
    compile=("mcs", "-d:DEBUG", "-r:System.Numerics.dll", "-out:main.exe", "main.cs"),
    run=("mono", "main.exe"),
    token='System.Console.WriteLine("{token}");',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(41,),
    processes=64,
    printer=PRINTER,
    trial=Trial(
        right="using System.Diagnostics;\nclass Problem {\n    static long Twice(long x) {\n        return 2 * x;\n",
        wrong="using System.Diagnostics;\nclass Problem {\n    static long Twice(long x) {\n        return x;\n",
        tests=(
            "    }\n    public static void Main(string[] args) {\n    Debug.Assert(Twice(21) == (42));\n    }\n\n}\n"
        ),
        statement="Debug.Assert(Twice(21) == (42));",
        call="Twice(21)",
        result="long",
    ),
)
