"""Loaded by `evaluate.load`, which takes the class that it finds here; see `harness.metrics`."""

from codecrucible.reports.hf_metrics import CodeBleuMetric

__all__ = ["CodeBleuMetric"]
