"""A model that learns from its own samples that passed, round by round, and is held against its base.

In each round the latest model answers the problems to learn from; every passing sample of all rounds so far becomes a
row; and a fresh adapter of the base is trained on them. Each round has a folder, and every step that is done is kept.

Source:
    Singh et al. 2023, arXiv:2312.06585: sampling and training in turn, from the base each time, on what passed.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import RunMismatch, UsageError
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import RUN_SAMPLING, Sampling
from codecrucible.harness.evaluation.plan import RunPlan
from codecrucible.harness.evaluation.running import run_models
from codecrucible.harness.finetune.encoding import read_data
from codecrucible.harness.finetune.evaluate import refuse_unjudged
from codecrucible.harness.finetune.preparation.data_folder import TRAIN
from codecrucible.harness.finetune.preparation.pipeline import Rules
from codecrucible.harness.finetune.preparation.prepare import Preparation, prepare_data
from codecrucible.harness.finetune.preparation.run_rows import RunRules, refuse_compared_on
from codecrucible.harness.finetune.recipe import Recipe
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.results.pairs import Pair, paired_runs

_SETTINGS = "improve.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovePlan:
    """What is to be improved, on what, and how it is tried.

    Attributes:
        model: The base, as `load_model` takes it.
        loading: How it is loaded.
        problems: The problems to learn from.
        benchmarks: What the base and the model of each round are tried on; none of `problems`.
        rounds: How many rounds.
        learning: How samples to learn from are drawn.
        trying: How samples are drawn on `benchmarks`.
        run_rules: Which passing samples become rows.
        recipe: How each adapter is trained.
        micro_batch: Rows that are computed together at most.
        against: Benchmarks to keep out of the data; None for all on this machine.
        out: Folder of everything.
        quiet: Whether no progress is shown.
        argv: The command line, for the record.

    Raises:
        UsageError: what is asked for does not go together.
    """

    model: str
    loading: LoadOptions = field(default_factory=LoadOptions)
    problems: Benchmark
    benchmarks: tuple[Benchmark, ...]
    rounds: int = 1
    learning: Sampling = RUN_SAMPLING
    trying: Sampling = RUN_SAMPLING
    run_rules: RunRules = field(default_factory=RunRules)
    recipe: Recipe = field(default_factory=Recipe)
    micro_batch: int = 8
    against: tuple[str, ...] | None = None
    out: Path
    quiet: bool = False
    argv: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        refuse_compared_on(self.problems.name, source=self.problems.name)
        learnt = {problem.prompt for problem in self.problems.problems}
        for benchmark in self.benchmarks:
            if any(problem.prompt in learnt for problem in benchmark.problems):
                raise UsageError(f"{benchmark.name} has problems that the model is to learn from; try it on others")

    def folder(self, number: int) -> Path:
        """Folder of round `number`, from 1; of 0, the base."""
        return self.out / (f"round-{number}" if number else "base")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What came of one round.

    Attributes:
        samples: Samples that were drawn to learn from.
        passed: Those that passed.
        rows: Rows that the adapter was trained on, of this and of earlier rounds.
        pairs: The base's runs and its own, one a benchmark.
    """

    samples: int
    passed: int
    rows: int
    pairs: Sequence[Pair]


def improve(plan: ImprovePlan, *, tell: Callable[[str], None]) -> list[Round]:
    """Carry out all rounds; the same call resumes them.

    Args:
        plan: What is to be done.
        tell: Gets a line as each step begins.

    Raises:
        RunMismatch: another plan was begun in its folder.
        SamplesMissing: some samples of a run could not be judged.
        NothingToDo: no sample passed that could be learnt from.
        HarnessError: the plan cannot be carried out; what was done stays.
        SandboxError: nothing can be executed here.
    """
    _begin(plan)
    tell(f"base: {_names(plan.benchmarks)}")
    _run(plan, None, plan.benchmarks, plan.trying, plan.folder(0))
    made: list[Round] = []
    adapter: Path | None = None
    for number in range(1, plan.rounds + 1):
        folder = plan.folder(number)
        tell(f"round {number} of {plan.rounds}: samples of {plan.problems.name}")
        samples, passed = _run(plan, adapter, (plan.problems,), plan.learning, folder / "samples")
        tell(f"round {number} of {plan.rounds}: data")
        rows = _prepare(plan, number)
        tell(f"round {number} of {plan.rounds}: training on {rows} rows")
        adapter = _train(plan, number)
        tell(f"round {number} of {plan.rounds}: {_names(plan.benchmarks)}")
        _run(plan, adapter, plan.benchmarks, plan.trying, folder / "evaluation")
        pairs = paired_runs(plan.folder(0), folder / "evaluation")
        made.append(Round(samples=samples, passed=passed, rows=rows, pairs=pairs))
    return made


