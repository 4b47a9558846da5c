"""CodeBLEU: hand-worked numbers, agreement with the package where it is right, and what it gets wrong."""

import json
import os
import subprocess
import sys
import time

import codebleu
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.codebleu import code_bleu, code_bleu_absence, code_bleu_many, code_bleu_method
from codecrucible.reports.likeness.syntax import parse, tokens_of
from codecrucible.reports.likeness.work_pool import WorkPool

LOOP = "def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"


@pytest.fixture(scope="module")
def functions() -> list[str]:
    return [problem.prompt + problem.reference for problem in load_humaneval().problems]


def shifted(functions: list[str], by: int) -> list[tuple[str, str]]:
    return list(zip(functions, functions[by:] + functions[:by], strict=True))


def test_every_reference_scores_1_against_itself(functions):
    assert {score.value for score in code_bleu_many(list(zip(functions, functions, strict=True)))} == {1.0}


@pytest.mark.parametrize("source", ["x", "x = 1", "return x", "pass", "f(x)", "'text'.upper()", "def f(): return 0"])
def test_a_short_source_scores_1_against_itself(source):
    assert code_bleu(source, source).value == 1.0


def test_a_hand_worked_pair():
    # Tokens: x = 1 and x = 2. n-grams of order 1 to 3: 2/3, 1/2, and 0/1 smoothed to 0.1.
    score = code_bleu("x = 1", "x = 2")
    expected = (2 / 3 * 1 / 2 * 0.1) ** (1 / 3)
    assert score.ngram == pytest.approx(expected, rel=1e-12)
    assert score.weighted_ngram == pytest.approx(expected, rel=1e-12)  # no keyword, so all weigh the same
    assert score.syntax == 1.0
    assert score.dataflow == 1.0  # names and numbers are numbered by appearance: var_1 comes from var_0
    assert score.value == pytest.approx((2 * expected + 2) / 4, rel=1e-12)


def test_a_keyword_weighs_five_times_as_much():
    # Unigrams of the reference: `return` weighs 5 and `x` 1. Only `return` is found; of the bigram, nothing.
    score = code_bleu("return x", "return y")
    assert score.weighted_ngram == pytest.approx((5 / 6 * 0.1) ** 0.5, rel=1e-12)


def test_components_agree_with_the_package_where_it_is_right(functions):
    def tokens(source: str) -> list[str]:
        return tokens_of(parse(source, "python", "source"))

    for reference, candidate in shifted(functions, by=7)[:60]:
        score = code_bleu(reference, candidate)
        theirs = codebleu.calc_codebleu([reference], [candidate], "python", tokenizer=tokens)
        assert score.ngram == pytest.approx(theirs["ngram_match_score"], rel=1e-12)
        assert score.weighted_ngram == pytest.approx(theirs["weighted_ngram_match_score"], rel=1e-12)
        assert score.syntax == theirs["syntax_match_score"]


@pytest.mark.parametrize("candidate", ["", " \n\t\n", "# only a comment\n", '"""only a docstring"""\n', "\\\n"])
def test_a_candidate_without_code_scores_0(candidate):
    assert code_bleu(LOOP, candidate).value == 0.0


def test_a_true_zero_of_the_data_flow_counts_as_zero():
    score = code_bleu(LOOP, "def total(xs):\n    pass\n")
    assert score.dataflow == 0.0
    assert score.value == pytest.approx((score.ngram + score.weighted_ngram + score.syntax) / 4)
    assert codebleu.calc_codebleu([LOOP], ["pass"], "python")["codebleu"] >= 0.25  # what this guards against


def test_a_reference_without_data_flow_drops_the_component():
    score = code_bleu("def f():\n    return 'a'\n", "def f():\n    pass\n")
    assert score.dataflow is None
    assert score.value == pytest.approx((score.ngram + score.weighted_ngram + score.syntax) / 3)


def test_renaming_the_variables_leaves_syntax_and_data_flow_at_1():
    renamed = LOOP.replace("xs", "zebra").replace("s ", "aardvark ").replace("return s", "return aardvark")
    renamed = renamed.replace(" x ", " middle ").replace("+= x", "+= middle")
    score = code_bleu(LOOP, renamed)
    assert (score.syntax, score.dataflow) == (1.0, 1.0)
    assert score.ngram < 1


def test_names_that_sort_the_other_way_round_leave_the_data_flow_at_1():
    score = code_bleu("def f(p, q):\n    r = p - q\n    return r\n", "def f(z, a):\n    r = z - a\n    return r\n")
    assert score.dataflow == 1.0


def test_comments_docstrings_and_layout_do_not_count():
    dressed = 'def total(xs):\n  """Sum."""\n\n  s = 0  # start\n  for x in xs:\n    s += x\n  return s'
    assert code_bleu(LOOP, dressed).value == 1.0
    assert code_bleu(LOOP, LOOP.replace("\n", "\r\n")).value == 1.0


def test_text_after_a_non_ascii_character_is_cut_in_the_right_place():
    score = code_bleu("def f(ä, total):\n    return 'é' + total\n", "def f(ä, amount):\n    return 'é' + amount\n")
    assert score.dataflow == 1.0
    tree = parse("x = 'é' + total", "python", "source")
    assert tokens_of(tree)[-1] == "total"


