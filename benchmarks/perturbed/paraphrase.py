"""Other words for what a docstring says, from a table whose every line means the same on both sides."""

import re

from codecrucible.benchmarks.perturbed.draws import Draws
from codecrucible.benchmarks.perturbed.prompt import Prompt, Unchanged
from codecrucible.benchmarks.perturbed.prose import prose_lines

#: A phrase in lower case, and what may stand for it; where the phrase begins with a capital, so does the other one.
TABLE: dict[str, tuple[str, ...]] = {
    "write a function that": ("implement a function which", "define a function which"),
    "create a function that": ("write a function which", "define a function which"),
    "implement a function that": ("write a function which", "define a function which"),
    "write a function which": ("implement a function that", "define a function that"),
    "create a function which": ("write a function that", "define a function that"),
    "your task is to": ("you have to", "what you have to do is to"),
    "you're given": ("you are given", "you get"),
    "you are given": ("you get", "you receive"),
    "you should return": ("you have to return", "return"),
    "check if": ("determine whether", "find out whether"),
    "checks if": ("determines whether", "finds out whether"),
    "find how many": ("determine how many", "count how many"),
    "compute": ("calculate", "work out"),
    "calculate": ("compute", "work out"),
    "concatenate": ("join together",),
    "takes as input": ("gets as its input",),
    "that takes": ("which accepts", "which gets"),
    "which takes": ("that accepts", "that gets"),
    "the given": ("the supplied", "the provided"),
    "given a": ("provided with a",),
    "given an": ("provided with an",),
    "given the": ("provided with the",),
    "given two": ("provided with two",),
    "consisting of": ("made up of",),
    "containing": ("with",),
    "contains": ("holds", "has in it"),
    "elements": ("items", "members"),
    "element": ("item", "member"),
    "integers": ("whole numbers",),
    "in ascending order": ("in increasing order",),
    "in descending order": ("in decreasing order",),
    "largest": ("greatest", "biggest"),
    "biggest": ("largest", "greatest"),
    "greater than": ("larger than", "above"),
    "less than": ("below", "smaller than"),
    "equal to": ("the same as",),
    "otherwise": ("in any other case",),
    "if there are no": ("when there are no", "where there are no"),
    "if there is no": ("when there is no", "where there is no"),
    "starts with": ("begins with",),
    "ends with": ("finishes with",),
    "starting with": ("beginning with",),
    "exactly": ("precisely",),
}

_PHRASE = re.compile(
    r"(?<![\w'\"`.-])(?:"
    + "|".join(re.escape(each) for each in sorted(TABLE, key=len, reverse=True))
    + r")(?![\w'\"`(-])",
    re.IGNORECASE,
)


def paraphrased(prompt: Prompt, draws: Draws | None) -> str:
    """The prompt with other words for some phrases of its docstring, for one at least.

    Args:
        prompt: The prompt.
        draws: Decide for each phrase whether it stays, and what stands for it; None takes the first for each.

    Raises:
        Unchanged: it has no phrase of the table.
    """
    start, end = prompt.words
    words = prompt.text[start:end]
    found = [
        (line_start + match.start(), match[0])
        for line_start, line in prose_lines(words)
        for match in _PHRASE.finditer(line)
        if not prompt.names & set(match[0].split())
    ]
    if not found:
        raise Unchanged("no phrase that the table has other words for")
    kept = draws.below(len(found)) if draws else 0
    for place, (at, phrase) in reversed(list(enumerate(found))):
        others = TABLE[phrase.lower()]
        if draws and place != kept and draws.below(2):
            continue
        other = draws.one_of(others) if draws else others[0]
        other = other[0].upper() + other[1:] if phrase[0].isupper() else other
        words = words[:at] + other + words[at + len(phrase) :]
    return prompt.with_words(words)
