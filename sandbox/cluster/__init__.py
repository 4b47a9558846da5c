"""Containers on the nodes of a Ray cluster, each node with an engine of its own."""
