"""Tests as MultiPL-E writes them, taken apart, and programs that answer with whatever they are told to."""

from dataclasses import dataclass

from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import AnswersCheck, ExitCodeCheck, Job, Limits

_BY_LANGUAGE = {translation.language: translation for translation in TRANSLATIONS.values()}


@dataclass(frozen=True, kw_only=True)
class Style:
    """How tests of a language are written, for a function `answer` of one number.

    Attributes:
        head: What stands before the assertions.
        line: An assertion, that of `{number}` the answer is `{expected}`.
        tail: What stands behind them.
        program: A program that answers `{value}` to everything.
        result: Type of its answer, where that counts.
    """

    head: str
    line: str
    tail: str
    program: str
    result: str = ""


STYLES = {
    "javascript": Style(
        head="const assert = require('node:assert');\n\n\nfunction test() {\n  let candidate = answer;\n",
        line="  assert.deepEqual(candidate({number}),{expected});\n",
        tail="}\n\ntest();\n",
        program="function answer(number) {\n  return {value};\n}\n",
    ),
    "typescript": Style(
        head=(
            "declare var require: any;\nconst assert = require('node:assert');\n\n\nfunction test() {\n"
            "  let candidate = answer;\n"
        ),
        line="  assert.deepEqual(candidate({number}),{expected});\n",
        tail="}\n\ntest();\n",
        program="function answer(number: number): any {\n  return {value};\n}\n",
    ),
    "php": Style(
        head=("function candidate(...$args) {\n    return answer(...$args);\n}\n\nfunction test(): void {\n"),
        line='    if (candidate({number}) !== {expected}) { throw new Exception("Test failed!"); }\n',
        tail="}\n\ntest();\n",
        program="<?php\nfunction answer($number) {\n    return {value};\n}\n",
    ),
    "perl": Style(
        head="use Test::Deep;\n\n\nsub testhumaneval {\n    my $candidate = \\&answer;\n",
        line=(
            '        if(eq_deeply($candidate->({number}),{expected})) {\n        print "ok!" }else{\n        exit 1;\n'
            "        }\n"
        ),
        tail="}\n\ntesthumaneval();\n",
        program="sub answer {\n    return {value};\n}\n",
    ),
    "ruby": Style(
        head=(
            "require 'test/unit'\nclass TestHumanEval < Test::Unit::TestCase\n  def test_answer\n"
            "    candidate = method(:answer)\n"
        ),
        line="    assert_equal({expected}, candidate.call({number}))\n",
        tail="  end\nend\n",
        program="def answer(number)\n  {value}\nend\n",
    ),
    "lua": Style(
        head="lu = require('luaunit')\n\nfunction test_humaneval()\nlocal candidate = answer\n",
        line="    lu.assertEquals(candidate({number}), {expected})\n",
        tail="end\n\nos.exit(lu.LuaUnit.run())\n",
        program="local function answer(number)\n  return {value}\nend\n",
    ),
    "bash": Style(
        head='}\n\ncandidate() {\n    answer "$@"\n}\n\nset -e\nrun_test() {\n',
        line='    [[ $(candidate "{number}") = {expected} ]]\n',
        tail="}\n\nrun_test\n",
        program="answer() {\n    printf '%s\\n' {value}\n",
    ),
}


def answers_check(language, *expected, result=None):
    """A check that the answers to 1, 2, ... are `expected`, in the source of the language."""
    style, translation = STYLES[language], _BY_LANGUAGE[language]
    lines = [
        style.line.replace("{number}", str(number)).replace("{expected}", value)
        for number, value in enumerate(expected, start=1)
    ]
    tests = f"{style.head}{''.join(lines)}{style.tail}"
    changes = tuple(translation.changes(tests)) or tuple(translation.changes(tests.replace(expected[-1], '"a"')))
    control = ExitCodeCheck(tests=tests, changes=changes)
    result = style.result if result is None else result
    return AnswersCheck(assertions=translation.assertions(tests), result=result, control=control)


def answers_job(language, program, *expected, result=None, **limits):
    return Job(
        program=program,
        check=answers_check(language, *expected, result=result),
        limits=Limits(**{"cpu_s": 3.0, "wall_s": 20.0, **limits}),
        language=language,
    )


def answering(language, value):
    """A program that answers `value`, in the source of the language, to everything."""
    return STYLES[language].program.replace("{value}", value)
