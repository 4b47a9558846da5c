"""CodeBLEU of a program against a reference, made from the parts of the `codebleu` package.

The package's own sum is not used, because it reports things that were not measured as if they had been. What differs:

- A data flow score of 0 counts as 0, not as 1; a reference without data flow has no such component, and the other
  three are averaged instead.
- The sources of a value are listed in the order of the text, not in the order of a hash table: the score is the same
  in every process, and renaming the variables does not change the data flow.
- Tokens are the leaves of the syntax tree, not what `str.split` leaves between blanks; a string is one token.
- Comments and docstrings are taken out with the syntax tree, so that it also works on a program that does not parse.
- The order of the n-grams is at most the reference's length, and the weighted recall takes neither the brevity
  penalty nor the rounding up to 1 that the package gives it: a source compared with itself scores 1 however short.
- Columns are counted in bytes throughout, so that text after a non-ASCII character is not cut in the wrong place.
- A candidate without code scores 0. What cannot be compared in bounded time and memory has no score, and a reason.

What does not differ: the four components and their equal weights, n-gram smoothing, the syntax match (subtrees of the
reference that occur in the candidate) and the rules by which data flow is read from the tree.

Which strings are compared is the caller's business. The harness compares whole functions: prompt + reference with the
program that was executed, and passes "" for a completion without code. The score of a run is the mean over problems
of the mean over samples.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from math import exp, fsum, log
from pathlib import Path

import codebleu
from codebleu import bleu

from codecrucible.reports.likeness.flows import Flow, flows_of
from codecrucible.reports.likeness.syntax import NotMeasurable, grammar, parse, subtrees_of, tokens_of
from codecrucible.reports.likeness.work_pool import WorkPool

LONGEST_NGRAM = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBleu:
    """CodeBLEU of one pair and its components, each in [0, 1].

    Attributes:
        value: Mean of the components that are not None; None if the pair could not be measured.
        ngram: BLEU over tokens.
        weighted_ngram: Recall of n-grams, in which a keyword weighs five times as much as another token.
        syntax: Share of the reference's subtrees that occur in the candidate.
        dataflow: Share of the reference's data flows that occur in the candidate; None if it has none.
        reason: Why `value` is None, else "".
    """

    value: float | None
    ngram: float | None = None
    weighted_ngram: float | None = None
    syntax: float | None = None
    dataflow: float | None = None
    reason: str = ""


Ngram = tuple[str, ...]
Weights = tuple[float, float, float, float]
EQUAL_WEIGHTS: Weights = (0.25, 0.25, 0.25, 0.25)
"""Weights of n-grams, weighted n-grams, syntax and data flow."""


def code_bleu(reference: str, candidate: str, language: str = "python", weights: Weights = EQUAL_WEIGHTS) -> CodeBleu:
    r"""CodeBLEU of `candidate` against `reference`; its value is None, with the reason, where it cannot be measured.

    Args:
        reference: Source of a right program.
        candidate: Source to compare, any text; at most 64 KiB are measured.
        language: Name of the language in lower case, as the `codebleu` package spells it.
        weights: Those of the four components, in the order of `CodeBleu`; what has no component has no weight either.

    Source:
        Ren et al. 2020, arXiv:2009.10297; components from https://github.com/k4black/codebleu, version 0.7.0.

    >>> code_bleu("def f(x):\n    return x + 1\n", "def f(y):\n    return y + 1  # renamed\n").dataflow
    1.0
    >>> code_bleu("def f(x):\n    return x + 1\n", "").value
    0.0
    """
    try:
        right = read_reference(reference, language)
        tree = parse(candidate, language, "candidate")
    except NotMeasurable as cause:
        return CodeBleu(value=None, reason=str(cause))
    tokens = tokens_of(tree)
    if not tokens:
        return combined(0.0, 0.0, 0.0, 0.0 if right.flows else None, weights=weights)
    found = set(subtrees_of(tree))
    ngram, weighted_ngram = _ngram_matches(right, tokens)
    return combined(
        ngram,
        weighted_ngram,
        sum(times for subtree, times in right.subtrees.items() if subtree in found) / right.subtrees.total(),
        (right.flows & flows_of(tree, language)).total() / right.flows.total() if right.flows else None,
        weights=weights,
    )


def code_bleu_many(
    pairs: Sequence[tuple[str, str]],
    *,
    language: str = "python",
    weights: Weights = EQUAL_WEIGHTS,
    pool: WorkPool | None = None,
) -> list[CodeBleu]:
    """CodeBLEU of every (reference, candidate) pair, in the order of `pairs`; equal pairs are measured once.

    Args:
        pairs: Any number of (reference, candidate).
        language: As in `code_bleu`.
        weights: As in `code_bleu`.
        pool: Measures the distinct pairs; None measures them in this process.
    """
    distinct = list(dict.fromkeys(pairs))
    score = partial(_score_pair, language=language, weights=weights)
    by_pair = dict(zip(distinct, pool.map(score, distinct) if pool else map(score, distinct), strict=True))
    return [by_pair[pair] for pair in pairs]


def code_bleu_soon(pairs: Sequence[tuple[str, str]], *, language: str, pool: WorkPool) -> Future[list[CodeBleu]]:
    """Future of CodeBLEU of every (reference, candidate) pair, measured in another process."""
    return pool.submit(partial(_score_pair, language=language, weights=EQUAL_WEIGHTS), pairs)


def code_bleu_method(language: str = "python") -> str:
    """One line that names what decides the numbers; scores with different lines must not be compared."""
    grammar = f"tree-sitter-{language.replace('_', '-')}"
    try:
        parts = [f"{name} {version(name)}" for name in ("codebleu", "tree-sitter", grammar)]
    except PackageNotFoundError:
        return f"none: {grammar} is not installed"
    return f"{', '.join(parts)}; syntax-tree tokens, no comments or docstrings, true zeros, ordered data flow"


def code_bleu_absence(language: str) -> str:
    """Why nothing in `language` can have a CodeBLEU here, "" if something can."""
    try:
        grammar(language)
    except NotMeasurable as cause:
        return str(cause)
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the comparison needs of a right program."""

    tokens: list[str]
    ngrams: tuple[Counter[Ngram], ...]
    repeated: tuple[dict[Ngram, int], ...]
    weights: dict[str, int]
    total_weight: int
    subtrees: Counter[str]
    flows: Counter[Flow]


