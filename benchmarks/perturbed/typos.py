"""Typing errors in the words of a docstring: a letter in the place of which its neighbour on the keyboard stands."""

from codecrucible.benchmarks.perturbed.draws import Draws
from codecrucible.benchmarks.perturbed.prompt import Prompt, Unchanged
from codecrucible.benchmarks.perturbed.prose import prose_words

FEWEST_LETTERS = 4
"""Shortest word that gets an error."""

ONE_WORD_IN = 8
"""How seldom a word gets one; a docstring gets one at least."""

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _ROWS
    for place, letter in enumerate(row)
}


def with_typos(prompt: Prompt, draws: Draws) -> str:
    """The prompt with one letter each in some words of its docstring mistyped, never a word's first.

    Raises:
        Unchanged: no word can have one.
    """
    start, end = prompt.words
    words = prompt.text[start:end]
    able = [each for each in prose_words(words, prompt.names) if len(each[1]) >= FEWEST_LETTERS]
    if not able:
        raise Unchanged("no word of a docstring that may be mistyped")
    chosen = [each for each in able if draws.below(ONE_WORD_IN) == 0] or [draws.one_of(able)]
    for place, word in reversed(chosen):
        at = 1 + draws.below(len(word) - 1)
        other = draws.one_of(_NEIGHBOURS[word[at].lower()])
        words = words[: place + at] + (other.upper() if word[at].isupper() else other) + words[place + at + 1 :]
    return prompt.with_words(words)
