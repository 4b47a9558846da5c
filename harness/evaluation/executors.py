"""Where a command executes programs: on this machine's engine, or on the nodes of a cluster."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.terminal import complain
from codecrucible.sandbox import DockerExecutor, Executor, ImageMissing, SandboxError


def refuse_without_ray(cluster: str | None) -> None:
    """Raise `UsageError` if a cluster is asked for and Ray is not installed."""
    if cluster is not None and not find_spec("ray"):
        raise UsageError(f"--cluster {cluster} needs the extra 'ray': pip install 'codecrucible[ray]'")


def refuse_missing_images(benchmarks: Iterable[Benchmark]) -> None:
    """Raise `ImageMissing` where one is not built, before hours are spent on a benchmark that comes before it."""
    from codecrucible.sandbox.docker.images import find
    from codecrucible.sandbox.languages import families_of
    from codecrucible.sandbox.scanners import scanned_in, scanner_families_of

    judged = ",".join(("python", *sorted({language for each in benchmarks for language in each.without_referee})))
    for family in families_of(judged):
        find(family=family)
    for family in scanner_families_of(judged):
        try:
            find(family=family)
        except ImageMissing as error:  # there may be no way to the packages that it is made of
            complain(f"what is written in {', '.join(scanned_in(family))} will not be scanned: {error}")


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
    from codecrucible.sandbox.cluster.joining import ray_unheard

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
