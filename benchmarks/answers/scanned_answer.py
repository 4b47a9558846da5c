"""The code in an answer to a problem without tests: all of it, for what is scanned need not run.

What is covered: a plain continuation; a chat's marked blocks, and answers without any.
What is not: choosing among the blocks. An answer is what it shows, so that code which no test could choose is scanned.
"""

import re
import textwrap
from collections.abc import Collection

from codecrucible.benchmarks.answers.answer_code import without_prose
from codecrucible.benchmarks.answers.markdown import lines_of
from codecrucible.benchmarks.answers.marked_code import is_of, marked
from codecrucible.benchmarks.answers.program import Program, Rule, assembled
from codecrucible.benchmarks.problem import Problem


def continued(problem: Problem, completion: str) -> Program:
    """`completion` behind the prompt, which it goes on with in its last line or in a new one."""
    if not problem.prompt:
        return assembled(problem, "", completion, rule=Rule.CONTINUATION)
    code = completion.removeprefix("\r").removeprefix("\n")
    before = problem.prompt if len(code) < len(completion) else problem.prompt.removesuffix("\n")
    return _at_the_margin(problem, assembled(problem, before, code, rule=Rule.CONTINUATION))


def answered(problem: Problem, answer: str, fences: Collection[str], code_line: re.Pattern[str]) -> Program:
    """Program of all code in a chat answer, behind the prompt where that has code; an answer may repeat it.

    The code is that of all blocks of the language, one after another. Where none names it, it is that of the blocks
    that name no language, and else of all. Where nothing is marked, it is the text without the prose around it, and
    nothing where no line looks like code: who refuses has written nothing that is secure.

    Args:
        problem: That is answered.
        answer: What the model returned, without its reasoning.
        fences: What a fence of the language says behind its mark, in lower case.
        code_line: Matches a line at column 0 that looks like code rather than prose.
    """
    parts = marked(answer, code_line)
    blocks = [part for part in parts if part.fenced and part.text.strip()]
    named = [block for block in blocks if is_of(block.info, fences)]
    chosen = named or [block for block in blocks if not block.info] or blocks
    code = "\n".join(block.text.rstrip("\n") for block in chosen)
    rule = Rule.BLOCK if len(chosen) == 1 else Rule.BLOCKS
    if not any(part.fenced for part in parts):
        talks_only = not any(map(code_line.match, lines_of(answer)))
        code, rule = "" if talks_only else without_prose(answer, code_line), Rule.TEXT
    stripped = code.lstrip("\n")
    code = stripped.removeprefix(problem.prompt.lstrip("\n")) if problem.prompt.strip() else code
    return _at_the_margin(problem, assembled(problem, problem.prompt, code, rule=rule))


def _at_the_margin(problem: Problem, program: Program) -> Program:
    """A fragment of Python without the margin that all of its lines have, which no parser would take."""
    if problem.language != "python" or not problem.prompt or program.empty:
        return program
    return Program(
        source=textwrap.dedent(program.source),
        prompt_lines=program.prompt_lines,
        code=program.code,
        empty=False,
        rule=program.rule,
    )
