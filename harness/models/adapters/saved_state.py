"""A model as it was before something was put into it: put back, and compared to the bit."""

import os
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from transformers import PreTrainedModel


_BNB = ("bitsandbytes.autograd._functions",)


class SavedState:
    """All that `model` consists of, so that it can become what it is now again.

    Modules and tensors are remembered, not copied: that costs no memory, and is enough against whatever takes their
    place. What is written into has to be named.

    Args:
        model: On any devices.
        written: Names of the parameters and buffers that will be written into; they are copied to main memory.
    """

    def __init__(self, model: "PreTrainedModel", written: Collection[str]) -> None:
        owners: list[Any] = [*model.modules(), model.config, model.config.get_text_config()]
        # Where a layer of 8 bits keeps its scales once it has computed, and peft changes them.
        owners += [held for owner in model.modules() if type(held := vars(owner).get("state")).__module__ in _BNB]
        self._owners = [(owner, dict(vars(owner))) for owner in owners]
        self._contents = [
            (value, dict(value)) for _, held in self._owners for value in held.values() if isinstance(value, dict)
        ]
        named = tensors_of(model)
        copied = {id(tensor) for name, tensor in named.items() if name in written}  # one of its names is enough
        self._tensors = [
            (tensor, tensor.data.to("cpu", copy=True) if number in copied else tensor.data, tensor.device)
            for number, tensor in {id(tensor): tensor for tensor in named.values()}.items()
        ]

    def restore(self) -> None:
        """Put back every module, setting and number."""
        for owner, held in self._owners:
            vars(owner).clear()
            vars(owner).update(held)
        for content, held in self._contents:
            content.clear()
            content.update(held)
        for tensor, numbers, device in self._tensors:
            tensor.data = numbers.to(device)


def tensors_of(model: "PreTrainedModel") -> dict[str, Tensor]:
    """Parameters and buffers by name, tied ones under each of their names."""
    return dict(model.named_parameters(remove_duplicate=False)) | dict(model.named_buffers(remove_duplicate=False))


def weight_digests(model: "PreTrainedModel") -> dict[str, str]:
    """Hex SHA-256 by name of all that is computed with: parameters, buffers, the scales of quantised layers.

    Reads the whole model once, several tensors at a time, and holds no more than these in main memory.
    """
    stored: Mapping[str, Any] = model.state_dict(keep_vars=True)  # so that those that are tied are the same objects
    named = tensors_of(model) | {name: value for name, value in stored.items() if isinstance(value, Tensor)}
    distinct = {id(tensor): tensor for tensor in named.values()}
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # hashing lets go of Python's lock
        digests = dict(zip(distinct, pool.map(_digest, distinct.values()), strict=True))
    return {name: digests[id(tensor)] for name, tensor in named.items()}


def _digest(tensor: Tensor) -> str:
    digest = sha256(f"{tensor.dtype} {tuple(tensor.shape)} ".encode())
    # A weight that accelerate keeps on disk has no numbers here.
    if not tensor.is_meta and tensor.numel():
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
