"""How an adapter is trained."""

from collections.abc import Mapping
from dataclasses import dataclass

PRESETS: Mapping[str, tuple[str, ...] | str] = {"attention": ("q_proj", "v_proj"), "all-linear": "all-linear"}
"""Which layers get an adapter, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lora:
    """The adapter, whatever it is trained by.

    Attributes:
        preset: Key of `PRESETS`.
        rank: LoRA rank: that of the two matrices of each adapted layer.
        alpha: Their product is scaled by alpha / rank.
        dropout: Share of a layer's input that is dropped, in training alone.
        gradient_checkpointing: Whether activations are computed twice, to save memory.
        seed: Random seed for initial weights, dropout and the order of what is learnt from.
    """

    preset: str = "attention"
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    gradient_checkpointing: bool = False
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe(Lora):
    """How to train on rows; what of it changes makes another adapter.

    Attributes:
        learning_rate: At its highest, after a tenth of the steps; then it falls along a cosine.
        batch: Rows a step.
        epochs: Times that each row is seen, at most.
        max_steps: Steps at most; 0 for no other limit.
        patience: Evaluations without a lower validation loss after which training ends; 0 to go on to the end.
        max_tokens: Longer rows are left out.
        replay_share: Share of replayed rows among all training rows.
        packing: Whether rows fill packs of `max_tokens`, of which `batch` are a step.
        four_bit: Whether the base's linear layers are held in 4 bits meanwhile (QLoRA).
    """

    learning_rate: float = 2e-4
    batch: int = 128
    epochs: float = 3.0
    max_steps: int = 0
    patience: int = 3
    max_tokens: int = 2048
    replay_share: float = 0.2
    packing: bool = False
    four_bit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GrpoRecipe(Lora):
    """How to train on rewards; what of it changes makes another adapter.

    Attributes:
        learning_rate: The same from the first step to the last.
        steps: Steps.
        batch: Problems a step.
        group: Samples of each problem, which are held against each other; at least 2.
        temperature: At which they are drawn; above 0.
        max_new_tokens: Tokens after which a sample is cut off.
        kl: Coefficient of the KL divergence from the base; 0 for none.
        fraction: Whether a sample that fails is worth the share of the tests that it passed.
        control: Whether a pass that only a negative control confirms is rewarded; if not, it is left out.

    Source:
        Shao et al. 2024, arXiv:2402.03300: rewards of a group, less their mean, over their standard deviation.
    """

    dropout: float = 0.0
    learning_rate: float = 1e-5
    steps: int = 100
    batch: int = 8
    group: int = 8
    temperature: float = 1.0
    max_new_tokens: int = 256
    kl: float = 0.04
    fraction: bool = False
    control: bool = False
