"""Where a command executes programs: on this machine's engine, or on the nodes of a cluster."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from importlib.util import find_spec
from pathlib import Path

from codecrucible.harness.common.errors import UsageError
from codecrucible.sandbox import DockerExecutor, Executor, SandboxError


def refuse_without_ray(cluster: str | None) -> None:
    """Raise `UsageError` if a cluster is asked for and Ray is not installed."""
    if cluster is not None and not find_spec("ray"):
        raise UsageError(f"--cluster {cluster} needs the extra 'ray': pip install 'codecrucible[ray]'")


@contextmanager
def open_executor(cluster: str | None, workers: int | None, tell: Callable[[str], None]) -> Iterator[Executor]:
    """The executor of a command.

    Args:
        cluster: Address of a Ray cluster; None for this machine.
        workers: Containers at a time, on each node; None for one a core.
        tell: Gets a line for a person when nodes come and go.

    Raises:
        SandboxError: if it does not start.
    """
    if cluster is None:
        with DockerExecutor(workers=workers) as executor:
            yield executor
        return
    from codecrucible.sandbox.cluster.executor import RayExecutor

    with ray_unheard(), RayExecutor(cluster, workers=workers, tell=tell) as executor:
        yield executor


@contextmanager
def executor_or_reason(
    cluster: str | None, workers: int | None, tell: Callable[[str], None]
) -> Iterator[tuple[Executor | None, SandboxError | None]]:
    """The executor, or why there is none: samples made elsewhere are then recorded and left unjudged."""
    with ExitStack() as stack:
        try:
            executor = stack.enter_context(open_executor(cluster, workers, tell))
        except SandboxError as error:
            yield None, error
            return
        yield executor, None


@contextmanager
def ray_unheard() -> Iterator[None]:
    """Ray prints the last words of a dead node to stdout, which is for data; what matters of them is told."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        yield
