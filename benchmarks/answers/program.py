"""The program that a completion makes, whatever its language."""

from dataclasses import dataclass
from enum import StrEnum

from codecrucible.benchmarks.problem import Problem


class Rule(StrEnum):
    """Which part of a completion was taken for its code."""

    RAW = "raw"  # all of it, as was asked for
    CONTINUATION = "continuation"  # all of it, as a plain completion
    BLOCK = "block"  # a marked block that defines the entry point
    BLOCKS = "blocks"  # that, with blocks that hold what it uses
    TEXT = "text"  # text outside of the blocks that defines it
    STEPS = "steps"  # blocks with parts of its body
    BODY = "body"  # a block, taken for its body
    BODY_TEXT = "body_text"  # text up to the first block, taken for its body
    PROGRAM = "program"  # a block that is a whole program
    PROGRAM_TEXT = "program_text"  # text that is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program taken from one completion.

    Attributes:
        source: What is executed; "" if nothing is.
        prompt_lines: Leading lines of `source` that come wholly from the prompt.
        code: The model's own part of `source`.
        empty: Whether the completion leaves nothing to run: white space only, or an empty fence.
        rule: By which `code` was chosen; None if nothing was.
        no_answer: Why it holds no answer, where that is known: `benchmarks.answers.thinking.UNCLOSED`.
    """

    source: str
    prompt_lines: int
    code: str
    empty: bool
    rule: Rule | None = None
    no_answer: str = ""


def assembled(problem: Problem, before: str, code: str, after: str = "", *, rule: Rule | None = None) -> Program:
    """Program of the model's `code` between what comes `before` it and `after` it; empty if there is no code."""
    if not code.strip():
        return Program(source="", prompt_lines=0, code="", empty=True)
    prompt_lines = before.count("\n") if problem.prompt.startswith(before) else 0
    return Program(source=before + code + after, prompt_lines=prompt_lines, code=code, empty=False, rule=rule)


def filled(problem: Problem, code: str, *, rule: Rule = Rule.CONTINUATION) -> Program:
    """Program of `code` in the problem's gap, where it may be white space, or nothing."""
    source = f"{problem.prompt}{code}{problem.suffix}"
    return Program(source=source, prompt_lines=problem.prompt.count("\n"), code=code, empty=False, rule=rule)
