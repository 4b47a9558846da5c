"""The command line: parses arguments, calls the command, and turns every outcome into an exit code."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from codecrucible.harness.cli.parser import parser
from codecrucible.harness.common.errors import (
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_TERMINATED,
    Terminated,
)
from codecrucible.harness.runs.remote_url import RemoteRun

#: Seconds until a signal comes again that came where nothing can be raised: such a place is left much sooner.
_AGAIN_S = 0.01


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code of the command line `argv` (default: this process's)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    options = argparse.Namespace(debug=False)
    if "_ARGCOMPLETE" in os.environ:  # the shell asks what could come next
        import argcomplete

        argcomplete.autocomplete(parser())
    try:
        with _ended_in_order_by_signals():
            parser().parse_args(arguments, options)
            options.argv = ("crucible", *arguments)
            _fetch_remote_runs(options)
            return int(options.command(options))
    except KeyboardInterrupt as stopped:
        print("Interrupted. Run the same command again to resume.", file=sys.stderr)
        return EXIT_TERMINATED if isinstance(stopped, Terminated) else EXIT_INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read stdout has read enough
        return EXIT_FAILURE
    except Exception as error:  # noqa: BLE001  # the one place: whatever it was, it is no regression
        if options.debug:
            import traceback

            traceback.print_exc()  # not raised: an uncaught exception exits with 1, which means a regression
        from codecrucible.harness.cli.failures import tell

        return tell(error)


@contextmanager
def _ended_in_order_by_signals() -> Iterator[None]:
    """SIGTERM, as a scheduler sends it, ends the command as Ctrl-C does: what is known is written first.

    SIGINT is heard also where the shell of a script, or of CI, started this process with `&`: such a shell has it
    ignored, which children inherit and Python leaves so, and the signal would do nothing at all. A signal that comes
    within a finaliser or a callback of the garbage collector, where Python drops what is raised, comes again.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are the main thread's
        return

    ours = os.getpid()

    def end(*_: object) -> None:
        if os.getpid() == ours:
            raise Terminated
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a child that was forked: it has nothing to write
        signal.raise_signal(signal.SIGTERM)

    def drop(dropped: "sys.UnraisableHookArgs") -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt) or os.getpid() != ours:
            tell_dropped(dropped)
            return
        number = signal.SIGTERM if issubclass(dropped.exc_type, Terminated) else signal.SIGINT
        again = threading.Timer(_AGAIN_S, signal.pthread_kill, (threading.main_thread().ident, number))
        again.daemon = True
        again.start()

    tell_dropped, sys.unraisablehook = sys.unraisablehook, drop
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
        sys.unraisablehook = tell_dropped


def _fetch_remote_runs(options: argparse.Namespace) -> None:
    """Put the path of its copy in the place of each run that is elsewhere."""
    for name, value in vars(options).items():
        if isinstance(value, RemoteRun):
            setattr(options, name, _copy(value))
        elif isinstance(value, list):
            setattr(options, name, [_copy(each) if isinstance(each, RemoteRun) else each for each in value])


def _copy(run: RemoteRun) -> Path:
    from codecrucible.harness.runs.remote import local_copy

    return local_copy(run)
