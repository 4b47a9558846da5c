"""Exercises on one number."""

from collections.abc import Iterator
from itertools import cycle

from codecrucible.benchmarks.sources.practice.exercise import COUNTS, NUMBERS, Exercise, Families

NUMBER_FAMILIES = Families()
family = NUMBER_FAMILIES.family

_UNITS = (
    *(("weeks", "days", 7), ("hours", "minutes", 60), ("dozens", "eggs", 12), ("yards", "feet", 3)),
    *(("kilograms", "grams", 1000), ("days", "hours", 24), ("years", "months", 12), ("centuries", "years", 100)),
    *(("decades", "years", 10), ("pounds", "ounces", 16), ("gallons", "pints", 8), ("quarters", "months", 3)),
    *(("spiders", "legs", 8), ("gloves", "fingers", 5), ("tricycles", "wheels", 3)),
)


@family(level=1, kept=5)
def _scale_and_add() -> Iterator[Exercise]:
    for a, b in zip(range(3, 23), cycle((4, 7, 1, 9)), strict=False):
        yield Exercise(
            name=f"scale_by_{a}_and_add_{b}",
            parameters="x: int",
            returns="int",
            task=f"Return {a} times x, plus {b}.",
            body=f"return {a} * x + {b}",
            answer=lambda x, a=a, b=b: x * a + b,
            inputs=NUMBERS,
        )


@family(level=1, kept=5)
def _subtract_and_scale() -> Iterator[Exercise]:
    for a, b in zip(range(2, 21), cycle((5, 3, 8)), strict=False):
        yield Exercise(
            name=f"subtract_{a}_then_scale_by_{b}",
            parameters="x: int",
            returns="int",
            task=f"Subtract {a} from x, and multiply the result by {b}.",
            body=f"return (x - {a}) * {b}",
            answer=lambda x, a=a, b=b: b * x - b * a,
            inputs=NUMBERS,
        )


@family(level=1)
def _convert_units() -> Iterator[Exercise]:
    for large, small, factor in _UNITS:
        yield Exercise(
            name=f"{large}_to_{small}",
            parameters="count: int",
            returns="int",
            task=f"Return how many {small} there are in count {large}: each has {factor}.",
            body=f"return count * {factor}",
            answer=lambda count, factor=factor: factor * count,
            inputs=COUNTS,
        )


@family(level=1, kept=5)
def _leftover() -> Iterator[Exercise]:
    for d in range(4, 23):
        yield Exercise(
            name=f"leftover_of_boxes_of_{d}",
            parameters="apples: int",
            returns="int",
            task=f"Apples are packed into boxes of {d}. Return how many are left over.",
            body=f"return apples % {d}",
            answer=lambda apples, d=d: apples - apples // d * d,
            inputs=COUNTS,
        )


@family(level=1)
def _inside_range() -> Iterator[Exercise]:
    for low, high in zip(range(-10, 5), cycle((7, 12, 44, 45)), strict=False):
        name = f"{low}_to_{high}".replace("-", "minus_")
        yield Exercise(
            name=f"is_in_{name}",
            parameters="x: int",
            returns="bool",
            task=f"Tell whether x lies between {low} and {high}, both included.",
            body=f"return {low} <= x <= {high}",
            answer=lambda x, low=low, high=high: x in range(low, high + 1),
            inputs=NUMBERS,
        )


@family(level=1)
def _one_divisor_only() -> Iterator[Exercise]:
    for a, b in (
        (2, 3),
        (3, 2),
        (2, 5),
        (5, 2),
        (3, 5),
        (5, 3),
        (4, 3),
        (3, 4),
        (7, 2),
        (2, 7),
        (6, 5),
        (4, 5),
        (5, 4),
        (9, 2),
    ):
        yield Exercise(
            name=f"divisible_by_{a}_but_not_{b}",
            parameters="n: int",
            returns="bool",
            task=f"Tell whether n is divisible by {a} but not by {b}.",
            body=f"return n % {a} == 0 and n % {b} != 0",
            answer=lambda n, a=a, b=b: not n % a and bool(n % b),
            inputs=(*NUMBERS, 30, 9, 14),
        )


