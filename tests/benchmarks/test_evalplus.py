"""HumanEval+ and MBPP+: their files, EvalPlus' rules, and programs that only the added tests find out."""

import gzip
import json
import math
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from codecrucible.benchmarks import PromptForm, Verdict, check_benchmark, extract, job_for, judge, load_benchmark
from codecrucible.benchmarks.sources.evalplus_oracle import Oracle, mbpp_arguments
from codecrucible.sandbox import Limits

NEAR_MISSES = [
    json.loads(line)
    for line in Path(__file__).with_name("evalplus_near_misses.jsonl").read_text(encoding="utf-8").splitlines()
]
#: Their references take most of the time that all of them take. `crucible benchmarks check` runs them too.
SLOW = {
    *(f"HumanEval/{number}" for number in (15, 36, 59, 83, 94, 130, 139)),
    *(f"Mbpp/{number}" for number in (84, 123, 255, 271, 300, 389, 392, 583, 589, 592, 599, 603, 630)),
}


def oracle(task_id, answers, atol=0.0):
    """Rules of a problem whose reference answers each argument with what stands for it in `answers`."""
    reference = f"from math import inf, nan\ndef f(x): return {answers!r}[x]\n"
    return Oracle(task_id=task_id, entry_point="f", reference=reference, atol=atol)


def verdicts(task_id, pairs, atol=0.0):
    """Whether each answer is right, given the reference's, in a part of these calls."""
    rules = oracle(task_id, [expected for _, expected in pairs], atol)
    is_right = rules.comparison()
    outcomes = []
    for call, (answer, _) in enumerate(pairs):
        try:
            outcomes.append(bool(is_right(answer, rules.expected(call))))
        except (TypeError, ValueError):
            outcomes.append("cannot be compared")
    return outcomes


def verdict(task_id, answer, expected, atol=0.0):
    return verdicts(task_id, [(answer, expected)], atol)[0]


# --- the rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected", "right"),
    [
        (2.0, 2, True),
        (True, 1, True),
        ([1, 2], [1, 2], True),
        ((1, 2), [1, 2], False),
        ([2, 1], [1, 2], False),
        (None, False, False),
        ("a", "b", False),
        (100_000_001, 100_000_000, False),
    ],
)
def test_an_answer_without_floats_has_to_be_equal(answer, expected, right):
    assert verdict("HumanEval/0", answer, expected) is right


@pytest.mark.parametrize(
    ("answer", "expected", "right"),
    [
        (1.0 + 9e-7, 1.0, True),
        (1.0 + 2e-6, 1.0, False),
        (1e9 + 90.0, 1e9, True),
        (1e9 + 110.0, 1e9, False),
        (1, 1.0, True),
        (1, 1.0000001, False),
        ([0.5, 0.1 + 0.2], [0.5, 0.3], True),
        ([0.5, 0.3, 0.1], [0.5, 0.3], False),
        ((0.5, 0.1 + 0.2), [0.5, 0.3], False),
        ([0.5, 1], [0.5, 1.0000001], True),
        ([0.5, 1], [0.5, 1.00001], False),
        ([0.5, 1, 0.1 + 0.2], [0.5, 1, 0.3], False),
        ([[0.1 + 0.2]], [[0.3]], False),
        (math.nan, 1.0, False),
        ("1.0", 1.0, False),
        (math.inf, math.inf, True),
    ],
)
def test_floats_and_lists_of_nothing_else_may_be_a_little_off(answer, expected, right):
    assert verdict("HumanEval/0", answer, expected) in ((True,) if right else (False, "cannot be compared"))


def test_the_problems_own_tolerance_goes_before():
    assert verdict("Mbpp/82", 1.00009, 1.0, atol=1e-4)
    assert not verdict("Mbpp/82", 1.00011, 1.0, atol=1e-4)
    assert verdict("Mbpp/82", [[1.00009]], [[1.0]], atol=1e-4)
    assert verdict("Mbpp/82", [(1.00009, 2)], [[1.0, 2]], atol=1e-4)


