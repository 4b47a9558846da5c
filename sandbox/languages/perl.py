"""Perl."""

from sandbox.languages.declaration import Family, Language, Trial

FAMILY = Family(name="perl", packages=("perl", "libtest-deep-perl"))

LANGUAGE = Language(
    name="perl",
    family=FAMILY.name,
    file_name="main.pl",
    run=("perl", "main.pl"),
    token='print "{token}\\n";',  # noqa: S106 - a template
    trial=Trial(
        right="sub twice {\n    my ($x) = @_;\n    return 2 * $x;\n}\n",
        wrong="sub twice {\n    my ($x) = @_;\n    return $x;\n}\n",
        tests="use Test::Deep;\nif (!eq_deeply(twice(21), 42)) {\n    exit 1;\n}\n",
    ),
)
