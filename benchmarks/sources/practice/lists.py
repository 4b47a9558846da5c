"""Exercises on a list of whole numbers."""

from collections.abc import Iterator
from itertools import combinations, cycle, pairwise
from math import prod

from codecrucible.benchmarks.sources.practice.exercise import LISTS, Exercise, Families

LIST_FAMILIES = Families()
family = LIST_FAMILIES.family

_PARAMETER = "numbers: list[int]"


@family(level=1, kept=5)
def _count_multiples() -> Iterator[Exercise]:
    for d in range(2, 19):
        yield Exercise(
            name=f"count_multiples_of_{d}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return how many of the numbers are divisible by {d}.",
            body=f"return sum(1 for number in numbers if number % {d} == 0)",
            answer=lambda numbers, d=d: len([n for n in numbers if not n % d]),
            inputs=LISTS,
        )


@family(level=1, kept=5)
def _sum_above() -> Iterator[Exercise]:
    for t in range(1, 20):
        yield Exercise(
            name=f"sum_of_numbers_above_{t}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return the sum of the numbers that are greater than {t}.",
            body=f"return sum(number for number in numbers if number > {t})",
            answer=lambda numbers, t=t: sum(n * (n > t) for n in numbers),
            inputs=LISTS,
        )


@family(level=1, kept=5)
def _add_to_each() -> Iterator[Exercise]:
    for k in range(3, 22):
        yield Exercise(
            name=f"add_{k}_to_each",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return a list with {k} added to each of the numbers.",
            body=f"return [number + {k} for number in numbers]",
            answer=lambda numbers, k=k: list(map(k.__add__, numbers)),
            inputs=LISTS,
        )


@family(level=1, kept=5)
def _first_of_them() -> Iterator[Exercise]:
    for k in range(2, 14):
        yield Exercise(
            name=f"first_{k}_numbers",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the first {k} numbers, or all of them if there are fewer.",
            body=f"return numbers[:{k}]",
            answer=lambda numbers, k=k: [n for i, n in enumerate(numbers) if i < k],
            inputs=LISTS,
        )


@family(level=1, kept=5)
def _last_of_them() -> Iterator[Exercise]:
    for k in range(2, 14):
        yield Exercise(
            name=f"last_{k}_numbers",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the last {k} numbers, or all of them if there are fewer.",
            body=f"return numbers[-{k}:]",
            answer=lambda numbers, k=k: [n for i, n in enumerate(numbers) if i >= len(numbers) - k],
            inputs=LISTS,
        )


@family(level=1)
def _without_value() -> Iterator[Exercise]:
    for v in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13):
        yield Exercise(
            name=f"numbers_without_{v}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the numbers, in their order, without every {v}.",
            body=f"return [number for number in numbers if number != {v}]",
            answer=lambda numbers, v=v: list(filter(lambda n: n - v, numbers)),
            inputs=LISTS,
        )


@family(level=1, held_out=True)
def _more_than() -> Iterator[Exercise]:
    for k in range(8):
        yield Exercise(
            name=f"has_more_than_{k}_numbers",
            parameters=_PARAMETER,
            returns="bool",
            task=f"Tell whether there are more than {k} numbers.",
            body=f"return len(numbers) > {k}",
            answer=lambda numbers, k=k: bool(numbers[k:]),
            inputs=LISTS,
        )


@family(level=2, kept=5)
def _first_above() -> Iterator[Exercise]:
    for t in range(1, 20):
        yield Exercise(
            name=f"index_of_first_above_{t}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return the index of the first number that is greater than {t}, or -1 if there is none.",
            body=f"for index, number in enumerate(numbers):\n    if number > {t}:\n        return index\nreturn -1",
            answer=lambda numbers, t=t: next((i for i, n in enumerate(numbers) if n > t), -1),
            inputs=LISTS,
        )


@family(level=2, held_out=True)
def _every_nth() -> Iterator[Exercise]:
    for k in range(2, 8):
        yield Exercise(
            name=f"numbers_{k}_apart",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the numbers at index 0, {k}, {2 * k} and so on.",
            body=f"return numbers[::{k}]",
            answer=lambda numbers, k=k: [n for i, n in enumerate(numbers) if i % k == 0],
            inputs=LISTS,
        )


