"""How much programs look like the reference: BLEU, chrF, exact match and edit similarity. They decide nothing.

Secondary to CodeBLEU, which is secondary to execution: a program can look like the reference and be wrong. The scores
are those of sacrebleu and RapidFuzz (extra `metrics`), in [0, 1], of what was written: comments and docstrings are
taken out as for CodeBLEU, and so are the lines that the prompt gave away, which every program has.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib.metadata import version
from math import fsum

from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics.bleu import BLEU, MAX_NGRAM_ORDER
from sacrebleu.metrics.chrf import CHRF

from codecrucible.reports.likeness.syntax import code_without_prose
from codecrucible.reports.likeness.work_pool import WorkPool
from codecrucible.reports.report_types import SimilarityMeans

LARGEST_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """Similarity of one program to its reference, or means of such; each in [0, 1].

    Attributes:
        bleu: Sentence BLEU of sacrebleu, with its own tokens and an effective order.
        chrf: chrF2 of sacrebleu.
        exact_match: 1 if the texts are the same.
        edit_similarity: 1 less the Levenshtein distance in shares of the longer text.
    """

    bleu: float
    chrf: float
    exact_match: float
    edit_similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the programs of one problem are compared with.

    Attributes:
        prompt: Code that every program begins with.
        reference: A right program, the prompt in it.
        language: Language of both.
    """

    prompt: str
    reference: str
    language: str = "python"


def written(program: str, prompt: str, language: str = "python") -> str:
    r"""The code of `program` that `prompt` does not hold, without comments, docstrings and empty lines.

    >>> written("def f(x):\n    \"\"\"Add.\"\"\"\n    return x + 1  # so\n", "def f(x):\n    \"\"\"Add.\"\"\"\n")
    '    return x + 1'
    """
    given = Counter(_lines(code_without_prose(prompt, language)))
    kept = []
    for line in _lines(code_without_prose(program, language)):
        if given[line]:
            given[line] -= 1
        else:
            kept.append(line)
    return "\n".join(kept)


def similarity(reference: str, candidate: str) -> Similarity | None:
    r"""Similarity of `candidate` to `reference`, as they are; None where one is longer than 64 Ki characters.

    >>> similarity("    return x", "    return x").exact_match
    1.0
    """
    measured = _measured(reference, candidate)
    return measured[0] if measured else None


def mean_similarity(problems: Iterable[tuple[Compared, Sequence[str]]], *, pool: WorkPool) -> SimilarityMeans:
    """Mean over problems of the mean over their samples.

    Args:
        problems: What the programs of each problem are compared with, and these; one is held at a time.
        pool: Measures the programs; equal ones of a problem are measured once.
    """
    names = [field.name for field in fields(Similarity)]
    means: dict[str, list[float]] = {name: [] for name in names}
    counts = [0] * (2 * MAX_NGRAM_ORDER + 2)
    measured = samples = 0
    for compared, programs in problems:
        distinct = list(dict.fromkeys(programs))
        known = dict(zip(distinct, pool.map(partial(_of_program, compared), distinct), strict=True))
        found = [each for program in programs if (each := known[program]) is not None]
        measured, samples = measured + len(found), samples + len(programs)
        counts = [sum(column) for column in zip(counts, *(of_program for _, of_program in found), strict=True)]
        if found:
            for name in names:
                means[name].append(_mean([getattr(each, name) for each, _ in found]))
    return SimilarityMeans(
        **{name: round(_mean(of_problems), 6) if of_problems else None for name, of_problems in means.items()},
        corpus_bleu=round(_corpus_bleu(counts), 6) if measured else None,
        measured=measured,
        samples=samples,
        method=similarity_method(),
    )


def _of_program(compared: Compared, program: str) -> "tuple[Similarity, list[int]] | None":
    if max(len(program), len(compared.reference)) > LARGEST_CHARACTERS:
        return None
    reference = written(compared.reference, compared.prompt, compared.language)
    return _measured(reference, written(program, compared.prompt, compared.language))


def _measured(reference: str, candidate: str) -> "tuple[Similarity, list[int]] | None":
    """The similarity, and the counts that BLEU adds up over a corpus: of n-grams found and there, and lengths."""
    if max(len(reference), len(candidate)) > LARGEST_CHARACTERS:
        return None
    bleu, chrf = _scorers()
    of_bleu = bleu.sentence_score(candidate, [reference])
    scores = Similarity(
        bleu=of_bleu.score / 100,
        chrf=chrf.sentence_score(candidate, [reference]).score / 100,
        exact_match=float(reference == candidate),
        edit_similarity=Levenshtein.normalized_similarity(reference, candidate),
    )
    return scores, [*of_bleu.counts, *of_bleu.totals, of_bleu.sys_len, of_bleu.ref_len]


def _corpus_bleu(counts: Sequence[int]) -> float:
    *of_grams, length, wanted = counts
    found, there = of_grams[:MAX_NGRAM_ORDER], of_grams[MAX_NGRAM_ORDER:]
    return BLEU.compute_bleu(found, there, length, wanted, smooth_method="exp").score / 100


def similarity_method() -> str:
    """One line that names what decides the numbers; scores with different lines must not be compared."""
    bleu, chrf = _scorers()
    bleu.sentence_score("a", ["a"])
    chrf.sentence_score("a", ["a"])
    text = "code without comments, docstrings and the prompt's lines"
    return f"{text}; BLEU {bleu.get_signature()}; chrF {chrf.get_signature()}; RapidFuzz {version('rapidfuzz')}"


@cache
def _scorers() -> tuple[BLEU, CHRF]:
    return BLEU(effective_order=True), CHRF()


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)
