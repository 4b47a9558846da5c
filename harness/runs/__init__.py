"""The run folder on disk: what is in it, and who may write to it. It knows no model."""
