"""Containers of a Docker engine: images, workers in them, and the executor that keeps them busy."""
