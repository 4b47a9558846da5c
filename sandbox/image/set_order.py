"""Sets that are rebuilt in the order in which they are iterated over elsewhere.

CPython iterates over a set by the slots of its table. Which slot an item has depends on the size of the table and on
the items that were there before it, so two equal sets often differ in it: `{12, 13, 14, 15, 16}` begins with 16, and
`set([12, 13, 14, 15, 16])` with 12. A program that a plain interpreter would hand the one must not be handed the other.

What is rebuilt here is the table, as far as it can be: of a set that items were removed from it cannot always be. Then
the set is equal, and its order is whatever it is.
"""

import itertools
import sys
from collections.abc import Callable, Collection, Iterable, Iterator

Items = Collection[object]

#: As in CPython's setobject.c, from 3.7 on.
_LINEAR_PROBES, _PERTURB_SHIFT, _UNSIGNED = 9, 5, (1 << 64) - 1
_SMALLEST_TABLE = 8
_EMPTY_BYTES, _SLOT_BYTES = sys.getsizeof(set()), 16
#: Slots that are looked at for each item; one that is further from its first choice is not found.
_MOST_PROBES = 40
#: Items whose orders are all gone through.
_FEW = 5
#: Of a set that is looked into; a larger one is rebuilt as it comes.
_MOST_ITEMS = 1000


def made_at_once(items: Iterable[object]) -> set[object]:
    """The set whose table was made for all items before the first one came, as that of a set display."""
    return set(dict.fromkeys(items))


def history_of(value: set[object] | frozenset[object]) -> tuple[bool, list[object]]:
    """Whether `made_at_once` gives the order of `value`, or `set`, and a list of the items in the order for it."""
    items = list(value)
    if not 1 < len(items) <= _MOST_ITEMS:
        return False, items
    try:
        for at_once, build in ((False, set), (True, made_at_once)):
            if (history := _history(value, items, build)) is not None:
                return at_once, history
    except Exception:  # noqa: BLE001, S110 - items of the program's own may refuse to be hashed again
        pass
    return False, items


def _history(
    value: set[object] | frozenset[object], items: list[object], build: Callable[[list[object]], set[object]]
) -> list[object] | None:
    """Order in which `build` has to be given `items` for them to come out in theirs; None if there is none."""
    built = build(items)
    if _same(built, items):
        return items
    size = _table_size(value)
    if _table_size(built) != size:
        return None
    if len(items) <= _FEW:
        return next(([*order] for order in itertools.permutations(items) if _same(build([*order]), items)), None)
    slots = _slots_of(items, size - 1)
    order = _order_of(items, slots, size - 1) if slots else None
    return order if order is not None and _same(build(order), items) else None


def _same(built: Items, items: Items) -> bool:
    return all(one is other for one, other in zip(built, items, strict=True))


def _table_size(value: Items) -> int:
    return (sys.getsizeof(value) - _EMPTY_BYTES) // _SLOT_BYTES or _SMALLEST_TABLE


def _probes(item: object, mask: int) -> Iterator[int]:
    """Slots in which an item is put, if those before are taken."""
    perturb = hash(item) & _UNSIGNED
    slot = perturb & mask
    while True:
        yield from range(slot, slot + 1 + (_LINEAR_PROBES if slot + _LINEAR_PROBES <= mask else 0))
        perturb >>= _PERTURB_SHIFT
        slot = (slot * 5 + 1 + perturb) & mask


def _slots_of(items: list[object], mask: int) -> list[int] | None:
    """Slots in which the items can be, going up from one to the next; None if none were found.

    An item is beyond its first choice only if all that it would rather have are taken. Those below its slot are known
    when it is looked at, those above have to be taken later.
    """
    choices = [list(itertools.islice(_probes(item, mask), _MOST_PROBES)) for item in items]
    slots: list[int] = []
    taken, wanted = [False] * (mask + 1), [0] * (mask + 1)
    tried = [0]
    for _ in range(50 * len(items)):
        number = tried[-1]
        tried[-1] += 1
        before = slots[-1] if slots else -1
        probes = choices[len(slots)]
        if number == len(probes):
            tried.pop()
            if not slots:
                return None
            taken[slots[-1]] = False
            last = slots.pop()
            for slot in choices[len(slots)][: tried[-1] - 1]:
                wanted[slot] -= slot > last
            continue
        slot = probes[number]
        if slot <= before or any(wanted[before + 1 : slot]) or not all(p > slot or taken[p] for p in probes[:number]):
            continue
        is_last = len(slots) + 1 == len(items)
        if is_last and (any(wanted[slot + 1 :]) or any(other > slot for other in probes[:number])):
            continue
        slots.append(slot)
        taken[slot] = True
        for other in probes[:number]:
            wanted[other] += other > slot
        if is_last:
            return slots
        tried.append(0)
    return None


def _order_of(items: list[object], slots: list[int], mask: int) -> list[object] | None:
    """Order in which the items come into these slots, those in their first choice first; None if there is none."""
    filled: set[int] = set()
    order: list[object] = []
    waiting = list(zip(items, slots, strict=True))
    while waiting:
        ready = [
            (item, slot)
            for item, slot in waiting
            if all(before in filled for before in itertools.takewhile(slot.__ne__, _probes(item, mask)))
        ]
        if not ready:
            return None
        order += [item for item, _ in ready]
        filled |= {slot for _, slot in ready}
        waiting = [pair for pair in waiting if pair[1] not in filled]
    return order
