"""CRUXEval: its prompts, what is taken for an answer, and that an answer is never code."""

import ast

import pytest

from codecrucible.benchmarks import (
    Extraction,
    PromptForm,
    Verdict,
    ended,
    extract,
    form_of,
    job_for,
    judge,
    load_benchmark,
    raw,
)
from codecrucible.benchmarks.sources.cruxeval import NAMES
from codecrucible.sandbox import Limits

pytestmark = pytest.mark.usefixtures("public_data")


def problem_of(name, problem_id="sample_0"):
    return load_benchmark(f"{name}[{problem_id}]").problems[0]


def test_the_prompt_ends_where_the_assertion_begins_and_asks_a_chat_the_same():
    output, given = (problem_of(name) for name in NAMES)
    call = "assert f(??) == [(4, 1), (4, 1), (4, 1), (4, 1), (2, 3), (2, 3)]\n[/PYTHON]\n[ANSWER]\n"

    assert output.prompt.endswith("    return output\nassert f([1, 1, 3, 1, 3, 1]) == ??\n[/PYTHON]\n[ANSWER]\n")
    assert given.prompt.endswith(f"    return output\n{call}")
    assert (output.message, given.message) == (output.prompt, given.prompt)
    assert output.stop == given.stop == ("[/ANSWER]",)
    assert "[(4, 1)" not in output.prompt


@pytest.mark.parametrize(
    "answer",
    [
        "[ANSWER]\nassert f([1]) == [(1, 1)]\n[/ANSWER]",
        "It sorts.\n\n[ANSWER]\nassert f([1]) == [(1, 1)]\n[/ANSWER]\n",
        "```python\nassert f([1]) == [(1, 1)]\n```",
        "```python\ndef f(nums):\n    return nums\n\nassert f([0]) == 0\nassert f([1]) == [(1, 1)]\n```\nDone.",
        "First:\n```python\nassert f([0]) == 0\n```\nBut really:\n```\nassert f([1]) == [(1, 1)]\n```",
        "The answer is\n\nassert f([1]) == [(1, 1)]\n\nsince it counts.",
        "assert f([1]) == [(1, 1)]\n[/ANSWER]\n\n[PYTHON]\ndef f(x):\n    return x\nassert f(2) == ??\n[/PYTHON]",
        "<think>assert f([0]) == 0</think>assert f([1]) == [(1, 1)]",
    ],
)
def test_the_assertion_is_found_in_a_chat_answer(answer):
    program = extract(problem_of("cruxeval-o"), answer, form=PromptForm.CHAT)
    assert program.source == "f([1]) == [(1, 1)]"


def test_a_plain_completion_is_the_assertion_whole_and_one_made_elsewhere_ends_at_the_tag():
    problem = problem_of("cruxeval-o")
    completion = "assert f([1]) == [(1, 1)]\n[/ANSWER]\n\n[PYTHON]\nassert f(2) == 3"

    assert form_of(problem, completion) is PromptForm.COMPLETION
    assert extract(problem, ended(problem, completion), form=PromptForm.COMPLETION).source == "f([1]) == [(1, 1)]"
    assert extract(problem, " \n", form=PromptForm.COMPLETION).empty


def test_the_functions_of_the_dataset_execute_none_of_their_arguments():
    executing = {"eval", "exec", "compile", "getattr", "setattr", "open", "globals", "locals", "vars", "breakpoint"}
    for problem in load_benchmark("cruxeval-i").problems:
        tree = ast.parse(problem.reader.partition("def answer():")[2].partition("\n\n\n")[2])
        assert not any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(tree))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & executing
        assert not [name for name in (*names, *attributes) if name.startswith("__") and name.strip("_")]
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert defined == {"f"}
        assigned = {
            ast.unparse(target) for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
        }
        assert not assigned & {"answer", "arguments", "named"}


def test_the_answer_is_a_string_in_what_is_executed_whatever_is_in_it():
    hostile = "'''\nimport os\nos._exit(0)\n\"\"\"\\\x00\ud800"
    for name in NAMES:
        problem = problem_of(name)
        job = job_for(problem, hostile, limits=Limits())
        first = ast.parse(job.program).body[0]
        assert isinstance(first, ast.Assign)
        assert ast.literal_eval(first.value) == hostile
        assert job.program.removeprefix(f"ANSWER = {hostile!a}\n") == problem.reader


