"""C++, compiled by g++, which reads the headers that MultiPL-E's prompts begin with from one compiled before."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end_of_main
from codecrucible.sandbox.languages.printers.cpp import PRINTER

_HOME = "/opt/codecrucible/cpp"
_GCC = "g++ -std=c++17 -O0"

# A precompiled header has to be the first that is included. So it is taken by programs that begin with just those two
# lines, to which it makes no difference; any other program is compiled without it.
_PREPARE = f"""
mkdir -p {_HOME} && cd {_HOME}
printf '#include<assert.h>\n#include<bits/stdc++.h>\n' > first.h
{_GCC} -x c++-header -o first.h.gch first.h
cat > build <<'END'
first=
[ "$(head -n 2 main.cpp)" != "$(cat {_HOME}/first.h)" ] || first="-include {_HOME}/first.h"
exec {_GCC} $first -o main main.cpp -lcrypto -lpthread
END
"""

_MAIN = r"^[ \t]*(?:int|auto)\s+main\s*\([^()]*\)(?:\s*->\s*int)?\s*\{"


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of their `main`."""
    what = "`int main() {`"
    return at_the_end_of_main(tests, _MAIN, statement, what=what, last=r"return\s*\(?(?:0|EXIT_SUCCESS)\)?\s*;")


FAMILY = Family(name="gcc", packages=("g++", "libssl-dev"), compiles=True, prepare=_PREPARE)

LANGUAGE = Language(
    name="cpp",
    family=FAMILY.name,
    file_name="main.cpp",
    compile=("sh", f"{_HOME}/build"),
    run=("./main",),
    # A builtin: it needs no header, and no macro of the program's changes it by accident.
    token='__builtin_puts("{token}");',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(),
    assertion_signals=(6,),  # SIGABRT; an exception that nothing catches ends with it too
    printer=PRINTER,
    trial=Trial(
        right="#include <cassert>\nlong twice(long x) { return 2 * x; }\n",
        wrong="#include <cassert>\nlong twice(long x) { return x; }\n",
        tests="int main() {\n    assert(twice(21) == 42);\n}\n",
        statement="assert(twice(21) == 42);",
        call="twice(21)",
        result="long",
    ),
)
