"""Tails and quantiles of Student's t distribution, for intervals over few problems.

A short file instead of a dependency. They start from the upper tail, for the level of an early look may be 1e-20, and
what is left of 1 without it is 1.
"""

from functools import lru_cache
from math import exp, hypot, lgamma, log, sqrt

TERMS = 200  # of the continued fraction, which has converged long before


def student_t_tail(t: float, *, df: int) -> float:
    """Probability that a t variable with `df` degrees of freedom is above `t`, which is 0 or more.

    Source:
        Abramowitz and Stegun 1964, formula 26.7.1, with the continued fraction 26.5.8 of the incomplete beta function.

    >>> round(student_t_tail(1.0, df=1), 12)
    0.25
    """
    if t == 0:
        return 0.5
    a, b = df / 2, 1 / 2
    length = hypot(t, sqrt(df))
    near, far = (t / length) ** 2, (sqrt(df) / length) ** 2
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + df * log(sqrt(df) / length) + log(t / length))
    # The fraction converges fast on one side of the beta distribution's middle; on the other, that of the complement.
    if far < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, far) / a / 2
    return (1 - front * _fraction(b, a, near) / b) / 2


def _fraction(a: float, b: float, x: float) -> float:
    value = 1.0
    for place in range(TERMS, 0, -1):
        half = place // 2
        if place % 2:
            term = -(a + half) * (a + b + half) * x / ((a + place - 1) * (a + place))
        else:
            term = half * (b - half) * x / ((a + place - 1) * (a + place))
        value = 1 + term / value
    return 1 / value


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
    return student_t_upper_quantile(1 - probability, df=df)


@lru_cache(maxsize=256)
def student_t_upper_quantile(tail: float, *, df: int) -> float:
    """Value that a t variable exceeds with the probability `tail`, which may be as small as a float can be.

    >>> round(student_t_upper_quantile(1e-20, df=163), 3)
    10.646
    """
    low, high = 0.0, 1.0
    while student_t_tail(high, df=df) > tail:
        low, high = high, 2 * high
    while high - low > 1e-13 * hypot(1, high):
        middle = (low + high) / 2
        if student_t_tail(middle, df=df) > tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2
