"""From an answer in a language of MultiPL-E to the program that its tests are put behind."""

import textwrap
from dataclasses import replace

from codecrucible.benchmarks.answers.answer_code import code_of
from codecrucible.benchmarks.answers.answer_language import AnswerLanguage
from codecrucible.benchmarks.answers.braces import braces
from codecrucible.benchmarks.answers.program import Program, Rule, assembled
from codecrucible.benchmarks.answers.translated_blocks import TranslatedReader
from codecrucible.benchmarks.answers.whole_program import closing, whole_program, without_main
from codecrucible.benchmarks.problem import Problem


def continued(problem: Problem, completion: str) -> Program:
    """`completion` behind the prompt; a prompt that the model has repeated is not put before it again."""
    prompt = problem.prompt.strip()
    text = completion.lstrip()
    code = text[len(prompt) :] if text.startswith(prompt) else completion
    return assembled(problem, problem.prompt, code, rule=Rule.CONTINUATION)


def answered(problem: Problem, answer: str, language: AnswerLanguage) -> Program:
    """Program in a chat answer."""
    text = answer.replace("\r\n", "\n")  # a carriage return is part of a word in a shell
    reader = TranslatedReader(language=language, name=problem.language, entry_point=problem.entry_point)
    code, rule = code_of(text, reader)
    # Some prompts end before what tells a definition from a call; the stub goes on with it.
    signature = reader.definition.search(problem.prompt + problem.stub)
    if reader.definition.search(code) and signature:
        program = whole_program(problem, code, language, signature=signature.start())
    else:
        program = _body(problem, code, language)
    return program if program.empty else replace(program, rule=rule)


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
