"""OCaml, compiled to bytecode, so that errors of types are told apart."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial
from codecrucible.sandbox.languages.printers.ocaml import PRINTER

FAMILY = Family(name="ocaml", packages=("ocaml-nox",), compiles=True)

LANGUAGE = Language(
    name="ocaml",
    family=FAMILY.name,
    file_name="main.ml",
    compile=("ocamlc", "-w", "-a", "-o", "main", "main.ml"),
    run=("./main",),
    token='let () = Stdlib.print_endline "{token}"',  # noqa: S106 - a template
    assertion_exits=(2,),  # any exception
    printer=PRINTER,
    trial=Trial(
        right="let double (x : int) : int =\n  2 * x\n",
        wrong="let double (x : int) : int =\n  x\n",
        tests="let assertions =\n  (assert ((double 21) = 42));\n  ()\n",
        statement="(assert ((double 21) = 42));",
        call="(double 21)",
        result="int",
    ),
)
