"""Which token comes next: one uniform number a row, put through the inverse of the row's own distribution.

The rows of a batch share no random state, so a row's token depends on its own logits and its own number alone. The
cumulative sums run in the order of token ids, not of probabilities: when rounding swaps two nearly equal tokens (which
other batch shapes do, in bfloat16 often), only the borders between tokens move by that rounding, and the draw seldom
changes.
"""

import torch
from torch import Tensor

# Enough for the nucleus of nearly every step of a code model; rows that need more are sorted whole.
PREFIX = 64

# A vocabulary of 262,144 is searched as 512 blocks of this size.
BLOCK = 512


def likeliest_tokens(logits: Tensor) -> Tensor:
    """The token of highest logit of each row: (rows, vocabulary) to (rows,) int64."""
    return logits.argmax(dim=-1)


def draw_tokens(logits: Tensor, uniforms: Tensor, *, temperature: float, top_p: float, top_k: int) -> Tensor:
    """One token a row, drawn from softmax(logits / temperature) cut to `top_k` and then to `top_p`.

    Args:
        logits: (rows, vocabulary), any float type.
        uniforms: (rows,) float64 in [0, 1).
        temperature: Above 0.
        top_p: In (0, 1]; the smallest set of likeliest tokens with at least this mass is kept.
        top_k: Likeliest tokens kept; 0 keeps all.

    Returns:
        (rows,) int64.
    """
    probabilities = torch.softmax(logits.float() / temperature, dim=-1)
    vocabulary = probabilities.shape[-1]
    if top_p == 1 and (top_k == 0 or top_k >= vocabulary):
        return _draw_from_all(probabilities, uniforms)
    width = min(top_k or PREFIX, vocabulary)
    mass, ids = probabilities.topk(width)
    if top_k:
        mass = mass / mass.sum(dim=-1, keepdim=True)
        return _draw_from_nucleus(mass, ids, uniforms, top_p)
    drawn = _draw_from_nucleus(mass, ids, uniforms, top_p)
    wider = (mass.sum(dim=-1) < top_p).nonzero().squeeze(-1)
    if wider.numel():
        mass, ids = probabilities[wider].sort(dim=-1, descending=True)
        drawn[wider] = _draw_from_nucleus(mass, ids, uniforms[wider], top_p)
    return drawn


def _draw_from_nucleus(mass: Tensor, ids: Tensor, uniforms: Tensor, top_p: float) -> Tensor:
    """One of `ids` a row, from the first of the descending `mass` that together reach `top_p`; all (rows, width)."""
    mass = mass.double()
    mass_before = mass.cumsum(dim=-1) - mass
    mass = mass.masked_fill(mass_before >= top_p, 0)
    ids, by_id = ids.sort(dim=-1)
    place = _invert(mass.gather(-1, by_id).cumsum(dim=-1), uniforms)
    return ids.gather(-1, place[:, None]).squeeze(-1)


def _draw_from_all(probabilities: Tensor, uniforms: Tensor) -> Tensor:
    """One token a row from the whole vocabulary, without sorting it."""
    rows, vocabulary = probabilities.shape
    padded = torch.nn.functional.pad(probabilities, (0, -vocabulary % BLOCK))
    blocks = padded.view(rows, -1, BLOCK)
    cumulative = blocks.sum(dim=-1, dtype=torch.float64).cumsum(dim=-1)
    block = _invert(cumulative, uniforms)
    row = torch.arange(rows, device=probabilities.device)
    end = cumulative[row, block]
    begin = torch.where(block > 0, cumulative[row, (block - 1).clamp(min=0)], 0.0)
    within = (uniforms * cumulative[:, -1] - begin) / (end - begin)
    return block * BLOCK + _invert(blocks[row, block].double().cumsum(dim=-1), within)


def _invert(cumulative: Tensor, uniforms: Tensor) -> Tensor:
    """First place a row whose cumulative mass (rows, width) exceeds `uniforms` times the row's total: (rows,) int64."""
    total = cumulative[:, -1:]
    # Rounding may lift the product to the total, beyond which there is no token.
    threshold = torch.minimum(uniforms[:, None] * total, torch.nextafter(total, torch.zeros_like(total)))
    return torch.searchsorted(cumulative, threshold.clamp(min=0), right=True).squeeze(-1)
