import ast
import textwrap
import time
from functools import lru_cache

import pytest
import trusted
from hypothesis import given
from hypothesis import strategies as st
from python_answers import own_part, whole_function

from codecrucible.benchmarks import Problem, PromptForm, extract, form_of, load_benchmark
from codecrucible.benchmarks.answers.thinking import has_thought

ADD = Problem(
    problem_id="t/0",
    prompt='import math\n\n\ndef add(a, b):\n    """Return a + b.\n\n    >>> add(1, 2)\n    3\n    """\n',
    entry_point="add",
    tests="assert add(1, 2) == 3\nassert add(-1, 0) == -1\n",
    setup="",
    reference="    return a + b\n",
    stub="    return None\n",
)
PREAMBLE = "import math\n\n\n"
PROBLEMS = [problem for name in ("humaneval", "starter") for problem in load_benchmark(name).problems]


def chat(completion, problem=ADD):
    return extract(problem, completion, form=PromptForm.CHAT)


def completed(completion, problem=ADD):
    return extract(problem, completion, form=PromptForm.COMPLETION)


def works(program):
    return trusted.outcomes([program.source + "\n" + ADD.tests]) == ["passed"]


# ---- the completion form


@pytest.mark.parametrize(
    "completion",
    [
        "    return a + b\n",
        "    return a + b",
        "\n    return a + b  \n\n",
        "\treturn a + b",
        "return a + b",
        "def add(a, b):\n    return a + b\n",
        "    return a + b\n```\nThat is it.",
        "```python\ndef add(a, b):\n    return a + b\n```",
        "    x = 1\r\n    return a + b\r\n",
        "    # from __future__ import annotations\n    return a + b",
        "    from __future__ import annotations\n    return a + b",
        "x\0y\ud800",
        "# only a comment",
    ],
)
def test_a_plain_completion_continues_the_prompt_byte_for_byte(completion):
    program = completed(completion)

    assert program.source == ADD.prompt + completion
    assert program.code == completion
    assert program.prompt_lines == 9
    assert not program.empty


def test_a_whole_program_at_column_0_works_by_defining_the_function_again():
    assert works(completed("def add(a, b):\n    return a + b\n"))


@pytest.mark.parametrize(
    "head",
    [
        "from __future__ import annotations\n",
        "\n\nfrom __future__ import annotations\n",
        "# solution\nfrom  __future__  import (\n    annotations,\n)\n",
        '"""Adds."""\n\nfrom __future__ import annotations\n',
        "from __future__ import annotations\r\n",
    ],
)
def test_a_whole_program_that_begins_with_a_future_import_stands_alone(head):
    completion = head + "\ndef add(a: int, b: int) -> int:\n    return a + b\n"
    program = completed(completion)

    assert (program.source, program.code, program.prompt_lines) == (completion, completion, 0)
    assert works(program)


@pytest.mark.parametrize("completion", ["", " ", "\n\n", "    \n\t\n", "\r\n"])
@pytest.mark.parametrize("form", PromptForm)
def test_white_space_leaves_nothing_to_run(completion, form):
    program = extract(ADD, completion, form=form)

    assert program.empty
    assert (program.source, program.code, program.prompt_lines) == ("", "", 0)


# ---- the chat form: whole functions

WHOLE = "def add(a, b):\n    return a + b\n"


@pytest.mark.parametrize(
    "answer",
    [
        f"```python\n{WHOLE}```",
        f"```\n{WHOLE}```",
        f"```Python3\n{WHOLE}```",
        f"~~~py\n{WHOLE}~~~",
        f"Sure! Here is the function:\n\n```python\n{WHOLE}```\n\nIt adds `a` and `b`:\n\n```python\nadd(1, 2)\n```",
        f"First install:\n\n```bash\npip install nothing\n```\n\nThen:\n\n```python\n{WHOLE}```",
        f"For example\n```\n>>> add(1, 2)\n3\n```\nso\n```python\n{WHOLE}```",
        f"```python\n{WHOLE}```\nor, shorter and wrong,\n```python\ndef add(a, b): return a - b\n```",
        f"1. The code:\n\n   ```python\n{textwrap.indent(WHOLE, '   ')}   ```\n",
        f"```python\n{textwrap.indent(WHOLE, '    ')}```",
        f"Here you go: ```python\n{WHOLE}```",
        f"<think>\n```python\ndef add(a, b):\n    return a - b\n```\nno, plus\n</think>\n\n```python\n{WHOLE}```",
        f"```python\n{WHOLE}",
        f"```python\n{WHOLE}``` Done.",
        WHOLE,
        f"Sure, here is the code:\n\n{WHOLE}\nThis returns the sum of both.\nIt works for all numbers.",
        f"# Solution\n\n{WHOLE}",
        f"{WHOLE}```\n\nThe function adds.",
        f"{WHOLE}\nUsage:\n```python\nprint(add(1, 2))\n```\n",
    ],
)
def test_a_whole_function_in_a_chat_answer_follows_the_imports_of_the_prompt(answer):
    program = chat(answer)

    assert program.source.rstrip() == PREAMBLE + program.code.rstrip()
    assert program.code.strip().removeprefix("# Solution").strip() == WHOLE.strip()
    assert program.prompt_lines == 3
    assert works(program)


