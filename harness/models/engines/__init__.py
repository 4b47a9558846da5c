"""Inference engines that a run starts for a checkpoint on this machine, and ends with it."""
