"""Samples in; executions, findings, judgements and a report out."""
