"""A benchmark made of another one by perturbing its prompts, and the name that says how: `humaneval~typos:5@r1`."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from codecrucible.benchmarks.errors import UnknownBenchmark
from codecrucible.benchmarks.perturbed.draws import Draws
from codecrucible.benchmarks.perturbed.layout import with_blank_lines, with_comments, with_split_signature
from codecrucible.benchmarks.perturbed.paraphrase import paraphrased
from codecrucible.benchmarks.perturbed.prompt import Prompt, Unchanged, prompt_of
from codecrucible.benchmarks.perturbed.renaming import names_of_twin, other_style, plain_parameters, renamed
from codecrucible.benchmarks.perturbed.typos import with_typos
from codecrucible.benchmarks.problem import Benchmark, Problem

RULES = 1
"""Version of the rules: a changed rule makes other texts, and so another benchmark."""

SEEDS = 5
"""Versions of a prompt by a kind with chance in it, where no number is given."""

MOST_SEEDS = 100

TWIN = "twin"
"""The kind that changes names and words at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of perturbation.

    Attributes:
        about: What it changes, for a list.
        of: The perturbed problem; raises `Unchanged` with why there is none.
        seeded: Whether chance decides.
    """

    about: str
    of: Callable[[Problem, Draws], Problem]
    seeded: bool = False


def _of_text(change: Callable[[Prompt, Draws], str]) -> Callable[[Problem, Draws], Problem]:
    """What changes the prompt and nothing else."""
    return lambda problem, draws: replace(problem, prompt=change(prompt_of(problem), draws))


def _twin(problem: Problem, _draws: Draws) -> Problem:
    """The problem with other names and, where the table has any, other words."""
    made = renamed(problem, names_of_twin)
    try:
        return replace(made, prompt=paraphrased(prompt_of(made), None))
    except Unchanged:
        return made


KINDS = {
    "rename": Kind(
        about="the function's name in camel case instead of snake case, or the other way round",
        of=lambda problem, _: renamed(problem, other_style),
    ),
    "parameters": Kind(
        about="the parameters' names: arg1, arg2 and so on", of=lambda problem, _: renamed(problem, plain_parameters)
    ),
    "paraphrase": Kind(about="phrases of the docstring, by a table", of=_of_text(paraphrased), seeded=True),
    "typos": Kind(about="letters of the docstring's words", of=_of_text(with_typos), seeded=True),
    "blank-lines": Kind(about="blank lines between statements", of=_of_text(with_blank_lines), seeded=True),
    "split-signature": Kind(
        about="each parameter on a line of its own", of=_of_text(lambda prompt, _: with_split_signature(prompt))
    ),
    "comments": Kind(about="the docstring's text in comments", of=_of_text(lambda prompt, _: with_comments(prompt))),
    TWIN: Kind(about="names of function and parameters and phrases of the docstring at once", of=_twin),
}
"""By name, those that a robustness report has by default before the twin."""

_NAME = re.compile(
    r"(?P<base>.+)~(?P<kind>[a-z-]+)(?::(?P<seeds>\d{1,9}))?(?:@r(?P<rules>\d{1,9}))?(?P<chosen>\[.*)?", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedName:
    """What the name of a perturbed benchmark says.

    Attributes:
        base: Name of the benchmark whose prompts are perturbed, with what is chosen of it.
        kind: A key of `KINDS`.
        seeds: How many versions of each prompt.
    """

    base: str
    kind: str
    seeds: int

    def __str__(self) -> str:
        """The name as a run records it: it makes the same texts, or says that it cannot."""
        return f"{self.base}~{self.kind}{f':{self.seeds}' if KINDS[self.kind].seeded else ''}@r{RULES}"


def derived_name(name: str) -> DerivedName | None:
    """What `name` says, such as `humaneval~typos`, `humaneval[:10]~typos:3` or `humaneval~typos:3[:10]`.

    Brackets choose problems of the base, before or behind the kind.

    Returns:
        None if it is not written so.

    Raises:
        UnknownBenchmark: it is written so, and there is no such kind, or not so many versions, or other rules.
    """
    found = _NAME.fullmatch(name.strip())
    if not found:
        return None
    kind, chosen = found["kind"], found["chosen"] or ""
    if kind not in KINDS:
        raise UnknownBenchmark(f"{name!r}: {kind!r} is no kind of perturbation; there are {', '.join(KINDS)}")
    if "~" in found["base"].rpartition("/")[2] or (chosen and found["base"].endswith("]")):
        raise UnknownBenchmark(f"{name!r} is perturbed twice, or chosen of twice; write one kind and one choice")
    if found["seeds"] and not KINDS[kind].seeded:
        raise UnknownBenchmark(f"{name!r}: there is no chance in {kind}, and so one version; omit :{found['seeds']}")
    seeds = int(found["seeds"] or SEEDS) if KINDS[kind].seeded else 1
    if not 1 <= seeds <= MOST_SEEDS:
        raise UnknownBenchmark(f"{name!r}: give 1 to {MOST_SEEDS} versions")
    if found["rules"] and int(found["rules"]) != RULES:
        raise UnknownBenchmark(
            f"{name!r} was made by version {found['rules']} of the rules, and this release has version {RULES}, which "
            "makes other texts: use the release that made it, or omit the version for a new run"
        )
    return DerivedName(base=found["base"] + chosen, kind=kind, seeds=seeds)


def derived(base: Benchmark, name: DerivedName) -> Benchmark:
    """The versions of the problems of `base`, those of a problem one after the other.

    A problem that has nothing to perturb is left out, and counted in `cautions`. Whether a perturbed reference passes
    is for the sandbox to say.

    Raises:
        UnknownBenchmark: no problem of `base` can be perturbed so.
    """
    kind = KINDS[name.kind]
    problems, reasons = [], Counter[str]()
    for problem in base.problems:
        try:
            problems += [_version(problem, name.kind, kind, seed) for seed in range(name.seeds)]
        except Unchanged as reason:
            reasons[str(reason)] += 1
    told = [f"{count} of {len(base.problems)} problems are left out: {reason}" for reason, count in reasons.items()]
    if not problems:
        raise UnknownBenchmark(f"{base.name}~{name.kind}: no problem can be perturbed so: {'; '.join(told)}")
    texts = [[each.problem_id, each.prompt, each.tests, each.setup, each.reference] for each in problems]
    return replace(
        base,
        name=str(replace(name, base=base.name)),
        title=f"{base.title}, perturbed: {kind.about}",
        problems=tuple(problems),
        revision=f"{base.revision}, rules {RULES}",
        sha256=hashlib.sha256(json.dumps([base.sha256, texts]).encode()).hexdigest(),
        chosen_of=(),
        cautions=(*base.cautions, *told),
    )


def _version(problem: Problem, name: str, kind: Kind, seed: int) -> Problem:
    """One version of a problem.

    Raises:
        Unchanged: there is none.
    """
    made = kind.of(problem, Draws(f"{name}\n{RULES}\n{seed}\n{problem.problem_id}"))
    if made.prompt == problem.prompt:
        raise Unchanged("nothing to change")
    mark = "-" if "@" in problem.problem_id else "@"
    return replace(
        made,
        problem_id=f"{problem.problem_id}{mark}seed{seed}",
        groups=(*problem.groups, ("perturbation", name), ("seed", str(seed)), ("perturbed", "yes")),
    )
