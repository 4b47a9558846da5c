"""Loaded by `evaluate.load`, which takes the class that it finds here; see `harness.metrics`."""

from harness.metrics.code_eval import SandboxedCodeEval

__all__ = ["SandboxedCodeEval"]
