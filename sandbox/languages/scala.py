"""Scala 2.11, compiled by scalac."""

from dataclasses import replace

from codecrucible.sandbox.languages.declaration import (
    COMPILE_LIMITS,
    Family,
    Language,
    Trial,
    Whole,
    at_the_end_of_main,
)
from codecrucible.sandbox.languages.printers.scala import PRINTER

_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_LIBRARY = "/usr/share/java/scala-library.jar"
_COMPILER = ":".join(
    f"/usr/share/java/{name}.jar"
    for name in ("scala-compiler", "scala-library", "scala-reflect", "scala-xml_2.11", "scala-parser-combinators_2.11")
)
_ARCHIVE = "/opt/codecrucible/scala/scalac.jsa"
_SCALAC = ("-cp", _COMPILER, "scala.tools.nsc.Main", "-usejavacp", "-d", ".", "Problem.scala")

# The compiler's virtual machine starts from an archive of its classes.
_PREPARE = f"""
mkdir -p /opt/codecrucible/scala && cd /tmp
cat > Problem.scala <<'END'
import scala.math._
import scala.collection.mutable._
object Problem {{
    def f(a : List[String], b : Option[Long], c : Map[String,Long]) : List[Long] = {{
        return a.map(x => c.getOrElse(x, b.getOrElse(0l)) + 1).filter(_ > 0).sorted
    }}
    def main(args: Array[String]) = {{
        assert(f(List[String]("x", "y"), Some(2l), Map[String,Long]("x" -> 1l)).equals(List[Long](2l.toLong, 3l)));
        println(s"${{1}} ${{"a".reverse}}")
    }}
}}
END
java {" ".join(_JVM)} -XX:ArchiveClassesAtExit={_ARCHIVE} {" ".join(_SCALAC)}
java {" ".join(_JVM)} -cp {_LIBRARY}:. Problem
rm -f Problem*.class Problem.scala
"""

_MAIN = r"\bdef\s+main\s*\([^()]*\)\s*(?::\s*Unit\s*)?=?\s*\{"


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of their `main`."""
    return at_the_end_of_main(tests, _MAIN, statement, what="`def main(args: Array[String]) = {`")


FAMILY = Family(name="scala", packages=("scala", "default-jdk-headless"), prepare=_PREPARE)

LANGUAGE = Language(
    name="scala",
    family=FAMILY.name,
    file_name="Problem.scala",
    compile=("java", *_JVM, f"-XX:SharedArchiveFile={_ARCHIVE}", *_SCALAC),
    run=("java", *_JVM, "-cp", f"{_LIBRARY}:.", "Problem"),
    token='System.out.println("{token}");',  # noqa: S106 - a template
    wire=_wire,
    processes=128,
    compile_limits=replace(COMPILE_LIMITS, processes=128, cpu_s=60.0, wall_s=180.0),
    printer=PRINTER,
    trial=Trial(
        right="object Problem {\n    def twice(x : Long) : Long = {\n        return 2 * x\n    }\n",
        wrong="object Problem {\n    def twice(x : Long) : Long = {\n        return x\n    }\n",
        tests="    def main(args: Array[String]) = {\n    assert(twice(21) == (42));\n    }\n\n}\n",
        statement="assert(twice(21) == (42));",
        call="twice(21)",
        result="Long",
    ),
    different=Whole(
        file_name="Main.scala",
        compile=("java", *_JVM, f"-XX:SharedArchiveFile={_ARCHIVE}", *_SCALAC[:-1], "Main.scala"),
        run=("java", *_JVM, "-cp", f"{_LIBRARY}:.", "Main"),
        main="an object called Main",
    ),
)
