"""Loaded by `evaluate.load`, which takes the class that it finds here; see `harness.metrics`."""

from codecrucible.reports.hf_metrics import PassAtK

__all__ = ["PassAtK"]
