"""Prints JSON: what `crucible report` takes on run folders of many samples, in seconds and bytes of memory.

The run folders are synthetic: HumanEval, its reference solutions and parts of them as completions, a number of distinct
programs a problem. "shuffled" is a run whose lines come one problem after another, over and over, so that no two lines
of a problem stand together. The commands are run as a user runs them, each as a process of its own; the peak is that of
its process, and that of the largest process beside it, where CodeBLEU takes some.

    python tests/performance/big_report.py --samples 100000 1000000
    python tests/performance/big_report.py --samples 10000000 --folder /disk/with/20/GB
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from synthetic import manifest_of

from codecrucible.benchmarks import Benchmark, Problem, Verdict, load_benchmark
from codecrucible.harness.common.codec import dumps, to_json
from codecrucible.harness.common.files import text_sha256, write_atomically
from codecrucible.harness.runs.records import FindingsRecord, JudgementRecord, Sample
from codecrucible.sandbox import Finding, ScanState

COMMAND = [sys.executable, "-m", "codecrucible", "report", "--quiet", "--json"]


def make_run(path: Path, benchmark: Benchmark, *, n: int, distinct: int, shuffled: bool) -> None:
    """Run folder of a model that passes two thirds of the time, with `n` samples per problem."""
    path.mkdir()
    manifest = manifest_of(benchmark, name=path.name, n=n)
    write_atomically(path / "run.json", json.dumps(to_json(manifest)) + "\n")
    lines_of = {problem.problem_id: list(program_lines(problem, distinct)) for problem in benchmark.problems}
    places: Iterator[tuple[str, int]]
    if shuffled:
        places = ((name, index) for index in range(n) for name in lines_of)
    else:
        places = ((name, index) for name in lines_of for index in range(n))
    with (
        (path / "samples.jsonl").open("w", encoding="utf-8") as samples,
        (path / "judgements.jsonl").open("w", encoding="utf-8") as judgements,
    ):
        for name, index in places:
            sample, judgement, _ = lines_of[name][index * 7919 % distinct]
            samples.write(sample.replace('"sample_index":0', f'"sample_index":{index}', 1))
            judgements.write(judgement.replace('"sample_index":0', f'"sample_index":{index}', 1))
    findings = "".join(scan for lines in lines_of.values() for _, _, scan in lines)
    (path / "findings.jsonl").write_text(findings, encoding="utf-8")


def program_lines(problem: Problem, distinct: int) -> Iterator[tuple[str, str, str]]:
    """Lines of sample 0, of its judgement and of its scan, for each distinct program."""
    for number in range(distinct):
        whole = number % 3 < 2
        completion = (
            problem.reference if whole else problem.reference[: len(problem.reference) // 2]
        ) + f"  # {number}\n"
        program = problem.prompt + completion
        key = text_sha256(program)
        sample = Sample(
            problem_id=problem.problem_id,
            sample_index=0,
            prompt=problem.prompt,
            prompt_sha256="",
            prompt_form="completion",
            completion=completion,
            program=program,
            program_sha256=key,
            prompt_lines=problem.prompt.count("\n"),
            finish_reason="stop",
            prompt_tokens=len(problem.prompt) // 3,
            completion_tokens=len(completion) // 3,
        )
        judgement = JudgementRecord(
            problem_id=problem.problem_id,
            sample_index=0,
            verdict=Verdict.PASSED if whole else Verdict.WRONG_ANSWER,
            reason="" if whole else "assertion",
            detail="",
            program_sha256=key,
        )
        found = Finding(
            rule="B101", name="assert_used", severity="low", confidence="high", cwe=703, line=1, message="Use of assert"
        )
        scan = FindingsRecord(
            problem_id=problem.problem_id,
            program_sha256=key,
            prompt_lines=1,
            state=ScanState.FINDINGS if number % 5 == 0 else ScanState.CLEAN,
            scanner="bandit 1.9.4",
            findings=(found,) if number % 5 == 0 else (),
            reason="",
        )
        sample_line, judgement_line, scan_line = (f"{dumps(to_json(record))}\n" for record in (sample, judgement, scan))
        yield sample_line, judgement_line, scan_line


def measured(*arguments: str) -> dict[str, float]:
    """Seconds and CPU seconds of `crucible report`, and the most memory that it or one of its children had."""
    started = time.perf_counter()
    # Through a process that ends with it: the peak of children is over all that this process ever had.
    program = (
        "import json, resource as r, subprocess as s, sys\n"
        "s.run(sys.argv[1:], stdout=s.DEVNULL, check=True); u = r.getrusage(r.RUSAGE_CHILDREN)\n"
        "print(json.dumps([u.ru_utime + u.ru_stime, 1024 * u.ru_maxrss]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *COMMAND, *arguments], stdout=subprocess.PIPE, check=True, env=os.environ
    )
    cpu_s, peak = json.loads(done.stdout)
    return {"wall_s": round(time.perf_counter() - started, 1), "cpu_s": round(cpu_s, 1), "peak_bytes": peak}


def measure(
    home: Path, benchmark: Benchmark, *, samples: int, distinct: int, shuffled: bool, parquet: bool
) -> dict[str, object]:
    """What the report on one run folder takes, and with `parquet` that with its rows; the folder is removed after."""
    n = -(-samples // len(benchmark.problems))
    run = home / f"run-{samples}"
    make_run(run, benchmark, n=n, distinct=min(distinct, n), shuffled=shuffled)
    table = home / "samples.parquet"
    try:
        result: dict[str, object] = {
            "samples": n * len(benchmark.problems),
            "distinct_programs": min(distinct, n) * len(benchmark.problems),
            "shuffled": shuffled,
            "bytes_read": sum(path.stat().st_size for path in run.glob("*.jsonl")),
            "report": measured(str(run)),
        }
        if parquet:
            result["report_parquet"] = measured(str(run), "--parquet", str(table))
            result["parquet_bytes"] = table.stat().st_size
        return result
    finally:
        shutil.rmtree(run)
        table.unlink(missing_ok=True)


def main() -> None:
    """Make runs, report on them, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--samples", type=int, nargs="+", default=[100_000, 1_000_000], help="of a run")
    options.add_argument("--distinct", type=int, default=200, help="programs a problem")
    options.add_argument("--shuffled", action="store_true", help="no two lines of a problem stand together")
    options.add_argument("--parquet", action="store_true", help="measure `--parquet` too")
    options.add_argument("--folder", type=Path, help="where the run folders are made; 1.8 GB for a million samples")
    chosen = options.parse_args()
    benchmark = load_benchmark("humaneval")
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        results = [
            measure(
                Path(folder),
                benchmark,
                samples=samples,
                distinct=chosen.distinct,
                shuffled=chosen.shuffled,
                parquet=chosen.parquet,
            )
            for samples in chosen.samples
        ]
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
