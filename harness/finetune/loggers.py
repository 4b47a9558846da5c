"""Where the losses of a training are shown beside the command's own progress."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import UsageError

LOGGERS = ("tensorboard", "wandb", "mlflow")
"""Packages, which transformers can log to under the same names."""


def logger(asked: str) -> str:
    """One of `LOGGERS`, or "none"; "auto" is TensorBoard where it is installed.

    Raises:
        UsageError: if it is not installed.
    """
    if asked == "auto":
        return "tensorboard" if find_spec("tensorboard") else "none"
    if asked != "none" and not find_spec(asked):
        raise UsageError(f"--report-to {asked} needs the package {asked}: pip install {asked}, or give none")
    return asked


def tensorboard(logs: Path, checkpoint: str | None) -> Any:
    """Callback that logs to `logs`, in place of what is there from the step of `checkpoint` on."""
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations.integration_utils import TensorBoardCallback

    step = int(checkpoint.rpartition("-")[2]) + 1 if checkpoint else 0
    return TensorBoardCallback(SummaryWriter(log_dir=str(logs), purge_step=step))  # type: ignore[no-untyped-call]
