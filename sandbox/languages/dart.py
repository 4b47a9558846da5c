"""Dart. Declared after its documentation, and not tested: Debian 12 has no package of it."""

from dataclasses import replace

from codecrucible.sandbox.languages.declaration import COMPILE_LIMITS, Family, Language, Trial, at_the_end_of_main

_PREPARE = """
ln -sf /usr/lib/dart/bin/dart /usr/bin/dart
dart --version > /opt/codecrucible/toolchain
"""

_MAIN = r"^[ \t]*(?:[\w<>]+\s+)?main\s*\([^()]*\)\s*(?:async\s*)?\{"


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement at the end of `main`, behind which their `expect` may be defined."""
    return at_the_end_of_main(tests, _MAIN, statement, what="`void main() {`")


FAMILY = Family(name="dart", packages=(), prepare=_PREPARE, base="dart:3.5")

LANGUAGE = Language(
    name="dart",
    family=FAMILY.name,
    file_name="main.dart",
    compile=("dart", "--disable-analytics", "compile", "kernel", "-o", "main.dill", "main.dart"),
    run=("dart", "--disable-analytics", "main.dill"),
    token='print("{token}");',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(255,),  # anything that is thrown and not caught
    processes=128,
    compile_limits=replace(COMPILE_LIMITS, processes=128),
    trial=Trial(
        right="int twice(int x) {\n  return 2 * x;\n}\n",
        wrong="int twice(int x) {\n  return x;\n}\n",
        tests=(
            "void main() {\n  expect(twice(21), 42);\n}\n\n"
            "void expect(dynamic a, dynamic b) {\n  if (a != b) throw a;\n}\n"
        ),
    ),
    tested=False,
)
