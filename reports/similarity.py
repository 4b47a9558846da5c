"""How much programs look like the reference: BLEU, chrF, exact match and edit similarity. They decide nothing.

Secondary to CodeBLEU, which is secondary to execution: a program can look like the reference and be wrong. The scores
are those of sacrebleu and RapidFuzz (extra `metrics`), in [0, 1], of the whole function with its prompt.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib.metadata import version
from math import fsum
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import Levenshtein
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from reports.sheet import Sheet, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_CHARACTERS = 64 * 1024
PAIRS_WORTH_A_POOL = 4000


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


def mean_similarity(pairs: Sequence[tuple[str, str, str]], *, workers: int = 1) -> dict[str, Any]:
    """Mean over problems of the mean over their samples, as JSON.

    Args:
        pairs: Problem id, reference and program of each sample.
        workers: Processes for what is many; equal pairs are measured once.

    Returns:
        The names of `Similarity` with their means, or None where nothing was measured; `measured` and `samples`, and
        `method`, which names what decides the numbers.
    """
    distinct = list(dict.fromkeys((reference, program) for _, reference, program in pairs))
    if workers > 1 and len(distinct) > PAIRS_WORTH_A_POOL:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            scores = list(pool.map(_of_pair, distinct, chunksize=max(1, len(distinct) // (4 * workers))))
    else:
        scores = [_of_pair(pair) for pair in distinct]
    known = dict(zip(distinct, scores, strict=True))
    by_problem: dict[str, list[Similarity]] = defaultdict(list)
    for problem_id, reference, program in pairs:
        if (score := known[reference, program]) is not None:
            by_problem[problem_id].append(score)
    names = [field.name for field in fields(Similarity)]
    means = {name: _mean([_mean([asdict(each)[name] for each in of]) for of in by_problem.values()]) for name in names}
    return {
        **{name: None if value is None else round(value, 6) for name, value in means.items()},
        "measured": sum(map(len, by_problem.values())),
        "samples": len(pairs),
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


def _of_pair(pair: tuple[str, str]) -> Similarity | None:
    return similarity(*pair)


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fsum(known) / len(known) if known else None