@family(level=1, kept=5)
def _discount() -> Iterator[Exercise]:
    for percent in range(5, 100, 5):
        yield Exercise(
            name=f"price_with_{percent}_percent_off",
            parameters="price: int",
            returns="int",
            task=f"Return the price after {percent} percent are taken off, rounded down to a whole number.",
            body=f"return price * (100 - {percent}) // 100",
            answer=lambda price, percent=percent: price * (100 - percent) // 100,
            inputs=(200, 50, 0, 1, 99, 1000, 47),
        )


@family(level=2)
def _clamp() -> Iterator[Exercise]:
    for low, high in zip(range(-12, 3), cycle((10, 20, 50)), strict=False):
        name = f"{low}_and_{high}".replace("-", "minus_")
        yield Exercise(
            name=f"keep_between_{name}",
            parameters="x: int",
            returns="int",
            task=f"Return x, but {low} if x is smaller than {low}, and {high} if x is larger than {high}.",
            body=f"if x < {low}:\n    return {low}\nif x > {high}:\n    return {high}\nreturn x",
            answer=lambda x, low=low, high=high: max(low, min(high, x)),
            inputs=NUMBERS,
        )


@family(level=2, kept=5)
def _three_names() -> Iterator[Exercise]:
    names = (
        ("cold", "mild", "hot"),
        ("small", "medium", "large"),
        ("low", "normal", "high"),
        ("young", "grown", "old"),
    )
    for low, high, (first, middle, last) in zip(range(1, 20), range(8, 65, 3), cycle(names), strict=False):
        yield Exercise(
            name=f"{first}_{middle}_or_{last}_{low}_{high}",
            parameters="value: int",
            returns="str",
            task=f'Return "{first}" if value is below {low}, "{last}" if it is at least {high}, else "{middle}".',
            body=(
                f'if value < {low}:\n    return "{first}"\nif value >= {high}:\n    return "{last}"\nreturn "{middle}"'
            ),
            answer=lambda x, a=low, b=high, n=(first, middle, last): n[(x >= a) + (x >= b)],
            inputs=(*NUMBERS, 8, 20),
        )


