"""ReCode: which rows there are, what they share with their nominal ones, and which of them nothing can pass."""

from collections import Counter

import pytest

from codecrucible.benchmarks import PromptForm, check_benchmark, extract, job_for, load_benchmark, nominal_benchmark
from codecrucible.benchmarks.sources.recode import KINDS, NAMES
from codecrucible.reports.statistics.source_problem import nominal_problem, source_problem
from codecrucible.sandbox import Ending, Limits

pytestmark = pytest.mark.usefixtures("public_data")


def test_there_are_29_kinds_in_4_categories_and_their_nominal_prompts():
    assert {category: len(kinds) for category, kinds in KINDS.items()} == {
        "nlaugmenter": 10,
        "func_name": 6,
        "natgen": 7,
        "format": 6,
    }
    assert sum(NAMES.values()) == 14_596 + 164


def test_a_row_says_its_kind_its_seed_and_whether_it_is_perturbed():
    problems = load_benchmark("recode:FuncRenameSwapChar").problems
    assert len(problems) == 820
    assert problems[0].groups[:2] == (("perturbation", "FuncRenameSwapChar"), ("seed", "0"))
    assert Counter(dict(each.groups)["perturbed"] for each in problems) == {"yes": 292, "no": 528}
    assert {source_problem(each.problem_id) for each in problems} == {f"humaneval/{place}" for place in range(164)}


@pytest.mark.parametrize("name", ["recode:SynonymInsertion", "recode:FuncRenameSwapChar", "recode:OperandSwap"])
def test_what_is_not_perturbed_has_the_nominal_prompt_and_what_is_has_another(name):
    nominal = {each.problem_id: each for each in load_benchmark(nominal_benchmark(name)).problems}
    for problem in load_benchmark(name).problems:
        base = nominal[nominal_problem(problem.problem_id)]
        assert (problem.prompt != base.prompt) is (("perturbed", "yes") in problem.groups)
        assert problem.setup == base.setup


@pytest.mark.parametrize(
    ("name", "nominal"),
    [
        ("recode:tab_indent", "recode:partial"),
        ("recode:VarRenamerCB[:3]", "recode:partial"),
        ("recode:BackTranslation", "humaneval"),
        ("recode:FuncRenameCamelCase", "humaneval"),
        ("recode:partial", None),
        ("humaneval", None),
    ],
)
def test_each_kind_belongs_to_a_benchmark_of_nominal_prompts(name, nominal):
    assert nominal_benchmark(name) == nominal


def test_a_name_of_a_kind_may_be_written_in_any_case():
    assert load_benchmark("ReCode:funcrename_camelcase[:2]").name == "recode:FuncRenameCamelCase[:2]"


def test_rows_whose_tests_call_the_old_name_are_dead_and_have_no_reference():
    dead = [each for each in load_benchmark("recode:FuncRenameChangeChar").problems if each.dead]
    assert [each.problem_id for each in dead] == [f"HumanEval/33@seed{seed}" for seed in range(5)]
    assert {(each.reference, each.dead) for each in dead} == {
        ("", "its tests call sort_third, which the prompt names otherwise")
    }


@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", ["FuncRenameCamelCase", "VarRenamerNaive", "doc2comments", "partial"])
def test_references_pass_and_a_dead_row_is_declared(executor, kind):
    ids = ["HumanEval/0", "HumanEval/32", "HumanEval/33", "HumanEval/38", "HumanEval/50"]
    chosen = ",".join(each if kind == "partial" else f"{each}@seed0" for each in ids)
    report = check_benchmark(load_benchmark(f"recode:{kind}[{chosen}]"), executor)
    dead = kind == "FuncRenameCamelCase"
    assert (report.ok, report.references_passed, len(report.dead)) == (True, 5 - dead, int(dead))


@pytest.mark.docker
@pytest.mark.timeout(180)
def test_a_prompt_in_tabs_is_passed_by_who_goes_on_in_tabs_and_not_by_its_reference_in_spaces(executor):
    problem = load_benchmark("recode:tab_indent[HumanEval/2@seed0]").problems[0]
    endings = []
    for completion in (problem.reference, problem.reference.replace("    ", "\t")):
        program = extract(problem, completion, form=PromptForm.COMPLETION).source
        endings.append(executor.submit(job_for(problem, program, limits=Limits())).result().ending)
    assert endings == [Ending.SYNTAX_ERROR, Ending.COMPLETED]
