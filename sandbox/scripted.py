"""An executor that runs nothing: it answers what a function says. For tests of what stands above the sandbox."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Self

from codecrucible.sandbox.errors import SandboxUnavailable
from codecrucible.sandbox.job import Execution, Job
from codecrucible.sandbox.scan import Scan, ScanState
from codecrucible.sandbox.scanners import SCANNERS


class ScriptedExecutor:
    """Fits `Executor`.

    Args:
        script: Execution of a job; what it raises comes through the future.
        scan: Scan of a source; None to find nothing in any.

    Attributes:
        jobs: Every job that was submitted.
        sources: Every source that was to be scanned.
        closed: Whether it was closed.
    """

    def __init__(self, script: Callable[[Job], Execution], scan: Callable[[str], Scan] | None = None) -> None:
        self._script = script
        self._scan = scan or (lambda _source: Scan(state=ScanState.CLEAN, scanner="scripted"))
        self.jobs: list[Job] = []
        self.sources: list[str] = []
        self.closed = False

    def prepare(self, language: str) -> None:
        """Nothing: there is nothing to start."""

    def prepare_scanner(self, language: str) -> None:
        """Nothing, as `prepare`."""

    def submit(self, job: Job) -> Future[Execution]:
        """A future that is done: what the script says of `job`."""
        self.jobs.append(job)
        return self._answered(lambda: self._script(job))

    def run(self, job: Job) -> Execution:
        """What the script says of `job`."""
        return self.submit(job).result()

    def submit_scan(self, source: str, *, language: str = "python") -> Future[Scan]:
        """A future that is done: what the scan script says of `source`."""
        self.sources.append(source)
        if language not in SCANNERS:
            return self._answered(lambda: Scan(state=ScanState.NO_SCANNER, reason=f"nothing here scans {language!r}"))
        return self._answered(lambda: self._scan(source))

    def _answered(self, answer: Callable[[], Any]) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            if self.closed:
                raise SandboxUnavailable("the sandbox is closed")  # noqa: TRY301 - as the real one does
            future.set_result(answer())
        except Exception as error:  # noqa: BLE001 - whatever the script raises belongs to who waits
            future.set_exception(error)
        return future

    def describe(self) -> Mapping[str, Any]:
        """That nothing real is behind it."""
        return {"engine": {"name": "scripted"}, "image": {}, "workers": 0, "policy": {}}

    def close(self) -> None:
        """Refuse whatever comes from now on."""
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
