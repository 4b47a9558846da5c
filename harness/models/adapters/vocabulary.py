"""Vocabularies that were enlarged for an adapter: the base gets as many rows as the adapter has embeddings for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from torch import Tensor

from codecrucible.harness.models.errors import AdapterMismatch

if TYPE_CHECKING:
    from peft import PeftConfig
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


def fit_vocabulary(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    own: "PreTrainedTokenizerBase | None",
    stored: Mapping[str, Tensor],
    who: str,
) -> str:
    """What was changed, "" if nothing: `model` gets the rows that the adapter holds embeddings of.

    Args:
        model: The base.
        tokenizer: The base's.
        own: The adapter's own, if it came with one.
        stored: The adapter's weights.
        who: The beginning of an error message.

    Raises:
        AdapterMismatch: the adapter's tokenizer has other tokens than the base's, or more, and no embeddings for them.
    """
    if own is None:
        return ""
    theirs, ours = own.get_vocab(), tokenizer.get_vocab()
    if any(theirs.get(token) != number for token, number in ours.items()):
        raise AdapterMismatch(
            f"{who}: it comes with a tokenizer of {len(own)} tokens, and the base has another one of {len(tokenizer)} "
            "tokens; give its own base with --model"
        )
    before = _embeddings(model)
    rows = {name: _rows(name, stored) for name in before}
    had = len(next(iter(before.values())))
    wanted = max((count for count in rows.values() if count), default=had)
    needed = max(theirs.values()) + 1
    tied = len({weight.data_ptr() for weight in before.values()}) == 1
    if wanted < needed or (wanted != had and not tied and None in rows.values()):
        raise AdapterMismatch(
            f"{who}: its tokenizer has {len(own)} tokens, for which the base has {had} rows of embeddings, and it "
            "holds none for the others; save it again with save_embedding_layers=True"
        )
    if wanted == had:
        return ""
    model.resize_token_embeddings(wanted, mean_resizing=False)  # the adapter has numbers for every row
    return f"the vocabulary of the base was resized from {had} rows to the {wanted} that the adapter has"


def trained_tokens(config: "PeftConfig", model: "PreTrainedModel") -> list[int]:
    """Ids of the tokens whose embeddings alone were trained, of those that the base has."""
    named: Any = getattr(config, "token_indices", None) or getattr(config, "trainable_token_indices", None) or []
    listed = named.values() if isinstance(named, dict) else [named]
    rows = len(next(iter(_embeddings(model).values())))
    return sorted({number for each in listed for number in each if number < rows})


def _embeddings(model: "PreTrainedModel") -> dict[str, Tensor]:
    """Weights of the embeddings by the name of their module: into the model, and out of it where it has such."""
    both: list[Any] = [model.get_input_embeddings(), model.get_output_embeddings()]  # type: ignore[no-untyped-call]
    return {name: module.weight for name, module in model.named_modules() if any(module is each for each in both)}


def _rows(name: str, stored: Mapping[str, Tensor]) -> int | None:
    """Rows that the adapter holds of the embeddings called `name`; None if it holds none."""
    keys = (f"base_model.model.{name}.weight", f"base_model.model.{name}.base_layer.weight")
    return next((len(stored[key]) for key in keys if key in stored), None)
