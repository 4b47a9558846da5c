"""What one job may use. Light: the command line reads its defaults from here."""

from dataclasses import dataclass

MEBIBYTE = 1 << 20


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
