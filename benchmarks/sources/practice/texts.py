"""Exercises on a text."""

from collections.abc import Iterator
from itertools import cycle

from codecrucible.benchmarks.sources.practice.exercise import TEXTS, Exercise, Families

TEXT_FAMILIES = Families()
family = TEXT_FAMILIES.family

_PARAMETER = "text: str"
_LETTERS = "abeilmnorstw"


@family(level=1, kept=5)
def _repeat_with() -> Iterator[Exercise]:
    for k, (name, sign) in zip(range(2, 21), cycle((("dashes", "-"), ("commas", ","), ("stars", "*"))), strict=False):
        yield Exercise(
            name=f"repeat_{k}_times_with_{name}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Return the text {k} times, with "{sign}" between the copies.',
            body=f'return "{sign}".join([text] * {k})',
            answer=lambda text, k=k, s=sign: text + (s + text) * (k - 1),
            inputs=("ab", "x", "", "a b", "word"),
        )


@family(level=1)
def _begins_with() -> Iterator[Exercise]:
    for letter in _LETTERS:
        yield Exercise(
            name=f"begins_with_{letter}",
            parameters=_PARAMETER,
            returns="bool",
            task=f'Tell whether the text begins with the letter "{letter}".',
            body=f'return text.startswith("{letter}")',
            answer=lambda text, c=letter: text[:1] == c,
            inputs=(*TEXTS, letter, f"{letter}{letter}", f"x{letter}"),
        )


@family(level=1)
def _replace_letter() -> Iterator[Exercise]:
    for old, new in zip(_LETTERS, "ouxyzkpqgfhj", strict=True):
        yield Exercise(
            name=f"replace_{old}_by_{new}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Return the text with every "{old}" replaced by "{new}".',
            body=f'return text.replace("{old}", "{new}")',
            answer=lambda text, old=old, new=new: "".join(new if c == old else c for c in text),
            inputs=TEXTS,
        )


@family(level=1)
def _count_letter() -> Iterator[Exercise]:
    for letter in _LETTERS:
        yield Exercise(
            name=f"count_letter_{letter}",
            parameters=_PARAMETER,
            returns="int",
            task=f'Return how often the letter "{letter}" occurs in the text.',
            body=f'return text.count("{letter}")',
            answer=lambda text, c=letter: sum(each == c for each in text),
            inputs=(*TEXTS, letter * 3),
        )


@family(level=1, kept=5)
def _loud_start() -> Iterator[Exercise]:
    for k in range(1, 18):
        yield Exercise(
            name=f"first_{k}_in_capitals",
            parameters=_PARAMETER,
            returns="str",
            task=f"Return the text with its first {k} characters in capital letters.",
            body=f"return text[:{k}].upper() + text[{k}:]",
            answer=lambda text, k=k: "".join(c.upper() if i < k else c for i, c in enumerate(text)),
            inputs=TEXTS,
        )


@family(level=2)
def _long_words() -> Iterator[Exercise]:
    for k in range(1, 11):
        yield Exercise(
            name=f"words_longer_than_{k}",
            parameters=_PARAMETER,
            returns="list[str]",
            task=f"Return the words of the text that have more than {k} characters, in their order.",
            body=f"return [word for word in text.split() if len(word) > {k}]",
            answer=lambda text, k=k: [word for word in text.split() if word[k:]],
            inputs=TEXTS,
        )


@family(level=2)
def _join_words() -> Iterator[Exercise]:
    for name, sign in (
        ("dashes", "-"),
        ("dots", "."),
        ("slashes", "/"),
        ("plus_signs", "+"),
        ("colons", ":"),
        ("stars", "*"),
        ("commas", ","),
        ("underscores", "_"),
        ("equals_signs", "="),
        ("hashes", "#"),
    ):
        yield Exercise(
            name=f"join_words_with_{name}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Return the words of the text, joined by "{sign}".',
            body=f'return "{sign}".join(text.split())',
            answer=lambda text, s=sign: text.replace(" ", s),
            inputs=TEXTS,
        )


@family(level=2)
def _without_letters() -> Iterator[Exercise]:
    for letters in ("ae", "io", "rst", "lmn", "ou", "bw", "ehl", "nor", "tis", "abc", "xyz", "el"):
        yield Exercise(
            name=f"without_letters_{letters}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Return the text without those letters that are among "{letters}".',
            body=f'return "".join(letter for letter in text if letter not in "{letters}")',
            answer=lambda text, letters=letters: text.translate({ord(c): None for c in letters}),
            inputs=TEXTS,
        )


@family(level=2)
def _pad_left() -> Iterator[Exercise]:
    for width, (name, sign) in zip(
        range(4, 18), cycle((("dots", "."), ("zeros", "0"), ("stars", "*"), ("dashes", "-"))), strict=False
    ):
        yield Exercise(
            name=f"pad_to_{width}_with_{name}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Put "{sign}" in front of the text until it has {width} characters; a longer text stays as it is.',
            body=f'return text.rjust({width}, "{sign}")',
            answer=lambda text, w=width, s=sign: s * max(0, w - len(text)) + text,
            inputs=("ab", "cat", "", "elephant", "a very long text indeed"),
        )