def test_a_lambda_and_an_async_function_define_the_entry_point_too():
    assert works(chat("```python\nadd = lambda a, b: a + b\n```"))
    assert chat("```python\nasync def add(a, b):\n    return a + b\n```").prompt_lines == 3


@pytest.mark.parametrize(
    "code", ["def add_all(xs):\n    return sum(xs)\n", "def adder():\n    pass\n", "class Adder:\n    pass\n"]
)
def test_a_longer_name_is_not_the_entry_point(code):
    assert chat(f"```python\n{code}```").prompt_lines == 9


def test_helpers_imports_and_constants_around_the_function_are_kept():
    code = "from typing import List\nBASE: int = 0\n\n@staticmethod\ndef helper(x):\n    return x + BASE\n\n\n"
    whole = code + "def add(a, b):\n    return helper(a) + b\n\n\nassert add(1, 1) == 2\nprint(add(1, 2))\n"

    fenced = chat(f"Here:\n```python\n{whole}```\nBye.")
    bare = chat(f"Here is my solution to this:\n{whole}\nIt uses a helper.\n")
    assert fenced.code == bare.code.rstrip() + "\n" == whole
    assert works(fenced)


def test_a_helper_in_a_block_of_its_own_is_kept_if_the_function_uses_it():
    helper, unused = "import os\n\n\ndef plus(a, b):\n    return a + b\n", "def minus(a, b):\n    return a - b\n"
    code = "def add(a, b):\n    return plus(a, b)\n"
    program = chat(f"A helper:\n```python\n{helper}```\nor\n```\n{unused}```\nThen:\n```python\n{code}```\n")

    assert program.code == f"{helper}\n{code}"
    assert works(program)


def test_prose_between_an_import_and_the_function_is_left_out():
    program = chat(f"First:\nimport re\nNow the function itself:\n  - one\n\nimport os\n\n{WHOLE}\nThat is all.")

    assert program.code.rstrip() == f"import os\n\n{WHOLE}".rstrip()


def test_a_string_at_column_0_that_looks_like_prose_is_kept():
    code = 'def add(a, b):\n    """Adds.\n\nThis is text at column 0.\n    """\n    return a + b\n'
    assert chat(code).code == code
    assert works(chat(code))


def test_a_fence_in_the_docstring_of_a_whole_function_is_kept():
    docstring = '    """Adds.\n\n    ```python\n    def add(a, b): return 0\n    ```\n    """\n'
    code = f"def add(a, b):\n{docstring}    return a + b\n"
    for answer in (code, f"```python\n{code}```", f"Here it is:\n\n{code}\n```\nadd(1, 2)\n```"):
        assert chat(answer).code.rstrip() == code.rstrip()
        assert works(chat(answer))


def test_a_future_import_in_a_chat_answer_stays_the_first_statement():
    program = chat(f"```python\nfrom __future__ import annotations\n\n{WHOLE}```")

    assert program.source == f"from __future__ import annotations\n\n{PREAMBLE}{WHOLE}"
    assert program.prompt_lines == 0
    assert works(program)


def test_a_helper_of_the_prompt_need_not_be_written_again():
    (problem,) = load_benchmark("humaneval[32:33]").problems
    _, _, whole = (problem.prompt + problem.reference).rpartition("def find_zero")
    program = chat(f"```python\ndef find_zero{whole}```", problem)

    assert "def poly" in program.source
    assert trusted.outcomes([program.source + problem.tests]) == ["passed"]