def test_a_float_among_the_expected_values_brings_the_tolerance_for_those_that_follow():
    off = (100_000_001, 100_000_000)
    assert verdicts("Mbpp/14", [off, (0.5, 0.5), off]) == [False, True, True]
    assert verdicts("Mbpp/14", [([], []), off, ([0.5], [0.5]), off]) == [True, False, True, True]
    assert verdicts("Mbpp/93", [(0.5, 0.5), (10**200 + 1, 10**200)]) == [True, True]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ([1.0], [1.0, 2.0]),
        ([1.0, 2.0, 3.0], [1.0, 2.0]),
        ([[1.0]], [[1.0, 1.0]]),
        ([["a", 1.0]], [["a", 1.00001]]),
        ([None, 1.0], [None, 1.00001]),
        ({"a": 1.0}, {"a": 1.00001}),
        (1e308, math.inf),
        (math.nan, math.nan),
    ],
)
def test_what_a_tolerance_is_not_for(answer, expected):
    assert verdict("Mbpp/82", answer, expected, atol=1e-4) is False


def test_any_zero_of_the_polynomial_is_right_and_nothing_else_is_looked_at():
    rules = oracle("HumanEval/32", {}, atol=1e-4)
    is_right = rules.comparison()
    expected = rules.expected([-1.0, 0.0, 1.0])  # x * x - 1
    assert is_right(1.0, expected)
    assert is_right(-1, expected)
    assert is_right(1.00004, expected)
    assert not is_right(1.0001, expected)
    assert not is_right(math.nan, expected)
    with pytest.raises(TypeError):
        is_right([-1.0, 0.0, 1.0], expected)


def special(task_id, reference, arguments, answer):
    rules = Oracle(task_id=task_id, entry_point="f", reference=f"def f(*a): return {reference!r}\n", atol=0.0)
    return rules.comparison()(answer, rules.expected(*arguments))


def test_a_pyramids_height_may_be_its_own_or_that_of_its_faces():
    assert [special("Mbpp/581", 33, (3, 4), answer) for answer in (33, 35, 34, 33.5)] == [True, True, False, False]


def test_digits_may_be_compared_from_either_end():
    assert [special("Mbpp/558", 8, (12345, 9), answer) for answer in (8, 14, 9)] == [True, True, False]


@pytest.mark.parametrize("number", [2, 7, 111, 140, 232, 249, 579, 769])
def test_some_answers_are_compared_as_sets(number):
    assert verdict(f"Mbpp/{number}", [2, 1, 1], (1, 2))
    assert not verdict(f"Mbpp/{number}", [1], (1, 2))
    assert verdict(f"Mbpp/{number}", None, (1, 2)) == "cannot be compared"
    assert not verdict("Mbpp/3", [2, 1], [1, 2])


@pytest.mark.parametrize("number", [737, 787, 794])
def test_of_some_answers_only_counts_whether_they_are_none(number):
    pairs = [("any", "object"), (True, "object"), (False, None), (None, None), (0, "object")]
    assert verdicts(f"Mbpp/{number}", pairs) == [True] * 5
    assert verdicts(f"Mbpp/{number}", [(None, "object"), (False, "object"), (True, None), ("", None)]) == [False] * 4


@pytest.mark.parametrize(
    ("number", "given", "arguments"),
    [
        (2, [[1], [2]], ((1,), (2,))),
        (63, [[[1, 2], [3, 4]]], ([(1, 2), (3, 4)],)),
        (259, [[[1], [2]], [[3]]], (((1,), (2,)), ((3,),))),
        (580, [[1, [2, [3]]]], ((1, (2, (3,))),)),
        (75, [[[1], [2]], 6], ([(1,), (2,)], 6)),
        (307, [[1, [2]], 3, [4]], ((1, [2]), 3, [4])),
        (278, [[1, [2, 3]]], ((1, (2, 3)),)),
        (115, [[[1, 1], [], 5]], ([{1}, {}, {}],)),
        (722, [{"a": [1, 2]}, 3], ({"a": (1, 2)}, 3)),
        (252, ["1+2j"], (1 + 2j,)),
        (124, ["1", "2j"], (1.0, 2j)),
        (106, [[1], [2]], ([1], (2,))),
        (3, [[1], 2], ([1], 2)),
    ],
)
def test_arguments_get_the_types_that_json_lacks(number, given, arguments):
    assert repr(mbpp_arguments(number, given)) == repr(arguments)


