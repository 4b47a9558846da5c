"""What a right answer to a problem of HumanEval+ or MBPP+ is, by the rules that EvalPlus 0.3.1 scores with.

This file is sent to the sandbox's referee as source, with a last line that makes the `oracle` of one problem, so it
imports nothing of ours. The rules, in the order in which they are applied:

- Expected is what the reference answers to the same arguments, which it gets as a copy of its own.
- MBPP's inputs are JSON, which has no tuples, sets and complex numbers; `mbpp_arguments` says where they were.
- HumanEval/32, `find_zero`: any x at which the polynomial is within `atol` of 0; nothing else is looked at.
- MBPP/581, `surface_Area`: right too if it takes the height for that of the pyramid, and not of its faces.
- MBPP/558, `digit_distance_nums`: right too if it compares digit by digit, the shorter number padded with zeros.
- MBPP/2, 7, 111, 140, 232, 249, 579 and 769: both answers as sets.
- MBPP/737, 787 and 794: whether the answer is None; one that is a bool says so itself.
- Any other answer is right if it equals the expected one: so 2 for 2.0, but no tuple for a list.
- An unequal answer of the expected type, a number or numbers in lists and tuples, is right if each is within
  atol + 1e-7 * |expected|. That holds where the problem has an `atol`, and from the first expected value of a part on
  that is a float, or a list or tuple of nothing else; `atol` is 1e-6 then.

A rule that cannot be applied to an answer (it raises) makes it wrong. Rules for problems that are no longer in these
files (MBPP/164 and 295) are left out.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

_RELATIVE = 1e-7
_FLOATS = 1e-6
_NUMBERS = (int, float, complex)

_AS_SETS = frozenset({2, 7, 111, 140, 232, 249, 579, 769})
_NONE_OR_NOT = frozenset({737, 787, 794})


class Oracle:
    """The rules for one problem.

    Args:
        task_id: Such as "HumanEval/32".
        entry_point: Name of the function.
        reference: Source that defines it.
        atol: Absolute tolerance, or 0.
    """

    def __init__(self, *, task_id: str, entry_point: str, reference: str, atol: float) -> None:
        namespace: dict[str, Any] = {"__name__": "reference"}
        exec(compile(reference, "<reference>", "exec", dont_inherit=True), namespace)  # noqa: S102 - the dataset's own
        self._reference: Callable[..., Any] = namespace[entry_point]
        dataset, _, number = task_id.partition("/")
        self._is_mbpp = dataset == "Mbpp"
        self._number = int(number)
        self._atol = atol

    def calls(self, inputs: list[list[Any]]) -> Iterator[tuple[Any, ...]]:
        """Arguments of each call."""
        for arguments in inputs:
            yield mbpp_arguments(self._number, arguments) if self._is_mbpp else tuple(arguments)

    def expected(self, *arguments: Any) -> Any:
        """What `comparison` needs: the reference's answer, and for some problems something else."""
        if self._is("HumanEval", 32):
            return arguments[0]
        answer = self._reference(*arguments)
        if self._is("Mbpp", 581):
            return answer, _pyramid_surface(*arguments)
        if self._is("Mbpp", 558):
            return answer, _digit_distance(*arguments)
        return answer is not None if self._is_mbpp and self._number in _NONE_OR_NOT else answer

    def comparison(self) -> Callable[[Any, Any], bool]:
        """A function of an answer and what `expected` gave, for the calls of one part, which it needs in order."""
        if self._is("HumanEval", 32):
            return self._is_zero
        tolerance = self._atol

        def is_right(answer: Any, expected: Any) -> bool:
            nonlocal tolerance
            equal, expected = self._equal(answer, expected)
            if tolerance == 0 and _is_floats(expected):
                tolerance = _FLOATS
            return equal or (
                tolerance != 0 and type(answer) is type(expected) and _is_close(answer, expected, tolerance)
            )

        return is_right

    def _equal(self, answer: Any, expected: Any) -> tuple[bool, Any]:
        """Whether `answer` is right without a tolerance, and what the reference answers."""
        if self._is("Mbpp", 581):
            answered, other = expected
            return bool(answer == answered or abs(answer - other) <= self._atol), answered
        if self._is("Mbpp", 558):
            answered, other = expected
            return bool(answer in (answered, other)), answered
        if self._is_mbpp and self._number in _AS_SETS:
            return set(answer) == set(expected), expected
        if self._is_mbpp and self._number in _NONE_OR_NOT:
            return (answer if isinstance(answer, bool) else answer is not None) == expected, expected
        return bool(answer == expected), expected

    def _is_zero(self, answer: Any, coefficients: list[float]) -> bool:
        terms = (coefficient * math.pow(answer, power) for power, coefficient in enumerate(coefficients))
        return abs(sum(terms)) <= self._atol

    def _is(self, dataset: str, number: int) -> bool:
        return self._is_mbpp == (dataset == "Mbpp") and self._number == number


