"""What a model takes: bytes on disk, bytes in memory, and how fast it wrote; shown beside what it keeps."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What one run of a gate took.

    Attributes:
        side: "baseline" or "candidate".
        benchmark: Name of the run's benchmark.
        run_id: Name of the run.
        dtype: How the weights were held, as `run.json` has it; "" where that is not known.
        machine: Device and processor that it wrote on; "" where that is not known.
        weight_bytes: Size of the base model's weight files on disk; None where it was not measured.
        memory_bytes: Size of the base model's weights as they were loaded; None where it was not measured.
        tokens_per_s: Tokens written in a second of sampling, all batches together; None where it was not measured.
        adapter: Whether an adapter ran on top, whose weights are in neither number of bytes.
    """

    side: str
    benchmark: str
    run_id: str
    dtype: str = ""
    machine: str = ""
    weight_bytes: int | None = None
    memory_bytes: int | None = None
    tokens_per_s: float | None = None
    adapter: bool = False
