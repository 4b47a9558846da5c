"""Go, vetted, compiled and linked as `go test` does it, without the go command, which takes longer than all three."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, Whole
from codecrucible.sandbox.languages.printers.go import printer_with

# `go test` refuses what these analyses of vet find, and so does this. The package of the tests is called whatever its
# prompt calls it, and imported as "tests" by a `main` that is the same for all.
_PREPARE = r"""
mkdir -p /opt/codecrucible/go && cd /opt/codecrucible/go
cat > main.go <<'END'
package main

import (
	"os"
	"testing"
	"testing/internal/testdeps"
	tests "tests"
)

func main() {
	all := []testing.InternalTest{{Name: "Test", F: tests.CrucibleTest}}
	code := testing.MainStart(testdeps.TestDeps{}, all, nil, nil, nil).Run()
	if code == 0 {
		os.Stdout.WriteString(tests.CrucibleToken() + "\n")
	}
	os.Exit(code)
}
END
cat > answers.go <<'END'
package main

import (
	"os"
	"testing"
	"testing/internal/testdeps"
	tests "tests"
)

func main() {
	channel := os.NewFile(3, "answers")
	tests.CrucibleWrite = func(answer string) {
		if _, err := channel.WriteString(answer); err != nil {
			os.Exit(70)
		}
	}
	all := []testing.InternalTest{{Name: "Test", F: tests.CrucibleTest}}
	os.Exit(testing.MainStart(testdeps.TestDeps{}, all, nil, nil, nil).Run())
}
END
cat > plain.go <<'END'
package main

import (
	"os"
	tests "tests"
)

func main() {
	tests.CrucibleMain()
	os.Stdout.WriteString(tests.CrucibleToken() + "\n")
}
END
cat > build <<'END'
set -e
home=/opt/codecrucible/go tool=$(cat /opt/codecrucible/go/tool)
"$tool/vet" -atomic -bool -buildtags -errorsas -ifaceassert -nilfunc -printf -stringintconv "$home/vet.cfg"
"$tool/compile" -p tests -complete -importcfg "$home/std.cfg" -o tests.a main_test.go
main=main
! grep -q '^func CrucibleMain() {' main_test.go || main=plain
! grep -q '^var CrucibleWrite func(string)$' main_test.go || main=answers
"$tool/compile" -p main -complete -importcfg "$home/main.cfg" -o main.a "$home/$main.go"
"$tool/link" -s -w -importcfg "$home/main.cfg" -o main main.a
rm tests.a main.a
END
HOME=/tmp go env GOTOOLDIR > tool
python3 - "$(HOME=/tmp go env GOROOT)" <<'END'
import json, os, sys
packages = {}
for folder, _, names in os.walk(os.path.realpath(sys.argv[1] + "/pkg"), followlinks=True):
    for name in names:
        path = os.path.join(folder, name)
        root, _, package = path.partition("/linux_")
        if name.endswith(".a") and package:
            packages[package.partition("/")[2][:-2]] = path
standard = "".join(f"packagefile {name}={path}\n" for name, path in sorted(packages.items()))
open("std.cfg", "w").write(standard)
open("main.cfg", "w").write(standard + "packagefile tests=/tmp/tests.a\n")
json.dump(
    {
        "ID": "tests", "Compiler": "gc", "Dir": "/tmp", "ImportPath": "tests", "GoFiles": ["/tmp/main_test.go"],
        "ImportMap": {name: name for name in packages}, "PackageFile": packages,
        "Standard": {name: True for name in packages}, "PackageVetx": {}, "VetxOnly": False, "VetxOutput": "/dev/null",
        "SucceedOnTypecheckFailure": False,
    },
    open("vet.cfg", "w"),
)
assert "testing/internal/testdeps" in packages, sorted(packages)[:20]
END
"""

_TEST = re.compile(r"^func (Test\w*)\(\w+ \*testing\.T\)", re.MULTILINE)
_MAIN = re.compile(r"^func main\(\)\s*\{", re.MULTILINE)


def _wire_answers(tests: str, _statement: str = "") -> str:
    """The tests with the function that a `main` of ours calls: all of them."""
    calls = "; ".join(f"{name}(t)" for name in _TEST.findall(tests))
    return f"{tests.rstrip()}\n\nfunc CrucibleTest(t *testing.T) {{ {calls} }}"


def _wire(tests: str, token: str) -> str:
    """The tests with the two functions that a `main` of ours calls: all of them, and what they print once they passed.

    Those with a `main` of their own have it called instead.
    """
    if _TEST.search(tests):
        called = _wire_answers(tests)
    elif _MAIN.search(tests):
        called = _MAIN.sub("func CrucibleMain() {", tests).rstrip()
    else:
        raise ValueError("these tests should have a function `Test…(t *testing.T)` or `func main()`, and have not")
    return f"{called}\nfunc CrucibleToken() string {{ return {token} }}\n"


_BUILD = """\
set -e
home=/opt/codecrucible/go tool=$(cat /opt/codecrucible/go/tool)
"$tool/compile" -p main -complete -importcfg "$home/std.cfg" -o main.a main.go
"$tool/link" -s -w -importcfg "$home/std.cfg" -o main main.a
rm main.a"""

FAMILY = Family(name="go", packages=("golang-go",), compiles=True, prepare=_PREPARE)

_TRIAL = """package twice_test

import (
    "testing"
    "fmt"
)

func twice(x int) int {
    return FACTOR * x
}
"""

LANGUAGE = Language(
    name="go",
    family=FAMILY.name,
    file_name="main_test.go",
    compile=("sh", "/opt/codecrucible/go/build"),
    run=("./main",),
    environment={"GOMAXPROCS": "1"},
    token='"{token}"',  # noqa: S106 - a template
    wire=_wire,
    processes=64,
    printer=printer_with(_wire_answers),
    trial=Trial(
        right=_TRIAL.replace("FACTOR", "2"),
        wrong=_TRIAL.replace("FACTOR", "1"),
        tests=(
            "type pair struct{ actual, expected interface{} }\n\nfunc TestTwice(t *testing.T) {\n"
            "    for _, each := range []pair{\n        {twice(21), 42},\n    } {\n"
            "        if fmt.Sprint(each.actual) != fmt.Sprint(each.expected) {\n"
            '            t.Errorf("wrong")\n        }\n    }\n}\n'
        ),
        statement="{twice(21), 42},",
        call="twice(21)",
    ),
    different=Whole(file_name="main.go", compile=("sh", "-c", _BUILD), run=("./main",), main="package main"),
)
