"""Every reference, wrapped as models wrap their answers, stays the program that is judged; a stub never does."""

import ast
import html
import textwrap
from functools import lru_cache

import pytest
import trusted
from python_answers import own_part, signature_of, whole_function

from codecrucible.benchmarks import PromptForm, Rule, extract, form_of, load_benchmark

SLOW = {"MBPP/123"}
PROBLEMS = [problem for name in ("humaneval", "starter") for problem in load_benchmark(name).problems]
TESTS = "import unittest\n\n\nclass Checks(unittest.TestCase):\n" + "".join(
    f"    def test_{number}(self):\n        self.assertEqual({{name}}({number}), {number})\n\n" for number in range(20)
)


def quoted(text):
    return textwrap.indent(text, "> ", lambda _: True)


def with_fence_in_docstring(code):
    first, *rest = ast.parse(code).body[-1].body
    lines = code.splitlines(keepends=True)
    body = "".join(lines[(rest[0] if isinstance(first, ast.Expr) and rest else first).lineno - 1 :])
    header = "".join(lines[: first.lineno - 1])
    return f'{header}    """Doc.\n\n```\ncall(1)\n```\n    """\n{body}'


BEFORE = {
    "pass": "    pass\n",
    "ellipsis": "    ...\n",
    "docstring": '    """To be written."""\n',
    "raise": "    raise NotImplementedError\n",
    "raise with a message": '    raise NotImplementedError("write me")\n',
    "comment": "    # your code here\n",
    "comment and pass": "    # TODO: write this\n    pass\n",
    "nothing": "",
    "return None": "    return None\n",
    "return": '    """Doc."""\n    return\n',
    "return a constant": "    # TODO\n    return []\n",
    "return 0": "    return 0\n",
    "all of them": '    """Doc."""\n    # TODO\n    ...\n    raise NotImplementedError()\n',
}

MARKED = {
    "tags in brackets": lambda code, _: f"[PYTHON]\n{code}[/PYTHON]\n[TESTS]\nassert 1\n[/TESTS]",
    "code in brackets": lambda code, _: f"My answer:\n\n[CODE]\n{code}[/CODE]",
    "answer tag": lambda code, _: f"It is short.\n<answer>\n{code}</answer>",
    "answer tag around a fence": lambda code, _: f"<answer>\n```python\n{code}```\n</answer>\n",
    "code tag": lambda code, _: f"<code>\n{code}</code>\nThat is all.",
    "python tag": lambda code, _: f"<python>\n{code}</python>",
    "html": lambda code, _: f'<pre><code class="language-python">{html.escape(code)}</code></pre>\n<p>Done.</p>',
    "html without a class": lambda code, _: f"<p>So:</p>\n<pre>\n{html.escape(code)}</pre>",
    "tag that nothing closes": lambda code, _: f"[PYTHON]\n{code}",
    "in a quotation": lambda code, _: "He said:\n\n" + quoted(f"```python\n{code}```\n") + "\nand I agree.",
    "in a quotation without a language": lambda code, _: quoted(f"So:\n```\n{code}```\n"),
    "in a fence of four": lambda code, _: f"````markdown\n# Answer\n\n```python\n{code}```\n````\n",
    "in a fence of three": lambda code, _: f"```markdown\n# Answer\n\n```python\n{code}```\n```\n",
    "cut before the fence": lambda code, _: f"```python\n{code}<|im_end|>",
    "special tokens": lambda code, _: f"```python\n{code}```<|eot_id|><|endoftext|>\n",
    "next turn": lambda code, name: (
        f"```python\n{code}```<|im_end|>\n<|im_start|>user\n```python\ndef {name}(): 1\n```"
    ),
    "name of a file": lambda code, _: f"```python:solution.py\n{code}```\n",
    "version": lambda code, _: f"```python3.11\n{code}```\n",
    "prose without a fence": lambda code, _: f"Here is the code:\n\n{code}\nThis is right. Hope it helps!\n",
    "no language": lambda code, _: f"Sure.\n\n```\n{code}```\n\nDone.",
}

