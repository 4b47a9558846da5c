"""CodeBLEU of a corpus: the package's own number, and ours where both measure the same."""

import codebleu
import pytest

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.codebleu import code_bleu
from codecrucible.reports.likeness.codebleu_corpus import Pair, as_package_names, corpus_code_bleu
from codecrucible.reports.likeness.flows import flows_of
from codecrucible.reports.likeness.syntax import code_without_prose, parse, tokens_of

NAMES = ("codebleu", "ngram_match_score", "weighted_ngram_match_score", "syntax_match_score", "dataflow_match_score")


def tokens(source):
    return tokens_of(parse(source, "python", "source"))


@pytest.fixture(scope="module")
def pairs():
    """Whole functions with another one's as the candidate, and such with themselves."""
    functions = [problem.reference_program for problem in load_humaneval().problems][:60]
    others = functions[3:40] + functions[40:] + functions[:3]
    return [Pair(references=(each,), candidate=other) for each, other in zip(functions, others, strict=True)]


@pytest.mark.parametrize("weights", [(0.25, 0.25, 0.25, 0.25), (0.1, 0.1, 0.4, 0.4)])
def test_package_is_what_the_package_returns(pairs, weights):
    steady = [pair for pair in pairs if theirs_is_the_same_everywhere(pair)]
    assert len(steady) > 10
    for chosen, names in ((steady, NAMES), (pairs, NAMES[1:4])):
        given = [list(pair.references) for pair in chosen], [pair.candidate for pair in chosen]
        theirs = codebleu.calc_codebleu(*given, "python", weights=weights)
        found, measured = corpus_code_bleu(chosen, definition="package", weights=weights)
        assert measured == len(chosen)
        for name in names:
            assert as_package_names(found)[name] == pytest.approx(theirs[name], rel=1e-12), name


def theirs_is_the_same_everywhere(pair):
    """Whether no value has several sources, whose order is another in each process of the package."""
    return all(len(sources) < 2 for text in (*pair.references, pair.candidate) for *_, sources in flows_in(text))


def flows_in(text):
    return flows_of(parse(text, "python", "source"), "python")


def test_package_keeps_what_the_package_gets_wrong():
    empty = corpus_code_bleu(
        [Pair(references=("def f(x):\n    y = x\n    return y\n",), candidate="")], definition="package"
    )[0]
    assert (empty.dataflow, empty.value) == (0, 0.25)
    corrected = corpus_code_bleu(
        [Pair(references=("def f(x):\n    y = x\n    return y\n",), candidate="")], definition="corpus"
    )[0]
    assert corrected.value == 0.0


def test_package_is_the_same_in_every_process(pairs):
    assert corpus_code_bleu(pairs, definition="package") == corpus_code_bleu(pairs, definition="package")


def test_the_three_components_over_tokens_and_trees_equal_the_package_given_the_same_tokens(pairs):
    plain = [pair for pair in pairs if "#" not in pair.candidate + pair.references[0]]
    given = [[bare(each) for each in pair.references] for pair in plain], [bare(pair.candidate) for pair in plain]
    theirs = codebleu.calc_codebleu(*given, "python", tokenizer=tokens)
    found, _ = corpus_code_bleu(plain, definition="corpus")
    for name in NAMES[1:4]:
        assert as_package_names(found)[name] == pytest.approx(theirs[name], rel=1e-12), name


def bare(source):
    return code_without_prose(source, "python")


def test_one_sample_with_a_data_flow_is_a_corpus_of_its_own_score():
    reference = "def f(x):\n    total = x + 1\n    return total\n"
    candidate = "def f(x):\n    y = x + 2\n    return y\n"
    alone = code_bleu(reference, candidate)
    found, measured = corpus_code_bleu([Pair(references=(reference,), candidate=candidate)], definition="corpus")
    assert measured == 1
    for name in ("value", "ngram", "weighted_ngram", "syntax", "dataflow"):
        assert getattr(found, name) == pytest.approx(getattr(alone, name), rel=1e-12), name


def test_ours_equals_the_package_for_one_sample_without_prose_if_both_cut_tokens_alike():
    reference = "def f ( x ) :\n    total = x + 1\n    return total\n"
    candidate = "def f ( x ) :\n    y = x + 2\n    return y\n"
    theirs = codebleu.calc_codebleu([reference], [candidate], "python")
    assert code_bleu(reference, candidate).value == pytest.approx(theirs["codebleu"], rel=1e-12)
    assert corpus_code_bleu([Pair(references=(reference,), candidate=candidate)], definition="corpus")[0].value == (
        pytest.approx(theirs["codebleu"], rel=1e-12)
    )


def test_several_references_count_as_in_the_package():
    references = ("def f ( x ) :\n    y = x\n    return y\n", "def f ( x ) :\n    return x + 1\n")
    candidate = "def f ( z ) :\n    return z + 1\n"
    theirs = codebleu.calc_codebleu([list(references)], [candidate], "python")
    found, _ = corpus_code_bleu([Pair(references=references, candidate=candidate)], definition="corpus")
    assert as_package_names(found) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("definition", ["corpus", "package"])
def test_hostile_text_is_left_out_or_measured_and_fails_nothing(definition):
    good = Pair(references=("def f(x):\n    y = x\n    return y\n",), candidate="def f(x):\n    return x\n")
    hostile = [
        Pair(references=good.references, candidate=text) for text in ("x = " + "y." * 999, "\ud800", "a" * 70_000)
    ]
    _, measured = corpus_code_bleu([good, *hostile], definition=definition)
    assert measured == 2
    nothing, none = corpus_code_bleu(hostile[:1], definition=definition)
    assert (nothing.value, none) == (None, 0)
    assert corpus_code_bleu([good], definition=definition, language="bash")[0].value is None
