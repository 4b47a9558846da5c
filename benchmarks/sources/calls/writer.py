"""How calls and values are written in a language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from codecrucible.benchmarks.sources.calls.call import Call, Signature, Unwritable


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One language.

    Attributes:
        language: As `Problem.language` has it.
        value: From a value as JSON has it and its type to its source; raises `ValueError` if there is none.
        types: Finds the types of a function in a prompt; None where the language needs none.
        result: From the type of an answer to what the printer is told.
        keyword: How a named argument is written, of `{name}` and `{value}`; "" where there are none.
        name: What the name of a function is.
        before: What stands before the calls.
        indent: What stands before each of them.
        after: What stands behind them.
    """

    language: str
    value: Callable[[Any, str], str]
    types: Callable[[str, str], Signature | None] | None = None
    result: Callable[[str], str] = str
    keyword: str = ""
    name: re.Pattern[str] = re.compile(r"[A-Za-z_]\w*", re.ASCII)
    before: str = ""
    indent: str = ""
    after: str = ""

    def call(self, entry_point: str, call: Call, signature: Signature, *, field: str) -> str:
        """Source of a call.

        Raises:
            Unwritable: naming the part of `field` that cannot be written.
        """
        if call.keywords and not self.keyword:
            raise Unwritable(f"{field}.keywords", f"{self.language} has no named arguments: give them in 'arguments'")
        types = signature.arguments
        if self.types and len(types) != len(call.arguments):
            what = f"the function has {len(types)} parameters, and this call {len(call.arguments)} arguments"
            raise Unwritable(f"{field}.arguments", what)
        written = [
            self.written(value, types[at] if types else "", field=f"{field}.arguments[{at}]")
            for at, value in enumerate(call.arguments)
        ]
        for name, value in call.keywords.items():
            if not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
                raise Unwritable(f"{field}.keywords", f"{name[:40]!r} is no name of a parameter")
            source = self.written(value, "", field=f"{field}.keywords.{name}")
            written.append(self.keyword.replace("{name}", name).replace("{value}", source))
        return f"{entry_point}({', '.join(written)})"

    def written(self, value: Any, type_: str, *, field: str) -> str:
        """Source of a value.

        Raises:
            Unwritable: naming `field`, if it has none.
        """
        try:
            return self.value(value, type_)
        except ValueError as error:
            raise Unwritable(field, str(error)) from error
