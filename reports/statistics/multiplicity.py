"""Several tests at once: p-values that keep the chance of any false alarm at the level of one test."""

from collections.abc import Sequence


def holm(p_values: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Holm's adjusted p-values, in the order given: reject where one is at most alpha.

    With weights, a test gets a share of the level in proportion to its own; those that are rejected pass theirs on.

    Args:
        p_values: p-values of the whole family of tests, each in [0, 1].
        weights: Weights of the tests, each above 0; None where all are alike.

    Source:
        Holm 1979, A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6; with
        weights, its section 5.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    >>> holm([0.125, 0.0625], weights=[2, 1])
    [0.1875, 0.1875]
    """
    weights = [1.0] * len(p_values) if weights is None else weights
    adjusted = [0.0] * len(p_values)
    highest, left = 0.0, float(sum(weights))
    for place in sorted(range(len(p_values)), key=lambda place: p_values[place] / weights[place]):
        highest = max(highest, min(1.0, left / weights[place] * p_values[place]))
        adjusted[place] = highest
        left -= weights[place]
    return adjusted
