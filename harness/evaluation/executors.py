"""Where a command executes programs: on this machine's engine, or on the nodes of a cluster."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
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
    from codecrucible.sandbox.scanners import SCANNERS, scanned_in

    benchmarks = list(benchmarks)
    judged = ",".join(("python", *sorted({language for each in benchmarks for language in each.without_referee})))
    for family in families_of(judged):
        find(family=family)
    languages = {language for each in benchmarks for language in each.languages}
    for family in {SCANNERS[each].name: SCANNERS[each] for each in sorted(languages & SCANNERS.keys())}.values():
        try:
            find(family=family)
        except ImageMissing as error:  # there may be no way to the packages that it is made of
            complain(f"what is written in {', '.join(scanned_in(family))} will not be scanned: {error}")


@contextmanager
def open_executor(
    cluster: str | None,
    workers: int | None,
    tell: Callable[[str], None],
    *,
    scanned: Collection[str],
    executes: bool = True,
) -> Iterator[Executor]:
    """The executor of a command.

    Args:
        cluster: Address of a Ray cluster; None for this machine.
        workers: Containers at a time, on each node; None for one a core.
        tell: Gets a line for a person when nodes come and go.
        scanned: Languages that there will be sources in to scan.
        executes: Whether there will be programs to execute; on a cluster the containers for some start in any case.

    Raises:
        SandboxError: if it does not start.
    """
    if cluster is None:
        with DockerExecutor(workers=workers, scanned=scanned, executes=executes) as executor:
            yield executor
        return
    from codecrucible.sandbox.cluster.executor import RayExecutor
    from codecrucible.sandbox.cluster.joining import ray_unheard

    with ray_unheard(), RayExecutor(cluster, workers=workers, tell=tell) as executor:
        yield executor


Attempt = tuple[Executor | None, SandboxError | None]
"""The executor, or why there is none: samples made elsewhere are then recorded and left unjudged."""


@contextmanager
def executor_soon(
    cluster: str | None,
    workers: int | None,
    tell: Callable[[str], None],
    *,
    scanned: Collection[str],
    executes: bool = True,
) -> Iterator[Callable[[], Attempt]]:
    """What waits for the executor, which starts meanwhile if it is on this machine; see `open_executor`."""
    if cluster is not None:
        with ExitStack() as stack:
            yield partial(_attempt, lambda: stack.enter_context(open_executor(cluster, workers, tell, scanned=scanned)))
        return
    starting: Future[Executor] = Future()

    def start() -> None:
        try:
            starting.set_result(DockerExecutor(workers=workers, scanned=scanned, executes=executes))
        except BaseException as error:  # noqa: BLE001  # raised where the executor is waited for
            starting.set_exception(error)

    # A daemon: after Ctrl-C nobody waits for an engine that hangs.
    threading.Thread(target=start, name="executor-start", daemon=True).start()
    try:
        yield partial(_attempt, starting.result)
    finally:
        starting.add_done_callback(_close)


def _attempt(start: Callable[[], Executor]) -> Attempt:
    try:
        return start(), None
    except SandboxError as error:
        return None, error


def _close(started: Future[Executor]) -> None:
    if started.exception() is None:
        started.result().close()
