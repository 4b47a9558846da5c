"""Answers outside of Python: what is taken of them, and that MultiPL-E's tests can follow it.

`answers/` holds an answer a file, as a model gives one, and beside it the program that is to be made of it. For three
languages of the data there is no toolchain, so what all of them have to show is structural; where there is an image,
the answers are executed too.
"""

import re
import textwrap
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multipl_e_data import require_data
from translated_rows import ROWS, problems, whole

from codecrucible.benchmarks import PromptForm, Verdict, ended, extract, form_of, job_for, judge, load_benchmark, raw
from codecrucible.benchmarks.answers.answer_language import ANSWER_LANGUAGES
from codecrucible.benchmarks.answers.braces import braces
from codecrucible.sandbox import Limits

FOLDER = Path(__file__).parent / "answers"
ANSWERS = sorted(FOLDER.glob("*.md"))
LANGUAGES = sorted(ROWS)
EXECUTED = [
    "bash-console", "bash-script", "cpp-program", "javascript-body", "javascript-module", "perl-script", "php-tags",
    "typescript-export",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _data():
    require_data()


def language_of(path):
    return path.stem.partition("-")[0]


def problem_of(language):
    """A row that has answers; that of `strlen` cannot pass in every language."""
    return problems(language)["HumanEval_53_add" if language in {"php", "clojure"} else "HumanEval_23_strlen"]


def chat(problem, answer):
    return extract(problem, answer, form=PromptForm.CHAT)


def words(source):
    return source.split()


# ---- answers by hand


def test_the_answers_are_in_every_language():
    assert {language_of(path) for path in ANSWERS} == set(LANGUAGES) == set(ANSWER_LANGUAGES)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_an_answer_becomes_the_program_beside_it(path):
    problem, answer = problem_of(language_of(path)), path.read_text(encoding="utf-8")
    program = chat(problem, answer)

    assert program.source == path.with_suffix(".program").read_text(encoding="utf-8")
    assert form_of(problem, answer) is PromptForm.CHAT
    assert program.source.split("\n")[: program.prompt_lines] == problem.prompt.split("\n")[: program.prompt_lines]
    assert chat(problem, answer.replace("\n", "\r\n")).source == program.source


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_braces_are_closed_once_when_the_tests_follow(path):
    problem = problem_of(language_of(path))
    program = chat(problem, path.read_text(encoding="utf-8")).source + "\n" + problem.tests
    found = braces(program, problem.language)

    assert (found.unclosed, found.unopened) == ((), ())
    assert bool(found.blocks) == (problem.language not in {"ada", "clojure", "elixir", "haskell", "julia", "lua",
                                                           "ocaml", "racket", "ruby"})  # fmt: skip


@pytest.mark.docker
@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", EXECUTED)
def test_an_answer_passes_in_the_sandbox(executor, image_of, name):
    language = name.partition("-")[0]
    row = problem_of(language)
    image_of(language)
    (problem,) = (
        problem
        for problem in load_benchmark(f"multipl-e:humaneval-{ROWS[language].suffix}").problems
        if problem.problem_id == row.problem_id
    )
    program = chat(problem, (FOLDER / f"{name}.md").read_text(encoding="utf-8")).source
    judgement = judge(executor.run(job_for(problem, program, limits=Limits(cpu_s=10.0, wall_s=60.0))))
    assert judgement.verdict is Verdict.PASSED, judgement


# ---- every row, in every style

STYLES = {
    "fenced": lambda fence, code: f"```{fence}\n{code}```",
    "fenced, no info": lambda _, code: f"```\n{code}\n```\n",
    "fenced in capitals": lambda fence, code: f"```{fence.capitalize()}\n{code}```",
    "prose around": lambda fence, code: f"Here's a solution:\n\n```{fence}\n{code}```\n\nIt runs in O(n) time.\n",
    "tildes": lambda fence, code: f"~~~{fence}\n{code}~~~",
    "unclosed": lambda fence, code: f"Sure!\n```{fence}\n{code}",
    "in a list": lambda fence, code: f"1. Code:\n\n   ```{fence}\n{textwrap.indent(code, '   ')}   ```\n",
    "shell first": lambda fence, code: f"Install:\n```console\n$ make\n```\nCode:\n```{fence}\n{code}```\n",
    "usage after": lambda fence, code: f"```{fence}\n{code}```\nTry it:\n```{fence}\nprint(1)\n```\n",
    "after reasoning": lambda fence, code: f"<think>```\n{code}```wrong</think>\n```{fence}\n{code}```",
    "prefilled fence": lambda _, code: f"{code}\n```\nThis works because of the loop.",
    "carriage returns": lambda fence, code: f"Hi\n```{fence}\n{code}```\n".replace("\n", "\r\n"),
    "bare with prose": lambda _, code: f"Here is the code:\n\n{code}\n\nThis is right, since it was tested.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_repeated_prompt_is_said_once_whatever_the_style(language):
    styles, declared = list(STYLES.values()), ANSWER_LANGUAGES[language]
    for number, problem in enumerate(problems(language).values()):
        style = styles[number % len(styles)]
        program = chat(problem, style(declared.fences[number % len(declared.fences)], whole(problem)))
        found = braces(program.source + "\n" + problem.tests, language)

        assert words(problem.stub.rstrip("\n }"))[:1] == [] or problem.stub.split()[0] in program.source
        assert (found.unclosed, found.unopened) == ((), ()), (problem.problem_id, program.source)
        signature = [line for line in problem.prompt.split("\n") if line.strip()][-1]
        assert program.source.count(signature.strip()) == problem.prompt.count(signature.strip()), problem.problem_id
        for line in re.findall(
            r"^(?:package|#lang|<\?php|import \(|defmodule|union|use|extension|enum) ?.*$", problem.prompt, re.MULTILINE
        ):
            assert program.source.count(line) == problem.prompt.count(line), problem.problem_id


@pytest.mark.parametrize("style", STYLES)
def test_the_style_of_an_answer_changes_nothing(style):
    for language in LANGUAGES:
        problem, fence = problem_of(language), ANSWER_LANGUAGES[language].fences[0]
        plain = chat(problem, f"```\n{whole(problem)}```")
        assert words(chat(problem, STYLES[style](fence, whole(problem))).source) == words(plain.source), language


def test_the_definition_of_every_rows_entry_point_is_seen():
    for language in LANGUAGES:
        for problem in problems(language, "mbpp").values():
            assert (
                ANSWER_LANGUAGES[language].defines(re.escape(problem.entry_point)).search(problem.prompt + problem.stub)
            )


# ---- particular turns


def answer_of(language, code, row="HumanEval_23_strlen"):
    return chat(problems(language)[row], f"```\n{code}```").source


def test_a_body_that_closes_the_function_and_one_that_does_not_are_the_same():
    problem = problems("java")["HumanEval_23_strlen"]
    body = "        return string.length();\n"
    for answer in (body, body + "    }\n", body + "    }\n}\n"):
        program = chat(problem, f"```java\n{answer}```").source + "\n" + problem.tests
        assert program.startswith(problem.prompt + body)
        assert braces(program, "java").unclosed == braces(program, "java").unopened == ()


def test_a_call_is_not_a_definition():
    code = "long string_length(std::string s) { return s.size(); }\n"
    usage = "auto n = string_length(x);\nstd::cout << string_length(y) << std::endl;\nreturn string_length(z);\n"
    problem = problems("cpp")["HumanEval_23_strlen"]
    program = chat(problem, f"Call it:\n```cpp\n{usage}```\nwith\n```cpp\n{code}```")
    assert usage not in program.source
    assert code in program.source


@pytest.mark.parametrize(
    "before", ["Sure,", "Sure, here it is (in C++)", "Use vectors,", "- one\n- two", "Now the code:"]
)
def test_prose_without_a_blank_line_before_the_code_is_left_out(before):
    helper = "String helper(String x)\n{\n    return x;\n}\n"
    code = f"{helper}long string_length(std::string s) {{\n    return s.size();\n}}\n"
    program = chat(problem_of("cpp"), f"{before}\n{code}This is it (and right),\nas the tests say.\n")
    assert program.code == code


def test_an_answer_in_another_language_first_is_passed_over():
    problem = problems("ruby")["HumanEval_23_strlen"]
    others = "In Python:\n```python\ndef strlen(s):\n    return len(s)\n```\n"
    assert (
        chat(problem, f"{others}In Ruby:\n```ruby\ndef strlen(s)\n  s.size\nend\n```").source
        == "def strlen(s)\n  s.size\nend\n"
    )


@pytest.mark.parametrize(
    ("language", "helper", "code"),
    [
        ("javascript", "const size = (s) => s.length;\n", "function strlen(string) {\n  return size(string);\n}\n"),
        ("rust", "fn size(s: &str) -> isize {\n    3\n}\n", "fn strlen(s: String) -> isize {\n    size(&s)\n}\n"),
        ("haskell", "size :: String -> Int\nsize = length\n", "strlen :: String -> Int\nstrlen = size\n"),
        ("perl", "sub size {\n    return length($_[0]);\n}\n", "sub strlen {\n    return size($_[0]);\n}\n"),
        (
            "go",
            "package main\n\nfunc size(s string) int { return 3 }\n",
            "func strlen(s string) int { return size(s) }\n",
        ),
    ],
)
def test_a_helper_in_a_block_before_is_taken_along_and_one_that_is_not_used_is_not(language, helper, code):
    problem = problem_of(language)
    answer = f"A helper:\n```\n{helper}```\nAnd then:\n```\n{code}```\n"
    with_helper, without = (chat(problem, text).source for text in (answer, answer.replace("size(s", "other(s")))
    assert helper.replace("package main\n\n", "") in with_helper
    assert with_helper.index("size") < with_helper.index(code)
    if language == "javascript":
        assert "const size" not in without


def test_a_type_that_the_prompt_declares_is_not_declared_twice():
    unions = [
        problem
        for problem in problems("cpp", "mbpp").values()
        if re.search(r"^union \w+\{", problem.prompt, re.MULTILINE)
    ]
    assert len(unions) == 12
    for problem in unions:
        header = re.search(r"^union \w+\{", problem.prompt, re.MULTILINE)[0]
        for code in (whole(problem), whole(problem).partition("\n};\n")[2]):
            assert chat(problem, f"```cpp\n{code}```").source.count(header) == 1


def test_a_rust_import_of_several_names_stands_for_that_of_the_prompt():
    (problem,) = [p for p in problems("rust").values() if p.problem_id.startswith("HumanEval_95_")]
    assert problem.prompt.startswith("use std::collections::HashMap;\n")
    code = whole(problem).replace("use std::collections::HashMap;", "use std::collections::{HashMap, HashSet};")
    assert chat(problem, f"```rust\n{code}```").source.count("HashMap;") == 0
    bare = whole(problem).replace("use std::collections::HashMap;\n", "")
    assert chat(problem, f"```rust\n{bare}```").source.count("HashMap;") == 1


def test_a_helper_class_in_a_block_of_its_own_comes_behind_all_imports():
    helper = "import java.util.function.Function;\n\nclass Sizes {\n    static long size(String s) { return 3; }\n}\n"
    code = "import java.util.*;\n\nclass Problem {\n    static long strlen(String s) { return Sizes.size(s); }\n}\n"
    problem = problem_of("java")
    program = chat(problem, f"```java\n{helper}```\nand\n```java\n{code}```").source + "\n" + problem.tests
    assert program.index("import java.util.function") < program.index("class Sizes") < program.index("class Problem")
    assert program.count("import java.util.*;") == 1
    assert braces(program, "java").unclosed == braces(program, "java").unopened == ()


def test_a_scala_main_without_a_block_takes_nothing_else_along():
    code = "    def strlen(s : String) : Long = {\n        s.length\n    }\n"
    source = answer_of("scala", f"object A {{\n  def main(args: Array[String]): Unit = println(1)\n\n{code}}}\n")
    assert code in source
    assert "println" not in source


@pytest.mark.parametrize(("language", "body"), [("haskell", "let n = length string\nin n\n"), ("r", "nchar(string)\n")])
def test_a_body_at_column_0_goes_on_a_line_of_its_own(language, body):
    problem = problem_of(language)
    source = chat(problem, f"```\n{body}```").source
    assert source.startswith(problem.prompt + "\n" + textwrap.indent(body, "  "))


def test_a_main_in_a_string_of_main_goes_with_it():
    main = 'fn main() {\n    let program = "\nfn main() {\n}\n";\n    println!("{}", program);\n}\n'
    code = "fn strlen(s: String) -> isize {\n    s.len() as isize\n}\n"
    assert answer_of("rust", f"{main}{code}").startswith(code)


def test_a_prototype_of_main_and_one_without_a_block_take_nothing_else_along():
    code = "long string_length(std::string s) {\n    return s.size();\n}\n"
    assert code in answer_of("cpp", f"int main();\n{code}")
    short = "int strlen(String s) {\n  return s.length;\n}\n"
    source = answer_of("dart", f"void main() => print(1);\n{short}")
    assert source.startswith(short)


def test_a_go_import_that_only_a_test_used_is_left_out_and_an_alias_is_kept():
    code = (
        'package main\n\nimport "reflect"\nimport str "strings"\n\n'
        'func strlen(s string) int { return len(str.Trim(s, "")) }\n'
        "func TestIt(t *testing.T) { reflect.DeepEqual(1, 2) }\n"
    )
    source = answer_of("go", code)
    assert 'import str "strings"\n' in source
    assert "reflect" not in source


def test_haskell_gets_the_type_of_the_prompt_where_the_answer_has_none():
    assert answer_of("haskell", "strlen = length\n") == "strlen :: String -> Int\nstrlen = length\n"
    assert answer_of("haskell", "strlen :: [a] -> Int\nstrlen = length\n") == "strlen :: [a] -> Int\nstrlen = length\n"


def test_a_program_that_leaves_its_last_brace_to_the_tests_is_left_as_it_is():
    for language in ("bash", "cpp", "csharp", "dart", "java", "rust", "scala", "swift"):
        problem = problem_of(language)
        source = chat(problem, problem.prompt + problem.stub).source
        found = braces(source + "\n" + problem.tests, language)
        assert found.unclosed == found.unopened == (), language


# ---- the completion form


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_completion_continues_the_prompt_and_a_repeated_prompt_is_not_doubled(language):
    for problem in problems(language).values():
        program = extract(problem, problem.stub, form=PromptForm.COMPLETION)
        assert program.source == problem.prompt + problem.stub
        repeated = extract(problem, problem.prompt + problem.stub, form=PromptForm.COMPLETION)
        assert words(repeated.source) == words(program.source)
        assert form_of(problem, problem.stub) is PromptForm.COMPLETION
        assert form_of(problem, problem.prompt + problem.stub) is PromptForm.COMPLETION
        assert form_of(problem, f"```\n{whole(problem)}```") is PromptForm.CHAT


def test_a_completion_made_elsewhere_ends_where_the_generator_would_have_ended_it():
    problem = problem_of("cpp")
    assert ended(problem, "    return 1;\n}\nint main() {}\n") == "    return 1;"
    assert ended(problem, "    return 1;\n") == "    return 1;\n"


def test_a_whole_function_without_a_fence_is_an_answer_outside_of_python():
    problem = problem_of("cpp")
    assert form_of(problem, "#include <string>\nlong string_length(std::string s) {\n}\n") is PromptForm.CHAT
    assert form_of(problem, "    return string.size();\n}\nlong string_length(int s) {\n") is PromptForm.COMPLETION


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", PromptForm)
def test_nothing_to_run_is_empty(language, form):
    problem = problem_of(language)
    for completion in ("", " \n\t\n") + (("```\n```", "Sure:\n```\n\n```\n") if form is PromptForm.CHAT else ()):
        assert extract(problem, completion, form=form).empty
    assert raw(problem, "\n").empty


def test_raw_is_the_prompt_and_the_completion_as_they_stand():
    problem = problem_of("go")
    answer = "Sure:\r\n```go\nfunc strlen(s string) int { return 0 }\n```"
    assert raw(problem, answer).source == problem.prompt + answer
    assert raw(problem, answer, whole=True).source == answer


# ---- any text at all

PIECES = [
    "```", "```go\n", "\n", "    ", "{", "}", "'", '"', "/*", "//", "#", "(", ")", "import (", "class A {", ";", ".",
    "module A where\n", "package body Placeholder is\n", "end Placeholder;\n", "defmodule A do\n", "<?php\n",
    "?>", "\0", "int main() {", "long string_length(", "long strlen(", "func strlen(", "\r\n", "\ud800", "a b ",
]  # fmt: skip


@given(
    st.sampled_from(LANGUAGES), st.sampled_from(PromptForm), st.text() | st.lists(st.sampled_from(PIECES)).map("".join)
)
def test_extraction_raises_for_no_text(language, form, completion):
    problem = problem_of(language)
    program = extract(problem, completion, form=form)

    assert program.empty == (program.source == "") == (program.code == "")
    assert program.source.split("\n")[: program.prompt_lines] == problem.prompt.split("\n")[: program.prompt_lines]
    assert form_of(problem, completion) in PromptForm


HOSTILE = [
    "{" * 12_500, "}" * 12_500, "(" * 12_500, "\n" * 12_500, " " * 12_500 + "x", '"' * 12_500, "'" * 12_500,
    "/*" * 6_250, '"""' * 5_000, 'r#"' * 5_000, 'R"(' * 5_000, "import (" * 2_000, 'import "' * 2_000,
    "using \n" * 2_000, "class A\n" * 2_000, "class A {\n" * 1_500, "int main()\n" * 1_500, "module A\n x" * 1_500,
    "main = 1\n  x\n" * 1_500, "with A\n" * 2_000, "package body Placeholder is\n" * 750, "x; " * 5_000,
    "use\n" * 3_000, "object " + " " * 12_500 + "A {", "return\n" * 2_500, "?>" * 6_250,
    "a f(" * 2_500, "namespace A {\n" * 1_250,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_no_text_takes_long_to_read(text):
    began = time.process_time()
    for language in LANGUAGES:
        problem = problem_of(language)
        name = problem.entry_point
        called = text.replace("f(", f"{name}(")
        for candidate in (called, f"{whole(problem)}{text}", f"```\n{called}\n```\n```\n{whole(problem)}```"):
            extract(problem, candidate, form=PromptForm.CHAT)
            form_of(problem, candidate)
    assert time.process_time() - began < 5
