"""Tests as MultiPL-E writes them, taken apart, and programs that answer with whatever they are told to."""

from dataclasses import dataclass

from codecrucible.benchmarks.sources.multipl_e import TRANSLATIONS
from codecrucible.sandbox import AnswersCheck, Job, Limits

_BY_LANGUAGE = {translation.language: translation for translation in TRANSLATIONS.values()}


@dataclass(frozen=True, kw_only=True)
class Style:
    """How tests of a language are written, for a function `answer` of one number.

    Attributes:
        head: What stands before the assertions.
        line: An assertion, that of `{number}` the answer is `{expected}`.
        tail: What stands behind them.
        program: A program that answers `{value}`, of type `{type}`, to everything.
        type: Of a string, where types are written.
        primitive: An assertion of an answer of a primitive type, where that is another one.
    """

    head: str
    line: str
    tail: str
    program: str
    type: str = ""
    primitive: str = ""


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
    "cpp": Style(
        head="}\nint main() {\n    auto candidate = answer;\n",
        line="    assert(candidate(({number})) == ({expected}));\n",
        tail="}\n",
        program="#include<assert.h>\n#include<bits/stdc++.h>\n{type} answer(long number) {\n    return {value};\n",
        type="std::string",
    ),
    "rust": Style(
        head="}\n\nfn main() {\n    let candidate = answer;\n",
        line="    assert_eq!(candidate({number}), {expected});\n",
        tail="}\n",
        program="use std::collections::HashMap;\nfn answer(number: isize) -> {type} {\n    {value}\n",
        type="&'static str",
    ),
    "java": Style(
        head="    }\n    public static void main(String[] args) {\n",
        line="    assert(answer(({number}l)).equals(({expected})));\n",
        primitive="    assert(answer(({number}l)) == ({expected}));\n",
        tail="    }\n\n}\n",
        program=(
            "import java.util.*;\nimport org.javatuples.*;\nclass Problem {\n"
            "    public static {type} answer(long number) {\n        return {value};\n"
        ),
        type="String",
    ),
    "csharp": Style(
        head="    }\n    public static void Main(string[] args) {\n",
        line="    Debug.Assert(Answer(({number}L)).Equals(({expected})));\n",
        primitive="    Debug.Assert(Answer(({number}L)) == ({expected}));\n",
        tail="    }\n\n}\n",
        program=(
            "using System;\nusing System.Numerics;\nusing System.Diagnostics;\nusing System.Collections.Generic;\n"
            "class Problem {\n    public static {type} Answer(long number) {\n        return {value};\n"
        ),
        type="string",
    ),
    "scala": Style(
        head="    }\n    def main(args: Array[String]) = {\n",
        line="    assert(answer(({number}l)).equals(({expected})));\n",
        primitive="    assert(answer(({number}l)) == ({expected}));\n",
        tail="    }\n\n}\n",
        program=(
            "import scala.math._\nimport scala.collection.mutable._\nobject Problem {\n"
            "    def answer(number : Long) : {type} = {\n        return {value}\n"
        ),
        type="String",
    ),
    "ada": Style(
        head=(
            "   end Answer;\n\nend Placeholder;\n\npragma Ada_2022;\n"
            "with Ada.Strings.Unbounded; use Ada.Strings.Unbounded;\nwith Placeholder; use Placeholder;\n\n"
            "procedure Main is\n\n"
            "   function Candidate (Number : Integer) return {type} renames Placeholder.Answer;\n\nbegin\n"
        ),
        line="   pragma Assert (Candidate ({number}) = {expected});\n",
        tail="end Main;\n",
        program=(
            "pragma Ada_2022;\nwith Ada.Containers.Indefinite_Ordered_Maps;\nwith Ada.Containers.Vectors;\n"
            "with Ada.Strings.Unbounded; use Ada.Strings.Unbounded;\n\npackage Placeholder is\n"
            "   Zero : Float := 0.0;\n   type Float_Array is array (Positive range <>) of Float;\n"
            "   type Text_Array is array (Positive range <>) of Unbounded_String;\n"
            "   type Integer_Option (Valid : Boolean := False) is record\n   case Valid is\n      when True =>\n"
            "         Value : Integer;\n      when False =>\n         null;\n   end case;\nend record;\n"
            "   type Pair is record\n      Integer_1 : Integer;\n      Text_2 : Unbounded_String;\n   end record;\n\n"
            "   package Vectors is new Ada.Containers.Vectors (Index_Type => Positive, Element_Type => Integer);\n"
            "   package Maps is new Ada.Containers.Indefinite_Ordered_Maps "
            "(Key_Type => String, Element_Type => Integer);\n"
            '   function "=" (Left, Right : Vectors.Vector) return Boolean renames Vectors."=";\n'
            '   function "=" (Left, Right : Maps.Map) return Boolean renames Maps."=";\n'
            "   function Answer (Number : Integer) return {type};\nend Placeholder;\n\n"
            "pragma Ada_2022;\n\npackage body Placeholder is\n"
            "   function Answer (Number : Integer) return {type}\n is\n   begin\n      return {value};\n"
        ),
        type="String",
    ),
    "go": Style(
        head=(
            "func TestAnswer(t *testing.T) {\n  candidate := answer\n\ttype test struct {\n\t\tactual   interface{}\n"
            "\t\texpected interface{}\n\t}\n   tests := []test{\n"
        ),
        line="     { actual: candidate({number}), expected: {expected} },\n",
        tail=(
            '   }\n\n\tfor i, tc := range tests {\n\t\tt.Run(fmt.Sprintf("test num % d", i), func(t *testing.T) {\n'
            '\t\t\tif fmt.Sprintf("%v", tc.actual) != fmt.Sprintf("%v", tc.expected) {\n'
            "\t\t\t\tt.Errorf(\"expected '%s', got '%s'\", tc.expected, tc.actual)\n\t\t\t}\n\t\t})\n\t}\n}\n"
        ),
        program=(
            'package answer_test\n\nimport (\n    "testing"\n    "fmt"\n)\n\nfunc answer(number int) {type} {\n'
            "    return {value}\n}\n"
        ),
        type="string",
    ),
    "d": Style(
        head="unittest\n{\n    alias candidate = answer;\n\n",
        line="    assert(candidate({number}L) == {expected});\n",
        tail="}\nvoid main(){}\n",
        program=("import std.math;\nimport std.typecons;\n{type} answer(long number)\n{\n    return {value};\n}\n"),
        type="string",
    ),
    "elixir": Style(
        head=("ExUnit.start()\ndefmodule HumanEvalTest do\n  use ExUnit.Case, async: true\n  test 'answer' do\n"),
        line="    assert {expected} == HumanEval.candidate({number})\n",
        tail="  end\nend\n",
        program=(
            "defmodule HumanEval do\n  def candidate(number), do: answer(number)\n  def answer(number) do\n"
            "    _ = number\n    {value}\n  end\nend\n"
        ),
    ),
    "clojure": Style(
        head=(
            "(require '[clojure.test :refer [deftest is run-test]])\n\n(def candidate answer)\n\n"
            "(deftest test-humaneval\n\n"
        ),
        line="  (is (= (candidate {number}) {expected}))\n",
        tail=")\n\n(run-test test-humaneval)\n",
        program="(defn answer [number]\n  {value})\n",
    ),
    "r": Style(
        head="test_humaneval <- function() {\n    candidate <- answer\n",
        line="    stopifnot(isTRUE(all.equal(candidate({number}), {expected})))\n",
        tail="}\ntest_humaneval()\n",
        program="answer <- function(number) {\n  {value}\n}\n",
    ),
    "racket": Style(
        head="(require rackunit)\n\n(define (test-humaneval) \n\n  (let (( candidate answer))\n",
        line="    (check-within (candidate {number}) {expected} 0.001)\n",
        tail="))\n\n(test-humaneval)\n",
        program="#lang racket\n(define (answer number)\n  {value})\n",
    ),
    "haskell": Style(
        head="\nmain :: IO ()\nmain = do\n  let candidate = answer\n",
        line='  if candidate {number} == {expected} then pure () else error "assertion failed"\n',
        tail="  pure ()\n",
        program="answer :: Int -> {type}\nanswer number =\n  {value}\n",
        type="String",
    ),
    "ocaml": Style(
        head="\nlet assertions =\n let candidate = answer in\n",
        line="  (assert ((candidate {number}) = {expected}));\n",
        tail="  ()\n",
        program="let answer (number : int) : {type} =\n  {value}\n",
        type="string",
    ),
}

