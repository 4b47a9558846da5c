"""Exercises on a list of words, and on a dictionary of prices."""

from collections.abc import Iterator

from codecrucible.benchmarks.sources.practice.exercise import PRICES, WORDS, Exercise, Families

WORD_AND_PRICE_FAMILIES = Families()
family = WORD_AND_PRICE_FAMILIES.family

_WORDS, _PRICES = "words: list[str]", "prices: dict[str, int]"


@family(level=1, held_out=True)
def _price_or() -> Iterator[Exercise]:
    for item, default in (
        ("tea", 1),
        ("ink", 2),
        ("cake", 5),
        ("pen", 9),
        ("milk", 4),
        ("cup", 8),
        ("pin", 3),
        ("can", 7),
        ("tape", 6),
        ("clip", 11),
    ):
        yield Exercise(
            name=f"price_of_{item}_or_{default}",
            parameters=_PRICES,
            returns="int",
            task=f'Return the price of "{item}", or {default} if it has none.',
            body=f'return prices.get("{item}", {default})',
            answer=lambda prices, i=item, d=default: {i: d, **prices}[i],
            inputs=PRICES,
        )


@family(level=1, kept=5)
def _raise_prices() -> Iterator[Exercise]:
    for k in range(1, 18):
        yield Exercise(
            name=f"prices_raised_by_{k}",
            parameters=_PRICES,
            returns="dict[str, int]",
            task=f"Return a dictionary in which every price is higher by {k}.",
            body=f"return {{item: price + {k} for item, price in prices.items()}}",
            answer=lambda prices, k=k: dict(zip(prices, (price + k for price in prices.values()), strict=True)),
            inputs=PRICES,
        )


@family(level=2, kept=5)
def _items_above() -> Iterator[Exercise]:
    for t in range(2, 21):
        yield Exercise(
            name=f"items_dearer_than_{t}",
            parameters=_PRICES,
            returns="list[str]",
            task=f"Return the items with a price of more than {t}, sorted by name.",
            body=f"return sorted(item for item, price in prices.items() if price > {t})",
            answer=lambda prices, t=t: [item for item in sorted(prices) if prices[item] > t],
            inputs=PRICES,
        )


@family(level=2, kept=5)
def _total_of() -> Iterator[Exercise]:
    for count in range(2, 17):
        yield Exercise(
            name=f"total_for_{count}_of_each",
            parameters=_PRICES,
            returns="int",
            task=f"Return what {count} of every item cost together.",
            body=f"return {count} * sum(prices.values())",
            answer=lambda prices, n=count: sum(n * price for price in prices.values()),
            inputs=PRICES,
        )


@family(level=1, kept=5)
def _lengths_plus() -> Iterator[Exercise]:
    for k in range(1, 16):
        yield Exercise(
            name=f"word_lengths_plus_{k}",
            parameters=_WORDS,
            returns="list[int]",
            task=f"Return the length of each word, plus {k}.",
            body=f"return [len(word) + {k} for word in words]",
            answer=lambda words, k=k: [len(word + "x" * k) for word in words],
            inputs=WORDS,
        )


@family(level=2, held_out=True)
def _words_of_length() -> Iterator[Exercise]:
    for k in range(1, 7):
        yield Exercise(
            name=f"count_words_of_length_{k}",
            parameters=_WORDS,
            returns="int",
            task=f"Return how many words have exactly {k} letters.",
            body=f"return sum(1 for word in words if len(word) == {k})",
            answer=lambda words, k=k: [len(word) for word in words].count(k),
            inputs=WORDS,
        )


@family(level=2)
def _words_with() -> Iterator[Exercise]:
    for letter in "abeginorstu":
        yield Exercise(
            name=f"words_that_contain_{letter}",
            parameters=_WORDS,
            returns="list[str]",
            task=f'Return the words that contain the letter "{letter}", in their order.',
            body=f'return [word for word in words if "{letter}" in word]',
            answer=lambda words, c=letter: [word for word in words if word.count(c)],
            inputs=WORDS,
        )


@family(level=3)
def _frequent_words() -> Iterator[Exercise]:
    words: tuple[list[str], ...] = (
        ["a", "b", "a"],
        ["x", "y", "x", "x", "y"],
        [],
        ["one"],
        ["q"] * 4 + ["p"] * 3,
        ["m", "n"] * 6 + ["k"] * 9,
    )
    for k in range(2, 10):
        yield Exercise(
            name=f"words_that_occur_{k}_times",
            parameters=_WORDS,
            returns="list[str]",
            task=f"Return the different words that occur at least {k} times, sorted.",
            body=f"return sorted(word for word in set(words) if words.count(word) >= {k})",
            answer=lambda words, k=k: [w for i, w in enumerate(sorted(words)) if sorted(words)[: i + 1].count(w) == k],
            inputs=words,
        )


@family(level=3, held_out=True)
def _initials_of() -> Iterator[Exercise]:
    for k in range(1, 7):
        yield Exercise(
            name=f"join_first_{k}_letters",
            parameters=_WORDS,
            returns="str",
            task=f"Take the first {k} letters of each word, and join them with a dash.",
            body=f'return "-".join(word[:{k}] for word in words)',
            answer=lambda words, k=k: "".join(f"-{word[:k]}" for word in words)[1:],
            inputs=WORDS,
        )


@family(level=1, held_out=True)
def _is_cheap() -> Iterator[Exercise]:
    for t in (3, 5, 7, 9, 10, 11, 12, 13, 15, 16, 20, 25):
        yield Exercise(
            name=f"is_all_cheaper_than_{t}",
            parameters=_PRICES,
            returns="bool",
            task=f"Tell whether every price is below {t}.",
            body=f"return all(price < {t} for price in prices.values())",
            answer=lambda prices, t=t: max(prices.values(), default=t - 1) < t,
            inputs=PRICES,
        )


@family(level=2, held_out=True)
def _drop_cheap() -> Iterator[Exercise]:
    for t in range(3, 15):
        yield Exercise(
            name=f"without_prices_below_{t}",
            parameters=_PRICES,
            returns="dict[str, int]",
            task=f"Return a dictionary without the items whose price is below {t}.",
            body=f"return {{item: price for item, price in prices.items() if price >= {t}}}",
            answer=lambda prices, t=t: {item: prices[item] for item in prices if not prices[item] < t},
            inputs=PRICES,
        )


@family(level=3, held_out=True)
def _longest_at_most() -> Iterator[Exercise]:
    for k in range(2, 8):
        yield Exercise(
            name=f"longest_word_up_to_{k}",
            parameters=_WORDS,
            returns="str",
            task=f'Return the first of the longest words that have at most {k} letters, or "" if there is none.',
            body=f'return max((word for word in words if len(word) <= {k}), key=len, default="")',
            answer=lambda words, k=k: next((w for n in range(k, 0, -1) for w in words if len(w) == n), ""),
            inputs=WORDS,
        )
