"""Right answers to problems of MultiPL-E, wrapped as models wrap their answers, make one and the same program."""

import html
import textwrap
from functools import lru_cache
from pathlib import Path

import pytest
from multipl_e_data import require_data
from translated_rows import ROWS, problems, whole

from codecrucible.benchmarks import PromptForm, Rule, extract, form_of
from codecrucible.benchmarks.answers.answer_language import ANSWER_LANGUAGES

SOLUTIONS = Path(__file__).parent / "solutions"
LANGUAGES = sorted(ROWS)


@pytest.fixture(autouse=True)
def _data():
    require_data()


@lru_cache
def right(language):
    """Problem and right whole program, of each problem that was solved by hand."""
    rows, found = ROWS[language], []
    for path in sorted((SOLUTIONS / rows.suffix).glob("*.right")):
        problem = problems(language)[path.stem]
        code = problem.prompt + path.read_text(encoding="utf-8").rstrip("\n") + "\n"
        if problem.tests.lstrip().startswith("}"):
            code += rows.end
        if language == "ada":
            code += f"\n   end {problem.entry_point};\n\nend Placeholder;\n"
        found.append((problem, code))
    return found


def program(problem, answer):
    return extract(problem, answer, form=PromptForm.CHAT).source.split()


STYLES = {
    "stub first": lambda f, code, stub: f"Template:\n```{f}\n{stub}```\nSolution:\n```{f}\n{code}```\n",
    "stub later": lambda f, code, stub: f"```{f}\n{code}```\nNow you:\n```{f}\n{stub}```\n",
    "stub without a language first": lambda f, code, stub: f"Given\n```\n{stub}```\n```{f}\n{code}```\n",
    "twice": lambda f, code, _: f"```{f}\n{code}```\nOnce more, in full:\n```{f}\n{code}```\n",
    "in brackets": lambda _, code, __: f"[CODE]\n{code}[/CODE]\n",
    "answer tag": lambda _, code, __: f"It is short.\n<answer>\n{code}</answer>",
    "answer tag around a fence": lambda f, code, _: f"<answer>\n```{f}\n{code}```\n</answer>",
    "code tag": lambda _, code, __: f"<code>\n{code}</code>\nThat is all.",
    "html": lambda f, code, _: f'<pre><code class="language-{f}">{html.escape(code)}</code></pre>\n<p>Done.</p>',
    "html without a class": lambda _, code, __: f"<pre>\n{html.escape(code)}</pre>",
    "tag that nothing closes": lambda _, code, __: f"<solution>\n{code}",
    "in a quotation": lambda f, code, _: textwrap.indent(f"```{f}\n{code}```\n", "> ", lambda _: True),
    "in a fence of four": lambda f, code, _: f"````markdown\nSo:\n```{f}\n{code}```\n````\n",
    "in a fence of three": lambda f, code, _: f"```markdown\nSo:\n```{f}\n{code}```\n```\n",
    "cut before the fence": lambda f, code, _: f"```{f}\n{code}<|im_end|>",
    "special tokens": lambda f, code, _: f"```{f}\n{code}```<|eot_id|><|endoftext|>\n",
    "name of a file": lambda f, code, _: f"```{f}:solution\n{code}```\n",
    "output after": lambda f, code, _: f"```{f}\n{code}```\nprints\n```text\n{'1 ' * 900}\n```\n",
    "shell around": lambda f, code, _: f"```console\n$ make\n```\n```{f}\n{code}```\n```console\n$ ./a.out\n```\n",
    "Python after": lambda f, code, _: f"```{f}\n{code}```\nIn Python:\n```python\ndef f(x):\n    return x\n```\n",
    "usage of no name after": lambda f, code, _: f"```{f}\n{code}```\nTry:\n```{f}\nprintln(42)\n```\n",
}


def test_every_language_with_solutions_is_tried():
    assert sorted(language for language in LANGUAGES if right(language)) == sorted(
        set(LANGUAGES) - {"dart", "julia", "swift"}
    )


