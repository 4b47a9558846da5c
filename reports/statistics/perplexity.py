"""Perplexity of texts under a model, per token and per byte."""

import math
from collections.abc import Sequence

from codecrucible.reports.report_types import Perplexity


def perplexity_of(losses: Sequence[tuple[float, int, int]], *, problems: int, reason: str = "") -> Perplexity:
    """Perplexity over all tokens; None with the reason where nothing was measured.

    Args:
        losses: For each text that was measured, its negative log-likelihood in nats, its tokens, and its bytes.
        problems: How many there are.
        reason: Why nothing was measured, if that is known.

    >>> found = perplexity_of([(math.log(2) * 8, 4, 16)], problems=1)
    >>> round(found.value, 9), found.bits_per_byte
    (4.0, 0.5)
    """
    nats = math.fsum(loss for loss, _, _ in losses)
    tokens, size = sum(count for _, count, _ in losses), sum(count for *_, count in losses)
    value = _exp(nats / tokens) if tokens else None
    if not reason:
        left_out = problems - len(losses)
        reason = f"{left_out} of {problems} references could not be measured and are left out" if left_out else ""
    if tokens and value is None:
        reason = "the loss is too large"
    return Perplexity(
        value=value,
        bits_per_byte=nats / math.log(2) / size if size else None,
        tokens=tokens,
        bytes=size,
        measured=len(losses),
        problems=problems,
        reason=reason,
    )


def _exp(nats: float) -> float | None:
    try:
        return math.exp(nats)
    except OverflowError:
        return None
