"""CPU time of a program and of all that it starts, from the control group's counter, which nothing escapes.

What the kernel tells of processes is not enough: a child whose parent ignores SIGCHLD, or one of a parent that died, is
in nobody's account. All that runs in the container beside the program is ours, and is taken off.
"""

import contextlib
import time
from collections.abc import Collection

from . import cgroup, confine

#: What the two counts may differ by though nothing is hidden: ticks, and what ours used before the first look.
_INEXACT_S = 0.05


class Meter:
    """Measures one program after another.

    Args:
        ours: Zygotes, beside this process.
        referees: The one of them whose children are referees, 0 for none.
    """

    def __init__(self, ours: Collection[int], referees: int = 0) -> None:
        self._ours, self._referees = ours, referees
        self._counter = cgroup.CpuTime()
        self._base_s = 0.0
        self._looked = False

    def begin(self) -> None:
        """Start with the next program."""
        self._base_s, self._looked = self._counter.read_s() - time.process_time(), False

    def look(self) -> float:
        """CPU seconds of the program so far.

        What our zygotes used before the first look at it counts as the program's: to look at its beginning would cost
        more than most programs do.
        """
        own_s = self._own_s()
        if not self._looked:
            self._base_s, self._looked = self._base_s - own_s, True
        return max(0.0, self._counter.read_s() - time.process_time() - own_s - self._base_s)

    def end(self, waited_for_s: float) -> float:
        """CPU seconds of a program that is gone.

        Args:
            waited_for_s: Those of its processes that somebody waited for, which is exact for all that hide nothing.
        """
        if not self._looked:
            return waited_for_s
        counted_s = self.look()
        return counted_s if counted_s > waited_for_s + _INEXACT_S else waited_for_s

    def _own_s(self) -> float:
        own_s = confine.cpu_of(confine.REFEREE_UID) if self._referees else 0.0
        for pid in self._ours:
            own_s += confine.cpu_of_process(pid)
        if self._referees:
            with contextlib.suppress(OSError):
                own_s += confine.cpu_of_children(self._referees)
        return own_s