# --- the files ------------------------------------------------------------------------------------------------------

needs_data = pytest.mark.usefixtures("public_data")


@needs_data
def test_the_prompts_are_those_of_humaneval_but_for_an_import():
    plain = {problem.problem_id: problem.prompt for problem in load_benchmark("humaneval").problems}
    plus = {problem.problem_id: problem.prompt for problem in load_benchmark("humaneval+").problems}
    assert plus.keys() == plain.keys()
    assert [name for name in plain if plain[name] != plus[name]] == ["HumanEval/115"]


@needs_data
@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("humaneval+", (1570, 122_683)),
        ("humaneval+:mini", (1570, 1107)),
        ("humaneval+:noextreme", (1570, 122_504)),
        ("mbpp+", (1174, 39_841 - 5)),
        ("mbpp+:noextreme", (1174, 39_636 - 5)),
    ],
)
def test_each_part_has_so_many_tests(name, tests):
    benchmark = load_benchmark(name)
    parts = [[len(json.loads(calls)) for calls in problem.calls] for problem in benchmark.problems]
    assert tuple(map(sum, zip(*parts, strict=True))) == tests
    assert f"{sum(tests):,} " in benchmark.title
    assert benchmark.parts == ("base", "plus")


def test_what_is_left_out_has_millions_of_items_in_its_answer(public_data):
    records = [
        json.loads(line)
        for line in gzip.decompress((public_data / "evalplus" / "MbppPlus.jsonl.gz").read_bytes()).splitlines()
    ]
    (inputs,) = (record["plus_input"] for record in records if record["task_id"] == "Mbpp/255")
    (kept,) = (json.loads(p.calls[1]) for p in load_benchmark("mbpp+").problems if p.problem_id == "Mbpp/255")

    def items(colours, n):
        return n * math.comb(len(colours) + n - 1, n) if colours else 0

    left_out = Counter(map(repr, inputs)) - Counter(map(repr, kept))
    assert sum(left_out.values()) == 5
    assert all(items(*arguments) > 6_000_000 for arguments in inputs if repr(arguments) in left_out)
    assert all(items(*arguments) < 200_000 for arguments in kept)


# --- through the referee --------------------------------------------------------------------------------------------


@needs_data
@pytest.mark.docker
@pytest.mark.parametrize(("name", "step"), [("humaneval+", 2), ("mbpp+", 4)])
def test_references_pass_and_stubs_do_not(executor, name, step):
    benchmark = load_benchmark(name)
    quick = [problem for problem in benchmark.problems if problem.problem_id not in SLOW][::step]
    report = check_benchmark(replace(benchmark, problems=tuple(quick)), executor, limits=Limits(cpu_s=60, wall_s=180))

    assert report.offenders == report.unproxiable == ()
    assert (report.references_passed, report.stubs_passed) == (len(quick), 0)


@cache
def problems_of(name):
    return {problem.problem_id: problem for problem in load_benchmark(name).problems}


@needs_data
@pytest.mark.docker
@pytest.mark.parametrize("sample", NEAR_MISSES, ids=lambda sample: sample["task_id"])
def test_a_program_may_pass_the_base_tests_and_fail(executor, sample):
    problem = problems_of(sample["benchmark"])[sample["task_id"]]
    program = extract(problem, sample["completion"], form=PromptForm.COMPLETION).source
    judgement = judge(executor.run(job_for(problem, program, limits=Limits())))

    assert judgement.verdict in (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR), sample["mistake"]
    assert judgement.parts_passed == 1