def test_a_function_cut_off_in_the_middle_is_executed_as_it_is():
    program = chat("```python\ndef add(a, b):\n    return (a +")

    assert program.source == PREAMBLE + "def add(a, b):\n    return (a +"


# ---- the chat form: bodies

LOOP = "    total = a\n    for _ in range(1):\n        total += b\n    return total\n"


@pytest.mark.parametrize(
    "answer",
    [
        LOOP,
        textwrap.dedent(LOOP),
        LOOP.strip(),
        f"```python\n{LOOP}```",
        f"```python\n{textwrap.dedent(LOOP)}```",
        f"```python\n{LOOP.strip()}\n```",
        f"```python\n{textwrap.indent(textwrap.dedent(LOOP), '  ')}```",
        f"The body is:\n```python\n{LOOP}```\nwhich loops.",
        f"{LOOP}```\n\nThis loops.",
        f"{LOOP}```python\nadd(1, 2)\n```",
        f"```\n\n```\n```python\n{LOOP}```",
        f"- like so:\n  ```python\n{textwrap.indent(LOOP, '  ')}  ```\n",
        f" {LOOP.strip()}",
    ],
)
def test_a_body_in_a_chat_answer_follows_the_whole_prompt(answer):
    program = chat(answer)

    assert program.source == ADD.prompt + program.code
    assert textwrap.dedent(program.code).split() == LOOP.split()
    assert program.prompt_lines == 9
    assert works(program)


@pytest.mark.parametrize(
    "body",
    [
        "for _ in [1]:\n        a += b\n    return a",
        "for _ in [1]:\n    a += b\nreturn a",
        "if a:\n        pass\n    else:\n        pass\n    return a + b",
        "# adds\n    return a + b",
        "# adds\nreturn a + b",
        "xs = [\n    a,\n    b,\n]\nreturn sum(xs)",
        "xs = [\n        a,\n        b,\n    ]\n    return sum(xs)",
        "return sum(\n    [a, b]\n)",
        "return (\n    a + b)",
        "while True:\n    if a:\n        pass\n    return a + b",
        "\n   \n    return a + b",
    ],
)
def test_a_body_with_lost_indentation_is_indented_again(body):
    assert works(chat(f"```python\n{body}\n```"))


def test_prose_without_code_becomes_a_program_that_does_not_compile():
    program = chat("I am sorry, but I cannot help with that.")

    assert program.source == ADD.prompt + "    I am sorry, but I cannot help with that."
    assert trusted.outcomes([program.source]) == ["SyntaxError"]


@pytest.mark.parametrize(
    "answer", ["```python\n```", "Sure:\n\n```python\n", "Sure:\n```\n   \n```\nDone.", "<think>hm</think>\n"]
)
def test_an_empty_fence_leaves_nothing_to_run(answer):
    assert chat(answer).empty


def test_a_comment_is_something_to_run():
    assert not chat("```python\n# to do\n```").empty


# ---- whichever form


@pytest.mark.parametrize(
    ("completion", "form"),
    [
        ("    return a + b\n", "completion"),
        (WHOLE, "completion"),
        ("", "completion"),
        ("prose only", "completion"),
        (f"```python\n{WHOLE}```", "chat"),
        (f"   ```python\n{WHOLE}```", "chat"),
        (f"Sure!\n\n~~~\n{WHOLE}~~~", "chat"),
        (f"# Solution\n```python\n{WHOLE}```", "chat"),
        (f" Here it is:\n```python\n{WHOLE}```", "chat"),
        ("    return a + b\n```\n\nExplanation", "completion"),
        ('    """Doc\n    ```\n    add(1, 2)\n    ```\n    """\n    return a + b\n', "completion"),
        ('def add(a, b):\n    """Doc\n    ```\n    add(1, 2)\n    ```\n    """\n    return a + b\n', "completion"),
        ('import os\n\ndef add(a, b):\n    """```"""\n    return a + b\n', "completion"),
    ],
)
def test_the_form_of_a_completion_made_elsewhere_is_seen_from_its_text(completion, form):
    assert form_of(ADD, completion) == form


# ---- every reference solution survives every style of answer


