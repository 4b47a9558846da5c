"""ClassEval: its prompts are upstream's, its classes of tests are run as one, and what cheats does not pass."""

import pytest

from codecrucible.benchmarks import PromptForm, Verdict, catalogue, extract, form_of, job_for, judge, load_benchmark
from codecrucible.benchmarks.sources.classeval_rows import DEAD
from codecrucible.benchmarks.unittest_methods import methods_of
from codecrucible.sandbox import Limits, Strength

pytestmark = pytest.mark.usefixtures("public_data")


@pytest.fixture(scope="module")
def every(public_data):
    return load_benchmark("classeval")


def test_every_test_of_every_class_is_read(every):
    methods = [method for problem in every.problems for method in problem.methods]
    assert (len(methods), sum(bool(method.changes) for method in methods)) == (2196, 1659)
    assert sum(not any(method.changes for method in problem.methods) for problem in every.problems) == 8
    assert {problem.problem_id for problem in every.problems if problem.dead} == set(DEAD)
    (entry,) = (entry for entry in catalogue() if entry.name == "classeval")
    assert entry.passable == 100 - len(DEAD)
    with pytest.raises(ValueError, match="no class One, Two with"):
        methods_of("class One:\n    def test_a(self): pass\n", classes=("One", "Two"))


def test_the_prompts_are_upstreams_and_a_completion_is_the_class_as_a_whole(every):
    problem = every.problems[0]
    assert problem.message.startswith(
        "Please complete the class AccessGatewayFilter in the following code.\nimport log"
    )
    assert problem.few_shot_prompt.startswith("Below is an instruction that describes a task. Write a response")
    assert problem.few_shot_prompt.endswith("\n\n### Response:\n")
    assert form_of(problem, problem.reference) is PromptForm.COMPLETION
    for form, answer in (
        (PromptForm.COMPLETION, problem.reference),
        (
            PromptForm.CHAT,
            f"Here it is:\n```python\n{problem.reference}\n```\nUse it:\n```python\nAccessGatewayFilter()\n```",
        ),
    ):
        assert extract(problem, answer, form=form).source.strip() == problem.reference.strip()
    executed = job_for(problem, "class A: pass\n", limits=Limits()).program
    assert executed.endswith("import logging\nimport datetime\nclass A: pass\n")


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_references_pass_and_what_cheats_does_not(executor, image_of, every):
    image_of("python-libraries")
    # A plain one, one whose tests set up and tear down, one whose tests make files, and one without a change.
    ids = ("ClassEval_4", "ClassEval_1", "ClassEval_45")
    chosen = [problem for problem in every.problems if problem.problem_id in ids]
    chosen += [problem for problem in every.problems if not any(method.changes for method in problem.methods)][:1]
    futures = [executor.submit(job_for(problem, problem.reference, limits=Limits())) for problem in chosen]
    judged = [judge(future.result()) for future in futures]
    assert [(each.verdict, each.strength) for each in judged] == [(Verdict.PASSED, Strength.CONTROL)] * len(chosen)

    problem, plain = chosen[-1], chosen[0]
    stub = "class {}:\n    def __init__(self, *a): pass\n".format
    patches = (
        "for n in dir(unittest.TestCase):\n    if n[:6] == 'assert': setattr(unittest.TestCase, n, lambda *a: None)\n"
    )
    yes = "__getattr__ = lambda self, name: lambda *args, **kwargs: Any()"
    cheats = {
        "patches": (problem, f"import unittest\n{patches}{stub(problem.entry_point)}"),
        "shadows": (problem, f"def getattr(*a): return lambda *b: None\n{stub(problem.entry_point)}"),
        "ends": (problem, f"import os\n{stub(problem.entry_point).replace('pass', 'os._exit(0)')}"),
        "no tests": (
            problem,
            f"import unittest\nunittest.TestLoader.getTestCaseNames = lambda *a: []\n{stub(problem.entry_point)}",
        ),
        "equals": (plain, f"class Any:\n    __eq__ = lambda *_: True\n    {yes}\n{stub(f'{plain.entry_point}(Any)')}"),
    }
    futures = {name: executor.submit(job_for(*each, limits=Limits())) for name, each in cheats.items()}
    assert [name for name, future in futures.items() if judge(future.result()).verdict is Verdict.PASSED] == []
