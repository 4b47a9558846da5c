"""Joining a Ray cluster, and what it is told of in words."""

import logging
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from codecrucible.sandbox.errors import SandboxUnavailable

_KNOCK_S = 10.0


def join_cluster(address: str) -> bool:
    """Whether this process joined the cluster now, and so has to leave it.

    Args:
        address: Address of the cluster's head, as HOST:PORT, or "auto" for the cluster that this machine is part of.

    Raises:
        SandboxUnavailable: if no cluster answers there.
    """
    import ray

    if ray.is_initialized():
        return False
    try:
        _knock(address)
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        raise SandboxUnavailable(
            f"no Ray cluster can be joined at {address}: {in_a_line(error)}. `ray start --head` starts one, and `ray "
            "start --address HOST:PORT` makes this machine a part of it, which it has to be."
        ) from error
    return True


@contextmanager
def ray_unheard() -> Iterator[None]:
    """Ray prints the last words of a dead node to stdout, which is for data; what matters of them is told."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield


def node_name(node: Mapping[str, Any]) -> str:
    """Name of one of `ray.nodes()`, for a person."""
    return f"{node['NodeManagerHostname']}-{node['NodeID'][:6]}"


def in_a_line(error: BaseException) -> str:
    """What an error says, and no more of it than a line holds."""
    return " ".join(str(error).split())[:300]


def _knock(address: str) -> None:
    """Connect to a head once: Ray itself goes on trying for minutes.

    Raises:
        OSError: if nobody is there.
        ValueError: if it is no address.
    """
    if address != "auto":
        host, _, port = address.rpartition(":")
        socket.create_connection((host, int(port)), _KNOCK_S).close()
