"""A check, compiled: the dataset's setup and tests, and the names in them that only the program can explain."""

import builtins
import dis
import sys
from collections.abc import Iterator
from dataclasses import dataclass
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
    """

    setup: CodeType
    tests: CodeType
    entry_point: str
    modules: tuple[str, ...]
    borrowed: tuple[str, ...]
    changes_objects: bool


def compile_check(setup: str, tests: str, entry_point: str) -> CompiledCheck:
    """The check of these sources.

    Raises:
        SyntaxError: or another error of `compile`, if one of the two is no Python.
    """
    setup_code = compile(setup, "<setup>", "exec", dont_inherit=True)
    tests_code = compile(tests, "<tests>", "exec", dont_inherit=True)
    codes = [*_nested(setup_code), *_nested(tests_code)]
    used: set[str] = set()
    defined = {entry_point} | _names(setup_code, "STORE_NAME") | _names(tests_code, "STORE_NAME")
    for code in codes:
        used |= _names(code, "LOAD_GLOBAL") | (_names(code, "LOAD_NAME") - _names(code, "STORE_NAME"))
        defined |= _names(code, "STORE_GLOBAL")
    unknown = sorted(used - defined - set(vars(builtins)))
    return CompiledCheck(
        setup=setup_code,
        tests=tests_code,
        entry_point=entry_point,
        modules=tuple(name for name in unknown if name in sys.stdlib_module_names),
        borrowed=tuple(name for name in unknown if name not in sys.stdlib_module_names),
        changes_objects=any(_names(code, "STORE_ATTR") or "setattr" in code.co_names for code in codes),
    )


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _names(code: CodeType, operation: str) -> set[str]:
    return {str(instruction.argval) for instruction in dis.get_instructions(code) if instruction.opname == operation}