@family(level=2, kept=5)
def _shorten() -> Iterator[Exercise]:
    for k in range(2, 21):
        yield Exercise(
            name=f"shorten_to_{k}",
            parameters=_PARAMETER,
            returns="str",
            task=f'If the text has more than {k} characters, return the first {k} and "..."; else the text.',
            body=f'if len(text) > {k}:\n    return text[:{k}] + "..."\nreturn text',
            answer=lambda text, k=k: text[:k] + "..." * bool(text[k:]),
            inputs=TEXTS,
        )


@family(level=2)
def _words_ending() -> Iterator[Exercise]:
    for letter in "odaeknxir2":
        yield Exercise(
            name=f"count_words_ending_in_{letter}",
            parameters=_PARAMETER,
            returns="int",
            task=f'Return how many words of the text end in "{letter}".',
            body=f'return sum(word.endswith("{letter}") for word in text.split())',
            answer=lambda text, c=letter: f"{text} ".count(f"{c} "),
            inputs=TEXTS,
        )


@family(level=3, kept=5)
def _capitals_at() -> Iterator[Exercise]:
    for k in range(2, 15):
        yield Exercise(
            name=f"capital_letters_{k}_apart",
            parameters=_PARAMETER,
            returns="str",
            task=f"Return the text with the characters at index 0, {k}, {2 * k} and so on in capital letters.",
            body=f'return "".join(c.upper() if i % {k} == 0 else c for i, c in enumerate(text))',
            answer=lambda text, k=k: "".join(
                text[i : i + 1].upper() + text[i + 1 : i + k] for i in range(0, len(text), k)
            ),
            inputs=TEXTS,
        )


@family(level=3, kept=5)
def _shift_letters() -> Iterator[Exercise]:
    for k in range(1, 20):
        yield Exercise(
            name=f"shift_letters_by_{k}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Move each small letter {k} places on in the alphabet, after "z" from "a" again; all else stays.',
            body='result = ""\nfor c in text:\n    if "a" <= c <= "z":\n'
            f'        c = chr((ord(c) - ord("a") + {k}) % 26 + ord("a"))\n    result += c\nreturn result',
            answer=lambda text, k=k: text.translate({97 + i: 97 + (i + k) % 26 for i in range(26)}),
            inputs=(*TEXTS, "xyz"),
        )


@family(level=3, held_out=True)
def _turn_pieces() -> Iterator[Exercise]:
    for name, sign in (
        ("dashes", "-"),
        ("dots", "."),
        ("slashes", "/"),
        ("commas", ","),
        ("colons", ":"),
        ("semicolons", ";"),
        ("underscores", "_"),
        ("bars", "|"),
    ):
        inputs = (
            sign.join(parts)
            for parts in (["a", "b", "c"], ["red", "green"], [""], ["one"], ["x", "", "y"], ["12", "30", "45", "1"])
        )
        yield Exercise(
            name=f"turn_pieces_between_{name}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Split the text at each "{sign}", and join the pieces with "{sign}" in reverse order.',
            body=f'return "{sign}".join(reversed(text.split("{sign}")))',
            answer=lambda text, s=sign: s.join(text.split(s)[::-1]),
            inputs=tuple(inputs),
        )


@family(level=1, held_out=True)
def _in_brackets() -> Iterator[Exercise]:
    for name, left, right in (
        ("round_brackets", "(", ")"),
        ("square_brackets", "[", "]"),
        ("braces", "{", "}"),
        ("angle_brackets", "<", ">"),
        ("stars", "*", "*"),
        ("dashes", "-", "-"),
        ("bars", "|", "|"),
        ("double_dots", "..", ".."),
    ):
        yield Exercise(
            name=f"put_between_{name}",
            parameters=_PARAMETER,
            returns="str",
            task=f'Return the text with "{left}" before it and "{right}" behind it.',
            body=f'return "{left}" + text + "{right}"',
            answer=lambda text, a=left, b=right: f"{a}{text}{b}",
            inputs=("ab", "cat", "", "two words"),
        )


@family(level=2, held_out=True)
def _letters_not_among() -> Iterator[Exercise]:
    for letters in ("ae", "io", "rst", "lmn", "ou", "bw", "ehl", "nor", "tis", "abc", "xyz", "el"):
        yield Exercise(
            name=f"count_characters_not_in_{letters}",
            parameters=_PARAMETER,
            returns="int",
            task=f'Return how many characters of the text are not among "{letters}".',
            body=f'return sum(1 for letter in text if letter not in "{letters}")',
            answer=lambda text, letters=letters: len(text) - sum(map(text.count, letters)),
            inputs=TEXTS,
        )


@family(level=2, held_out=True)
def _words_starting() -> Iterator[Exercise]:
    for letter in "hwbatqfmr4":
        yield Exercise(
            name=f"words_starting_with_{letter}",
            parameters=_PARAMETER,
            returns="list[str]",
            task=f'Return the words of the text that start with "{letter}", in their order.',
            body=f'return [word for word in text.split() if word.startswith("{letter}")]',
            answer=lambda text, c=letter: [word for word in text.split() if word[0] == c],
            inputs=TEXTS,
        )
