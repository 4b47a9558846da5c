"""A call and what it has to answer, the types of a function, and the error of a value that cannot be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the function that is asked for.

    Attributes:
        arguments: Values as JSON has them, by position.
        keywords: Values by the name of their parameter.
        expected: What the call has to answer.
        accepted: What will do as well.
    """

    arguments: tuple[Any, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    expected: Any
    accepted: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Types of a function, as its language writes them.

    Attributes:
        arguments: Types of its parameters; () where the language has no types.
        result: Type of its answer; "" likewise.
    """

    arguments: tuple[str, ...] = ()
    result: str = ""


class Unwritable(ValueError):
    """A value that cannot be written in a language.

    Attributes:
        field: Field of the record.
        what: Is wrong with it, and what to do.
    """

    def __init__(self, field: str, what: str) -> None:
        super().__init__(f"{field}: {what}")
        self.field, self.what = field, what
