"""Which part of a chat answer is the whole program that was asked for."""

import re
from collections.abc import Collection

from codecrucible.benchmarks.answers.answer_code import without_prose
from codecrucible.benchmarks.answers.marked_code import is_of, marked
from codecrucible.benchmarks.answers.program import Rule
from codecrucible.benchmarks.answers.python_blocks import PythonReader
from codecrucible.benchmarks.answers.python_outline import outline

_READS = re.compile(
    r"\b(?:input|raw_input|fgets|readline|readLine|read_line|readln|getline|gets|read)\b(?!\s*=[^=])"
    r"|\b(?:scanf|getchar|readLines|readlines|read_int|ReadLine|ReadToEnd|Scanner|BufferedReader|getContents|getLine"
    r"|interact|Get_Line|Get|Scan\w*|NewReader|NewScanner|stdin|STDIN|StdIn|cin|fileinput|ARGF|In_channel)\b"
    r"|\bSystem\.in\b|\bos\.Stdin\b|\bopen\(\s*0|\$<|<>|/dev/stdin|php://stdin|\*in\*"
)
_WRITES = re.compile(
    r"\b(?:print\w*|puts|putStr\w*|putchar|cout|write\w*|Write\w*|echo|say|Put\w*|Print\w*|display\w*|format|cat|log|output"
    r"|interact|stdout|STDOUT|mapM_)\b"
)
_TESTS = re.compile(
    r"\b(?:subprocess|unittest|pytest|doctest|pexpect|StringIO|monkeypatch|child_process|execSync|ProcessBuilder|Open3)\b"
    r"|\bos\.system\b|\bRuntime\.getRuntime\b|\bexec\.Command\b|\bProcess\.Start\b|\bstd::process::Command\b"
    r"|@Test\b|#\[test\]|\btesting\.T\b|\bdescribe\("
)
_ASSERTS = re.compile(r"^[ \t]*assert\b", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*+(?:\#(?!include|\[)|//|--|;)[^\n]*|(?<=\s)(?:\#|//)[ ][^\n]*", re.MULTILINE)
_MAIN = re.compile(r"\bmain\b|\bMain\b")


def code_of(answer: str, fences: Collection[str], code_line: re.Pattern[str]) -> tuple[str, Rule]:
    r"""The marked block that is the program, and the rule that chose it.

    The last block that reads and writes and tests nothing, of the language; without such a block one that only writes,
    or has a main function, and at last the longest. In Python a block gets what it uses and does not define from the
    others. If nothing is marked, it is the text without the prose around it. Blocks that name no language come after
    all that name the right one, and those that name another after these.

    Args:
        answer: What the model returned, without its reasoning.
        fences: What a fence of the language says behind its mark, in lower case.
        code_line: Matches a line at column 0 that looks like code rather than prose.

    >>> code_of("Run it:\n```sh\npython3 sum.py < in\n```\n```python\nprint(1)\n```\n", FENCES, re.compile("print"))[0]
    'print(1)\n'
    """
    parts = marked(answer, code_line)
    blocks = [part for part in parts if part.fenced and part.text.strip()]
    named = [block.text for block in blocks if is_of(block.info, fences)]
    unnamed = [block.text for block in blocks if not block.info]
    for group in (named, unnamed, [block.text for block in blocks]):
        if group:
            return _program(group, python="python" in fences), Rule.PROGRAM
    if any(part.fenced for part in parts):
        return "", Rule.PROGRAM
    return without_prose(answer, code_line), Rule.PROGRAM_TEXT


def _program(blocks: list[str], *, python: bool) -> str:
    programs = [_with_helpers(blocks, number) for number in range(len(blocks))] if python else blocks
    ranked = [(_worth(program, python=python), number) for number, program in enumerate(programs)]
    worth, number = max(ranked)
    if worth > 0:
        return programs[number]
    return max(reversed(programs), key=len)


def _with_helpers(blocks: list[str], number: int) -> str:
    return PythonReader(entry_point="").with_helpers(blocks[number], blocks[:number], blocks[number + 1 :])


def _worth(program: str, *, python: bool) -> int:
    """How much speaks for a block being the whole program."""
    program = _COMMENT.sub("", program)
    reads, writes = _READS.search(program) is not None, _WRITES.search(program) is not None
    runs = outline(program).runs if python else _MAIN.search(program) is not None
    if _TESTS.search(program) or (_ASSERTS.search(program) and not reads):
        return 0
    if python and not runs:
        return 0
    return 3 if reads and writes else 2 if writes else int(runs)
