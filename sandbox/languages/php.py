"""PHP."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.php import PRINTER

#: What a line of the tests throws is a failed assertion. What PHP itself throws there is none, nor is what the program
#: throws.
_WATCH = (
    r'set_exception_handler(function ($raised) { fwrite(STDERR, "PHP Fatal error:  Uncaught $raised\n"); '
    r"exit($raised->getLine() > __LINE__ && (!$raised instanceof \Error || $raised instanceof \AssertionError) "
    "? 41 : 255); });"
)


def _wire(tests: str, statement: str) -> str:
    """The tests between what tells a failed assertion from an error and the statement."""
    return at_the_end(f"{_WATCH}\n{tests}", statement)


FAMILY = Family(name="php", packages=("php-cli",))

LANGUAGE = Language(
    name="php",
    family=FAMILY.name,
    file_name="main.php",
    # Debian's settings leave assertions out.
    run=("php", "-d", "zend.assertions=1", "main.php"),
    syntax=("php", "-l", "main.php"),
    wire=_wire,
    # A program that ends in `?>` turns the tests into text that is printed, and this statement with them: then
    # the token is not the last that it prints.
    token='echo "{token}\\n";',  # noqa: S106 - a template
    assertion_exits=(1, 41),
    printer=PRINTER,
    trial=Trial(
        right="<?php\nfunction twice($x) {\n    return 2 * $x;\n}\n",
        wrong="<?php\nfunction twice($x) {\n    return $x;\n}\n",
        tests='if (twice(21) !== 42) { throw new Exception("wrong"); }\n',
        statement='if (twice(21) !== 42) { throw new Exception("wrong"); }',
        call="twice(21)",
    ),
)