#: Of sample_0, whose input is [1, 1, 3, 1, 3, 1].
_RIGHT = "[(4, 1), (4, 1), (4, 1), (4, 1), (2, 3), (2, 3)]"
_OUTPUTS = {
    f"assert f([1, 1, 3, 1, 3, 1]) == {_RIGHT}": Verdict.PASSED,
    f"  assert f([1, 1, 3, 1, 3, 1])  ==  {_RIGHT}  # sorted": Verdict.PASSED,
    _RIGHT: Verdict.PASSED,
    _RIGHT.replace("[", "(").replace("]", ")"): Verdict.WRONG_ANSWER,
    _RIGHT.replace("(2, 3)]", "(2, 4)]"): Verdict.WRONG_ANSWER,
    f"sorted({_RIGHT})": Verdict.RUNTIME_ERROR,
    "f([1, 1, 3, 1, 3, 1])": Verdict.RUNTIME_ERROR,
    f"{_RIGHT} or True": Verdict.RUNTIME_ERROR,
    f"assert f([1, 1, 3, 1, 3, 1]) is {_RIGHT}": Verdict.RUNTIME_ERROR,
    "__import__('os')._exit(0)": Verdict.RUNTIME_ERROR,
    "type('E', (), {'__eq__': lambda *_: True})()": Verdict.RUNTIME_ERROR,
    "...": Verdict.WRONG_ANSWER,
    f"{_RIGHT}\nimport os": Verdict.RUNTIME_ERROR,
    "[" * 5000: Verdict.RUNTIME_ERROR,
    "It is sorted.": Verdict.RUNTIME_ERROR,
}
_INPUTS = {
    f"assert f([1, 1, 3, 1, 3, 1]) == {_RIGHT}": Verdict.PASSED,
    f"f([3, 3, 1, 1, 1, 1]) == {_RIGHT}": Verdict.PASSED,
    "f(nums=(1, 1, 3, 1, 3, 1))": Verdict.PASSED,
    f"f([1]) == {_RIGHT}": Verdict.WRONG_ANSWER,
    "f([1])": Verdict.WRONG_ANSWER,
    _RIGHT: Verdict.RUNTIME_ERROR,
    "[1, 1, 3, 1, 3, 1]": Verdict.RUNTIME_ERROR,
    f"g({_RIGHT})": Verdict.RUNTIME_ERROR,
    "f()": Verdict.RUNTIME_ERROR,
    "f(*[[1, 1, 3, 1, 3, 1]])": Verdict.RUNTIME_ERROR,
    "f([1, 1, 3] + [1, 3, 1])": Verdict.RUNTIME_ERROR,
    "f(setattr(__import__('builtins'), 'len', len))": Verdict.RUNTIME_ERROR,
    f"(lambda *_: {_RIGHT})(0)": Verdict.RUNTIME_ERROR,
    f"f.__call__({_RIGHT})": Verdict.RUNTIME_ERROR,
}


@pytest.mark.docker
@pytest.mark.timeout(120)
@pytest.mark.parametrize(("name", "expected"), [("cruxeval-o", _OUTPUTS), ("cruxeval-i", _INPUTS)])
def test_near_misses_and_forgeries_pass_nowhere(executor, name, expected):
    problem = problem_of(name)
    programs = {
        text: [raw(problem, text).source, extract(problem, text, form=PromptForm.COMPLETION).source]
        for text in expected
    }
    jobs = {
        text: [executor.submit(job_for(problem, program, limits=Limits())) for program in dict.fromkeys(both)]
        for text, both in programs.items()
    }
    found = {text: {judge(job.result()).verdict for job in submitted} for text, submitted in jobs.items()}
    # The raw text of an assertion is a statement, which is no value: nothing is looked for in it.
    told = {
        text: verdicts - ({Verdict.RUNTIME_ERROR} if "assert" in text else set()) for text, verdicts in found.items()
    }
    assert told == {
        text: {verdict} - ({Verdict.RUNTIME_ERROR} if "assert" in text else set()) for text, verdict in expected.items()
    }


@pytest.mark.docker
@pytest.mark.timeout(180)
@pytest.mark.parametrize("problem_id", ["sample_130", "sample_189", "sample_220"])
def test_a_format_string_reaches_nothing_that_passes(executor, problem_id):
    problem = problem_of("cruxeval-i", problem_id)
    for text in ("f('{0.__class__.__init__.__globals__}')", "f('{a.__globals__}', a='x')", "f({'{0.__doc__}': 1}, 1)"):
        assert judge(executor.submit(job_for(problem, text, limits=Limits())).result()).verdict is not Verdict.PASSED


def test_extraction_can_be_told_to_look_for_nothing():
    problem = problem_of("cruxeval-i")
    assert Extraction.RAW
    assert raw(problem, "f(1)", whole=True).source == raw(problem, "f(1)").source == "f(1)"
