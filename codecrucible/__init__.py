"""A sandboxed evaluation harness for code models."""