@family(level=2, kept=5)
def _digit_sum_times() -> Iterator[Exercise]:
    for k in range(2, 21):
        yield Exercise(
            name=f"digit_sum_times_{k}",
            parameters="n: int",
            returns="int",
            task=f"Add the digits of n together, and multiply the result by {k}.",
            body=f"return {k} * sum(int(digit) for digit in str(n))",
            answer=lambda n, k=k: k * (n % 10 + n // 10 % 10 + n // 100 % 10 + n // 1000),
            inputs=(123, 70, 0, 9, 4508, 999),
        )


@family(level=2)
def _count_digit() -> Iterator[Exercise]:
    for d in range(10):
        yield Exercise(
            name=f"how_many_digits_are_{d}",
            parameters="n: int",
            returns="int",
            task=f"Return how many decimal digits of n are {d}.",
            body=f'return str(n).count("{d}")',
            answer=lambda n, d=d: sum(int(each) == d for each in str(n)),
            inputs=(1223334444, 5050, 0, 98765, 1111, 60708090, 22),
        )


@family(level=2, kept=5)
def _round_down_to() -> Iterator[Exercise]:
    for k in (3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 50, 11, 13, 14, 18, 40):
        yield Exercise(
            name=f"round_down_to_{k}",
            parameters="n: int",
            returns="int",
            task=f"Return the largest multiple of {k} that is not larger than n.",
            body=f"return n - n % {k}",
            answer=lambda n, k=k: n // k * k,
            inputs=(47, 100, 0, 1, 12, 360, 29),
        )


@family(level=2, kept=5)
def _distance_from() -> Iterator[Exercise]:
    for k in (3, 5, 8, 10, 13, 17, 21, 25, 33, 40, 50, 64, 75, 99, 7, 11, 28, 60, 120):
        yield Exercise(
            name=f"distance_from_{k}",
            parameters="x: int",
            returns="int",
            task=f"Return how far x is from {k}; the result is never negative.",
            body=f"return abs(x - {k})",
            answer=lambda x, k=k: max(x - k, k - x),
            inputs=NUMBERS,
        )


@family(level=3, kept=5)
def _times_divided() -> Iterator[Exercise]:
    for k in range(2, 21):
        yield Exercise(
            name=f"times_divided_by_{k}",
            parameters="n: int",
            returns="int",
            task=f"Divide n by {k}, rounding down, until it is 0. Return how many divisions it took.",
            body=f"steps = 0\nwhile n > 0:\n    n //= {k}\n    steps += 1\nreturn steps",
            answer=lambda n, k=k: next(power for power in range(99) if k**power > n),
            inputs=(20, 100, 0, 1, 7, 1000, 15),
        )


@family(level=3)
def _sequence_term() -> Iterator[Exercise]:
    for start, a, b in zip(range(1, 15), cycle((2, 3, 1)), cycle((1, 4, 5, 2)), strict=False):
        yield Exercise(
            name=f"term_from_{start}_times_{a}_plus_{b}",
            parameters="n: int",
            returns="int",
            task=f"Term 0 is {start}; each next term is the one before times {a}, plus {b}. Return term n.",
            body=f"term = {start}\nfor _ in range(n):\n    term = {a} * term + {b}\nreturn term",
            answer=lambda n, s=start, a=a, b=b: s * a**n + b * sum(a**i for i in range(n)),
            inputs=(2, 4, 0, 1, 3, 6),
        )


@family(level=3, kept=5)
def _sum_of_multiples() -> Iterator[Exercise]:
    for k in range(3, 22):
        yield Exercise(
            name=f"sum_of_multiples_of_{k}",
            parameters="limit: int",
            returns="int",
            task=f"Return the sum of all positive multiples of {k} that are smaller than limit.",
            body=f"return sum(range({k}, limit, {k}))",
            answer=lambda limit, k=k: sum(n for n in range(1, limit) if n % k == 0),
            inputs=(30, 20, 0, 1, 17, 100, 48),
        )


@family(level=1, held_out=True)
def _times_it_fits() -> Iterator[Exercise]:
    for k in range(3, 17):
        yield Exercise(
            name=f"full_teams_of_{k}",
            parameters="players: int",
            returns="int",
            task=f"Players form teams of {k}. Return how many full teams there are.",
            body=f"return players // {k}",
            answer=lambda players, k=k: (players - players % k) // k,
            inputs=COUNTS,
        )


@family(level=2, held_out=True)
def _digits_above() -> Iterator[Exercise]:
    for d in range(1, 9):
        yield Exercise(
            name=f"digits_above_{d}",
            parameters="n: int",
            returns="int",
            task=f"Return how many decimal digits of n are greater than {d}.",
            body=f"return sum(int(digit) > {d} for digit in str(n))",
            answer=lambda n, d=d: len([each for each in str(n) if each > str(d)]),
            inputs=(1928, 7777, 0, 123456789, 5, 9090),
        )


@family(level=3, held_out=True)
def _count_down() -> Iterator[Exercise]:
    for k in range(2, 16):
        yield Exercise(
            name=f"count_down_by_{k}",
            parameters="start: int",
            returns="list[int]",
            task=f"Return the numbers from start downwards in steps of {k}, as long as they are not negative.",
            body=f"return list(range(start, -1, -{k}))",
            answer=lambda start, k=k: [start - i * k for i in range(start // k + 1)],
            inputs=(20, 9, 0, 1, 31, 14),
        )