@family(level=2)
def _rotate_left() -> Iterator[Exercise]:
    for k in range(1, 8):
        yield Exercise(
            name=f"move_first_{k}_to_the_end",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Move the first {k} numbers behind all others, in their order.",
            body=f"return numbers[{k}:] + numbers[:{k}]",
            answer=lambda numbers, k=k: [*numbers[k:], *numbers[:k]],
            inputs=LISTS,
        )


@family(level=2, held_out=True)
def _sum_of_powers() -> Iterator[Exercise]:
    for power, (kind, rest) in zip((2, 2, 3, 3, 4, 4, 5, 5), cycle((("even", 0), ("odd", 1))), strict=False):
        yield Exercise(
            name=f"sum_of_{kind}_numbers_to_the_{power}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Raise each of the {kind} numbers to the power of {power}, and return the sum.",
            body=f"return sum(number ** {power} for number in numbers if number % 2 == {rest})",
            answer=lambda numbers, p=power, r=rest: sum(prod([n] * p) for n in numbers if n & 1 == r),
            inputs=LISTS,
        )


@family(level=2)
def _replace_value() -> Iterator[Exercise]:
    for old, new in zip((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13), cycle((0, -1, 99)), strict=False):
        name = f"{old}_by_{new}".replace("-", "minus_")
        yield Exercise(
            name=f"replace_{name}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the numbers with every {old} replaced by {new}.",
            body=f"return [{new} if number == {old} else number for number in numbers]",
            answer=lambda numbers, old=old, new=new: [{old: new}.get(n, n) for n in numbers],
            inputs=LISTS,
        )


@family(level=2, kept=5)
def _keep_inside() -> Iterator[Exercise]:
    for low, high in zip(range(-2, 15), range(6, 40, 2), strict=False):
        name = f"{low}_to_{high}".replace("-", "minus_")
        yield Exercise(
            name=f"numbers_from_{name}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return those numbers that are at least {low} and at most {high}, in their order.",
            body=f"return [number for number in numbers if {low} <= number <= {high}]",
            answer=lambda numbers, a=low, b=high: [n for n in numbers if n in range(a, b + 1)],
            inputs=LISTS,
        )


@family(level=2, kept=5)
def _spread_times() -> Iterator[Exercise]:
    for k in range(2, 19):
        yield Exercise(
            name=f"spread_times_{k}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return the largest less the smallest number, multiplied by {k}; 0 if there are no numbers.",
            body=f"if not numbers:\n    return 0\nreturn {k} * (max(numbers) - min(numbers))",
            answer=lambda numbers, k=k: k * max((a - b for a in numbers for b in numbers), default=0),
            inputs=LISTS,
        )


@family(level=3)
def _count_pairs() -> Iterator[Exercise]:
    for total in (4, 5, 6, 7, 8, 9, 10, 12, 13, 15, 16, 22):
        yield Exercise(
            name=f"pairs_with_sum_{total}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return how many pairs of two different positions hold numbers whose sum is {total}.",
            body=(
                "count = 0\nfor i in range(len(numbers)):\n    for j in range(i + 1, len(numbers)):\n"
                f"        if numbers[i] + numbers[j] == {total}:\n            count += 1\nreturn count"
            ),
            answer=lambda numbers, t=total: sum(a + b == t for a, b in combinations(numbers, 2)),
            inputs=LISTS,
        )


@family(level=3, kept=5)
def _longest_run() -> Iterator[Exercise]:
    for t in range(1, 18):
        yield Exercise(
            name=f"longest_run_above_{t}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return the length of the longest run of neighbouring numbers that are all greater than {t}.",
            body=(
                f"longest = run = 0\nfor number in numbers:\n    run = run + 1 if number > {t} else 0\n"
                "    longest = max(longest, run)\nreturn longest"
            ),
            answer=lambda numbers, t=t: max(map(len, "".join("01"[n > t] for n in numbers).split("0"))),
            inputs=LISTS,
        )


