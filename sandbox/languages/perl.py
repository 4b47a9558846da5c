"""Perl."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.perl import PRINTER

#: A `die` of the tests is a failed assertion. One that was compiled before, with the program, is none, nor is an error.
_WATCH = "BEGIN { *CORE::GLOBAL::die = sub { CORE::die(@_) if $^S; print STDERR @_; exit 1 } }"


def _wire(tests: str, statement: str) -> str:
    """The tests between what tells a failed assertion from an error and the statement."""
    return at_the_end(f"{_WATCH}\n{tests}", statement)


FAMILY = Family(name="perl", packages=("perl", "libtest-deep-perl"))

LANGUAGE = Language(
    name="perl",
    family=FAMILY.name,
    file_name="main.pl",
    run=("perl", "main.pl"),
    syntax=("perl", "-c", "main.pl"),
    wire=_wire,
    token='print "{token}\\n";',  # noqa: S106 - a template
    printer=PRINTER,
    trial=Trial(
        right="sub twice {\n    my ($x) = @_;\n    return 2 * $x;\n}\n",
        wrong="sub twice {\n    my ($x) = @_;\n    return $x;\n}\n",
        tests="use Test::Deep;\nif (!eq_deeply(twice(21), 42)) {\n    exit 1;\n}\n",
        statement="if (!eq_deeply(twice(21), 42)) {\n    exit 1;\n}",
        call="twice(21)",
    ),
)
