"""Has one job after another executed: hands it out to player and referee, sees to its limits, gathers the evidence.

The supervisor reads no byte that a program chose, but its output, of which it keeps the tails.
"""

import contextlib
import itertools
import json
import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from . import cgroup, channel, confine, leftovers, player, referee
from .capture import Capture
from .carriers import Carriers
from .conclude import WALL_STRETCH, Evidence, conclude, kernel_cpu_s, outcome_of_death, proves_nothing
from .meter import Meter
from .session import Outcome

#: How long a program may go on after the referee is done with it.
_GRACE_S = 0.02
#: How long the referee may go on after the program was stopped.
_REFEREE_GRACE_S = 2.0
_MEMORY_LOOK_S = 0.02
#: A job that takes longer keeps nothing waiting that could be done meanwhile.
_LONG_S = 0.02


class Supervisor:
    """Runs jobs, one at a time.

    Args:
        referee_control: To the referee.
        uids: Uids for programs; each gets the next one.
        memory_bytes: What a program can use before it meets the container's own limit.
        meter: Of their CPU time.
        carriers: Of what one could tell the next.
        waiting: Called when a job takes long, for what can be done meanwhile.
    """

    def __init__(
        self,
        referee_control: socket.socket,
        uids: Iterator[int],
        memory_bytes: int,
        meter: Meter,
        carriers: Carriers,
        waiting: Callable[[], None],
    ) -> None:
        self._referee = Referee(referee_control)
        self._uids = uids
        self._memory_bytes = memory_bytes
        self._meter, self._carriers = meter, carriers
        self._waiting = waiting
        self._oom = cgroup.OomKills()
        self._jobs = itertools.count(1)

    def run(self, job: dict[str, Any], zygote: socket.socket, check_fd: int, program: bytes) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`; {"lost": why} if somebody killed the referee.

        Args:
            job: Limits and names.
            zygote: To the player zygote that is to fork the program.
            check_fd: Descriptor of a file that holds the check; stays open.
            program: Untrusted source.
        """
        number, uid, start = next(self._jobs), next(self._uids), time.monotonic()
        stdout, stderr = Capture(), Capture()
        self._carriers.wipe()
        self._meter.begin()
        self._hand_out(zygote, number, uid, job, check_fd, program, (stdout.write_fd, stderr.write_fd))
        limits = EnforcedLimits(uid, start, job, self._memory_bytes, self._meter)
        outcome, played = self._watch(zygote, number, limits, (stdout, stderr))
        wall_s = time.monotonic() - start
        stdout.finish()
        stderr.finish()
        removed = leftovers.remove(uid)
        oom_kills = self._oom.new()
        if "died" in outcome:
            kind = outcome_of_death(outcome["died"], oom_kills)
            if not kind:
                return {"lost": f"the referee ended with wait status {outcome['died']}"}
            outcome = Outcome(kind=kind, stage="check")._asdict()
        pid, status, killed, peak, cpu_s = player.PLAYED.unpack(played)
        # The CPU time of a referee that has just been stopped is in nobody's account yet.
        cpu_s = max(limits.seen_cpu_s, cpu_s if outcome["kind"] == "silent" else self._meter.end(cpu_s))
        if outcome["kind"] == "completed" and outcome["player"] != pid:
            # A child of the program answered. Whether the program ended before or after the tests is chance.
            outcome["kind"], limits.reached = "gone", ""
        # Nor did the program pass a part that a child of it answered.
        parts_completed = outcome["parts_completed"] if outcome["player"] == pid else 0
        output_bytes = stdout.written + stderr.written
        evidence = Evidence(
            outcome=outcome["kind"],
            stopped=limits.reached,
            status=status,
            cpu_s=cpu_s,
            cpu_limit_s=job["cpu_s"],
            oom_kills=oom_kills,
            output_bytes=output_bytes,
            output_limit_bytes=job["output_bytes"],
            at_work=limits.at_work,
            awake=limits.awake,
            stretched=limits.stretched,
        )
        conclusion = conclude(evidence)
        as_judged = conclusion["ending"] == outcome["kind"]
        return {
            "exception": outcome["exception"] if as_judged else "",
            "note": outcome["note"] if as_judged else "",
            "stage": outcome["stage"],
            **conclusion,
            "calls": outcome["calls"],
            "parts_completed": parts_completed,
            "cpu_s": cpu_s,
            "wall_s": wall_s,
            "memory_bytes": peak,
            "stdout": stdout.text(),
            "stderr": stderr.text(),
            "output_bytes": output_bytes,
            "output_truncated": stdout.truncated or stderr.truncated,
            "processes_killed": killed,
            "files_removed": removed,
            "starved": proves_nothing(evidence),
        }

    def _hand_out(
        self,
        zygote: socket.socket,
        number: int,
        uid: int,
        job: dict[str, Any],
        check_fd: int,
        program: bytes,
        outputs: tuple[int, int],
    ) -> None:
        """Give the player its program and the referee its check, with a socket between the two."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        play = player.PLAY.pack(uid, kernel_cpu_s(job["cpu_s"]), job["file_bytes"], job["processes"])
        socket.send_fds(zygote, [play], [*outputs, theirs.fileno()])
        for fd in (*outputs, theirs.detach()):
            os.close(fd)
        # The player reads it before it does anything else; if it is dead already, that is seen in a moment.
        with contextlib.suppress(OSError):
            channel.send(ours.fileno(), player.pack_program(job["entry_point"], program))
        self._referee.send(number, bytes.fromhex(job["check_sha256"]), [ours.fileno(), check_fd])
        ours.close()

    def _watch(
        self, zygote: socket.socket, number: int, limits: "EnforcedLimits", captures: tuple[Capture, Capture]
    ) -> tuple[dict[str, Any], bytes]:
        """Wait for the referee's outcome and for the proof that the program is dead, in whichever order they come."""
        outcome: dict[str, Any] | None = None
        played = b""
        long_from: float | None = time.monotonic() + _LONG_S
        poll = select.poll()
        for fd in (zygote.fileno(), self._referee.fileno(), *(capture.fd for capture in captures)):
            poll.register(fd, select.POLLIN)
        while outcome is None or not played:
            now = time.monotonic()
            if not played:
                limits.enforce(now, sum(capture.written for capture in captures), finished=outcome is not None)
            elif now >= limits.deadline:
                limits.awake = confine.any_awake(confine.REFEREE_UID)
                outcome = self._referee.stop()
                continue
            until = limits.deadline if played else limits.next_look
            if long_from is not None:
                until = min(until, long_from)
                if now >= long_from:
                    long_from = None
                    self._meter.look()
                    self._waiting()
            for fd, _event in poll.poll(max(0.0, until - now) * 1000 + 1):
                if fd == self._referee.fileno():
                    outcome = self._referee.hear(number)
                    if outcome is not None:
                        limits.deadline = min(limits.deadline, time.monotonic() + _GRACE_S)
                elif fd == zygote.fileno():
                    played = zygote.recv(player.PLAYED.size)
                    if not played:
                        raise RuntimeError("the player zygote is gone")
                else:
                    capture = captures[fd == captures[1].fd]
                    capture.read()
                    if not capture.open:
                        poll.unregister(fd)
        return outcome, played


class Referee:
    """The supervisor's end of the wire to whichever referee is at work."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._stopped = 0

    def fileno(self) -> int:
        """For `poll`."""
        return self._control.fileno()

    def send(self, number: int, key: bytes, descriptors: list[int]) -> None:
        """Hand over a job."""
        socket.send_fds(self._control, [referee.REFEREE_JOB.pack(number, key)], descriptors)

    def hear(self, number: int) -> dict[str, Any] | None:
        """The outcome of job `number`, or {"died": wait status}; None for news of an earlier job.

        Raises:
            RuntimeError: if the referee's zygote is gone.
        """
        data = self._control.recv(1 << 16)
        if not data:
            raise RuntimeError("the referee zygote is gone")
        message: dict[str, Any] = json.loads(data)
        if "died" in message and message["died"] == signal.SIGKILL and self._stopped:
            self._stopped -= 1
            return None
        return message if message.get("job", number) == number else None

    def stop(self) -> dict[str, Any]:
        """Kill a referee that does not come to an end, and the outcome that this means."""
        confine.kill_everything_of(confine.REFEREE_UID)
        self._stopped += 1
        return Outcome(kind="silent", stage="check")._asdict()


class EnforcedLimits:
    """Sees to the limits of one program.

    Attributes:
        reached: The limit for which the program was killed: "cpu", "wall", "memory" or "output"; "finished" if it
            went on after the referee was done; or "".
        deadline: When the wall time is up. Time that its main process was ready to run and had no core does not count.
        at_work: As in `Evidence`.
        awake: As in `Evidence`.
        stretched: As in `Evidence`.
        seen_cpu_s: CPU seconds of all that ran for it, at the last look.
    """

    def __init__(self, uid: int, start: float, job: dict[str, Any], container_memory_bytes: int, meter: Meter) -> None:
        self._uid, self._job, self._meter = uid, job, meter
        self._cores = len(os.sched_getaffinity(0))
        self._start = start
        self.reached = ""
        self.at_work = self.awake = self.stretched = False
        self.seen_cpu_s = 0.0
        self.deadline: float = start + job["wall_s"]
        # The program cannot have used its CPU time before this moment.
        self._cpu_look: float = start + job["cpu_s"] / self._cores
        # What the container itself allows needs no looking: the kernel does it. A smaller limit is polled.
        self._memory_look = math.inf
        if job["memory_bytes"] < container_memory_bytes:
            self._memory_limit = cgroup.memory_used() + job["memory_bytes"]
            self._memory_look = start

    @property
    def next_look(self) -> float:
        """When `enforce` is to be called next."""
        if self.reached:
            return time.monotonic() + 0.05
        return min(self.deadline, self._cpu_look, self._memory_look)

    def enforce(self, now: float, written: int, *, finished: bool) -> None:
        """Kill the program if it has reached a limit.

        Args:
            now: The monotonic clock.
            written: Bytes of output so far.
            finished: Whether the referee is done with it.
        """
        if not self.reached:
            self.reached = self._reached(now, written, finished)
            if not self.reached:
                return
            self.deadline = now + _REFEREE_GRACE_S
        # Again at each look: at the first one its process may not have dropped to its uid yet.
        confine.kill_everything_of(self._uid)

    def _reached(self, now: float, written: int, finished: bool) -> str:
        if written > self._job["output_bytes"]:
            return "output"
        up = now >= self.deadline
        if up and finished:
            self.at_work = confine.is_at_work(self._uid)
            return "finished"
        if up or now >= self._cpu_look:
            self.seen_cpu_s = self._meter.look()
            left_s = self._job["cpu_s"] - self.seen_cpu_s
            if left_s <= 0:
                return "cpu"
            self._cpu_look = now + max(0.01, left_s / self._cores)
        if up:
            wall_s = self._job["wall_s"]
            longest_s, needed_s = WALL_STRETCH * wall_s, wall_s + confine.waited_by(self._uid)
            deadline = self._start + min(needed_s, longest_s)
            if now >= deadline:
                self.awake = not confine.all_asleep(self._uid) or confine.any_awake(confine.REFEREE_UID)
                self.stretched = needed_s > longest_s
                return "wall"
            self.deadline = deadline
        if now >= self._memory_look:
            if cgroup.memory_used() > self._memory_limit:
                return "memory"
            self._memory_look = now + _MEMORY_LOOK_S
        return ""


class Checks:
    """The checks that the host sent, each in a file in memory that can be handed on."""

    def __init__(self) -> None:
        self._files: dict[str, int] = {}

    def file(self, key: str, content: bytes | None) -> int:
        """Descriptor of the check called `key`, whose content the host sends the first time."""
        if content is not None:
            fd = os.memfd_create("check")
            view = memoryview(content)
            while view:
                view = view[os.write(fd, view) :]
            self._files[key] = fd
        return self._files[key]

    def forget(self) -> None:
        """Close them all: the host sends them anew."""
        while self._files:
            os.close(self._files.popitem()[1])
