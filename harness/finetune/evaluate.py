"""After training: base and candidate on the same benchmarks, compared, with what the data card says of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.errors import SamplesMissing
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.plan import RunPlan
from codecrucible.harness.evaluation.running import run_models
from codecrucible.harness.finetune.encoding import read_data
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.results.pairs import Pair, comparisons_of, paired_runs
from codecrucible.reports import Comparison
from codecrucible.reports.comparison import with_holm


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Base and candidate on one benchmark.

    Attributes:
        benchmark: Its name.
        pairs: The two runs.
        comparisons: Comparisons of the two.
        checked: Whether the training data was held against the benchmark.
        hits: Rows that gave it away, and were dropped; None where it was not held against it, or gave nothing away.
    """

    benchmark: str
    pairs: Sequence[Pair]
    comparisons: Sequence[Comparison]
    checked: bool
    hits: int | None

    @property
    def contamination(self) -> dict[str, Any]:
        """As `--json` has it."""
        return {"checked": self.checked, "hits": self.hits}

    def said(self) -> str:
        """A line for a person on what the training data knew of the benchmark."""
        if not self.checked:
            return f"The data was not held against {self.benchmark}: prepare it where that benchmark's data is."
        return f"The data was held against {self.benchmark}: {self.hits or 0} rows gave it away, and were dropped."


def evaluate(
    spec: str,
    adapter: Path,
    options: LoadOptions,
    *,
    data: Path,
    benchmarks: Sequence[Benchmark],
    sampling: Sampling,
    argv: tuple[str, ...] = (),
    quiet: bool = False,
) -> Iterator[Evaluated]:
    """Base and candidate on each of `benchmarks`; run folders go to ADAPTER-runs, and the same call resumes them.

    Args:
        spec: The base, as `load_model` takes it.
        adapter: Folder of what was trained on it.
        options: How both are loaded.
        data: Folder that it was trained on.
        benchmarks: What both are tried on.
        sampling: How completions are drawn, and how many.
        argv: The command line, for the record.
        quiet: Whether no progress is shown.

    Raises:
        SamplesMissing: some samples of a run could not be judged.
        HarnessError: the plan cannot be carried out.
        SandboxError: nothing can be executed here.
    """
    card = read_data(data).card
    home = adapter.with_name(f"{adapter.name}-runs")
    for number, benchmark in enumerate(benchmarks):
        folders = [home / f"{number}-{kind}" for kind in ("base", "candidate")]
        for tried, folder in zip((None, adapter), folders, strict=True):
            plan = RunPlan(
                model=spec,
                loading=options,
                adapters=(tried,),
                benchmarks=(benchmark,),
                sampling=sampling,
                out=folder,
                quiet=quiet,
                argv=argv,
            )
            for outcome in run_models(plan):
                refuse_unjudged(outcome.report.unjudged, outcome.failures, folder)
        pairs = paired_runs(*folders)
        name = benchmark.name.partition("[")[0]
        yield Evaluated(
            benchmark=benchmark.name,
            pairs=pairs,
            comparisons=with_holm(comparisons_of(pairs, inference="problems", by_language=True)),
            checked=name in card.get("decontaminated_against", []),
            hits=card.get("contamination", {}).get(name, {}).get("hits"),
        )


def refuse_unjudged(count: int, failures: dict[str, int], folder: Path) -> None:
    """Raise `SamplesMissing` if `count` samples are unjudged, or a program failed by a fault of ours."""
    if count or failures:
        why = "".join(f"; {message} ({programs} programs)" for message, programs in failures.items())
        raise SamplesMissing(
            f"{count} samples of {folder} are left unjudged{why}; run the same command again to resume"
        )
