"""The adapters for Hugging Face `evaluate` return our numbers, offline."""

import pytest

evaluate = pytest.importorskip("evaluate", reason="the extra 'metrics' is not installed")

import codebleu as package  # noqa: E402 - after the check for the extra

from codecrucible.reports.hf_metrics import CodeBleuMetric, PassAtK  # noqa: E402
from codecrucible.reports.likeness.codebleu import code_bleu  # noqa: E402 - after the check for the extra
from codecrucible.reports.statistics.pass_at_k import mean_pass_at_k  # noqa: E402


@pytest.fixture
def pass_at_k(tmp_path):
    return PassAtK(cache_dir=str(tmp_path))


@pytest.fixture
def codebleu(tmp_path):
    return CodeBleuMetric(cache_dir=str(tmp_path))


def test_they_are_metrics_of_the_library(pass_at_k, codebleu):
    assert isinstance(pass_at_k, evaluate.Metric)
    assert isinstance(codebleu, evaluate.Metric)


def test_lists_of_passes_give_our_pass_at_k_with_its_interval(pass_at_k):
    result = pass_at_k.compute(predictions=[[True, False, False], [True, True], [False] * 4], k=[1, 2])
    for k in (1, 2):
        ours = mean_pass_at_k([(3, 1), (2, 2), (4, 0)], k=k)
        assert result[f"pass@{k}"] == ours.value
        assert result[f"pass@{k}_ci95"] == [ours.low, ours.high]


def test_counts_give_the_same_as_lists(pass_at_k):
    counts = pass_at_k.compute(predictions=[{"n": 3, "c": 1}, {"n": 2, "c": 2}])
    assert counts == pass_at_k.compute(predictions=[[False, True, False], [True, True]], k=1)


def test_a_batch_may_be_added_in_parts(pass_at_k):
    pass_at_k.add_batch(predictions=[[True, False]])
    pass_at_k.add_batch(predictions=[[True, True]])
    assert pass_at_k.compute(k=1)["pass@1"] == 0.75


def test_a_k_above_n_is_refused_here_too(pass_at_k):
    with pytest.raises(ValueError, match="pass@3 from n=2"):
        pass_at_k.compute(predictions=[[True, False]], k=3)


def test_codebleu_gives_our_scores_and_their_mean(codebleu):
    references, predictions = ["def f(x):\n    return x\n"] * 3, ["def f(y):\n    return y\n", "", "x = " + "y." * 999]
    result = codebleu.compute(predictions=predictions, references=references)
    ours = [code_bleu(*pair) for pair in zip(references, predictions, strict=True)]
    assert result["scores"] == [score.value for score in ours]
    assert result["scores"][2] is None
    assert result["codebleu"] == pytest.approx((ours[0].value + 0.0) / 2)
    assert result["reasons"] == [None, None, ours[2].reason]
    assert result["method"].startswith("codebleu 0.7.0")


def test_nothing_measured_is_none_and_not_a_score(codebleu):
    assert codebleu.compute(predictions=["x"], references=["x"], lang="bash")["codebleu"] is None


def test_codebleu_is_called_as_the_package_is_and_answers_with_its_names(codebleu):
    references = [
        ["def f(x):\n    return x + 1\n", "def f(y):\n    y += 1\n    return y\n"],
        ["def g(a):\n    return a\n"],
    ]
    predictions = ["def f(z):\n    z += 1\n    return z\n", "def g(a):\n    b = a\n    return b\n"]
    weights = (0.1, 0.2, 0.3, 0.4)
    asked = {"predictions": predictions, "references": references, "lang": "python", "weights": weights}
    theirs = package.calc_codebleu(references, predictions, "python", weights=weights)
    found = codebleu.compute(**asked, definition="package")
    assert {name: found[name] for name in theirs} == pytest.approx(theirs, rel=1e-12)
    ours = codebleu.compute(**asked)
    assert ours.keys() >= theirs.keys()
    best = [
        max((code_bleu(each, made, weights=weights) for each in given), key=lambda score: score.value)
        for given, made in zip(references, predictions, strict=True)
    ]
    assert ours["scores"] == [score.value for score in best]
    assert ours["codebleu"] == pytest.approx(sum(score.value for score in best) / 2)
    assert ours["dataflow_match_score"] == pytest.approx(sum(score.dataflow for score in best) / 2)
    assert codebleu.compute(**asked, definition="corpus")["samples"] == 2


def test_a_definition_that_is_none_is_refused(codebleu):
    with pytest.raises(ValueError, match="give one of corpus, package"):
        codebleu.compute(predictions=["x"], references=["x"], lang="python", definition="theirs")