@pytest.mark.parametrize("style", STYLES)
def test_no_right_answer_is_lost_whatever_is_around_it(style):
    for language in LANGUAGES:
        fence = ANSWER_LANGUAGES[language].fences[0]
        for problem, code in right(language):
            plain = program(problem, f"```{fence}\n{code}```\n")
            answer = STYLES[style](fence, code, whole(problem))
            assert form_of(problem, answer) is PromptForm.CHAT
            assert program(problem, answer) == plain, (language, problem.problem_id)


STUBS = {
    "empty": "function strlen(string) {\n}\n",
    "comment": "function strlen(string) {\n  // TODO: write this\n}\n",
    "comment of several lines": "function strlen(string) {\n  /* your code\n     here */\n}\n",
    "throws": 'function strlen(string) {\n  throw new Error("Not implemented");\n}\n',
    "returns nothing": "function strlen(string) {\n  return;\n}\n",
    "returns null": "function strlen(string) {\n  return null;\n}\n",
    "returns 0": "function strlen(string) {\n  return 0; // TODO\n}\n",
    "arrow": "const strlen = (string) => {\n  // your code here\n};\n",
    "signature": "function strlen(string)\n",
    "elided": "function strlen(string) {\n  let n = 0;\n  // ... rest of the code\n  return n;\n}\n",
}
SOLVED = {
    "function": "function strlen(string) {\n  return string.length;\n}\n",
    "arrow": "const strlen = (string) => string.length;\n",
    "arrow with a block": "const strlen = (string) => {\n  return string.length;\n};\n",
    "constant": "const SIZE = 1;\nfunction strlen(string) {\n  return SIZE * string.length;\n}\n",
}


@pytest.mark.parametrize("stub", STUBS)
@pytest.mark.parametrize("solved", SOLVED)
def test_no_stub_in_javascript_is_judged_in_place_of_the_solution(stub, solved):
    problem = problems("javascript")["HumanEval_23_strlen"]
    blocks = [f"This:\n```javascript\n{code}```\n" for code in (STUBS[stub], SOLVED[solved])]
    for answer in ("".join(blocks), "".join(reversed(blocks))):
        assert SOLVED[solved] in extract(problem, answer, form=PromptForm.CHAT).source
    if stub != "signature":
        answer = f"The template:\n\n{STUBS[stub]}\nThe solution is this:\n\n{SOLVED[solved]}\nIt is right.\n"
        assert SOLVED[solved] in extract(problem, answer, form=PromptForm.CHAT).source


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("javascript", ["const LIMIT = 3;\n", "function strlen(string) {\n  return string.length + LIMIT;\n}\n"]),
        ("javascript", ["const fs = require('fs');\n", "function strlen(string) {\n  return string.length;\n}\n"]),
        ("cpp", ["#include <map>\n", "long string_length(std::string s) {\n    return s.size();\n}\n"]),
        ("cpp", ["const int NONE = 0;\n", "long string_length(std::string s) {\n    return s.size() + NONE;\n}\n"]),
        ("go", ['import "strings"\n', 'func strlen(s string) int { return len(strings.Trim(s, "")) }\n']),
        ("ruby", ["NONE = 0\n", "def strlen(s)\n  s.size + NONE\nend\n"]),
        ("perl", ["use List::Util qw(sum);\n", "sub strlen {\n    return sum(length($_[0]));\n}\n"]),
        (
            "php",
            [
                "<?php\nfunction size($s) { return mb_strlen($s); }\n",
                "function string_length($s) { return size($s); }\n",
            ],
        ),
        ("lua", ["local none = 0\n", "local function strlen(s)\n  return #s + none\nend\n"]),
    ],
)
def test_imports_and_constants_in_blocks_of_their_own_are_kept_before_and_after(language, parts):
    name = "HumanEval_23_strlen"
    problem = problems(language)[name]
    code = [part.replace("string_length", problem.entry_point) for part in parts]
    fence = ANSWER_LANGUAGES[language].fences[0]
    blocks = [f"This:\n```{fence}\n{part}```\n" for part in code]
    for answer in ("".join(blocks), "".join(reversed(blocks))):
        made = extract(problem, answer, form=PromptForm.CHAT)
        assert made.rule is Rule.BLOCKS
        first = code[0].removeprefix("<?php\n").strip()
        assert made.source.index(first) < made.source.index(code[1].strip())
