"""Which benchmarks there are, and which problems of one a name such as `humaneval[:20]` selects."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from codecrucible.benchmarks.errors import BenchmarkDataError, BenchmarkError, UnknownBenchmark
from codecrucible.benchmarks.perturbed.derived import derived, derived_name
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.bigcodebench import NAMES as BIGCODEBENCH
from codecrucible.benchmarks.sources.bigcodebench import load_bigcodebench
from codecrucible.benchmarks.sources.classeval import load_classeval
from codecrucible.benchmarks.sources.cruxeval import NAMES as CRUXEVAL
from codecrucible.benchmarks.sources.cruxeval import load_cruxeval
from codecrucible.benchmarks.sources.cweval import load_cweval
from codecrucible.benchmarks.sources.cyberseceval import NAMES as CYBERSECEVAL
from codecrucible.benchmarks.sources.cyberseceval import load_cyberseceval
from codecrucible.benchmarks.sources.data_files import Access
from codecrucible.benchmarks.sources.evalplus import load_evalplus
from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.benchmarks.sources.humaneval_infilling import NAMES as HUMANEVAL_INFILLING
from codecrucible.benchmarks.sources.humaneval_infilling import load_humaneval_infilling
from codecrucible.benchmarks.sources.humaneval_xl import NAME as HUMANEVAL_XL
from codecrucible.benchmarks.sources.humaneval_xl import load_humaneval_xl
from codecrucible.benchmarks.sources.humanevalpack import NAMES as HUMANEVALPACK
from codecrucible.benchmarks.sources.humanevalpack import load_humanevalpack
from codecrucible.benchmarks.sources.livecodebench import NAME as LIVECODEBENCH
from codecrucible.benchmarks.sources.livecodebench import NAMES as LIVECODEBENCH_RELEASES
from codecrucible.benchmarks.sources.livecodebench import load_file, load_livecodebench, path_in
from codecrucible.benchmarks.sources.mbpp import load_mbpp, load_sanitized_mbpp
from codecrucible.benchmarks.sources.multipl_e import NAMES as MULTIPL_E
from codecrucible.benchmarks.sources.multipl_e import load_multipl_e
from codecrucible.benchmarks.sources.own_file import is_path, load_own
from codecrucible.benchmarks.sources.plug_ins import PlugIns, plug_ins
from codecrucible.benchmarks.sources.practice import NAMES as PRACTICE
from codecrucible.benchmarks.sources.practice import load_practice
from codecrucible.benchmarks.sources.problem_file import check_ids
from codecrucible.benchmarks.sources.recode import NAMES as RECODE
from codecrucible.benchmarks.sources.recode import load_recode, nominal_of
from codecrucible.benchmarks.sources.starter import load_starter

# To add a benchmark, write its loader, a line here and an entry in catalogue.py; the tests run its references too.
_SHIPPED: dict[str, Callable[[], Benchmark]] = {
    "humaneval": load_humaneval,
    "starter": load_starter,
    **{name: partial(load_practice, name) for name in PRACTICE},
}
# Their data is the user's or downloaded, and each loader can be told how it may be had.
_FETCHED: dict[str, Callable[[Access], Benchmark]] = {
    **{name: partial(load_multipl_e, origin, suffix) for name, (origin, suffix) in MULTIPL_E.items()},
    "mbpp": partial(load_mbpp, "mbpp"),
    "mbpp:3shot": partial(load_mbpp, "mbpp:3shot"),
    "mbpp:sanitized": load_sanitized_mbpp,
    "mbpp:train": partial(load_mbpp, "mbpp:train"),
    "mbpp:all": partial(load_mbpp, "mbpp:all"),
    **{
        name: partial(load_evalplus, name)
        for name in ("humaneval+", "humaneval+:mini", "humaneval+:noextreme", "mbpp+", "mbpp+:noextreme")
    },
    **{name: partial(load_humaneval_infilling, name) for name in HUMANEVAL_INFILLING},
    HUMANEVAL_XL: load_humaneval_xl,
    **{name: partial(load_cruxeval, name) for name in CRUXEVAL},
    **{name: partial(load_bigcodebench, name) for name in BIGCODEBENCH},
    "classeval": load_classeval,
    **{name: partial(load_livecodebench, name) for name in (LIVECODEBENCH, *LIVECODEBENCH_RELEASES)},
    **{name: partial(load_cyberseceval, name) for name in CYBERSECEVAL},
    "cweval": load_cweval,
    **{name: partial(load_humanevalpack, task, suffix) for name, (task, suffix) in HUMANEVALPACK.items()},
    **{name: partial(load_recode, name) for name in RECODE},
}

#: A name with the beginning of the digest that its file has.
_MARKED = re.compile(r"([^/@]+)@([0-9a-f]{12})", re.ASCII)
_DATES = re.compile(r"\[\s*(\d{4}-\d\d-\d\d)?\s*\.\.\s*(\d{4}-\d\d-\d\d)?\s*\]", re.ASCII)
_SLICE = re.compile(r"\[\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?\]", re.ASCII)


def benchmark_names() -> tuple[str, ...]:
    """Names of all benchmarks, in the order of a list for a person."""
    return (*_SHIPPED, *_FETCHED)


def installed_plug_ins() -> PlugIns:
    """The benchmarks of other distributions, none of them imported."""
    return plug_ins(benchmark_names())


#: Names that others have for a benchmark and that are not its own with other signs.
_ALIASES = {
    "openai_humaneval": "humaneval",
    "lcb": LIVECODEBENCH,
    **{
        alias: name
        for name in LIVECODEBENCH_RELEASES
        for version in [name.partition(":")[2]]
        for alias in (f"lcb:{version}", f"lcb:release_{version}", f"{LIVECODEBENCH}:release_{version}")
    },
    "bcb": "bigcodebench",
    "bcb-hard": "bigcodebench:hard",
    "bcb-instruct": "bigcodebench:instruct",
    "cruxeval-output": "cruxeval-o",
    "cruxeval-input": "cruxeval-i",
    "humanevalfix-python": "humanevalpack:fix-python",
    "humanevalsynthesize-python": "humanevalpack:synthesize-python",
}


def canonical_name(name: str) -> str:
    """The benchmark's own name, from a name of it as others write it; `name` itself where no benchmark has it."""
    names = benchmark_names()
    if name in names:
        return name
    known = {_letters(alias): own for alias, own in _ALIASES.items()} | {_letters(own): own for own in names}
    return known.get(_letters(name), name)


