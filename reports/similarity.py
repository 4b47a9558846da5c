"""How much programs look like the reference: BLEU, chrF, exact match and edit similarity. They decide nothing.

Secondary to CodeBLEU, which is secondary to execution: a program can look like the reference and be wrong. The scores
are those of sacrebleu and RapidFuzz (extra `metrics`), in [0, 1], of the whole function with its prompt.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from importlib.metadata import version
from math import fsum
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from reports.sheet import Sheet, percent
from reports.work_pool import WorkPool

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_CHARACTERS = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """Of one program to its reference, or means of such; each in [0, 1].

    Attributes:
        bleu: Sentence BLEU of sacrebleu, with its own tokens and an effective order.
        chrf: chrF2 of sacrebleu.
        exact_match: 1 if the texts are the same but for white space at the ends of lines.
        edit_similarity: 1 less the Levenshtein distance in shares of the longer text.
    """

    bleu: float
    chrf: float
    exact_match: float
    edit_similarity: float


def similarity(reference: str, candidate: str) -> Similarity | None:
    r"""Similarity of `candidate` to `reference`; None where one is longer than 64 Ki characters.

    >>> similarity("def f(x):\n    return x\n", "def f(x):\n    return x").exact_match
    1.0
    """
    if max(len(reference), len(candidate)) > LARGEST_CHARACTERS:
        return None
    wanted, found = (_plain(text) for text in (reference, candidate))
    bleu, chrf = _scorers()
    return Similarity(
        bleu=bleu.sentence_score(found, [wanted]).score / 100,
        chrf=chrf.sentence_score(found, [wanted]).score / 100,
        exact_match=float(wanted == found),
        edit_similarity=Levenshtein.normalized_similarity(wanted, found),
    )


def mean_similarity(problems: Iterable[tuple[str, Sequence[str]]], *, pool: WorkPool) -> dict[str, Any]:
    """Mean over problems of the mean over their samples, as JSON.

    Args:
        problems: Reference of each problem and the programs of its samples; one is held at a time.
        pool: Measures the programs; equal ones of a problem are measured once.

    Returns:
        The names of `Similarity` with their means, or None where nothing was measured; `measured` and `samples`, and
        `method`, which names what decides the numbers.
    """
    names = [field.name for field in fields(Similarity)]
    means: dict[str, list[float]] = {name: [] for name in names}
    measured = samples = 0
    for reference, programs in problems:
        distinct = list(dict.fromkeys(programs))
        known = dict(zip(distinct, pool.map(partial(similarity, reference), distinct), strict=True))
        scores = [score for program in programs if (score := known[program]) is not None]
        measured, samples = measured + len(scores), samples + len(programs)
        if scores:
            for name in names:
                means[name].append(_mean([getattr(each, name) for each in scores]))
    return {
        **{name: round(_mean(of_problems), 6) if of_problems else None for name, of_problems in means.items()},
        "measured": measured,
        "samples": samples,
        "method": similarity_method(),
    }


def similarity_method() -> str:
    """One line that names what decides the numbers; scores with different lines must not be compared."""
    bleu, chrf = _scorers()
    bleu.sentence_score("a", ["a"])
    chrf.sentence_score("a", ["a"])
    return f"BLEU {bleu.get_signature()}; chrF {chrf.get_signature()}; RapidFuzz {version('rapidfuzz')}"


def similarity_sheet(reports: Sequence["Mapping[str, Any]"]) -> Sheet:
    """The panel of some reports that have a `similarity`."""
    names = ("bleu", "chrf", "exact_match", "edit_similarity")
    return Sheet(
        title="Similarity to the reference, which decides nothing",
        headings=("run", "CodeBLEU", "BLEU", "chrF", "exact match", "edit similarity", "measured"),
        rows=tuple(
            (
                str(report["run_id"]),
                percent(report["codebleu"]["value"]),
                *(percent(report["similarity"][name]) for name in names),
                f"{report['similarity']['measured']} of {report['similarity']['samples']}",
            )
            for report in reports
        ),
        notes=(
            "Means over problems of means over samples, of whole functions; a program may look right and be wrong.",
        ),
    )


@cache
def _scorers() -> tuple[BLEU, CHRF]:
    return BLEU(effective_order=True), CHRF()


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _mean(values: Sequence[float]) -> float:
    return fsum(values) / len(values)
