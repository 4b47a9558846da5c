"""Which rows are for validation: whole clusters of what is alike or from one place, so that none has a twin beyond."""

from array import array
from collections.abc import Iterable, Sequence
from hashlib import sha256


def validation_rows(rows: int, *, links: Iterable[tuple[int, int]], share: float, seed: int) -> set[int]:
    """Numbers of the rows for validation, about `share` of all; whole clusters, chosen by `seed`.

    Args:
        rows: How many there are.
        links: Pairs of rows that belong together.
        share: In [0, 1). With any share above 0 it is at least one row, where a cluster is small enough.
        seed: Random seed of the choice.

    >>> sorted(validation_rows(4, links=[(0, 1)], share=0.5, seed=0))
    [2, 3]
    """
    wanted = max(1, round(rows * share)) if share > 0 else 0
    chosen: set[int] = set()
    for cluster in _shuffled(_clusters(rows, links), seed):
        if len(cluster) <= wanted - len(chosen):
            chosen.update(cluster)
    return chosen if len(chosen) < rows else set()


def _clusters(rows: int, links: Iterable[tuple[int, int]]) -> list[list[int]]:
    parents = array("q", range(rows))

    def root(row: int) -> int:
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    for a, b in links:
        low, high = sorted((root(a), root(b)))
        parents[high] = low
    found: dict[int, list[int]] = {}
    for row in range(rows):
        found.setdefault(root(row), []).append(row)
    return list(found.values())


def _shuffled(clusters: Sequence[list[int]], seed: int) -> list[list[int]]:
    return sorted(clusters, key=lambda cluster: sha256(f"{seed}:{cluster[0]}".encode()).digest())