@family(level=3, held_out=True)
def _chunks() -> Iterator[Exercise]:
    for k in range(2, 8):
        yield Exercise(
            name=f"chunks_of_{k}",
            parameters=_PARAMETER,
            returns="list[list[int]]",
            task=f"Split the numbers into lists of {k}, in their order; the last may be shorter.",
            body=f"return [numbers[start:start + {k}] for start in range(0, len(numbers), {k})]",
            answer=lambda numbers, k=k: [numbers[i * k :][:k] for i in range(-(-len(numbers) // k))],
            inputs=LISTS,
        )


@family(level=3, kept=5)
def _running_remainder() -> Iterator[Exercise]:
    for m in range(3, 20):
        yield Exercise(
            name=f"running_sums_modulo_{m}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return a list with the sum of all numbers up to each position, modulo {m}.",
            body=(
                f"total = 0\nsums = []\nfor number in numbers:\n    total += number\n"
                f"    sums.append(total % {m})\nreturn sums"
            ),
            answer=lambda numbers, m=m: [sum(numbers[: i + 1]) % m for i in range(len(numbers))],
            inputs=LISTS,
        )


@family(level=3, kept=5)
def _big_steps() -> Iterator[Exercise]:
    for k in range(2, 19):
        yield Exercise(
            name=f"count_steps_of_at_least_{k}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Return how many times two neighbouring numbers differ by {k} or more.",
            body=(
                f"count = 0\nfor i in range(1, len(numbers)):\n    if abs(numbers[i] - numbers[i - 1]) >= {k}:\n"
                "        count += 1\nreturn count"
            ),
            answer=lambda numbers, k=k: sum(abs(a - b) >= k for a, b in pairwise(numbers)),
            inputs=LISTS,
        )


@family(level=1, held_out=True)
def _skip_first() -> Iterator[Exercise]:
    for k in range(1, 8):
        yield Exercise(
            name=f"skip_first_{k}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return all numbers but the first {k}.",
            body=f"return numbers[{k}:]",
            answer=lambda numbers, k=k: [n for i, n in enumerate(numbers) if i >= k],
            inputs=LISTS,
        )


@family(level=1, held_out=True)
def _sum_divisible() -> Iterator[Exercise]:
    for k in range(2, 14):
        yield Exercise(
            name=f"is_sum_divisible_by_{k}",
            parameters=_PARAMETER,
            returns="bool",
            task=f"Tell whether the sum of the numbers is divisible by {k}.",
            body=f"return sum(numbers) % {k} == 0",
            answer=lambda numbers, k=k: not sum(numbers) % k,
            inputs=LISTS,
        )


@family(level=2, held_out=True)
def _product_above() -> Iterator[Exercise]:
    for t in range(1, 15):
        yield Exercise(
            name=f"product_of_numbers_above_{t}",
            parameters=_PARAMETER,
            returns="int",
            task=f"Multiply all numbers that are greater than {t}, and return the product; 1 if there are none.",
            body=(
                f"product = 1\nfor number in numbers:\n    if number > {t}:\n        product *= number\nreturn product"
            ),
            answer=lambda numbers, t=t: prod(n for n in numbers if n > t),
            inputs=LISTS,
        )


@family(level=2, held_out=True)
def _smallest_above() -> Iterator[Exercise]:
    for t in range(1, 15):
        yield Exercise(
            name=f"smallest_number_above_{t}",
            parameters=_PARAMETER,
            returns="int | None",
            task=f"Return the smallest number that is greater than {t}, or None if there is none.",
            body=f"return min((number for number in numbers if number > {t}), default=None)",
            answer=lambda numbers, t=t: next((n for n in sorted(numbers) if n > t), None),
            inputs=LISTS,
        )


@family(level=2, held_out=True)
def _positions_of() -> Iterator[Exercise]:
    for v in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13):
        yield Exercise(
            name=f"positions_of_{v}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return every index at which the number is {v}.",
            body=f"return [index for index, number in enumerate(numbers) if number == {v}]",
            answer=lambda numbers, v=v: [i for i in range(len(numbers)) if numbers[i] == v],
            inputs=LISTS,
        )


@family(level=3, held_out=True)
def _insert_behind() -> Iterator[Exercise]:
    for v in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13):
        yield Exercise(
            name=f"insert_0_behind_every_{v}",
            parameters=_PARAMETER,
            returns="list[int]",
            task=f"Return the numbers with a 0 behind every {v}.",
            body=(
                f"result = []\nfor number in numbers:\n    result.append(number)\n    if number == {v}:\n"
                "        result.append(0)\nreturn result"
            ),
            answer=lambda numbers, v=v: [n for each in numbers for n in ([each, 0] if each == v else [each])],
            inputs=LISTS,
        )
