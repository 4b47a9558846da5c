"""The narrow door between the harness and whatever runs programs."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Protocol, Self

from codecrucible.sandbox.job import Execution, Job
from codecrucible.sandbox.scan import Scan


class Executor(Protocol):
    """Runs jobs and scans sources. `DockerExecutor` is the real one, `ScriptedExecutor` the shipped fake."""

    def prepare(self, language: str) -> None:
        """Start what runs the programs of `language` that are judged by exit status, so that `describe` names it.

        The right and the wrong program that it is declared with are executed first, once. Without it all that starts
        with the first such job.

        Raises:
            ImageMissing: its image is not built; the message holds the command that builds it.
            SandboxUnavailable: the language is not declared, or one of its two programs did not end as it should.
            SandboxError: it does not start.
        """
        ...

    def prepare_scanner(self, language: str) -> None:
        """Start what scans sources in `language`, if anything here does, so that `describe` names it.

        Without it that starts with the first such source.

        Raises:
            SandboxError: it does not start.
        """
        ...

    def submit(self, job: Job) -> Future[Execution]:
        """Future of what was observed of `job`.

        Raises (through the future):
            SandboxUnavailable: the job did not start.
            SandboxLost: its end was not observed.
        """
        ...

    def run(self, job: Job) -> Execution:
        """What was observed of `job`; as `submit`, and waits."""
        ...

    def submit_scan(self, source: str, *, language: str = "python") -> Future[Scan]:
        """Future of what the security scanner says of `source`. Fails as `submit` does."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """Facts for the run folder: engine, image digest, runtime and toolchain versions, policy."""
        ...

    def close(self) -> None:
        """Stop and remove every container that was started. May be called twice."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...
