"""What a problem's stress inputs are, and what a right answer to them is.

This file is sent to the sandbox's referee as source, behind that of `evalplus_oracle` and before a last line that makes
the `oracle` of one problem, so it imports nothing of ours. An input is a Python expression of the argument list. It is
evaluated in the referee, before the program is called, and so in nobody's CPU time. Modules that draw are seeded for
each input, so that every program gets the same one.
"""

import math
import random
import string
from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Rules(Protocol):
    """What is right, see `evalplus_oracle.Oracle`."""

    def expected(self, *arguments: Any) -> Any:
        """What `comparison` needs of the right answer."""

    def comparison(self) -> Callable[[Any, Any], bool]:
        """A function of an answer and what `expected` gave."""


class Stress:
    """Asks for the answer to each stress input.

    Args:
        rules: What is right.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.expected = rules.expected
        self.comparison = rules.comparison

    def calls(self, expression: str) -> Iterator[tuple[Any, ...]]:
        """Arguments of the one call that an input is."""
        yield _arguments(expression)


class Ignored:
    """Takes any answer: of calls that measure what it costs to take arguments and to give answers.

    Args:
        reference: Source that defines `entry_point`; "" to send the arguments.
        entry_point: Name of the function whose answer is sent in the place of its arguments.
    """

    def __init__(self, reference: str = "", entry_point: str = "") -> None:
        namespace: dict[str, Any] = {"__name__": "reference"}
        exec(compile(reference, "<reference>", "exec", dont_inherit=True), namespace)  # noqa: S102 - the dataset's own
        self._reference = namespace.get(entry_point)

    def calls(self, expression: str) -> Iterator[tuple[Any, ...]]:
        """Arguments of the one call; with a reference, its answer to them."""
        arguments = _arguments(expression)
        if self._reference is None:
            yield arguments
        else:
            yield (self._reference(*arguments),)

    def expected(self, *_arguments: Any) -> None:
        """Nothing."""

    def comparison(self) -> Callable[[Any, Any], bool]:
        """Takes everything."""
        return lambda _answer, _expected: True


def _arguments(expression: str) -> tuple[Any, ...]:
    random.seed(0)
    modules = {"math": math, "random": random, "string": string}
    return tuple(eval(expression, modules))  # noqa: S307 - the dataset's own, in the sandbox
