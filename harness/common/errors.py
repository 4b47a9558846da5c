"""What the command line can fail with, and the exit code of each.

HarnessError            base; exit 2
├── UsageError          the command cannot be carried out as it was written; exit 2
├── BadRecord           a line of a JSONL file is not what it should be; names file, line and field; exit 2
├── RunMismatch         the run folder holds another run than the one asked for; exit 2
├── RunLocked           another process writes to the run folder; names it; exit 2
├── NotComparable       two runs differ in more than their model; names every difference; exit 2
├── DiskFull            there is no room to save what was trained; exit 4
├── LoggingFailed       a service did not take what was to be logged there; exit 4
├── RemoteFailed        a run folder elsewhere could not be read or written; exit 4
├── SamplesMissing      samples of a run are unjudged or were never made; exit 4
├── Stopped             the user stopped what cannot be resumed; exit 130, or 143 by SIGTERM
└── NothingToDo         nothing to work on was found; exit 5
"""

EXIT_DONE = 0
EXIT_REGRESSION = 1
EXIT_USAGE = 2
EXIT_INCONCLUSIVE = 3
EXIT_FAILURE = 4
EXIT_NOTHING = 5
EXIT_INTERRUPTED = 130
EXIT_TERMINATED = 143


class Terminated(KeyboardInterrupt):
    """SIGTERM came: the work ends as orderly as after Ctrl-C, with an exit code of its own."""


class HarnessError(Exception):
    """Base of what the harness itself refuses or fails at."""

    exit_code = EXIT_USAGE


class UsageError(HarnessError):
    """The command cannot be carried out as it was written."""


class BadRecord(HarnessError):
    """A line of a JSONL file is not what it should be."""


class RunMismatch(HarnessError):
    """The run folder holds another run than the one asked for."""


class RunLocked(HarnessError):
    """Another process writes to the run folder."""


class NotComparable(HarnessError):
    """Two runs differ in more than their model."""


class SamplesMissing(HarnessError):
    """Samples of a run are unjudged or were never made: no failure of the model, and no pass."""

    exit_code = EXIT_FAILURE


class LoggingFailed(HarnessError):
    """A service did not take what was to be logged there; the run folder stands."""

    exit_code = EXIT_FAILURE


class RemoteFailed(HarnessError):
    """A run folder elsewhere could not be read or written; what is on this machine stands."""

    exit_code = EXIT_FAILURE


class DiskFull(HarnessError):
    """There is no room to save what was trained; what was saved before stands."""

    exit_code = EXIT_FAILURE


class Stopped(HarnessError):
    """The user, or a scheduler, stopped what cannot be resumed.

    Args:
        message: What was stopped, and what became of it.
        by: What stopped it.
    """

    def __init__(self, message: str, by: KeyboardInterrupt) -> None:
        super().__init__(message)
        self.exit_code = EXIT_TERMINATED if isinstance(by, Terminated) else EXIT_INTERRUPTED


class NothingToDo(HarnessError):
    """Nothing to work on was found."""

    exit_code = EXIT_NOTHING
