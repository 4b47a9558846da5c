"""Checkpoints as files: folders, the hub, GGUF, and the bundled ones."""
