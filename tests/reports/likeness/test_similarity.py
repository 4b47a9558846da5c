"""BLEU, chrF and edit similarity of what a program adds to its prompt."""

import pytest

pytest.importorskip("sacrebleu", reason="the extra 'metrics' is not installed")

from sacrebleu.metrics.bleu import BLEU  # after the check for the extra

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.similarity import Compared, mean_similarity, similarity, written
from codecrucible.reports.likeness.work_pool import WorkPool

PROMPT = (
    "from typing import List\n\n\ndef total(xs: List[int]) -> int:\n"
    '    """Add them.\n\n    >>> total([1])\n    1\n    """\n'
)
SCORES = ("bleu", "corpus_bleu", "chrf", "edit_similarity")


def mean_of(*problems):
    with WorkPool(1) as pool:
        return mean_similarity(problems, pool=pool)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        (PROMPT + "    return sum(xs)  # all\n", "    return sum(xs)"),
        ("def total(xs: List[int]) -> int:\n    return sum(xs)\n", "    return sum(xs)"),
        (PROMPT + "    pass\n", "    pass"),
        (PROMPT, ""),
        ("# nothing\n", ""),
        ("import os\n\n" + PROMPT + "    return os\n", "import os\n    return os"),
        (PROMPT + "    return (\n", "    return ("),
    ],
)
def test_what_the_prompt_gave_is_not_compared_and_neither_is_prose(program, expected):
    assert written(program, PROMPT) == expected


def test_a_language_without_a_grammar_keeps_its_comments_but_not_the_prompt():
    assert written("#!/bin/bash\nf() {\n  echo 1 # one\n}\n", "#!/bin/bash\nf() {\n", "bash") == "  echo 1 # one\n}"


def test_the_prompt_with_pass_looks_less_like_the_reference_than_any_solution_does():
    problems = load_humaneval().problems
    compared = [Compared(prompt=each.prompt, reference=each.reference_program) for each in problems]
    stubs = mean_of(*((each, [each.prompt + "    pass\n"]) for each in compared))
    renamed = mean_of(*((each, [each.reference.replace("i", "k").replace("s", "z")]) for each in compared))
    for name in SCORES:
        assert getattr(stubs, name) < 0.1, name
        assert getattr(renamed, name) > 2 * getattr(stubs, name), name
    exact = mean_of(*((each, [each.reference]) for each in compared))
    assert [getattr(exact, name) for name in (*SCORES, "exact_match")] == [1.0] * 5


def test_corpus_bleu_is_that_of_sacrebleu_over_all_samples_and_the_mean_is_over_problems():
    references = ["a = b + c", "return [x for x in xs if x > 0]"]
    programs = [["a = b + d", "a = b + c", ""], ["return [x for x in xs]"]]
    found = mean_of(
        *((Compared(prompt="", reference=each), made) for each, made in zip(references, programs, strict=True))
    )
    flat = [(program, reference) for reference, made in zip(references, programs, strict=True) for program in made]
    corpus = BLEU().corpus_score([program for program, _ in flat], [[reference for _, reference in flat]])
    assert found.corpus_bleu == pytest.approx(corpus.score / 100, abs=1e-6)
    means = [
        sum(similarity(reference, each).bleu for each in made) / len(made)
        for reference, made in zip(references, programs, strict=True)
    ]
    assert found.bleu == pytest.approx(sum(means) / 2, abs=1e-6)
    assert (found.measured, found.samples) == (4, 4)


def test_a_text_that_is_too_long_is_not_measured():
    found = mean_of((Compared(prompt="", reference="x = 1"), ["x" * 70_000]))
    assert [getattr(found, name) for name in SCORES] == [None] * 4
    assert (found.measured, found.samples) == (0, 1)
