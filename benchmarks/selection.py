"""Which benchmarks a command line names: a list, patterns, and one choice of problems for all of them."""

import re
from fnmatch import fnmatchcase

from codecrucible.benchmarks.errors import UnknownBenchmark
from codecrucible.benchmarks.registry import benchmark_names, canonical_name
from codecrucible.benchmarks.sources.multipl_e import UNTESTED
from codecrucible.benchmarks.sources.own_file import is_path

_COMMA = re.compile(r",(?![^\[]*\])")  # one within brackets separates the ids of problems


def selected_names(text: str, *, problems: str = "") -> tuple[str, ...]:
    """Names for `load_benchmark`, in the order of `text` and each once; a pattern's in the order of the benchmarks.

    Args:
        text: Names separated by commas. In front of a bracket, `*` stands for any characters and `?` for one:
            `humaneval,mbpp[:50]`, `multipl-e:humaneval-*[:20]`. A pattern does not stand for those in languages that
            were never tested, unless it fits no others.
        problems: A slice, or ids separated by commas, that is put in brackets behind each name.

    Raises:
        UnknownBenchmark: if a pattern fits no benchmark, no name is there, or a name brings its own brackets along
            beside `problems`.
    """
    names: dict[str, None] = {}
    for part in filter(None, map(str.strip, _COMMA.split(text))):
        base, bracket, rest = part.partition("[")
        if bracket and problems:
            raise UnknownBenchmark(
                f"the problems [{problems}] beside the choice that {part!r} makes; give one of the two"
            )
        chosen = f"[{problems}]" if problems else bracket + rest
        names |= dict.fromkeys(name + chosen for name in _fitting(base))
    if not names:
        raise UnknownBenchmark(f"{text!r} names no benchmark; see `crucible benchmarks`")
    return tuple(names)


def _fitting(base: str) -> tuple[str, ...]:
    if is_path(base):
        return (base,)
    if not {"*", "?"} & set(base):
        return (canonical_name(base),)
    fitting = tuple(name for name in benchmark_names() if fnmatchcase(name, base))
    if not fitting:
        raise UnknownBenchmark(f"no benchmark's name fits {base!r}: there are {', '.join(benchmark_names())}")
    return tuple(name for name in fitting if name not in UNTESTED) or fitting
