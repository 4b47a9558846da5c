"""Rust, compiled by rustc in its 2015 edition, as the dataset's authors have it."""

from sandbox.languages.declaration import Family, Language, Trial, before_closing_brace

FAMILY = Family(name="rust", packages=("rustc", "gcc", "libc6-dev"), compiles=True)

LANGUAGE = Language(
    name="rust",
    family=FAMILY.name,
    file_name="main.rs",
    # With the standard library linked dynamically a program costs half.
    compile=("rustc", "-A", "warnings", "-C", "debuginfo=0", "-C", "prefer-dynamic", "-o", "main", "main.rs"),
    run=("./main",),
    token='std::println!("{token}");',  # noqa: S106 - a template
    wire=before_closing_brace,
    assertion_exits=(101,),  # any panic
    trial=Trial(
        right="fn double(x: isize) -> isize {\n    2 * x\n}\n",
        wrong="fn double(x: isize) -> isize {\n    x\n}\n",
        tests="fn main() {\n    assert_eq!(double(21), 42);\n}\n",
    ),
)
