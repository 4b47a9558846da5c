"""Progress of long work on stderr: bars with rate and time left on a terminal, a line every 15 seconds in a log."""

import sys
import threading
import time
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import TaskID

PLAIN_LINE_EVERY_S = 15.0


class Progress:
    """Bars of the stages of one command; a context manager.

    Args:
        quiet: Show nothing.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        self._console = Console(stderr=True, quiet=quiet)
        self._bars = Bars(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=quiet or not sys.stderr.isatty(),
        )
        self._stages: dict[str, _Stage] = {}
        self._plain = not quiet and not sys.stderr.isatty()
        self._ended = threading.Event()

    def stage(self, name: str, *, total: int, done: int = 0) -> None:
        """Announce a stage with `total` units, of which `done` need no work."""
        task = self._bars.add_task(name, total=total, completed=done, rate="")
        self._stages[name] = _Stage(task=task, total=total, done=done, kept=done)

    def advance(self, name: str, units: int = 1, *, tokens: int = 0) -> None:
        """Note that `units` more of a stage are done, and the tokens written for them, if any."""
        stage = self._stages[name]
        stage.done += units
        stage.tokens += tokens
        if not self._bars.disable:
            self._bars.update(stage.task, completed=stage.done, rate=stage.rate)

    def grow(self, name: str, units: int = 1) -> None:
        """Note that a stage has `units` more to do than was known."""
        stage = self._stages[name]
        stage.total += units
        if not self._bars.disable:
            self._bars.update(stage.task, total=stage.total)

    def end(self, name: str) -> None:
        """Show a stage no longer."""
        self._bars.remove_task(self._stages.pop(name).task)

    def note(self, text: str) -> None:
        """Print one line above the bars."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _say(self) -> None:
        stages = list(self._stages.items())
        if stages:
            self.note(" · ".join(f"{name} {s.done}/{s.total} {s.rate}".rstrip() for name, s in stages))

    def _say_again_and_again(self) -> None:
        """Also while nothing advances: one sample may take minutes."""
        while not self._ended.wait(PLAIN_LINE_EVERY_S):
            self._say()

    def __enter__(self) -> Self:
        self._bars.start()
        if self._plain:
            threading.Thread(target=self._say_again_and_again, name="progress", daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._bars.stop()
        if self._plain:
            self._say()


class _Stage:
    """Counts of one stage; the rate leaves out what was done in earlier sessions."""

    def __init__(self, *, task: "TaskID", total: int, done: int, kept: int) -> None:
        self.task, self.total, self.done, self.kept = task, total, done, kept
        self.tokens = 0
        self.started_at = time.monotonic()

    @property
    def rate(self) -> str:
        seconds = max(time.monotonic() - self.started_at, 1e-6)
        if self.tokens:
            return f"{self.tokens / seconds:.0f} tokens/s"
        made = self.done - self.kept
        return f"{made / seconds:.0f}/s" if made else ""
