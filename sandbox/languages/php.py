"""PHP."""

from sandbox.languages.declaration import Family, Language, Trial

FAMILY = Family(name="php", packages=("php-cli",))

LANGUAGE = Language(
    name="php",
    family=FAMILY.name,
    file_name="main.php",
    run=("php", "main.php"),
    # A program that ends in `?>` turns the tests into text that is printed, and this statement with them: then
    # the token is not the last that it prints.
    token='echo "{token}\\n";',  # noqa: S106 - a template
    assertion_exits=(255,),
    trial=Trial(
        right="<?php\nfunction twice($x) {\n    return 2 * $x;\n}\n",
        wrong="<?php\nfunction twice($x) {\n    return $x;\n}\n",
        tests='if (twice(21) !== 42) { throw new Exception("wrong"); }\n',
    ),
)