@pytest.mark.parametrize(
    "candidate",
    ["def f(:\n  return (((", "```python\nx\n```", "for for for", "\0", "x = '\udc80'", "if x:\n\tpass\n y"],
)
def test_a_program_that_does_not_parse_has_a_score_between_0_and_1(candidate):
    score = code_bleu(LOOP, candidate)
    assert 0 <= score.value < 0.5
    assert score == code_bleu(LOOP, candidate)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_has_a_score_in_range_and_none_raises(candidate):
    score = code_bleu(LOOP, candidate)
    assert score.value is not None
    assert 0 <= score.value <= 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_damaged_program_has_a_score_in_range(functions, data):
    source = data.draw(st.sampled_from(functions))
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(source)), st.integers(0, len(source)))))
    damaged = source[:start] + data.draw(st.sampled_from(["", "(", ":", "\n", "for x in ", "elif", "="])) + source[end:]
    assert 0 <= code_bleu(source, damaged).value <= 1


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        ("x = 1\n" * 11_000, "has 66000 bytes"),
        ("x = " + "+".join(["y"] * 500), "more than 400 levels"),
        ("x" + ".y" * 500, "more than 400 levels"),
        ("".join(" " * depth + "for x in y:\n" for depth in range(40)), "steps to read its data flow"),
        ("(" * 60_000, "steps to read its data flow"),
    ],
)
def test_what_would_take_too_long_is_not_measured_and_says_why(candidate, reason):
    started = time.perf_counter()
    score = code_bleu(LOOP, candidate)
    assert time.perf_counter() - started < 5
    assert (score.value, score.ngram, score.dataflow) == (None, None, None)
    assert reason in score.reason


def test_the_largest_source_is_still_measured():
    source = LOOP + "# " + "x" * (64 * 1024 - len(LOOP) - 2)
    assert code_bleu(LOOP, source).value == 1.0
    assert code_bleu(LOOP, source + "x").value is None


@pytest.mark.parametrize("language", ["bash", "typescript", ""])
def test_a_language_that_it_does_not_know_is_not_measured(language):
    score = code_bleu("true", "true", language)
    assert score.value is None
    assert "does not know" in score.reason


def test_an_empty_reference_is_not_measured():
    assert code_bleu("# nothing\n", "x = 1").reason == "the reference holds no code"
    assert code_bleu("", "").value is None


def test_equal_pairs_keep_their_places():
    pairs = [(LOOP, LOOP), (LOOP, ""), (LOOP, LOOP), (LOOP, "x = 1")]
    assert code_bleu_many(pairs) == [code_bleu(*pair) for pair in pairs]
    assert code_bleu_many([]) == []


def test_a_process_pool_gives_the_same_scores(functions):
    pairs = shifted(functions, by=3)[:24]
    with WorkPool(2, worth=0) as pool:
        assert code_bleu_many(pairs, pool=pool) == code_bleu_many(pairs)


SCORE_ALL = """
import json
from codecrucible.benchmarks.sources.humaneval import load_humaneval
from codecrucible.reports.likeness.codebleu import code_bleu
functions = [problem.prompt + problem.reference for problem in load_humaneval().problems]
pairs = zip(functions, functions[1:] + functions[:1])
print(json.dumps([[score.value, score.dataflow] for score in (code_bleu(*pair) for pair in pairs)]))
"""


def test_all_164_pairs_score_the_same_under_every_hash_seed():
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCORE_ALL],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
        for seed in ("0", "1", "2", "4242")
    ]
    outputs = {process.communicate()[0] for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert len(outputs) == 1
    assert len(json.loads(outputs.pop())) == 164


def test_the_method_names_the_versions_that_decide_the_numbers():
    assert code_bleu_method().startswith("codebleu 0.7.0, tree-sitter 0.22.3, tree-sitter-python 0.21.0")
    assert "not installed" in code_bleu_method("cobol")


FUNCTIONS = {
    "c": "int f(int {0}) {{ return {0} + 1; }}\n",
    "c_sharp": "class A {{ int f(int {0}) {{ return {0} + 1; }} }}\n",
    "cpp": "int f(int {0}) {{ return {0} + 1; }}\n",
    "go": "package m\nfunc f({0} int) int {{ return {0} + 1 }}\n",
    "java": "class A {{ int f(int {0}) {{ return {0} + 1; }} }}\n",
    "javascript": "function f({0}) {{\n  // adds one\n  return {0} + 1;\n}}\n",
    "php": "<?php\nfunction f(${0}) {{ return ${0} + 1; }}\n",
    "ruby": "def f({0})\n  {0} + 1\nend\n",
    "rust": "fn f({0}: i32) -> i32 {{ {0} + 1 }}\n",
}


@pytest.mark.parametrize("language", FUNCTIONS)
def test_another_language_is_measured_with_its_own_grammar(language):
    reference, renamed = (FUNCTIONS[language].format(name) for name in ("x", "other"))
    assert code_bleu(reference, reference, language).value == 1.0
    assert code_bleu(reference, "", language).value == 0.0
    score = code_bleu(reference, renamed, language)
    assert (score.syntax, score.dataflow) == (1.0, 1.0)
    assert 0 < score.ngram < 1
    assert code_bleu_absence(language) == ""
    assert f"tree-sitter-{language.replace('_', '-')} 0.2" in code_bleu_method(language)


@pytest.mark.parametrize("language", ["typescript", "bash", "perl"])
def test_a_language_that_codebleu_does_not_know_has_no_score_and_a_reason(language):
    assert code_bleu("x", "x", language).value is None
    assert code_bleu_absence(language) == f"CodeBLEU does not know the language {language!r}"
