"""Perturbed prompts: one seed gives one text, what is asked stays, and what cannot be shown to stay is left out."""

import ast
import json
from dataclasses import replace

import pytest

from codecrucible.benchmarks import UnknownBenchmark, check_benchmark, load_benchmark
from codecrucible.benchmarks.perturbed.derived import KINDS, derived, derived_name
from codecrucible.benchmarks.perturbed.draws import Draws
from codecrucible.benchmarks.perturbed.paraphrase import TABLE
from codecrucible.benchmarks.perturbed.prompt import Unchanged
from codecrucible.benchmarks.registry import benchmark_names

STARTER = load_benchmark("starter")

PROMPT = '''import re


class Pair:
    def total(self, values):
        return "add_up"


def helper(values):
    """Return the elements."""
    return values


def add_up(values: list, limit: int = 3) -> int:
    """Add up the elements of values that are less than limit, if there are no others return 'limit' itself.
    >>> add_up([1, 2], limit)
    3
    """
'''
REFERENCE = "    return sum(each for each in helper(values) if each < limit)  # add_up of values\n"
TESTS = "def check(candidate):\n    add_up_text = 'add_up'\n    assert candidate([1, 2, 9]) == 3\ncheck(add_up)\n"


def problem_of(prompt=PROMPT, reference=REFERENCE, tests=TESTS, entry_point="add_up"):
    setup = f"{prompt}    pass\n"
    return replace(
        STARTER.problems[0],
        problem_id="mine/0",
        prompt=prompt,
        reference=reference,
        tests=tests,
        setup=setup,
        entry_point=entry_point,
    )


def perturbed(kind, problem, seed=0):
    return KINDS[kind].of(problem, Draws(f"{kind}{seed}"))


def shape(source):
    """The syntax tree of a source without its docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(tree)


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("rename", "acdaf8a0"),
        ("split-signature", "328acaa3"),
        ("comments", "9619e64e"),
        ("blank-lines", "e911555e"),
        ("typos", "90705ccc"),
    ],
)
def test_one_seed_gives_one_text_for_ever(kind, digest):
    assert load_benchmark(f"starter~{kind}").sha256.startswith(digest), "texts changed: raise RULES"


def test_other_seeds_give_other_texts():
    typos = load_benchmark("starter[:5]~typos").problems
    assert 20 < len({each.prompt for each in typos}) <= len(typos) == 25  # a short docstring has few words


@pytest.mark.parametrize("kind", ["typos", "paraphrase", "blank-lines", "split-signature", "comments"])
def test_words_and_layout_leave_the_program_as_it_is(kind):
    known = {each.problem_id: each for each in STARTER.problems}
    for problem in load_benchmark(f"starter~{kind}").problems:
        base = known[problem.problem_id.partition("@")[0]]
        assert shape(problem.reference_program) == shape(base.reference_program)
        assert (problem.tests, problem.reference, problem.prompt != base.prompt) == (base.tests, base.reference, True)


def test_typos_spare_names_quoted_words_and_examples():
    problem = problem_of()
    for seed in range(50):
        prompt = perturbed("typos", problem, seed).prompt
        assert prompt.count("add_up([1, 2], limit)") == prompt.count("'limit'") == 1
        assert " of values " in prompt
        assert prompt.startswith(PROMPT.partition('    """Add')[0])


def test_the_function_is_renamed_by_its_places_in_the_code_and_not_in_texts():
    made = perturbed("rename", problem_of())
    assert made.entry_point == "addUp"
    assert "def addUp(values: list" in made.prompt
    assert ">>> addUp([1, 2], limit)" in made.prompt
    assert 'return "add_up"' in made.prompt
    assert made.reference == REFERENCE
    assert "add_up_text = 'add_up'" in made.tests
    assert made.tests.endswith("check(addUp)\n")


def test_parameters_are_renamed_in_their_own_function_alone():
    made = perturbed("parameters", problem_of())
    assert "def total(self, values)" in made.prompt
    assert "def helper(values):" in made.prompt
    assert "def add_up(arg1: list, arg2: int = 3) -> int:" in made.prompt
    assert made.reference == "    return sum(each for each in helper(arg1) if each < arg2)  # add_up of values\n"
    assert "elements of values that" in made.prompt  # the word says what it says
    assert ast.parse(made.reference_program)


def test_names_in_texts_of_a_docstring_stay():
    words = "n of s, 's' too.\n    >>> f(2, 'n s')\n    '\\n'\n    "
    problem = problem_of(prompt=f"def f(n, s):\n    '''{words}'''\n", reference="    return s\n", entry_point="f")
    shown = perturbed("parameters", problem).prompt.split("'''")[1]
    assert shown == "arg1 of arg2, 'arg2' too.\n    >>> f(2, 'n s')\n    '\\n'\n    "


