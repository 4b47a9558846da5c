"""Prints values of Bash, which are strings all: two are equal if their bytes are."""

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = """
crucible_answer() {
    local LC_ALL=C
    builtin printf '%d %d %s\\n' "$1" "${#2}" "$2" >&3
}
"""

PRINTER = Printer(
    text=_TEXT,
    # An assignment is what splits no words. A call that fails is judged by what it printed, as within `[[`.
    statement='crucible_value={value} || :; crucible_answer {number} "$crucible_value"',
    # The tests begin with the brace that closes the program's function.
    program=lambda program, printer, tests: f"{printer}\n{program}\n{tests}",
)
"""Bash's."""
