"""Java, compiled by javac. Its first compiler is enough for short programs, and starts faster."""

from dataclasses import replace

from codecrucible.sandbox.languages.declaration import (
    COMPILE_LIMITS,
    Family,
    Language,
    Trial,
    Whole,
    at_the_end_of_main,
)
from codecrucible.sandbox.languages.printers.java import PRINTER

_TUPLES = "/usr/share/java/javatuples.jar"
_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_ARCHIVE = "/opt/codecrucible/java/javac.jsa"
_JAVAC = (*(f"-J{option}" for option in _JVM), "-encoding", "UTF8", "-cp", _TUPLES, "-d", ".", "Problem.java")

# The compiler starts from an archive of the classes that it loads: half of its time for a small program.
_PREPARE = f"""
mkdir -p /opt/codecrucible/java && cd /tmp
cat > Problem.java <<'END'
import java.util.*;
import java.lang.reflect.*;
import org.javatuples.*;
import java.security.*;
import java.math.*;
import java.io.*;
import java.util.stream.*;
class Problem {{
    public static ArrayList<Long> f(ArrayList<String> a, Optional<Long> b, HashMap<String,Long> c) {{
        ArrayList<Long> made = new ArrayList<>();
        for (String each : a) {{ made.add(c.getOrDefault(each, b.orElse(0l))); }}
        Collections.sort(made);
        return new ArrayList<>(made.stream().map(x -> x + 1).filter(x -> x > 0).collect(Collectors.toList()));
    }}
    public static void main(String[] args) {{
        ArrayList<String> a = new ArrayList<String>(Arrays.asList((String)"x", (String)"y"));
        assert(f(a, Optional.of(2l), new HashMap<String,Long>(Map.of("x", 1l))).equals(Arrays.asList(2l, 3l)));
        System.out.println(Pair.with(1l, 2f) + new StringBuilder(String.format("%d %s", 1, "a")).reverse().toString());
    }}
}}
END
javac -J-XX:ArchiveClassesAtExit={_ARCHIVE} {" ".join(_JAVAC)}
rm -f Problem.java Problem.class
"""

_MAIN = r"\bstatic\s+void\s+main\s*\([^()]*\)[^{};]*\{"


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of their `main`."""
    return at_the_end_of_main(tests, _MAIN, statement, what="`static void main(String[] args) {`")


FAMILY = Family(name="java", packages=("default-jdk-headless", "libjavatuples-java"), prepare=_PREPARE)

LANGUAGE = Language(
    name="java",
    family=FAMILY.name,
    file_name="Problem.java",
    compile=("javac", f"-J-XX:SharedArchiveFile={_ARCHIVE}", *_JAVAC),
    run=("java", "-ea", *_JVM, "-cp", f".:{_TUPLES}", "Problem"),
    token='System.out.println("{token}");',  # noqa: S106 - a template
    wire=_wire,
    processes=128,
    compile_limits=replace(COMPILE_LIMITS, processes=128),
    printer=PRINTER,
    trial=Trial(
        right="class Problem {\n    static long twice(long x) {\n        return 2 * x;\n    }\n",
        wrong="class Problem {\n    static long twice(long x) {\n        return x;\n    }\n",
        tests="    public static void main(String[] args) {\n    assert(twice(21) == (42));\n    }\n\n}\n",
        statement="assert(twice(21) == (42));",
        call="twice(21)",
        result="long",
    ),
    different=Whole(
        file_name="Main.java",
        compile=("javac", f"-J-XX:SharedArchiveFile={_ARCHIVE}", *_JAVAC[:-1], "Main.java"),
        run=("java", *_JVM, "-cp", f".:{_TUPLES}", "Main"),
        main="a class called Main",
    ),
)
