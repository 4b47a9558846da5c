"""Loaded by `evaluate.load`, which takes the class that it finds here; see `harness.metrics`."""

from codecrucible.harness.metrics.code_eval import SandboxedCodeEval

__all__ = ["SandboxedCodeEval"]
