"""How an adapter is trained."""

from collections.abc import Mapping
from dataclasses import dataclass

PRESETS: Mapping[str, tuple[str, ...] | str] = {"attention": ("q_proj", "v_proj"), "all-linear": "all-linear"}
"""Which layers get an adapter, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train; what of it changes makes another adapter.

    Attributes:
        preset: Key of `PRESETS`.
        rank: LoRA rank: that of the two matrices of each adapted layer.
        alpha: Their product is scaled by alpha / rank.
        dropout: Share of a layer's input that is dropped, in training alone.
        learning_rate: At its highest, after a tenth of the steps; then it falls along a cosine.
        batch: Rows a step.
        epochs: Times that each row is seen, at most.
        max_steps: Steps at most; 0 for no other limit.
        patience: Evaluations without a lower validation loss after which training ends; 0 to go on to the end.
        max_tokens: Longer rows are left out.
        replay_share: Share of replayed rows among all training rows.
        gradient_checkpointing: Whether activations are computed twice, to save memory.
        packing: Whether rows fill packs of `max_tokens`, of which `batch` are a step.
        four_bit: Whether the base's linear layers are held in 4 bits meanwhile (QLoRA).
        seed: Random seed for initial weights, dropout and row order.
    """

    preset: str = "attention"
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    learning_rate: float = 2e-4
    batch: int = 128
    epochs: float = 3.0
    max_steps: int = 0
    patience: int = 3
    max_tokens: int = 2048
    replay_share: float = 0.2
    gradient_checkpointing: bool = False
    packing: bool = False
    four_bit: bool = False
    seed: int = 0
