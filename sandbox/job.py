"""What goes into the sandbox (`Job`) and what was observed of it (`Execution`).

Nothing here knows a benchmark or a model. A job keeps the untrusted program and the trusted tests apart, so that an
executor can run them in different processes; an execution holds facts, and deciding a verdict from them is somebody
else's work.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.image.notes import CANNOT_TRAVEL, NOT_DATA

MEBIBYTE = 1 << 20


class Ending(StrEnum):
    """How an execution ended, as observed from outside the program's process."""

    COMPLETED = "completed"  # the tests ran to their end, and called the program at least once
    ASSERTION = "assertion"  # a test's assertion failed
    RAISED = "raised"  # an exception reached the tests, or stopped the program while it was loaded
    SYNTAX_ERROR = "syntax_error"  # the program does not compile
    EXITED = "exited"  # the program's process ended by itself before the tests did
    SIGNALLED = "signalled"  # the program's process died of a signal that we did not send
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEMORY_LIMIT = "memory_limit"  # known from the kernel's counters
    OUTPUT_LIMIT = "output_limit"
    TAMPERED = "tampered"  # the program broke the rules of the channel that its answers come through


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one job may use. CPU time decides; wall time is the backstop of a job that sleeps.

    Attributes:
        cpu_s: CPU seconds of the program's process, at least 0.1.
        wall_s: Seconds on the clock, at least `cpu_s`.
        memory_bytes: Resident memory of all the program's processes together, scratch files included.
        output_bytes: stdout and stderr together; a program that writes more is ended.
        file_bytes: Size of the largest file it may write.
        processes: Processes and threads at one time.
    """

    cpu_s: float = 5.0
    wall_s: float = 15.0
    memory_bytes: int = 512 * MEBIBYTE
    output_bytes: int = 64 * MEBIBYTE
    file_bytes: int = 16 * MEBIBYTE
    processes: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The trusted half of a job: the dataset's own tests. The program's process never sees any of it.

    Attributes:
        setup: Source that is executed first, for the helpers the tests use (the dataset's own prompt).
        tests: Source that is executed next, in the same namespace, with `entry_point` bound to the program's
            function. Reaching its end without an exception, after at least one call, completes the check.
        entry_point: Name of the function the program must define.
    """

    setup: str
    tests: str
    entry_point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One program to be executed.

    Attributes:
        program: Untrusted source; may hold anything that a str can, NUL and lone surrogates included.
        check: The tests it is put to.
        limits: What it may use.
        language: Name of the language, in lower case.
    """

    program: str
    check: Check
    limits: Limits = field(default_factory=Limits)
    language: str = "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What was observed of one job. Facts only.

    Attributes:
        ending: How it ended.
        exception: Class name of the builtin exception that ended it, or "".
        stage: Where it ended: "load" (the program being executed), "check" (the tests running) or "".
        exit_code: Exit status of the program's process if it ended by itself, else None.
        signal: Signal number that ended the program's process if it was not ours, else None.
        calls: Calls of the program that the tests made.
        cpu_s: CPU seconds of the program's processes.
        wall_s: Seconds from start to verdict.
        memory_bytes: Peak resident memory of the program's largest process.
        stdout: Tail of what it wrote to stdout, decoded with replacement.
        stderr: Tail of what it wrote to stderr.
        output_bytes: Bytes written to both.
        output_truncated: Whether the tails hold less than was written.
        processes_killed: Processes it left behind, all dead now.
        files_removed: Files and folders it left behind, all removed now.
        note: One line on the ending for a person, "" if there is nothing to add.
    """

    ending: Ending
    exception: str = ""
    stage: str = ""
    exit_code: int | None = None
    signal: int | None = None
    calls: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_bytes: int = 0
    stdout: str = ""
    stderr: str = ""
    output_bytes: int = 0
    output_truncated: bool = False
    processes_killed: int = 0
    files_removed: int = 0
    note: str = ""

    @property
    def unproxiable(self) -> str:
        """Why the tests cannot be put to a program in another process, if that is what ended it; else "".

        A program can bring this about too, so it says something of the tests only where the program is their reference.
        """
        return next((note for note in (CANNOT_TRAVEL, NOT_DATA) if self.note.endswith(note)), "")
