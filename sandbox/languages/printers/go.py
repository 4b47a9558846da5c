"""Prints values of Go as `fmt` does with `%v`: that text is what the tests compare, whatever the types are."""

from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = """
var CrucibleWrite func(string)

func crucibleAnswer(number int, value interface{}) interface{} {
	text := fmt.Sprintf("%v", value)
	CrucibleWrite(fmt.Sprintf("%d %d ", number, len(text)) + text + "\\n")
	return nil
}
"""
_EXPECTED = """package tests

import (
	"fmt"
	"testing"
)
{printer}
func TestExpected(t *testing.T) {
{statements}
}

func CrucibleTest(t *testing.T) { TestExpected(t) }
"""


def printer_with(wire: Callable[[str, str], str]) -> Printer:
    """Go's, for tests that `wire` runs. Their loop compares nothing with nothing then."""
    return Printer(
        text=_TEXT,
        statement="{ actual: crucibleAnswer({number}, {value}) },",
        expected_statement="crucibleAnswer({number}, {value})",
        program=lambda program, printer, tests: f"{program}\n{printer}\n{wire(tests, '')}",
        expected=_EXPECTED,
    )