_PRIMITIVE = ("int", "long", "float", "double", "char", "boolean", "bool", "Int", "Long", "Float", "Double", "Char")


def answers_check(language, *expected, type_=None):
    """A check that the answers to 1, 2, ... are `expected`, in the source of the language."""
    style, translation = STYLES[language], _BY_LANGUAGE[language]
    type_ = type_ or style.type
    line = style.primitive if style.primitive and type_ in _PRIMITIVE else style.line
    lines = [
        line.replace("{number}", str(number)).replace("{expected}", value)
        for number, value in enumerate(expected, start=1)
    ]
    tests = f"{style.head.replace('{type}', type_)}{''.join(lines)}{style.tail}"
    changes = tuple(translation.changes(tests)) or tuple(translation.changes(tests.replace(expected[-1], '"a"')))
    result = translation.result.search(answering(language, "0", type_))[1] if translation.result else ""
    return AnswersCheck(tests=tests, assertions=translation.assertions(tests), result=result, changes=changes)


def answers_job(language, program, *expected, type_=None, **limits):
    return Job(
        program=program,
        check=answers_check(language, *expected, type_=type_),
        limits=Limits(**{"cpu_s": 3.0, "wall_s": 20.0, **limits}),
        language=language,
    )


def answering(language, value, type_=None):
    """A program that answers `value`, in the source of the language, to everything."""
    style = STYLES[language]
    return style.program.replace("{type}", type_ or style.type).replace("{value}", value)
