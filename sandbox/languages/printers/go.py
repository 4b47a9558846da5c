"""Prints values of Go as `fmt` does with `%v`: that text is what the tests compare, whatever the types are.

As data, strings are quoted, and a slice that is nil is an empty one.
"""

import re
from collections.abc import Callable

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = """
var CrucibleWrite func(string)

func crucibleAnswer(number int, value interface{}) interface{} {
	text := fmt.Sprintf("%v", value)
	CrucibleWrite(fmt.Sprintf("%d %d ", number, len(text)) + text + "\\n")
	return nil
}

func crucibleText(value crucibleReflect.Value, depth int) string {
	if depth > 200 {
		return "endless"
	}
	texts := []string{}
	switch value.Kind() {
	case crucibleReflect.Invalid:
		return "null"
	case crucibleReflect.Interface, crucibleReflect.Ptr:
		if value.IsNil() {
			return "null"
		}
		return crucibleText(value.Elem(), depth+1)
	case crucibleReflect.Bool, crucibleReflect.Float32, crucibleReflect.Float64,
		crucibleReflect.Int, crucibleReflect.Int8, crucibleReflect.Int16, crucibleReflect.Int32, crucibleReflect.Int64,
		crucibleReflect.Uint, crucibleReflect.Uint8, crucibleReflect.Uint16, crucibleReflect.Uint32,
		crucibleReflect.Uint64:
		return fmt.Sprint(value)
	case crucibleReflect.String:
		return fmt.Sprintf("%q", value.String())
	case crucibleReflect.Slice, crucibleReflect.Array:
		for at := 0; at < value.Len(); at++ {
			texts = append(texts, crucibleText(value.Index(at), depth+1))
		}
		return crucibleJoined("[", texts, "]")
	case crucibleReflect.Map:
		for _, key := range value.MapKeys() {
			texts = append(texts, crucibleText(key, depth+1)+": "+crucibleText(value.MapIndex(key), depth+1))
		}
		crucibleSort.Strings(texts)
		return crucibleJoined("{", texts, "}")
	}
	return "object " + value.Kind().String()
}

func crucibleJoined(opening string, texts []string, closing string) string {
	for at, text := range texts {
		if at > 0 {
			opening += ", "
		}
		opening += text
	}
	return opening + closing
}
"""
_OWN_IMPORTS = 'import crucibleReflect "reflect"; import crucibleSort "sort"'
_EXPECTED = f"""package tests; {_OWN_IMPORTS}

import (
	"fmt"
	"testing"
)
{{printer}}
func TestExpected(t *testing.T) {{
{{statements}}
}}

func CrucibleTest(t *testing.T) {{ TestExpected(t) }}
"""


def _with_imports(program: str) -> str:
    """The program, with what printer and tests need imported on the line of its package."""
    missing = [
        name
        for name in ("fmt", "testing")
        if not re.search(rf'(?:^|[(;]|\bimport\b)[ \t]*"{name}"', program, re.MULTILINE)
    ]
    more = "".join(f'; import "{name}"' for name in missing)
    return re.sub(r"^(package[ \t]+\w+)[ \t]*;?", rf"\1; {_OWN_IMPORTS}{more};", program, count=1, flags=re.MULTILINE)


def printer_with(wire: Callable[[str, str], str]) -> Printer:
    """Go's, for tests that `wire` runs. Their loop compares nothing with nothing then."""
    return Printer(
        text=_TEXT,
        statement="{ actual: crucibleAnswer({number}, {value}) },",
        expected_statement="crucibleAnswer({number}, {value})",
        data="crucibleText(crucibleReflect.ValueOf({value}), 0)",
        program=lambda program, printer, tests: f"{_with_imports(program)}\n{printer}\n{wire(tests, '')}",
        expected=_EXPECTED,
    )
