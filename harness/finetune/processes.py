"""The processes of one training, one a GPU, as `accelerate launch` or `torchrun` starts them. Most often it is one."""

import os
from typing import Any

from codecrucible.harness.common.errors import UsageError


def is_first() -> bool:
    """Whether this process is the one that speaks and writes."""
    return int(os.environ.get("RANK", "0")) == 0


def several() -> bool:
    """Whether there are more than one."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def join(device: str, *, batch: int, four_bit: bool) -> Any:
    """The processes, as accelerate's `PartialState`: `num_processes`, `is_main_process`, `wait_for_everyone`.

    Args:
        device: As `load_model` takes it.
        batch: Rows a step, which they divide among them.
        four_bit: Whether the base is in 4 bits.

    Raises:
        UsageError: if the rows, or layers in 4 bits, cannot be divided.
    """
    if four_bit and any(os.environ.get(f"ACCELERATE_USE_{how}") == "true" for how in ("FSDP", "DEEPSPEED")):
        raise UsageError("--4bit: layers in 4 bits are not divided among GPUs; launch with accelerate/gpus.yaml")
    import torch
    from accelerate import PartialState

    processes = PartialState(cpu=device == "cpu" or not torch.cuda.is_available())
    if batch % processes.num_processes:
        raise UsageError(f"--batch {batch}: give a multiple of {processes.num_processes}, the number of processes")
    return processes


def least(processes: Any, number: int) -> int:
    """The least that any of the processes gives."""
    if processes.num_processes == 1:
        return number
    from accelerate.utils import gather_object

    return int(min(gather_object([number])))


def whole_weights(trainer: Any) -> dict[str, Any] | None:
    """Weights that are divided among the processes, put together; None if each has them whole."""
    if not (trainer.is_fsdp_enabled or trainer.is_deepspeed_enabled):
        return None
    weights: dict[str, Any] = trainer.accelerator.get_state_dict(trainer.model_wrapped)
    return weights
