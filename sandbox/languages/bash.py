"""Bash, with the tools that answers in it call."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial
from codecrucible.sandbox.languages.printers.bash import PRINTER

FAMILY = Family(name="script", packages=("bash", "bc", "gawk", "jq"))

LANGUAGE = Language(
    name="bash",
    family=FAMILY.name,
    file_name="main.sh",
    run=("bash", "main.sh"),
    syntax=("bash", "-n", "main.sh"),
    token="builtin printf '%s\\n' '{token}'",  # noqa: S106 - a template
    printer=PRINTER,
    trial=Trial(
        right="double() {\n    echo $(($1 * 2))\n}\n",
        wrong='double() {\n    echo "$1"\n}\n',
        tests='set -e\n[[ $(double 21) = "42" ]]\n',
        statement='[[ $(double 21) = "42" ]]',
        call="$(double 21)",
        expected='"42"',
    ),
)
