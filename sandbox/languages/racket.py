"""Racket, whose testing framework ends with exit status 0 whatever it found."""

from sandbox.languages.declaration import Family, Language, Trial


def _wire(tests: str, statement: str) -> str:
    """The tests and a last form that looks at what they found, which the framework itself only prints."""
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
    token='(displayln "{token}")',  # noqa: S106 - a template
    wire=_wire,
    assertion_exits=(41,),
    trial=Trial(
        right="#lang racket\n(define (twice x) (* 2 x))\n",
        wrong="#lang racket\n(define (twice x) x)\n",
        tests=(
            "(require rackunit)\n\n(define (test-humaneval)\n  (check-within (twice 21) 42 0.001))\n\n"
            "(test-humaneval)\n"
        ),
    ),
)