STYLES = {
    "fenced": lambda p: f"```python\n{whole_function(p)}```",
    "fenced, no info": lambda p: f"```\n{own_part(p)}\n```\n",
    "prose around": lambda p: f"Here's a solution:\n\n```python\n{own_part(p)}```\n\nIt runs in O(n) time.\n",
    "tildes": lambda p: f"~~~Python3\n{own_part(p)}~~~",
    "unclosed": lambda p: f"Sure!\n```py\n{own_part(p)}",
    "in a list": lambda p: f"1. Code:\n\n   ```python\n{textwrap.indent(own_part(p), '   ', lambda _: True)}   ```\n",
    "usage first": lambda p: f"Example:\n```\nprint(1)\n```\nCode:\n```python\n{own_part(p)}```\n",
    "after reasoning": lambda p: f"<think>```\ndef {p.entry_point}(): 0\n```</think>\n```python\n{own_part(p)}```",
    "prefilled fence": lambda p: f"{own_part(p)}\n```\nThis works because of the loop.",
    "bare": own_part,
    "bare with prose": lambda p: f"Here is the code:\n\n{own_part(p)}\n\nThis is right, since it was tested.",
    "carriage returns": lambda p: f"Hi\n```python\n{own_part(p)}```\n".replace("\n", "\r\n"),
    "future import": lambda p: f"```python\nfrom __future__ import annotations\n{own_part(p)}```",
    "body": lambda p: f"```python\n{p.reference}```",
    "body, not fenced": lambda p: p.reference,
    "body, stripped": lambda p: f"```python\n{p.reference.strip()}\n```",
    "body, dedented": lambda p: f"```python\n{textwrap.dedent(p.reference)}```",
    "body, prefilled fence": lambda p: f"{p.reference}\n```\nThis works because of the loop.",
}


