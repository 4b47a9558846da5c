"""R."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial
from codecrucible.sandbox.languages.printers.r import PRINTER

FAMILY = Family(name="r", packages=("r-base-core",))

LANGUAGE = Language(
    name="r",
    family=FAMILY.name,
    file_name="main.R",
    run=("Rscript", "--vanilla", "main.R"),
    syntax=("Rscript", "--vanilla", "-e", "invisible(parse('main.R'))"),
    token='cat("{token}\\n")',  # noqa: S106 - a template
    printer=PRINTER,
    trial=Trial(
        right="double <- function(x) {\n  2 * x\n}\n",
        wrong="double <- function(x) {\n  x\n}\n",
        tests="stopifnot(isTRUE(all.equal(double(21), 42)))\n",
        statement="stopifnot(isTRUE(all.equal(double(21), 42)))",
        call="double(21)",
    ),
)
