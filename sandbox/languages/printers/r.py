"""Prints values of R as JSON, and says which of them `all.equal` takes for equal.

A vector of one element is that element. `all.equal` lets numbers differ by a share of their mean, which no text can
say, so two texts are compared by `all_equal`, which follows R 4.2. What has attributes other than names, or is no
vector, is equal to no value that tests write down.
"""

import json
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from codecrucible.sandbox.languages.declaration import Printer

_TEXT = r"""
crucible_answer <- base::local({
  quoted <- function(x) {
    latin <- Encoding(x) == "latin1"
    x[latin] <- enc2utf8(x[latin])
    x <- gsub("\\", "\\\\", x, fixed = TRUE, useBytes = TRUE)
    ifelse(is.na(x), "null", paste0("\"", gsub("\"", "\\\"", x, fixed = TRUE, useBytes = TRUE), "\""))
  }
  number <- function(x) {
    text <- sprintf("%.15g", x)
    longer <- is.finite(x)
    longer[longer] <- as.double(text[longer]) != x[longer]
    text[longer] <- sprintf("%.17g", x[longer])
    ifelse(is.na(x), "NaN", sub("Inf", "Infinity", text, fixed = TRUE))
  }
  object <- function(kind, texts) paste0("{\"", kind, "\": [", paste(texts, collapse = ", "), "]}")
  vector_of <- function(kind, x, texts) {
    if (length(x) == 0 || (kind != "numeric" && anyNA(x))) return(object(kind, texts))
    if (length(x) == 1) texts else paste0("[", paste(texts, collapse = ", "), "]")
  }
  text_of <- function(x, depth) {
    if (is.null(x)) return("null")
    named <- attributes(x)
    kind <- mode(x)
    if (depth > 200 || length(setdiff(names(named), "names")) || !(typeof(x) == "list" || is.atomic(x))) {
      return(object("other", quoted(class(x))))
    }
    names(x) <- NULL
    text <- switch(kind,
      numeric = vector_of(kind, x, number(as.double(x))),
      logical = vector_of(kind, x, ifelse(is.na(x), "null", ifelse(x, "true", "false"))),
      character = vector_of(kind, x, quoted(x)),
      list = object(kind, vapply(x, text_of, "", depth = depth + 1)),
      object("other", quoted(kind)))
    if (is.null(named)) return(text)
    paste0("{\"names\": [", paste(quoted(named$names), collapse = ", "), "], \"of\": ", text, "}")
  }
  function(at, value) {
    text <- charToRaw(text_of(value, 0))
    channel <- file("/dev/fd/3", "wb", raw = TRUE)
    writeBin(c(charToRaw(sprintf("%d %d ", at, length(text))), text, charToRaw("\n")), channel)
    close(channel)
  }
}, base::new.env(parent = base::baseenv()))
"""

_TOLERANCE = math.sqrt(2.0**-52)
_KINDS = {float: "numeric", bool: "logical", str: "character"}


class _Value(NamedTuple):
    """One value of R: what it is, its elements, and their names where it has any."""

    kind: str
    elements: Sequence[Any] = ()
    names: Sequence[str | None] | None = None


def all_equal(answer: str, expected: str) -> bool:
    """Whether `isTRUE(all.equal(answer, expected))` holds of two printed values.

    >>> [all_equal(a, b) for a, b in (("1", "1.000000001"), ("[1, 2]", '{"list": [1, 2]}'), ("1.1", "1"))]
    [True, False, False]
    """
    try:
        one, other = (_value(json.loads(text, parse_int=float, strict=False)) for text in (answer, expected))
        return _equal(one, other)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):  # it is no text of the printer's
        return False


def _value(read: Any) -> _Value:
    if read is None:
        return _Value("NULL")
    if not isinstance(read, dict):
        elements = read if isinstance(read, list) else [read]
        return _Value(_KINDS[type(elements[0])], elements)
    if "names" in read:
        return _value(read["of"])._replace(names=read["names"])
    ((kind, elements),) = read.items()
    return _Value(kind, [_value(each) for each in elements] if kind == "list" else elements)


def _equal(one: _Value, other: _Value) -> bool:
    if one.kind != other.kind or one.kind == "other" or one.names != other.names:
        return False
    if len(one.elements) != len(other.elements):
        return False
    pairs = zip(one.elements, other.elements, strict=True)
    if one.kind == "list":
        return all(_equal(*pair) for pair in pairs)
    return _near(list(pairs)) if one.kind == "numeric" else one.elements == other.elements


def _near(pairs: list[tuple[float, float]]) -> bool:
    """Whether numbers differ by no more than the tolerance, on average over those that differ at all."""
    if any(math.isnan(one) != math.isnan(other) for one, other in pairs):
        return False
    different = [(one, other) for one, other in pairs if one != other and not math.isnan(one)]
    count = len(different)
    scale = sum(abs(one) / count for one, _ in different)
    if not (math.isfinite(scale) and scale > _TOLERANCE):
        scale = 1.0
    return sum(abs(one - other) / (count * scale) for one, other in different) <= _TOLERANCE


PRINTER = Printer(text=_TEXT, statement="crucible_answer({number}, {value})", equal=all_equal)
"""R's, which finds the functions of base whatever a program calls its own."""
