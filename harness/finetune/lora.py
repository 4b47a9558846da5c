"""A model with a fresh adapter, and the rows that it computes together."""

from typing import TYPE_CHECKING, Any

import torch

from codecrucible.harness.finetune.encoding import IGNORED
from codecrucible.harness.finetune.recipe import PRESETS, Lora
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.quiet import quiet_transformers

if TYPE_CHECKING:
    from codecrucible.harness.models.local.model import LocalModel


def with_adapter(local: "LocalModel", recipe: Lora, *, four_bit: bool = False) -> Any:
    """The model with a fresh LoRA adapter, which changes nothing yet.

    Raises:
        ModelUnusable: if it has no layers that the preset adapts.
    """
    with quiet_transformers():
        from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training

    torch.manual_seed(recipe.seed)
    targets = PRESETS[recipe.preset]
    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules=targets if isinstance(targets, str) else list(targets),
        bias="none",
        fan_in_fan_out=any(_is_transposed(module) for module in local.model.modules()),
    )
    local.model.config.use_cache = False
    if four_bit:  # what is not in 4 bits computes in float32
        prepare_model_for_kbit_training(local.model, use_gradient_checkpointing=False)  # type: ignore[no-untyped-call]
    try:
        with quiet_transformers():
            model = get_peft_model(local.model, config)
    except ValueError as error:  # none of the modules is there, or one is of a kind that cannot be adapted
        if isinstance(targets, str):
            raise ModelUnusable(
                f"{local.facts.spec} cannot be adapted with --preset {recipe.preset}: {error}"
            ) from error
        linear = {name.rpartition(".")[2] for name, module in local.model.named_modules() if _is_linear(module)}
        raise ModelUnusable(
            f"{local.facts.spec} has no layers called {' or '.join(targets)}, which --preset {recipe.preset} adapts: "
            f"its linear layers are called {', '.join(sorted(linear))}; give --preset all-linear"
        ) from error
    if recipe.gradient_checkpointing:
        model.enable_input_require_grads()
        with quiet_transformers():  # newer ones have another name for it
            model.gradient_checkpointing_enable()
    return model


def _is_linear(module: torch.nn.Module) -> bool:
    return isinstance(module, torch.nn.Linear) or _is_transposed(module)


def _is_transposed(module: torch.nn.Module) -> bool:
    return type(module).__name__ == "Conv1D"  # GPT-2's linear layer


def pad_id(local: "LocalModel") -> int:
    """Token that rows are padded with."""
    if local.tokenizer.pad_token_id is None:  # what is padded is masked, whatever it is
        local.tokenizer.pad_token = local.tokenizer.eos_token
    return int(local.tokenizer.pad_token_id)


def without_unused_logits(batch: Any) -> Any:
    """`batch` with labels from the first one on that any row learns, and the order to compute no logits before that.

    A thousand tokens have 197 MB of them, in float32 and with a vocabulary of 49,152.

    Args:
        batch: "labels" (rows, tokens) int64, and what else a causal language model takes; is changed.
    """
    learned = (batch["labels"] != IGNORED).any(0).nonzero()
    first = max(1, int(learned[0])) if len(learned) else 1
    batch["labels"] = batch["labels"][:, first - 1 :].contiguous()  # the logits before a token predict it
    batch["logits_to_keep"] = batch["labels"].shape[1]
    return batch


def divisor(number: int, at_most: int) -> int:
    """The largest divisor of `number` up to `at_most`."""
    return next(each for each in range(min(at_most, number), 0, -1) if number % each == 0)


def out_of_memory(error: BaseException) -> bool:
    """Whether a device or the machine has no memory left for what was computed."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
