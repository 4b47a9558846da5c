"""Tests of a user's own that are data: calls of a function, and what each has to answer, as JSON has it.

What is covered: Python, judged by the referee, and the languages of `WRITERS`, judged by their answers. The program
gets the calls; no expected value comes near it.
What is not: a value that JSON cannot say, such as a date, a set or a function; keys of a map that are no strings,
where the language is not told their type. Use `tests` for these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from codecrucible.benchmarks.sources.calls import cpp, go, java, rust
from codecrucible.benchmarks.sources.calls.call import Call, Signature, Unwritable
from codecrucible.benchmarks.sources.calls.literals import DYNAMIC
from codecrucible.benchmarks.sources.calls.writer import Writer
from codecrucible.sandbox.job import Assertion

__all__ = ["WRITERS", "Call", "Signature", "TakenApart", "Unwritable", "Writer", "taken_apart"]

WRITERS: Mapping[str, Writer] = {
    writer.language: writer for writer in (*DYNAMIC, cpp.WRITER, rust.WRITER, java.WRITER, go.WRITER)
}
"""How calls are written, by language. Python has a module of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenApart:
    """Tests of a problem as `Problem` has them: source, and where the calls in it are.

    Attributes:
        tests: As `Problem.tests`; no expected value is in it.
        assertions: As `Problem.assertions`.
        result: As `Problem.result`.
    """

    tests: str
    assertions: tuple[Assertion, ...]
    result: str


def taken_apart(writer: Writer, entry_point: str, calls: Sequence[Call], signature: Signature) -> TakenApart:
    """Tests that make the calls, one a line.

    Args:
        writer: Writer of the language.
        entry_point: Name of the function.
        calls: At least one.
        signature: Types of the function, empty where the language has none.

    Raises:
        Unwritable: if the name or a value cannot be written in the language; names the field.
    """
    if not writer.name.fullmatch(entry_point):
        raise Unwritable("entry_point", f"expected a name of a function in {writer.language}")
    tests, assertions = writer.before, []
    for number, call in enumerate(calls):
        if call.accepted:
            raise Unwritable(f"calls[{number}].accepted", f"{writer.language} takes one answer alone: give 'tests'")
        source = writer.call(entry_point, call, signature, field=f"calls[{number}]")
        expected = writer.written(call.expected, signature.result, field=f"calls[{number}].expected")
        start = len(tests) + len(writer.indent)
        assertions.append(Assertion(start=start, end=start + len(source), call=source, expected=expected))
        tests += f"{writer.indent}{source}\n"
    return TakenApart(tests=tests + writer.after, assertions=tuple(assertions), result=writer.result(signature.result))
