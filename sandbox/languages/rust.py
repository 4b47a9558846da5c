"""Rust, compiled by rustc in its 2015 edition, as the dataset's authors have it."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end_of_main
from codecrucible.sandbox.languages.printers.rust import PRINTER

_MAIN = r"\bfn\s+main\s*\(\s*\)[^{};]*\{"


def _wire(tests: str, statement: str) -> str:
    """The tests with the statement as the last of their `main`."""
    return at_the_end_of_main(tests, _MAIN, statement, what="`fn main() {`", last=r"Ok\(\(\)\)|return;")


FAMILY = Family(name="rust", packages=("rustc", "gcc", "libc6-dev"), compiles=True)

LANGUAGE = Language(
    name="rust",
    family=FAMILY.name,
    file_name="main.rs",
    # With the standard library linked dynamically a program costs half.
    compile=("rustc", "-A", "warnings", "-C", "debuginfo=0", "-C", "prefer-dynamic", "-o", "main", "main.rs"),
    run=("./main",),
    token='std::println!("{token}");',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(101,),  # any panic
    printer=PRINTER,
    trial=Trial(
        right="fn double(x: isize) -> isize {\n    2 * x\n}\n",
        wrong="fn double(x: isize) -> isize {\n    x\n}\n",
        tests="fn main() {\n    assert_eq!(double(21), 42);\n}\n",
        statement="assert_eq!(double(21), 42);",
        call="double(21)",
        result="isize",
    ),
)
