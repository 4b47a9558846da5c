"""Which part of a chat answer is the whole program that was asked for."""

from collections.abc import Collection

from benchmarks.markdown import stretches


def code_of(answer: str, fences: Collection[str]) -> str:
    r"""The longest fenced block of the language, of several as long the last; all of `answer` if nothing is fenced.

    A program is longer than the sketches, the commands and the examples of its output that come with it. Blocks that
    name no language come after all that name the right one, and those that name another after these.

    Args:
        answer: What the model returned, without its reasoning.
        fences: What a fence of the language says behind its mark, in lower case.

    >>> code_of("Run it:\n```sh\npython3 sum.py < in\n```\n```python\nprint(1)\n```\n", ["python"])
    'print(1)\n'
    """
    parts = list(stretches(answer))
    blocks = [part for part in parts if part.fenced and part.text.strip()]
    for group in (fences, ("",), {block.info for block in blocks}):
        fitting = [block.text for block in blocks if block.info in group]
        if fitting:
            return max(reversed(fitting), key=len)
    return "" if any(part.fenced for part in parts) else answer
