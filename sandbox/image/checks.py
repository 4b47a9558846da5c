"""A check, compiled: the dataset's setup and tests, and the names in them that only the program can explain."""

import builtins
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from opcode import EXTENDED_ARG, opmap
from types import CodeType


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledCheck:
    """The trusted half of a job, ready to run.

    Attributes:
        setup: Runs first.
        tests: Runs next, in the same namespace.
        entry_point: Name bound to the program's function in between.
        modules: Standard-library modules that the tests use and only the program imports (`sys` in MBPP/596).
        borrowed: Other names that only the program can define (the class `Pair` in MBPP/601).
        changes_objects: Whether it assigns attributes, and so may leave a changed module behind.
        sources: The text of both, by the name that it was compiled with.
    """

    setup: CodeType
    tests: CodeType
    entry_point: str
    modules: tuple[str, ...]
    borrowed: tuple[str, ...]
    changes_objects: bool
    sources: Mapping[str, str]


def compile_check(setup: str, tests: str, entry_point: str) -> CompiledCheck:
    """The check of these sources.

    Raises:
        SyntaxError: or another error of `compile`, if one of the two is no Python.
    """
    setup_code = compile(setup, "<setup>", "exec", dont_inherit=True)
    tests_code = compile(tests, "<tests>", "exec", dont_inherit=True)
    used: set[str] = set()
    defined = {entry_point}
    changes_objects = False
    for top in (setup_code, tests_code):
        for code in _nested(top):
            names = _names(code)
            stored = names["STORE_NAME"]
            used |= names["LOAD_GLOBAL"] | (names["LOAD_NAME"] - stored)
            defined |= names["STORE_GLOBAL"] | (stored if code is top else set())
            changes_objects |= bool(names["STORE_ATTR"]) or "setattr" in code.co_names
    unknown = sorted(used - defined - set(vars(builtins)))
    return CompiledCheck(
        setup=setup_code,
        tests=tests_code,
        entry_point=entry_point,
        modules=tuple(name for name in unknown if name in sys.stdlib_module_names),
        borrowed=tuple(name for name in unknown if name not in sys.stdlib_module_names),
        changes_objects=changes_objects,
        sources={"<setup>": setup, "<tests>": tests},
    )


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


_OPERATIONS = {opmap[name]: name for name in ("LOAD_GLOBAL", "LOAD_NAME", "STORE_NAME", "STORE_GLOBAL", "STORE_ATTR")}


def _names(code: CodeType) -> dict[str, set[str]]:
    """Names that each of `_OPERATIONS` uses in `code`.

    Read from the bytes: `dis` would take thirteen times as long as the compilation.
    """
    names: dict[str, set[str]] = {name: set() for name in _OPERATIONS.values()}
    extended = 0
    for number, argument in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        if number == EXTENDED_ARG:
            extended = (extended | argument) << 8
            continue
        if name := _OPERATIONS.get(number):
            index = extended | argument
            # The lowest bit says whether a NULL is pushed too.
            names[name].add(code.co_names[index >> 1 if name == "LOAD_GLOBAL" else index])
        extended = 0
    return names
