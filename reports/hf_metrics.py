"""Our pass@k and CodeBLEU as metrics of the Hugging Face `evaluate` library (extra: `metrics`).

Construct them directly; `evaluate.load` would look for them on the hub. They run offline, execute no program and
return the numbers of `reports.statistics.pass_at_k` and `reports.likeness.codebleu`, so that they combine with other
metrics (`evaluate.combine`) and with training callbacks that expect one.
"""

from collections.abc import Mapping, Sequence
from itertools import islice
from math import fsum
from typing import Any

import datasets
import evaluate

from codecrucible.reports.likeness.codebleu import EQUAL_WEIGHTS, CodeBleu, Weights, code_bleu_many, code_bleu_method
from codecrucible.reports.likeness.codebleu_corpus import Pair, as_package_names, corpus_code_bleu, corpus_method
from codecrucible.reports.likeness.work_pool import WorkPool
from codecrucible.reports.statistics.interval import Estimate
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k


class PassAtK(evaluate.Metric):  # type: ignore[misc]
    """Unbiased pass@k with a 95 % interval over problems.

    `predictions` holds one entry a problem: a list with True for each sample that passed and False for each other,
    or a dictionary of counts, {"n": samples judged, "c": samples that passed}. Samples without a verdict are left out.
    `k` is a number or a list of numbers. Raises ValueError if a problem has fewer than k samples.

    Example:
        >>> metric = PassAtK(keep_in_memory=True)
        >>> metric.compute(predictions=[[True, False], [True, True]], k=1)["pass@1"]
        0.75
        >>> metric.compute(predictions=[{"n": 2, "c": 1}, {"n": 3, "c": 2}], k=[1, 2])["pass@2"]
        1.0
    """

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Probability that at least one of k samples passes, averaged over problems.",
            citation="Chen et al. 2021, Evaluating Large Language Models Trained on Code, arXiv:2107.03374",
            inputs_description=PassAtK.__doc__ or "",
            features=[
                # The first that fits is taken, and a dictionary would also fit the list, as the list of its keys.
                datasets.Features({"predictions": {"n": datasets.Value("int64"), "c": datasets.Value("int64")}}),
                datasets.Features({"predictions": datasets.Sequence(datasets.Value("bool"))}),
            ],
        )

    def _compute(self, *, predictions: Sequence[Any], k: int | Sequence[int] = 1) -> dict[str, Any]:
        counts = [
            (entry["n"], entry["c"]) if isinstance(entry, Mapping) else (len(entry), sum(entry))
            for entry in predictions
        ]
        result: dict[str, Any] = {}
        for each in [k] if isinstance(k, int) else k:
            result |= _as_result(f"pass@{each}", mean_pass_at_k(counts, k=each))
        return result


class CodeBleuMetric(evaluate.Metric):  # type: ignore[misc]
    """CodeBLEU with the call and the result of the `codebleu` package's metric, and what could not be measured.

    `predictions` holds one source text a sample, `references` one or a list of them; `lang`, `weights` and the names in
    the result are those of the package. `definition` is "ours", the mean over samples of the score against the nearest
    reference, "corpus", the same components counted over all samples together, or "package", what `calc_codebleu`
    returns. Components are means over the samples that have them.

    A number is None if nothing was measured. `samples` says how many were, and `method` names what decides the numbers.
    With "ours" `scores` and `reasons` have one entry a sample, None and the reason where it could not be measured.

    Example:
        >>> metric = CodeBleuMetric(keep_in_memory=True)
        >>> metric.compute(predictions=["x = 1", ""], references=[["x = 1"], ["x = 1"]], lang="python")["scores"]
        [1.0, 0.0]
    """

    def _info(self) -> evaluate.MetricInfo:
        text = datasets.Value("string")
        return evaluate.MetricInfo(
            description="CodeBLEU with true zeros, deterministic data flow and syntax-tree tokens.",
            citation="Ren et al. 2020, CodeBLEU: a Method for Automatic Evaluation of Code Synthesis, arXiv:2009.10297",
            inputs_description=CodeBleuMetric.__doc__ or "",
            features=[
                datasets.Features({"predictions": text, "references": datasets.Sequence(text)}),
                datasets.Features({"predictions": text, "references": text}),
            ],
        )

    def _compute(
        self,
        *,
        predictions: Sequence[str],
        references: Sequence[str | Sequence[str]],
        lang: str = "python",
        weights: Weights = EQUAL_WEIGHTS,
        definition: str = "ours",
        workers: int = 1,
    ) -> dict[str, Any]:
        pairs = [
            Pair(references=(given,) if isinstance(given, str) else tuple(given), candidate=candidate)
            for given, candidate in zip(references, predictions, strict=True)
        ]
        if definition != "ours":
            score, measured = corpus_code_bleu(pairs, definition=definition, language=lang, weights=weights)
            return as_package_names(score) | {
                "samples": measured,
                "reason": score.reason or None,
                "method": corpus_method(definition, lang),
            }
        with WorkPool(workers) as pool:
            scores = _nearest(pairs, lang, weights, pool)
        means = CodeBleu(
            value=_mean_of(scores, "value"),
            ngram=_mean_of(scores, "ngram"),
            weighted_ngram=_mean_of(scores, "weighted_ngram"),
            syntax=_mean_of(scores, "syntax"),
            dataflow=_mean_of(scores, "dataflow"),
        )
        return as_package_names(means) | {
            "samples": sum(score.value is not None for score in scores),
            "scores": [score.value for score in scores],
            "reasons": [score.reason or None for score in scores],
            "method": code_bleu_method(lang),
        }


def _nearest(pairs: Sequence[Pair], language: str, weights: Weights, pool: WorkPool) -> list[CodeBleu]:
    """Score of each pair against the reference that gives the highest."""
    flat = [(reference, pair.candidate) for pair in pairs for reference in pair.references]
    scores = iter(code_bleu_many(flat, language=language, weights=weights, pool=pool))
    return [
        max(islice(scores, len(pair.references)), key=lambda score: -1.0 if score.value is None else score.value)
        for pair in pairs
    ]


def _mean_of(scores: Sequence[CodeBleu], name: str) -> float | None:
    found = [each for score in scores if (each := getattr(score, name)) is not None]
    return fsum(found) / len(found) if found else None


def _as_result(name: str, estimate: Estimate) -> dict[str, Any]:
    interval = None if estimate.low is None else [estimate.low, estimate.high]
    return {name: estimate.value, f"{name}_ci95": interval}
