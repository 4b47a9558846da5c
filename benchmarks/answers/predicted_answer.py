"""Which part of an answer is the assertion that was asked for, where a model predicts what a program does.

What is covered: an assertion by itself, in `[ANSWER]` tags, in a fence, and on a line of prose.
What is not: reading it. That is done where programs are run, by `Problem.reader`.
"""

import re

from codecrucible.benchmarks.answers.marked_code import marked
from codecrucible.benchmarks.answers.program import Rule
from codecrucible.benchmarks.answers.python_blocks import CODE_LINE

_ASSERTION = re.compile(r"^[ \t]*+assert\b", re.MULTILINE)
_CALL = re.compile(r"\bf[ \t]*\(")


def continued(completion: str) -> str:
    r"""What a plain completion asserts, all of it.

    >>> continued("assert f(17) == 17\n")
    'f(17) == 17'
    """
    return completion.strip().removeprefix("assert").strip()


def answered(answer: str) -> tuple[str, Rule]:
    r"""What a chat answer asserts, and the rule that found it.

    The last marked block with a call of `f`, else the last block, else the last line that is an assertion, else all of
    the text. Of a block that repeats the function it is what the last assertion says.

    Args:
        answer: What the model returned, without its reasoning.

    >>> answered("So it is:\n[ANSWER]\nassert f(17) == 17\n[/ANSWER]\n")[0]
    'f(17) == 17'
    """
    before, closed, _ = answer.partition("[/ANSWER]")
    if closed and "[ANSWER]" not in before:  # the message ends with the tag that it closes
        return _last_assertion(before), Rule.TEXT
    blocks = [part.text for part in marked(answer, CODE_LINE) if part.fenced and part.text.strip()]
    if blocks:
        return _last_assertion(next((text for text in reversed(blocks) if _CALL.search(text)), blocks[-1])), Rule.BLOCK
    lines = [line for line in answer.splitlines() if _ASSERTION.match(line)]
    return continued(lines[-1] if lines else answer), Rule.TEXT


def _last_assertion(block: str) -> str:
    starts = [found.start() for found in _ASSERTION.finditer(block)]
    return continued(block[starts[-1] :] if starts else block)
