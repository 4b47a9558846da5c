"""From an answer in a language of MultiPL-E to the program that its tests are put behind."""

import re
import textwrap

from benchmarks.answer_code import ANY_NAME, code_of
from benchmarks.answer_language import AnswerLanguage
from benchmarks.braces import braces
from benchmarks.problem import Problem
from benchmarks.program import Program, assembled
from benchmarks.whole_program import closing, whole_program, without_main

CODE_LINE = re.compile(
    r"""[^\w\s*>"'-]
    | [^\n]*(?:\*/|\"\"\")\s*$
    | --[^-]
    | [^\n]*[;{}(=\\\]|]\s*$
    | (?![A-Z][a-z']*+(?:,?[ ](?!\w+\()|,\s*$))[^\n]*[),]\s*$
    | [^\n]*(?:\s(?:=|<-|:=)\s|::)
    | (?:import|using|package|module|namespace|open|require|library|from|use|with|pragma|include|let|local|const|var|val
        |my|our|def|defp|defmodule|fn|func|fun|function|sub|type|typedef|data|newtype|class|struct|enum|object|trait
        |instance|where|public|private|static|template|pub|impl|extern|export|declare|echo|set|begin|end|done|fi|do|is
        |return|procedure)\b(?![^\n]*[.:!?]\s*$)
    """,
    re.VERBOSE,
)
"""What matches a line at column 0 that looks like code of some language rather than prose."""


def continued(problem: Problem, completion: str) -> Program:
    """`completion` behind the prompt; a prompt that the model has repeated is not put before it again."""
    prompt = problem.prompt.strip()
    text = completion.lstrip()
    return assembled(problem, problem.prompt, text[len(prompt) :] if text.startswith(prompt) else completion)


def answered(problem: Problem, answer: str, language: AnswerLanguage) -> Program:
    """Program in a chat answer."""
    definition = language.defines(re.escape(problem.entry_point))
    text = answer.replace("\r\n", "\n")  # a carriage return is part of a word in a shell
    code = code_of(
        text,
        definition=definition,
        any_definition=language.defines(ANY_NAME),
        code_line=CODE_LINE,
        fences=language.fences,
    )
    # Some prompts end before what tells a definition from a call; the stub goes on with it.
    signature = definition.search(problem.prompt + problem.stub)
    if definition.search(code) and signature:
        return whole_program(problem, code, language, signature=signature.start())
    return _body(problem, code, language)


def cut_at_stop(problem: Problem, completion: str) -> str:
    """`completion` up to the first stop string of the problem, as the generator would have ended it."""
    found = [at for at in (completion.find(stop) for stop in problem.stop) if at >= 0]
    return completion[: min(found)] if found else completion


def _body(problem: Problem, code: str, language: AnswerLanguage) -> Program:
    code = without_main(code, language, problem.language)
    if not problem.prompt[-1:].isspace() and not code[:1].isspace():
        code = "\n" + textwrap.indent(code, "  ")
    found = braces(code, problem.language)
    if found.unopened[1:]:  # the class is closed too, as the tests do
        code = code[: found.unopened[1]]
    opened = bool(braces(problem.prompt, problem.language).unclosed)
    if opened and not found.unopened and not problem.tests.lstrip().startswith("}"):
        return assembled(problem, problem.prompt, code, "\n}\n")
    return assembled(problem, problem.prompt, code, closing(problem, language, unclosed=0) if found.unopened else "")
