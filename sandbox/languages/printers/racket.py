"""Prints values of Racket as JSON, and says which of them `check-within` takes for equal.

`check-within` lets numbers differ by 0.001, which no text can say, so two texts are compared by `within`, which follows
Racket 8. What tests write down are numbers, strings, truth values, symbols, pairs, lists and immutable hashes; anything
else is equal to none of these.
"""

import json
from fractions import Fraction
from typing import Any

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
(module crucible-printer racket/base
  (require racket/string)
  (provide crucible-answer)
  (define (quoted text) (string-append "\"" (regexp-replace* #rx"[\"\\\\]" text "\\\\&") "\""))
  (define (joined opening texts closing) (string-append opening (string-join texts ", ") closing))
  (define (other value)
    (define text (format "~.s" value))
    (joined "{\"other\": [NaN, " (list (quoted text)) "]}"))
  (define (number value)
    (cond
      [(exact-integer? value) (number->string value)]
      [(flonum? value)
       (cond [(not (= value value)) "NaN"]
             [(= value +inf.0) "Infinity"]
             [(= value -inf.0) "-Infinity"]
             [else (number->string value)])]
      [(exact-rational? value) (joined "{\"rational\": " (list (quoted (number->string value))) "}")]
      [else (joined "{\"complex\": [" (map number (list (real-part value) (imag-part value))) "]}")]))
  (define (exact-rational? value) (and (rational? value) (exact? value)))
  (define (text-of value depth)
    (define (inner each) (text-of each (add1 depth)))
    (cond
      [(> depth 200) (other 'endless)]
      [(number? value) (number value)]
      [(string? value) (quoted value)]
      [(boolean? value) (if value "true" "false")]
      [(symbol? value) (joined "{\"symbol\": " (list (quoted (symbol->string value))) "}")]
      [(list? value) (joined "[" (map inner value) "]")]
      [(pair? value) (joined "{\"pair\": [" (list (inner (car value)) (inner (cdr value))) "]}")]
      [(and (hash? value) (immutable? value) (hash-equal? value))
       (define pairs (for/list ([(key each) (in-hash value)]) (joined "[" (list (inner key) (inner each)) "]")))
       (joined "{\"hash\": [" (sort pairs string<?) "]}")]
      [else (other value)]))
  (define (crucible-answer at value)
    (define text (string->bytes/utf-8 (text-of value 0)))
    (define channel (open-output-file "/dev/fd/3" #:exists 'append))
    (write-bytes (bytes-append (string->bytes/utf-8 (format "~a ~a " at (bytes-length text))) text #"\n") channel)
    (close-output-port channel)))
(require (only-in 'crucible-printer crucible-answer))
"""

_DELTA = 0.001


def within(answer: str, expected: str) -> bool:
    """Whether `(check-within answer expected 0.001)` holds of two printed values.

    >>> [within(a, b) for a, b in (("[1.0004]", "[1]"), ("1.002", "1"), ('"1"', "1"))]
    [True, False, False]
    """
    try:
        return _equal(*(json.loads(text, strict=False) for text in (answer, expected)))
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError):  # it is no text of the printer's
        return False


def _equal(one: Any, other: Any) -> bool:
    numbers = _number(one), _number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return bool(abs(numbers[0] - numbers[1]) <= _DELTA)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_equal(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        ((kind, values),) = one.items()
        if kind == "hash":
            return _equal_hashes(_hash(values), _hash(other[kind]))
        return kind != "other" and _equal(values, other[kind])
    return type(one) is type(other) and one == other


def _number(value: Any) -> Any:
    """The number that a value is; None for any other."""
    if isinstance(value, dict):
        if "rational" in value:
            return Fraction(value["rational"])
        return complex(*map(float, value["complex"])) if "complex" in value else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _hash(pairs: list[list[Any]]) -> dict[str, Any]:
    """Values by the text of their key, for which `1` and `1.0` are two keys."""
    return {json.dumps(key): value for key, value in pairs}


def _equal_hashes(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)


PRINTER = Printer(
    text=_TEXT,
    statement="(crucible-answer {number} {value})",
    expected="#lang racket\n{printer}\n{statements}\n",
    equal=within,
    never_equal=r"\bNaN\b|\bInfinity\b",
)
"""Racket's, in a module of its own, so that what a program defines is none of the printer's."""
