"""Quantiles of Student's t distribution, for intervals over few problems.

Twenty lines instead of a dependency: for whole degrees of freedom the distribution function is a finite sum.
"""

from functools import lru_cache
from math import atan, cos, hypot, pi, sin, sqrt


def student_t_cdf(t: float, *, df: int) -> float:
    """Probability that a t variable with `df` degrees of freedom is at most `t`.

    Source:
        Abramowitz and Stegun 1964, formulas 26.7.3 (odd df) and 26.7.4 (even df).

    >>> student_t_cdf(1.0, df=1)
    0.75
    """
    theta = atan(t / sqrt(df))
    cosine_squared = cos(theta) ** 2
    if df % 2:
        term, first = cos(theta), 2
    else:
        term, first = 1.0, 1
    total = 0.0
    for factor in range(first, df, 2):
        total += term
        term *= cosine_squared * factor / (factor + 1)
    inside = 2 / pi * (theta + sin(theta) * total) if df % 2 else sin(theta) * total
    return (1 + inside) / 2


@lru_cache(maxsize=256)
def student_t_quantile(probability: float, *, df: int) -> float:
    """Value that a t variable stays below with the given probability, to about 1e-12 of its size.

    Args:
        probability: Between 0.5 and 1, both excluded.
        df: Degrees of freedom, a whole number >= 1.

    Raises:
        ValueError: if an argument is out of range.

    >>> round(student_t_quantile(0.975, df=10), 6)
    2.228139
    """
    if not 0.5 < probability < 1 or df < 1:  # noqa: PLR2004 - the median
        raise ValueError(
            f"Cannot give the t quantile of probability {probability} at {df} degrees of freedom: "
            "pass a probability between 0.5 and 1 and at least 1 degree of freedom."
        )
    low, high = 0.0, 1.0
    while student_t_cdf(high, df=df) < probability:
        low, high = high, 2 * high
    while high - low > 1e-13 * hypot(1, high):
        middle = (low + high) / 2
        if student_t_cdf(middle, df=df) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2
