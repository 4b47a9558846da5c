"""Rows one behind the other in the place of padding, none of which sees another."""

import random
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from codecrucible.harness.finetune.encoding import IGNORED
from codecrucible.harness.models.errors import ModelUnusable

TOLERANCES = {torch.float32: 1e-4, torch.bfloat16: 5e-2, torch.float16: 1e-2}
"""Share of the largest logit that computing the same in another order may change."""

_LEAK = 1e-3
"""Share of the largest logit that tokens outside the attention may change; they change nothing but for rounding."""


def packed(rows: Sequence[Mapping[str, list[int]]], *, limit: int, seed: int) -> list[dict[str, list[int]]]:
    """Packs of at most `limit` tokens, each row whole in the fullest pack that has room for it.

    Args:
        rows: "input_ids" and "labels", none longer than `limit`.
        limit: Tokens a pack.
        seed: Random seed of the order in which rows are put into packs.

    Returns:
        "input_ids", "labels" and "position_ids", which begin at 0 with each row. No loss is taken of a row's first
        token, which nothing of that row predicts.
    """
    order = random.Random(seed).sample(range(len(rows)), len(rows))  # noqa: S311 - no secret
    packs: list[list[int]] = []
    room: list[tuple[int, int]] = []  # tokens that are free, and in which pack, in order
    for number in order:
        length = len(rows[number]["input_ids"])
        place = bisect_left(room, (length, 0))
        free, pack = room.pop(place) if place < len(room) else (limit, len(packs))
        if pack == len(packs):
            packs.append([])
        packs[pack].append(number)
        insort(room, (free - length, pack))
    return [_pack([rows[number] for number in pack]) for pack in packs]


def _pack(rows: Sequence[Mapping[str, list[int]]]) -> dict[str, list[int]]:
    return {
        "input_ids": [token for row in rows for token in row["input_ids"]],
        "labels": [label for row in rows for label in (IGNORED, *row["labels"][1:])],
        "position_ids": [place for row in rows for place in range(len(row["input_ids"]))],
    }


def collate_packs(packs: Sequence[Mapping[str, list[int]]], *, pad: int) -> dict[str, Tensor]:
    """Tensors (packs, longest) int64. Without an attention mask: where positions begin anew, another row begins.

    Args:
        packs: Packs, as `packed` makes them.
        pad: Token at the end of shorter packs, where each is a row of its own.
    """
    longest = max(len(pack["input_ids"]) for pack in packs)
    filling = {"input_ids": pad, "labels": IGNORED, "position_ids": 0}
    return {
        name: torch.tensor([[*pack[name], *[fill] * (longest - len(pack[name]))] for pack in packs])
        for name, fill in filling.items()
    }


@torch.inference_mode()
def check_apart(
    model: Any, rows: Sequence[Mapping[str, list[int]]], *, pad: int, dtype: torch.dtype, name: str
) -> None:
    """Nothing, if `model` computes of a row in a pack what it computes of the row alone, whatever stands before it.

    Args:
        model: Whose layers may mix what they should keep apart, in evaluation mode.
        rows: Rows, of which the shortest are tried.
        pad: As `collate_packs` takes it.
        dtype: In which it computes.
        name: Name of the model, for messages.

    Raises:
        ModelUnusable: if it does not.
    """
    shortest = sorted(rows, key=lambda row: len(row["input_ids"]))[:2]
    first, second = shortest[0], shortest[-1]
    other = {**first, "input_ids": [pad] * len(first["input_ids"])}

    def logits(*packs: Sequence[Mapping[str, list[int]]]) -> Tensor:
        inputs = collate_packs([_pack(pack) for pack in packs], pad=pad)
        found = model(**{key: inputs[key].to(model.device) for key in ("input_ids", "position_ids")}).logits
        last: Tensor = found[0, -len(second["input_ids"]) :].float()
        return last

    apart = "position_ids" in signature(model.forward).parameters
    if apart:
        behind, behind_other = logits([first, second], [second]), logits([other, second], [second])
        alone = logits([second])
        largest = float(alone.abs().max())
        leaked, moved = float((behind - behind_other).abs().max()), float((behind - alone).abs().max())
        apart = leaked <= _LEAK * largest and moved <= TOLERANCES[dtype] * largest
    if not apart:
        raise ModelUnusable(
            f"{name}, a {type(model).__name__}, does not keep the rows of a pack apart: what it computes of a row "
            "would depend on the rows before it. Train without --packing"
        )
