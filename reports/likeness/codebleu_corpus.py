"""CodeBLEU of many programs as one corpus: as the `codebleu` package computes it, and the same with our components.

A corpus has one score: counts are added up over all samples before they are divided, so that long programs weigh more,
and there is no score of one sample and no interval. `reports.likeness.codebleu` has the mean of the scores of samples
instead.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import exp, fsum, log

from codebleu import bleu, weighted_ngram_match

from codecrucible.reports.likeness.codebleu import (
    EQUAL_WEIGHTS,
    LONGEST_NGRAM,
    CodeBleu,
    Reference,
    Weights,
    code_bleu_absence,
    code_bleu_method,
    combined,
    read_reference,
)
from codecrucible.reports.likeness.flows import flows_of
from codecrucible.reports.likeness.syntax import NotMeasurable, Tree, parse, subtrees_of, tokens_of

DEFINITIONS = ("ours", "corpus", "package")
"""The mean of our scores; our components over the corpus; what the package's `calc_codebleu` returns."""

# The order in which it merges data flows is that of a hash table.
_PACKAGE = "import codebleu, json, sys; print(json.dumps(codebleu.calc_codebleu(**json.load(sys.stdin))))"

_PACKAGE_NAMES = {
    "value": "codebleu",
    "ngram": "ngram_match_score",
    "weighted_ngram": "weighted_ngram_match_score",
    "syntax": "syntax_match_score",
    "dataflow": "dataflow_match_score",
}
"""What the package calls the fields of `CodeBleu`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A program and what it is compared with.

    Attributes:
        references: Right programs, at least one.
        candidate: The program; "" for a completion without code.
    """

    references: tuple[str, ...]
    candidate: str


def corpus_code_bleu(
    pairs: Iterable[Pair], *, definition: str, language: str = "python", weights: Weights = EQUAL_WEIGHTS
) -> tuple[CodeBleu, int]:
    """CodeBLEU of all `pairs` together, and how many could be measured; the others are left out.

    Args:
        pairs: The samples.
        definition: "corpus" or "package".
        language: As in `reports.likeness.codebleu.code_bleu`.
        weights: As in `code_bleu`; the package takes them as they are, whatever they add up to.

    Raises:
        ValueError: if there is no such definition.
    """
    if definition not in DEFINITIONS[1:]:
        raise ValueError(f"Cannot measure a corpus by {definition!r}: give one of {', '.join(DEFINITIONS[1:])}.")
    if absence := code_bleu_absence(language):
        return CodeBleu(value=None, reason=absence), 0
    read = [(pair, found) for pair in pairs if (found := _read(pair, language)) is not None]
    if not read:
        return CodeBleu(value=None, reason="no sample could be measured"), 0
    if definition == "package":
        return _of_package([pair for pair, _ in read], language, weights), len(read)
    return _of_corpus([found for _, found in read], language, weights), len(read)


def corpus_method(definition: str, language: str = "python") -> str:
    """One line that names what decides the numbers of a corpus."""
    if definition == "package":
        grammar = f"tree-sitter-{language.replace('_', '-')}"
        parts = ", ".join(f"{name} {version(name)}" for name in ("codebleu", "tree-sitter", grammar))
        return f"calc_codebleu of {parts}, as it is, with PYTHONHASHSEED=0"
    return f"corpus: {code_bleu_method(language)}"


def as_package_names(score: CodeBleu) -> dict[str, float | None]:
    """The result under the names that the package gives it."""
    return {name: getattr(score, field) for field, name in _PACKAGE_NAMES.items()}


def _read(pair: Pair, language: str) -> tuple[list[Reference], Tree] | None:
    """What the comparison needs of a pair; None where it cannot be compared in bounded time and memory."""
    try:
        references = [read_reference(reference, language) for reference in pair.references]
        return references, parse(pair.candidate, language, "candidate")
    except NotMeasurable:
        return None


def _of_package(pairs: Sequence[Pair], language: str, weights: Weights) -> CodeBleu:
    given = {
        "references": [list(map(_encodable, pair.references)) for pair in pairs],
        "predictions": [_encodable(pair.candidate) for pair in pairs],
        "lang": language,
        "weights": list(weights),
    }
    done = subprocess.run(
        [sys.executable, "-c", _PACKAGE],
        input=json.dumps(given),
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return CodeBleu(value=None, reason=f"the codebleu package failed: {last[:200]}")
    found = json.loads(done.stdout)
    return CodeBleu(**{field: found[name] for field, name in _PACKAGE_NAMES.items()})


def _encodable(text: str) -> str:
    """`text` with a question mark for each half of a character, over which the package fails."""
    return text.encode("utf-8", "replace").decode()


def _of_corpus(read: Sequence[tuple[list[Reference], Tree]], language: str, weights: Weights) -> CodeBleu:
    tokens = [tokens_of(tree) for _, tree in read]
    matched = subtrees = flowed = flows = 0
    for references, tree in read:
        found_subtrees, found_flows = set(subtrees_of(tree)), flows_of(tree, language)
        for right in references:
            matched += sum(times for subtree, times in right.subtrees.items() if subtree in found_subtrees)
            subtrees += right.subtrees.total()
            flowed += (right.flows & found_flows).total()
            flows += right.flows.total()
    return combined(
        float(bleu.corpus_bleu([[right.tokens for right in references] for references, _ in read], tokens))  # type: ignore[no-untyped-call]
        if any(tokens)
        else 0.0,
        _weighted_recall([references for references, _ in read], tokens),
        matched / subtrees,
        flowed / flows if flows else None,
        weights=weights,
    )


def _weighted_recall(references: Sequence[list[Reference]], tokens: Sequence[list[str]]) -> float:
    recalls = []
    for order in range(1, LONGEST_NGRAM + 1):
        parts = [
            weighted_ngram_match.modified_recall([(each.tokens, each.weights) for each in rights], found, order)  # type: ignore[no-untyped-call]
            for rights, found in zip(references, tokens, strict=True)
        ]
        recalls.append((sum(found for found, _ in parts), sum(wanted for _, wanted in parts)))
    if recalls[0][0] == 0:
        return 0.0
    smooth = weighted_ngram_match.SmoothingFunction().method1(recalls)  # type: ignore[no-untyped-call]
    return exp(fsum(log(found / wanted) for found, wanted in smooth) / len(smooth))