@lru_cache
def functions(source):
    """AST of each top-level function, the last definition of a name counting, as Python would have it."""
    return {node.name: ast.dump(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("style", STYLES)
def test_no_reference_is_lost_in_a_chat_answer(style):
    assert len(PROBLEMS) == 204
    for problem in PROBLEMS:
        program = extract(problem, STYLES[style](problem), form=PromptForm.CHAT)
        assert functions(program.source) == functions(whole_function(problem)), problem.problem_id


WHOLE_PROGRAM_STYLES = {
    "fenced": lambda code: f"```python\n{code}```",
    "fenced, no info": lambda code: f"```\n{code}\n```\n",
    "prose around": lambda code: f"Here's a solution:\n\n```python\n{code}```\n\nIt runs in O(n) time.\n",
    "tildes": lambda code: f"~~~Python3\n{code}~~~",
    "unclosed": lambda code: f"Sure!\n```py\n{code}",
    "in a list": lambda code: f"1. Code:\n\n   ```python\n{textwrap.indent(code, '   ', lambda _: True)}   ```\n",
    "shell first": lambda code: f"Install:\n```console\n$ make\n```\nCode:\n```python\n{code}```\n",
    "usage after": lambda code: f"```python\n{code}```\nTry it:\n```python\nprint(1)\n```\n",
    "after reasoning": lambda code: f"<think>```\nimport os\n```</think>\n```python\n{code}```",
    "prefilled fence": lambda code: f"{code}\n```\nThis works because of the loop.",
    "carriage returns": lambda code: f"Hi\n```python\n{code}```\n".replace("\n", "\r\n"),
    "bare": lambda code: code,
}


def statements(source):
    """AST of every statement but the prompt's docstring."""
    first, *others = ast.parse(source).body
    kept = others if isinstance(first, ast.Expr) else [first, *others]
    return [ast.dump(statement) for statement in kept]


@pytest.mark.usefixtures("public_data")
@pytest.mark.filterwarnings("ignore:invalid escape sequence")
def test_no_reference_of_mbpp_is_lost_in_a_chat_answer():
    styles = list(WHOLE_PROGRAM_STYLES.items())
    problems = [problem for name in ("mbpp:all", "mbpp:sanitized") for problem in load_benchmark(name).problems]
    assert len(problems) == 974 + 427
    for problem in problems:
        expected, seen = None, set()
        for style, wrap in styles:
            code = problem.reference.replace("\r\n", "\n").rstrip() + "\n"
            source = extract(problem, wrap(code), form=PromptForm.CHAT).source.replace("\r\n", "\n").rstrip()
            if source not in seen:  # parsing is what takes time
                expected = expected or statements(code)
                assert statements(source) == expected, (problem.problem_id, style)
            seen.add(source)


@pytest.mark.parametrize("style", [style for style in STYLES if not style.startswith(("bare", "body,", "prefilled"))])
def test_an_answer_with_a_fence_made_elsewhere_is_seen_to_be_one(style):
    assert all(form_of(problem, STYLES[style](problem)) is PromptForm.CHAT for problem in PROBLEMS)


def test_every_reference_passes_its_tests_from_a_chat_answer():
    for style in ("prose around", "future import", "body, dedented"):
        programs = [extract(p, STYLES[style](p), form=PromptForm.CHAT).source + "\n" + p.tests for p in PROBLEMS]
        assert trusted.outcomes(programs) == ["passed"] * len(PROBLEMS), style


def test_prompt_lines_are_lines_of_the_prompt_in_every_style():
    for problem in PROBLEMS:
        for style in STYLES.values():
            program = extract(problem, style(problem), form=PromptForm.CHAT)
            lines = program.source.split("\n")[: program.prompt_lines]
            assert lines == problem.prompt.split("\n")[: program.prompt_lines]


# ---- any text at all

PIECES = st.sampled_from(
    [
        "```",
        "```python\n",
        "~~~\n",
        "\n",
        "    ",
        "\t",
        "def add(a, b):\n",
        "    return a + b\n",
        "from __future__ import x\n",
        '"""',
        "'''",
        "prose and more\n",
        "- ",
        "#",
        "(",
        "\\\n",
        "\r\n",
        "\0",
        "\ud800",
        "</think>",
        "import os\n",
        "x = 1\n",
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=30).map("".join)


@given(TEXTS, st.sampled_from(PromptForm))
def test_extraction_raises_for_no_text(completion, form):
    program = extract(ADD, completion, form=form)

    assert program.empty == (program.source == "") == (program.code == "")
    assert 0 <= program.prompt_lines <= ADD.prompt.count("\n")
    assert program.source.split("\n")[: program.prompt_lines] == ADD.prompt.split("\n")[: program.prompt_lines]
    assert program.source.endswith(program.code) or program.prompt_lines == 0
    assert form_of(ADD, completion) in PromptForm


@given(TEXTS)
def test_a_plain_completion_is_never_changed(completion):
    program = completed(completion)

    assert program.empty or program.source in (ADD.prompt + completion, completion)


def is_prose(text):
    """Whether text is no code, thought or docstring; hypothesis draws their marks too, from the code that it tests."""
    return not any(mark in text for mark in ("def add", '"""', "'''")) and not has_thought(text)


PROSE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="`~<>"), max_size=200).filter(is_prose)


@given(
    PROSE,
    PROSE,
    st.sampled_from(["```", "````", "~~~", "~~~~~"]),
    st.sampled_from(["", "python", "py", " Python 3.11"]),
)
def test_prose_around_a_fence_changes_nothing(before, after, mark, info):
    assert chat(f"{before}\n{mark}{info}\n{WHOLE}{mark}\n{after}").source == PREAMBLE + WHOLE


@given(TEXTS.filter(lambda text: "def add" not in text and not has_thought(text)))
def test_a_function_in_the_first_block_is_found_whatever_follows(after):
    assert chat(f"```python\n{WHOLE}```\n{after}").source == PREAMBLE + WHOLE


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "`" * 200_000,
        "~" * 200_000,
        "```" + " " * 200_000 + "x`",
        "- " * 100_000,
        "1. " * 100_000,
        '"""' * 100_000,
        '"""\n' * 50_000,
        "from __future__ import (" * 10_000,
        "\n" * 200_000,
        " " * 200_000 + "x",
        "x," * 100_000,
        "x(" * 100_000,
        "if :" * 50_000 + "x",
        "x:" * 100_000,
        "#" * 200_000,
        "a(" + ", " * 100_000 + "b",
        "for " + ": " * 100_000 + "b",
        "for:" + " " * 200_000 + "b",
        "(" * 200_000,
        "-" * 200_000 + "1",
        "```python\n" * 30_000,
        "def add(\n" * 30_000,
    ],
    ids=lambda text: repr(text[:12]),
)
@pytest.mark.timeout(120)
def test_no_text_takes_long_to_read(text):
    began = time.process_time()
    for candidate in (text, text + "\ndef add(a, b):\n    return a\n" + text):
        for form in PromptForm:
            extract(ADD, candidate, form=form)
        form_of(ADD, candidate)
    assert time.process_time() - began < 15  # 6 at most on a slow processor; a reader that is not linear takes minutes
