"""What a run is to be, before anything is loaded or executed."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from codecrucible.benchmarks import Benchmark, Extraction, PromptForm
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.limit_defaults import CPU_FACTOR
from codecrucible.harness.common.sampling import RUN_SAMPLING, Sampling
from codecrucible.harness.evaluation.executors import refuse_without_ray
from codecrucible.harness.models.in_turn import is_served
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.runs.shards import Shard, part_of
from codecrucible.sandbox import Limits

#: The k of pass@k that are reported where none was asked for, as far as n allows.
DEFAULT_KS = (1, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run from a model and one from a file have in common.

    Attributes:
        ks: The k of pass@k that the report shows; None for those of `DEFAULT_KS` that n allows.
        extraction: How the program is found in what was returned.
        limits: The least limits that each execution has.
        cpu_factor: What a reference's CPU seconds are multiplied by for a problem's limit; 0 leaves `limits` alone.
        shard: The part of the problems that this run has; None for all of them.
        cluster: Address of a Ray cluster that executes; None for this machine.
        workers: Containers at a time, on each node; None for one a core.
        out: The run folder, or the folder that holds those of several runs; None for runs/RUN_ID.
        sync: URL of a folder that the run folder is copied into, meanwhile and at the end.
        quiet: Whether no progress is shown.
        argv: The command line, for the record.
        cutoff: The last day of the model's training data, as 2024-07-26; "" where that is not known.

    Raises:
        UsageError: a cluster is asked for and Ray is not installed.
    """

    ks: tuple[int, ...] | None = None
    extraction: Extraction = Extraction.AUTO
    limits: Limits = field(default_factory=Limits)
    cpu_factor: float = CPU_FACTOR
    shard: Shard | None = None
    cluster: str | None = None
    workers: int | None = None
    out: Path | None = None
    sync: str | None = None
    quiet: bool = False
    argv: tuple[str, ...] = ()
    cutoff: str = ""

    def __post_init__(self) -> None:
        refuse_without_ray(self.cluster)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan(Plan):
    """Runs of one model, with each of its adapters on each benchmark.

    Attributes:
        model: As `load_model` takes it.
        loading: How it is loaded.
        adapters: Folders or hub ids of PEFT adapters; None stands for the base alone.
        benchmarks: What it is tried on.
        sampling: How completions are drawn, and how many.
        generators: Models on the nodes of `cluster`; None for one a GPU, 0 for a model in this process.
        perplexity: Whether the references' likelihood under the model is measured too.

    Raises:
        UsageError: what is asked for does not go together.
    """

    model: str
    loading: LoadOptions = field(default_factory=LoadOptions)
    adapters: tuple[Path | None, ...] = (None,)
    benchmarks: tuple[Benchmark, ...]
    sampling: Sampling = RUN_SAMPLING
    generators: int | None = None
    perplexity: bool = False

    def __post_init__(self) -> None:
        Plan.__post_init__(self)  # `super()` knows another class than the one that has slots
        ks_for(self.ks, n=self.sampling.n)
        refuse_empty_shard(self.shard, self.benchmarks)
        for adapter, count in Counter(self.adapters).items():
            if count > 1:
                raise UsageError(f"--adapter {adapter or 'none'} is given {count} times")
        if self.perplexity and is_served(self.model):
            raise UsageError(
                f"--perplexity with --model {self.model}: a server does not tell how likely a text is that it did not "
                "write; give the checkpoint itself, or omit --perplexity"
            )
        if self.perplexity and self.loading.engine:
            raise UsageError(
                f"--perplexity with --engine {self.loading.engine}: it is measured by a model in this process; omit one"
            )
        if self.perplexity and self.cluster is not None and self.generators != 0:
            raise UsageError(
                f"--perplexity with --cluster {self.cluster}: it is measured by a model in this process; add "
                "--generators 0"
            )

    @property
    def folders(self) -> list[list[Path | None]]:
        """The run folders of each adapter, one a benchmark; None where the run's id will name it.

        Raises:
            UsageError: `out` cannot hold them all.
        """
        return run_folders(self.out, self.benchmarks, self.adapters)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan(Plan):
    """A run of completions that were made elsewhere.

    Attributes:
        samples: File, plain or gzipped, or folder.
        benchmark: Whose problems they answer.
        form: Whether texts continue the prompt or are answers; None for either, by each text.
        name: What the tables call it; "" for the file's name.

    Raises:
        UsageError: what is asked for does not go together.
    """

    samples: Path
    benchmark: Benchmark
    form: PromptForm | None = None
    name: str = ""

    def __post_init__(self) -> None:
        Plan.__post_init__(self)
        refuse_empty_shard(self.shard, (self.benchmark,))


def ks_for(asked: tuple[int, ...] | None, *, n: int) -> tuple[int, ...]:
    """The k of pass@k that are reported of n samples per problem.

    Raises:
        UsageError: one of those asked for is above n.
    """
    ks = asked or tuple(k for k in DEFAULT_KS if k <= n)
    if max(ks) > n:
        raise UsageError(f"-k {max(ks)} with n = {n}: pass@k is undefined for k > n; take more samples or a smaller k")
    return ks


def refuse_empty_shard(shard: Shard | None, benchmarks: Iterable[Benchmark]) -> None:
    """Raise `UsageError` if a benchmark has no problem for the shard."""
    for benchmark in benchmarks:
        if shard and not part_of(benchmark, shard).problems:
            raise UsageError(
                f"--shard {shard}: {benchmark.name} has {len(benchmark.problems)} problems, and this shard would have "
                "none; take fewer shards"
            )


def run_folders(
    out: Path | None, benchmarks: Sequence[Benchmark], adapters: Sequence[Path | None]
) -> list[list[Path | None]]:
    """The run folders of each adapter, one a benchmark: `out`, or in it one named after both if there are several.

    Raises:
        UsageError: `out` cannot hold them all.
    """
    if out is None or len(benchmarks) == len(adapters) == 1:
        return [[out] * len(benchmarks) for _ in adapters]
    if (out / "run.json").exists():
        raise UsageError(
            f"{out} is a run folder, and {len(benchmarks) * len(adapters)} runs need a folder to hold them"
        )
    named = [
        [
            out / "-".join(_file_name(part) for part in (adapter and adapter.resolve().name, benchmark.name) if part)
            for benchmark in benchmarks
        ]
        for adapter in adapters
    ]
    for folder, count in Counter(folder for folders in named for folder in folders).items():
        if count > 1:
            raise UsageError(f"{count} of these runs would have the folder {folder}: omit --out")
    return [list(folders) for folders in named]


def _file_name(text: str) -> str:
    return re.sub(r"[^\w.+-]", "-", text, flags=re.ASCII)[:80]
