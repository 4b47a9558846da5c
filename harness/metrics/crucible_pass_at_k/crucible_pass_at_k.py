"""Loaded by `evaluate.load`, which takes the class that it finds here; see `harness.metrics`."""

from reports.hf_metrics import PassAtK

__all__ = ["PassAtK"]