def _is_floats(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return bool(value) and all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def _is_close(answer: Any, expected: Any, atol: float) -> bool:
    """What `numpy.allclose` says of numbers; its word on integers beyond 64 bits depends on its version."""
    if isinstance(expected, list | tuple):
        is_as_long = isinstance(answer, list | tuple) and len(answer) == len(expected)
        return is_as_long and all(map(_is_close, answer, expected, [atol] * len(expected)))
    if not (isinstance(answer, _NUMBERS) and isinstance(expected, _NUMBERS)):
        return False
    within = abs(answer - expected) <= atol + _RELATIVE * abs(expected)
    return bool(answer == expected or (within and abs(expected) != math.inf))


def _pyramid_surface(base: float, height: float) -> int:
    slant = math.sqrt((base / 2) ** 2 + height**2)
    return round(base**2 + 2 * base * slant)


def _digit_distance(first: int, second: int) -> int:
    width = max(len(str(first)), len(str(second)))
    digits = zip(str(first).zfill(width), str(second).zfill(width), strict=True)
    return sum(abs(int(one) - int(other)) for one, other in digits)


# --- MBPP's arguments -----------------------------------------------------------------------------------------------


def _tuples(rows: Iterable[Iterable[Any]]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


def _tuple_of_tuples(rows: Iterable[Iterable[Any]]) -> tuple[tuple[Any, ...], ...]:
    return tuple(_tuples(rows))


def _all_tuples(value: Any) -> Any:
    return tuple(_all_tuples(item) for item in value) if isinstance(value, list) else value


def _tuple_with_tuples(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(tuple(item) if isinstance(item, list) else item for item in items)


def _sets(items: Iterable[Any]) -> list[Any]:
    return [set(item) if isinstance(item, list) and item else {} for item in items]


def _tuples_of_keys(value: dict[Any, Any]) -> dict[Any, Any]:
    return {key: tuple(items) for key, items in value.items()}


_EACH, _FIRST, _SECOND = slice(None), slice(0, 1), slice(1, 2)
#: Which arguments of which problems become what.
_CONVERSIONS: tuple[tuple[slice, Callable[[Any], Any], frozenset[int]], ...] = (
    (
        _EACH,
        tuple,
        frozenset(
            {2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744, 809}
        ),
    ),
    (_EACH, _tuples, frozenset({63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780})),
    (_EACH, _tuple_of_tuples, frozenset({259, 401, 445})),
    (_EACH, _all_tuples, frozenset({580, 615, 791})),
    (_FIRST, _tuples, frozenset({75, 413, 444, 753})),
    (_FIRST, tuple, frozenset({250, 307, 405, 446, 617, 720, 763, 808})),
    (_FIRST, _tuple_with_tuples, frozenset({278})),
    (_FIRST, _sets, frozenset({115})),
    (_FIRST, _tuples_of_keys, frozenset({722})),
    (_FIRST, complex, frozenset({252})),
    (_FIRST, float, frozenset({124})),
    (_SECOND, complex, frozenset({124})),
    (_SECOND, tuple, frozenset({106, 750})),
)


def mbpp_arguments(number: int, arguments: list[Any]) -> tuple[Any, ...]:
    """Arguments of one call of the problem of that number, with the types that JSON has no form for.

    >>> mbpp_arguments(2, [[1, 2], [2, 3]])
    ((1, 2), (2, 3))
    """
    converted = list(arguments)
    for which, convert, numbers in _CONVERSIONS:
        if number in numbers:
            converted[which] = [convert(argument) for argument in converted[which]]
    return tuple(converted)