AROUND = {
    "wrong first": lambda code, name: f"```py\ndef {name}(*x):\n    y = x\n    return y\n```\nNo:\n```py\n{code}```",
    "wrong later": lambda code, name: f"```python\n{code}```\nOr:\n```python\ndef {name}(*x):\n    return x * 2\n```",
    "wrong, said so": lambda code, name: f"```py\n{code}```\nWrong:\n```py\ndef {name}(*x):\n    return x * 2\n```",
    "usage after": lambda code, name: f"```python\n{code}```\nTry:\n```python\nx = [1]\nr = {name}(x)\nprint(r)\n```",
    "result of its name": lambda code, name: f"```python\n{code}```\nTry:\n```python\n{name} = {name}(2)\n```",
    "usage before": lambda code, name: f"It is called:\n```python\nprint({name}(1))\n```\nCode:\n```python\n{code}```",
    "longer tests after": lambda code, name: f"```python\n{code}```\n```python\n{TESTS.format(name=name)}```",
    "import of it after": lambda code, name: f"```python\n{code}```\n```python\nfrom a import {name}\n{name}(1)\n```",
    "another language after": lambda code, name: (
        f"```python\n{code}```\nIn JavaScript:\n```js\nfunction {name}(x) {{\n  return x;\n}}\n```"
    ),
    "Ruby without a name": lambda code, name: f"```python\n{code}```\nIn Ruby:\n```\ndef {name}(x)\n  x.sum\nend\n```",
    "output after": lambda code, _: f"```python\n{code}```\nprints\n```\n{'1 ' * 900}\n```\n",
    "shell around": lambda code, _: f"```sh\npip install x\n```\n```python\n{code}```\n```bash\npython3 a.py\n```\n",
    "stub after": lambda code, name: f"```python\n{code}```\nFor your own:\n```python\ndef {name}(x):\n    pass\n```",
    "cut off later": lambda code, name: f"```python\n{code}```\nFaster:\n```python\ndef {name}(x):\n    return [a for",
    "elided later": lambda code, name: (
        f"```python\n{code}```\nWith a guard:\n```python\ndef {name}(x):\n"
        "    if not x:\n        return 0\n    # ... rest of the code as before\n```"
    ),
}


def chat(problem, answer):
    return extract(problem, answer, form=PromptForm.CHAT)


@lru_cache
def functions(source):
    """AST of each top-level function, the last definition of a name counting, as Python would have it."""
    return {node.name: ast.dump(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("stub", BEFORE)
def test_no_stub_before_or_behind_the_solution_is_judged_in_its_place(stub):
    for problem in PROBLEMS:
        template = f"```python\n{signature_of(problem)}{BEFORE[stub]}```\n"
        solution = f"```python\n{own_part(problem)}```\n"
        for answer in (
            f"To be filled in:\n{template}Solution:\n{solution}",
            f"{solution}Now you:\n{template}",
            f"The signature:\n\n{signature_of(problem)}{BEFORE[stub]}\nFilled in, it is this:\n\n{own_part(problem)}\n",
        ):
            assert form_of(problem, answer) is PromptForm.CHAT
            program = chat(problem, answer)
            assert functions(program.source) == functions(whole_function(problem)), (problem.problem_id, answer)


@pytest.mark.parametrize("style", [*MARKED, *AROUND])
def test_no_reference_is_lost_whatever_is_around_it(style):
    for problem in PROBLEMS:
        answer = (MARKED | AROUND)[style](own_part(problem), problem.entry_point)
        assert form_of(problem, answer) is PromptForm.CHAT
        program = chat(problem, answer)
        assert functions(program.source) == functions(whole_function(problem)), (problem.problem_id, program.source)
        assert program.rule in {Rule.BLOCK, Rule.TEXT, Rule.BLOCKS}


def test_a_repeated_prompt_before_the_solution_is_not_judged():
    for problem in PROBLEMS:
        answer = f"The task:\n```python\n{problem.prompt}```\nSolution:\n```python\n{own_part(problem)}```"
        assert functions(chat(problem, answer).source) == functions(whole_function(problem)), problem.problem_id


def test_a_docstring_with_a_fence_at_column_0_is_kept():
    for problem in PROBLEMS:
        code = with_fence_in_docstring(own_part(problem))
        for answer in (f"```python\n{code}```\nDone.", f"So:\n\n{code}\nThat is all.\n"):
            assert functions(chat(problem, answer).source).keys() == functions(whole_function(problem)).keys()
            assert functions(chat(problem, answer).source)[problem.entry_point] == functions(code)[problem.entry_point]


def parts_of(problem):
    """Source of each top-level statement of the reference."""
    source = whole_function(problem)
    return [
        ast.get_source_segment(source, node) + "\n" for node in ast.parse(source).body if not isinstance(node, ast.Expr)
    ]


@pytest.mark.usefixtures("public_data")
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_imports_constants_and_helpers_in_blocks_of_their_own_are_kept():
    problems = [problem for problem in load_benchmark("mbpp:all").problems if problem.problem_id not in SLOW]
    several = [problem for problem in [*PROBLEMS, *problems] if len(parts_of(problem)) > 1]
    assert len(several) == 263
    programs = []
    for number, problem in enumerate(several):
        blocks = [f"Next:\n```python\n{part}```\n" for part in parts_of(problem)]
        answer = "".join(blocks if number % 2 else reversed(blocks)) + "Example:\n```python\nx = f(1)\nprint(x)\n```"
        program = chat(problem, answer)
        setup = problem.setup if problem.problem_id.startswith("MBPP") else ""
        programs.append(f"{program.source}\n{setup}\n{problem.tests}")
    outcomes = trusted.outcomes(programs)
    assert outcomes == ["passed"] * len(several), [
        (problem.problem_id, outcome, program)
        for problem, outcome, program in zip(several, outcomes, programs, strict=True)
        if outcome != "passed"
    ][:3]
