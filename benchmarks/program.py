"""The program that a completion makes, whatever its language."""

from dataclasses import dataclass

from benchmarks.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program taken from one completion.

    Attributes:
        source: What is executed; "" if nothing is.
        prompt_lines: Leading lines of `source` that come wholly from the prompt.
        code: The model's own part of `source`.
        empty: Whether the completion leaves nothing to run: white space only, or an empty fence.
        no_answer: Why it holds no answer, where that is known: `benchmarks.thinking.UNCLOSED`.
    """

    source: str
    prompt_lines: int
    code: str
    empty: bool
    no_answer: str = ""


def assembled(problem: Problem, before: str, code: str, after: str = "") -> Program:
    """Program of the model's `code` between what comes `before` it and `after` it; empty if there is no code."""
    if not code.strip():
        return Program(source="", prompt_lines=0, code="", empty=True)
    prompt_lines = before.count("\n") if problem.prompt.startswith(before) else 0
    return Program(source=before + code + after, prompt_lines=prompt_lines, code=code, empty=False)