def _score_pair(pair: tuple[str, str], language: str, weights: Weights) -> CodeBleu:
    return code_bleu(*pair, language, weights)


def combined(
    ngram: float, weighted_ngram: float, syntax: float, dataflow: float | None, *, weights: Weights
) -> CodeBleu:
    """The four components and their weighted mean; a data flow that is None has no weight."""
    parts = zip((ngram, weighted_ngram, syntax, dataflow), weights, strict=True)
    measured = [(part, weight) for part, weight in parts if part is not None]
    total = fsum(weight for _, weight in measured)
    return CodeBleu(
        value=fsum(part * weight for part, weight in measured) / total if total else None,
        ngram=ngram,
        weighted_ngram=weighted_ngram,
        syntax=syntax,
        dataflow=dataflow,
        reason="" if total else "no component that was measured has a weight",
    )


@lru_cache(maxsize=1024)
def read_reference(source: str, language: str) -> Reference:
    """Everything that the comparison needs of a reference, computed once for all the samples of a problem."""
    tree = parse(source, language, "reference")
    tokens = tokens_of(tree)
    if not tokens:
        raise NotMeasurable("the reference holds no code")
    keywords = _keywords(language)
    ngrams = tuple(_ngrams(tokens, order) for order in range(1, min(LONGEST_NGRAM, len(tokens)) + 1))
    # In the ratio of the package's 1 and 0.2; whole numbers, since it takes a total below 1 for a total of 1.
    weights = {token: 5 if token in keywords else 1 for token in tokens}
    return Reference(
        tokens=tokens,
        ngrams=ngrams,
        repeated=tuple({ngram: count for ngram, count in counts.items() if count > 1} for counts in ngrams),
        weights=weights,
        total_weight=_weighted(ngrams[0], weights),
        subtrees=Counter(subtrees_of(tree)),
        flows=flows_of(tree, language),
    )


@lru_cache(maxsize=16)
def _keywords(language: str) -> frozenset[str]:
    path = Path(codebleu.__file__).parent / "keywords" / f"{language}.txt"
    return frozenset(path.read_text(encoding="utf-8").split())


def _ngrams(tokens: list[str], order: int) -> Counter[Ngram]:
    return Counter(zip(*(tokens[start:] for start in range(order)), strict=False))


def _ngram_matches(right: Reference, tokens: list[str]) -> tuple[float, float]:
    """BLEU of the package with its default smoothing, and our weighted recall; both from one count of the n-grams."""
    precisions, recalls = [], []
    for order, (wanted, repeated) in enumerate(zip(right.ngrams, right.repeated, strict=True), start=1):
        found = _ngrams(tokens, order)
        common = wanted.keys() & found.keys()
        more = {ngram: min(count, found[ngram]) - 1 for ngram, count in repeated.items() if ngram in common}
        matched = len(common) + sum(more.values())
        precisions.append((matched, max(1, len(tokens) - order + 1)))
        if order == 1:
            weights = right.weights
            weighed = sum(weights[token] for (token,) in common) + _weighted(more, weights)
            recalls.append((weighed, right.total_weight))
        else:
            recalls.append((matched, len(right.tokens) - order + 1))
    if precisions[0][0] == 0:
        return 0.0, 0.0
    weight = 1 / len(right.ngrams)
    ngram = fsum(weight * log(matched / made) for matched, made in _smoothed(precisions))
    weighted = fsum(log(matched / wanted) for matched, wanted in _smoothed(recalls)) / len(recalls)
    return bleu.brevity_penalty(len(right.tokens), len(tokens)) * exp(ngram), exp(weighted)  # type: ignore[no-untyped-call]


def _smoothed(counts: list[tuple[int, int]]) -> list[tuple[float, int]]:
    smoothed: list[tuple[float, int]] = bleu.SmoothingFunction().method1(counts)  # type: ignore[no-untyped-call]
    return smoothed


def _weighted(counts: Mapping[Ngram, int], weights: Mapping[str, int]) -> int:
    return sum(count * weights[token] for (token,), count in counts.items())