def _letters(name: str) -> str:
    """What a name has in common with itself as others write it: `HumanEval+`, `humaneval_plus`, `human-eval-plus`."""
    return re.sub(r"[\s_:.-]", "", name.lower()).replace("plus", "+")


def load_benchmark(name: str, *, download: bool = True, allow_unpinned: bool = False) -> Benchmark:
    """Benchmark called `name`, or the problems of it that are chosen in brackets after the name.

    Args:
        name: One of `benchmark_names()`, in any case and with other signs between its words, that of a plug-in, or
            the path of a file or folder of yours (`load_own`). Behind it may be a Python slice over its problems in
            their order, `humaneval[:20]`, `humaneval[10:30]`, `starter[::2]`, or ids of its problems in any order,
            `humaneval[HumanEval/3,HumanEval/7]`, or the first and the last day of those that have a date, of which one
            may be left out: `livecodebench[2024-07-01..2024-11-30]`, or the kind and the names of groups that they are
            in: `humaneval-xl[natural language=German,Greek]`. The benchmark returned is named with the slice, the days
            or the groups, or with the ids in its own order, and has its problems in that order.
            `livecodebench:` and a path is a file of yours with the problems of LiveCodeBench.
            `mbpp@` and 12 digits of a SHA-256, before any brackets, is MBPP from a file of yours with that digest.
            A `~` and a kind of perturbation behind it all is that benchmark with perturbed prompts (`derived_name`).
        download: Whether data that is not on this machine may be downloaded.
        allow_unpinned: Whether a file of yours may have another content than the pinned one; the benchmark is then
            named with its digest, as above.

    Raises:
        UnknownBenchmark: if no benchmark has the name, the slice is malformed or selects nothing, or no problem has
            an id.
        BenchmarkDataAbsent: if its data is not on this machine and was not downloaded.
        BenchmarkDataError: if the benchmark's data cannot be used.
    """
    if (own := path_in(name)) and own.exists():
        return load_file(own)
    if is_path(name) and os.path.exists(name):  # noqa: PTH110 - pathlib raises where a name is too long
        return load_own(Path(name))  # whole, whatever brackets its path has
    if perturbed := derived_name(name):
        base_benchmark = load_benchmark(perturbed.base, download=download, allow_unpinned=allow_unpinned)
        return derived(base_benchmark, perturbed)
    base, bracket, rest = name.strip().partition("[")
    access = Access(download=download, unpinned="" if allow_unpinned else None)
    if marked := _MARKED.fullmatch(base):
        base, access = marked[1], Access(download=download, unpinned=marked[2])
        if base in _SHIPPED:
            raise UnknownBenchmark(f"{name!r} is read from no file of yours, so it has no digest in its name")
    names = benchmark_names()
    if not is_path(base):
        base = canonical_name(base)
    if base not in names and not is_path(base):
        names = (*names, *installed_plug_ins().usable)
    if base not in names and not is_path(base):
        near = get_close_matches(base.lower(), names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UnknownBenchmark(
            f"no benchmark is called {base!r}: {hint}`crucible benchmarks` lists all; or name a file of yours"
        )
    if not bracket:
        return _load(base, access)
    benchmark = _load(base, access)
    if in_groups := _of_groups(benchmark, bracket + rest):
        problems, written = in_groups
        return _part(benchmark, problems, written)
    problems = _chosen(benchmark, bracket + rest, name=name)
    written = re.sub(r"\s", "", bracket + rest)
    if not (_SLICE.fullmatch(bracket + rest) or _DATES.fullmatch(bracket + rest)):
        written = f"[{','.join(problem.problem_id for problem in problems)}]"
    return _part(benchmark, problems, written)


def _part(benchmark: Benchmark, problems: tuple[Problem, ...], written: str) -> Benchmark:
    return replace(
        benchmark,
        name=benchmark.name + written,
        title=f"{benchmark.title}, problems {written}",
        problems=problems,
        chosen_of=tuple(problem.problem_id for problem in benchmark.problems),
    )


def nominal_benchmark(name: str) -> str | None:
    """Name of the benchmark whose prompts those of `name` are perturbed from; None if they are not known to be.

    >>> nominal_benchmark("humaneval[:10]~typos:5@r1"), nominal_benchmark("recode:tab_indent[:3]")
    ('humaneval[:10]', 'recode:partial')
    """
    if perturbed := derived_name(name):
        return perturbed.base
    prefix, _, kind = name.partition("[")[0].partition(":")
    return nominal_of(kind) if prefix == "recode" else None


def _load(name: str, access: Access) -> Benchmark:
    if own := path_in(name):
        return load_file(own)
    if is_path(name):
        return load_own(Path(name))
    if name in _SHIPPED:
        return _SHIPPED[name]()
    if name not in _FETCHED:
        return installed_plug_ins().usable[name].load()
    return _FETCHED[name](access) if access.unpinned is None else _load_unpinned(name, access)


def _load_unpinned(name: str, access: Access) -> Benchmark:
    """A benchmark whose file may be any, named with the file's digest unless that is the pinned one."""
    try:
        benchmark = _FETCHED[name](access)
        check_ids(benchmark.problems)
    except BenchmarkError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise BenchmarkDataError(
            f"the file of {name!r} in your folder cannot be read as what it should be: {type(error).__name__}: {error}"
        ) from error
    if benchmark.pinned:
        return benchmark
    digest = benchmark.sha256[:12]
    return replace(
        benchmark,
        name=f"{name}@{digest}",
        title=f"{benchmark.title}, from a file that is not the published one",
        source=f"a file of yours in place of {benchmark.source}",
        revision=digest,
    )


def _chosen(benchmark: Benchmark, text: str, *, name: str) -> tuple[Problem, ...]:
    """Problems of `benchmark` that `text`, brackets included, chooses."""
    if days := _DATES.fullmatch(text):
        return _of_days(benchmark, days[1] or "", days[2] or "", name=name)
    match = _SLICE.fullmatch(text)
    numbers = [None if group is None else int(group) for group in match.groups()] if match else []
    ids = [part.strip() for part in text[1:-1].split(",")]
    if (numbers and numbers[2] == 0) or not text.endswith("]") or not any(ids):
        raise UnknownBenchmark(f"{name!r}: {text!r} is not a choice of problems; {_choices(benchmark)}")
    if not numbers:
        return _with_ids(benchmark, [part for part in ids if part], name=name)
    problems = benchmark.problems[slice(*numbers)]
    if not problems:
        raise UnknownBenchmark(
            f"{name!r} selects none of the {len(benchmark.problems)} problems of {benchmark.name!r}; "
            f"use a slice within [0:{len(benchmark.problems)}]"
        )
    return problems


def _of_groups(benchmark: Benchmark, text: str) -> tuple[tuple[Problem, ...], str] | None:
    """Problems of `benchmark` in the groups that `text` chooses, as `[natural language=German,Greek]`, and that text.

    None if it names no kind of group that a problem has: an id may have an equals sign too.

    Raises:
        UnknownBenchmark: if no problem is in one of the groups.
    """
    kind, equals, rest = (part.strip() for part in text[1:-1].partition("="))
    there = dict.fromkeys(group for each in benchmark.problems for own, group in each.groups if own == kind)
    if not equals or not there or not text.endswith("]"):
        return None
    wanted = [rest] if rest in there else [part.strip() for part in rest.split(",")]
    for group in wanted:
        if group not in there:
            near = get_close_matches(group, there, n=1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UnknownBenchmark(
                f"{benchmark.name!r} has no problem in the group {group!r} of the kind {kind!r}: {hint}there are "
                f"{', '.join(there)}"
            )
    written = ",".join(group for group in there if group in wanted)
    problems = tuple(each for each in benchmark.problems if dict(each.groups).get(kind) in wanted)
    return problems, f"[{kind}={written}]"


def _of_days(benchmark: Benchmark, first: str, last: str, *, name: str) -> tuple[Problem, ...]:
    """Problems of `benchmark` that were published from one day to another, both included; "" for no bound."""
    for day in filter(None, (first, last)):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise UnknownBenchmark(f"{name!r}: {day} is no day: {error}; write one as 2024-07-26") from None
    days = sorted(problem.date for problem in benchmark.problems if problem.date)
    if not days:
        raise UnknownBenchmark(f"{name!r}: the problems of {benchmark.name!r} have no dates; {_choices(benchmark)}")
    problems = tuple(each for each in benchmark.problems if each.date and first <= each.date <= (last or each.date))
    if not problems:
        raise UnknownBenchmark(
            f"{name!r} selects none of the problems of {benchmark.name!r}, which are of {days[0]} to {days[-1]}"
        )
    return problems


def _with_ids(benchmark: Benchmark, ids: list[str], *, name: str) -> tuple[Problem, ...]:
    known = [problem.problem_id for problem in benchmark.problems]
    for unknown in set(ids) - set(known):
        near = get_close_matches(unknown, known, n=1)
        for row in benchmark.refused:
            if row.problem_id == unknown:
                raise UnknownBenchmark(f"{name!r}: {unknown!r} is on a line that is refused: {row.reason}")
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise UnknownBenchmark(f"{name!r}: {benchmark.name!r} has no problem {unknown!r}: {hint}{_choices(benchmark)}")
    return tuple(problem for problem in benchmark.problems if problem.problem_id in ids)


def _choices(benchmark: Benchmark) -> str:
    base, first = benchmark.name, benchmark.problems[0].problem_id
    return f"write {base}[:20], {base}[10:30], {base}[::2], or ids such as {base}[{first}]"