def _begin(plan: ImprovePlan) -> None:
    """Record the plan, or refuse another one; the number of rounds may change."""
    settings = {
        "model": plan.model,
        "loading": to_json(plan.loading),
        "problems": plan.problems.name,
        "benchmarks": [benchmark.name for benchmark in plan.benchmarks],
        "learning": to_json(plan.learning),
        "trying": to_json(plan.trying),
        "run_rules": to_json(plan.run_rules),
        "recipe": asdict(plan.recipe),
        "against": plan.against and list(plan.against),
    }
    file = plan.out / _SETTINGS
    try:
        begun: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        plan.out.mkdir(parents=True, exist_ok=True)
        write_atomically(file, json.dumps(settings, indent=2) + "\n")
        return
    except ValueError as error:
        raise RunMismatch(f"cannot read {file}: {error}; name another --out") from error
    known = begun if isinstance(begun, dict) else {}
    for name, value in settings.items():
        if known.get(name) != value:
            was = f"{plan.out} was begun with {name} {known.get(name)!r}, and now it is {value!r}"
            raise RunMismatch(f"{was}: name another --out")


def _run(
    plan: ImprovePlan, adapter: Path | None, benchmarks: tuple[Benchmark, ...], sampling: Sampling, out: Path
) -> tuple[int, int]:
    """Number of samples of the runs, and of those that passed."""
    run = RunPlan(
        model=plan.model,
        loading=plan.loading,
        adapters=(adapter,),
        benchmarks=benchmarks,
        sampling=sampling,
        out=out,
        quiet=plan.quiet,
        argv=plan.argv,
    )
    outcomes = run_models(run)
    for outcome in outcomes:
        refuse_unjudged(outcome.report.unjudged, outcome.failures, outcome.folder)
    reports = [outcome.report for outcome in outcomes]
    return sum(report.samples for report in reports), sum(report.verdicts["passed"] for report in reports)


def _prepare(plan: ImprovePlan, number: int) -> int:
    """Rows to train on, from the samples of this round and of those before it."""
    out = plan.folder(number) / "data"
    preparation = Preparation(
        runs=tuple(plan.folder(each) / "samples" for each in range(1, number + 1)),
        run_rules=plan.run_rules,
        rules=Rules(normalise=False, seed=plan.recipe.seed),
        against=plan.against,
    )
    if out.exists():  # which appears whole or not at all
        card = read_data(out).card
    else:
        with Progress(quiet=plan.quiet) as progress:
            card = prepare_data(out, preparation, progress)
    return int(card["files"][TRAIN]["rows"])


def _train(plan: ImprovePlan, number: int) -> Path:
    from codecrucible.harness.finetune.training import train  # torch, which is slow to import

    out = plan.folder(number) / "adapter"
    if not out.exists():  # which appears whole or not at all
        with Progress(quiet=plan.quiet) as progress:
            train(
                plan.model,
                data=plan.folder(number) / "data",
                replay=None,
                out=out,
                recipe=plan.recipe,
                micro_batch=plan.micro_batch,
                report_to="none",
                progress=progress,
                options=plan.loading,
            )
    return out


def _names(benchmarks: Sequence[Benchmark]) -> str:
    return ", ".join(benchmark.name for benchmark in benchmarks)
