"""Racket, whose testing framework ends with exit status 0 whatever it found."""

import re

from codecrucible.sandbox.languages.declaration import Family, Language, Trial, at_the_end
from codecrucible.sandbox.languages.printers.racket import PRINTER

_CHECK = re.compile(r"^[^;\n]*\((?:check-|test-|fail\b)", re.MULTILINE)
#: Reads all forms of a file and evaluates none.
_READ = """(void (parameterize ([read-accept-reader #t]) \
(call-with-input-file "main.rkt" (lambda (in) (let loop () (unless (eof-object? (read in)) (loop)))))))"""


def _wire(tests: str, statement: str) -> str:
    """The tests and a last form that looks at what they found, which the framework itself only prints.

    Tests without the framework's checks are executed as they stand.
    """
    if "rackunit" not in tests or not _CHECK.search(tests):
        return at_the_end(tests, statement)
    return f"""{tests.rstrip()}
(require (only-in rackunit/log [test-log found-by-tests]))
(let ([found (found-by-tests)])
  (if (and (zero? (car found)) (positive? (cdr found))) {statement} (exit 41)))
"""


FAMILY = Family(name="racket", packages=("racket",))

LANGUAGE = Language(
    name="racket",
    family=FAMILY.name,
    file_name="main.rkt",
    run=("racket", "main.rkt"),
    syntax=("racket", "-e", _READ),
    token='(displayln "{token}")',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(41,),
    printer=PRINTER,
    trial=Trial(
        right="#lang racket\n(define (twice x) (* 2 x))\n",
        wrong="#lang racket\n(define (twice x) x)\n",
        tests=(
            "(require rackunit)\n\n(define (test-humaneval)\n  (check-within (twice 21) 42 0.001))\n\n"
            "(test-humaneval)\n"
        ),
        statement="(check-within (twice 21) 42 0.001)",
        call="(twice 21)",
    ),
)