@pytest.mark.parametrize(
    ("kind", "problem", "reason"),
    [
        ("rename", problem_of(tests="addUp = 3\n" + TESTS), "a new name that is taken"),
        ("rename", problem_of(reference="    return f'{add_up}'\n"), "a name in a format string"),
        ("parameters", problem_of(tests=TESTS.replace("9])", "9], limit=3)")), "a keyword argument"),
        ("rename", problem_of(prompt="def f(x):\n    'Twice x.'\n", entry_point="f"), "whose name is one word"),
        ("parameters", problem_of(prompt="def f():\n    'Two.'\n", entry_point="f"), "without parameters"),
        ("typos", problem_of(prompt="def f(x):\n", entry_point="f"), "no docstring"),
        ("typos", problem_of(prompt="def f(x):\n    'Two' ' words'\n", entry_point="f"), "no docstring"),
        ("paraphrase", problem_of(prompt="def f(x):\n    'Twice x.'\n", entry_point="f"), "no phrase"),
        ("comments", problem_of(prompt="def f(x): 'Twice x.'\n", entry_point="f"), "no prompt that begins"),
        (
            "split-signature",
            problem_of(prompt="def f(\n    x,\n):\n    'Twice x.'\n", entry_point="f"),
            "cannot be split",
        ),
        ("typos", replace(problem_of(), language="javascript"), "no prompt that begins a function in Python"),
        ("typos", replace(problem_of(), suffix="\n"), "no prompt that begins a function in Python"),
    ],
)
def test_what_cannot_be_shown_to_stay_the_same_is_left_out_with_the_reason(kind, problem, reason):
    with pytest.raises(Unchanged, match=reason):
        perturbed(kind, problem)


def test_a_phrase_keeps_its_capital_and_stands_for_a_phrase_of_the_table():
    prompt = "def f(x):\n    'Check if x is less than two, otherwise find the largest.'\n"
    texts = {perturbed("paraphrase", problem_of(prompt=prompt, entry_point="f"), seed).prompt for seed in range(20)}
    assert len(texts) > 5
    assert all("'Check if" in text or "'Determine whether" in text or "'Find out whether" in text for text in texts)
    assert not {phrase for phrase, others in TABLE.items() if phrase in others}


def test_a_twin_has_other_names_and_other_words():
    made = perturbed("twin", problem_of())
    assert made.entry_point == "compute_add_up"
    assert "def compute_add_up(given_values: list, given_limit: int = 3)" in made.prompt
    assert "Add up the items of values that are below limit, when there are no others" in made.prompt


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("starter~typos", "starter~typos:5@r1"),
        ("Starter~typos:2", "starter~typos:2@r1"),
        ("starter~rename[:3]", "starter[:3]~rename@r1"),
        ("starter[:3]~rename@r1", "starter[:3]~rename@r1"),
    ],
)
def test_a_name_says_kind_versions_and_rules_and_loads_the_same_again(written, name):
    made = load_benchmark(written)
    assert made.name == name
    assert load_benchmark(name) == made


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("starter~typoes", "no kind of perturbation; there are rename"),
        ("starter~rename:3", "there is no chance in rename"),
        ("starter~typos:0", "give 1 to 100 versions"),
        ("starter~typos@r9", "made by version 9 of the rules"),
        ("starter~typos~rename", "perturbed twice"),
        ("starter[:3]~rename[:2]", "chosen of twice"),
        ("strter~rename", "did you mean 'starter'"),
        ("cruxeval-o~typos", "no problem can be perturbed so: 800 of 800 problems are left out"),
    ],
)
def test_what_cannot_be_made_is_refused_with_the_reason(name, told, request):
    if name.startswith("cruxeval"):
        request.getfixturevalue("public_data")
    with pytest.raises(UnknownBenchmark, match=told):
        load_benchmark(name)


def test_no_name_of_a_benchmark_reads_as_a_perturbed_one():
    assert [name for name in benchmark_names() if derived_name(name)] == []


def test_problems_without_anything_to_change_are_counted():
    assert load_benchmark("starter~rename").cautions == (
        "6 of 40 problems are left out: a function whose name is one word",
    )


def test_a_file_of_ones_own_can_be_perturbed_and_a_file_with_such_a_name_is_a_file(tmp_path):
    record = {
        "task_id": "mine/0",
        "prompt": PROMPT,
        "entry_point": "add_up",
        "canonical_solution": REFERENCE,
        "test": TESTS.removesuffix("check(add_up)\n"),
    }
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps(record))
    made = load_benchmark(f"{path}~rename")
    assert (made.name, made.problems[0].problem_id) == (f"{path}~rename@r1", "mine/0@seed0")
    path.rename(tmp_path / "mine~rename")
    assert [each.problem_id for each in load_benchmark(str(tmp_path / "mine~rename")).problems] == ["mine/0"]


def test_a_version_of_a_version_keeps_its_id():
    base = replace(STARTER, problems=(replace(problem_of(), problem_id="python/7@German"),))
    made = derived(base, derived_name("starter~typos:1"))
    assert [each.problem_id for each in made.problems] == ["python/7@German-seed0"]


@pytest.mark.docker
@pytest.mark.timeout(240)
def test_every_perturbed_reference_of_the_starter_problems_passes(executor):
    problems = [
        replace(each, problem_id=f"{kind}-{each.problem_id}")
        for kind, about in KINDS.items()
        for each in load_benchmark(f"starter[::2]~{kind}{':1' if about.seeded else ''}").problems
    ]
    report = check_benchmark(replace(STARTER, problems=tuple(problems)), executor)
    assert (report.ok, report.references_passed) == (True, len(problems))


@pytest.mark.slow
@pytest.mark.docker
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["rename", "parameters", "comments", "twin"])
def test_every_perturbed_reference_of_humaneval_passes(executor, kind):
    report = check_benchmark(load_benchmark(f"humaneval~{kind}"), executor)
    assert (report.ok, report.references_passed) == (True, report.problems)
