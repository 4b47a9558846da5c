"""Runs of the first problems of starter whose passing samples are rated."""

from dataclasses import replace

from starter_runs import manifest

from codecrucible.benchmarks import Verdict, load_benchmark
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.provenance import of_benchmark
from codecrucible.harness.runs.folder import RunFolder, RunWriter
from codecrucible.harness.runs.manifest import ImportedFile
from codecrucible.harness.runs.records import JudgementRecord, Sample

BENCHMARK = load_benchmark("starter[:5]")


def save_run(path, name, *, program_of, n=2, passes=lambda _problem, _index: True, problem=lambda each: each):
    """The run `name` in a folder: of each problem n samples, whose program is `program_of(problem, index)`."""
    made = manifest(n=n)
    made = replace(
        made,
        run_id=f"run-of-{name}",
        model=ImportedFile(spec=name, name=name, sha256=text_sha256(name)),
        benchmark=problem(of_benchmark(BENCHMARK)),
    )
    samples, judgements = [], []
    for each in BENCHMARK.problems:
        for index in range(n):
            program = program_of(each, index)
            sample = Sample(
                problem_id=each.problem_id,
                sample_index=index,
                prompt="",
                prompt_sha256="",
                prompt_form="completion",
                completion=program,
                program=program,
                program_sha256=text_sha256(program),
                prompt_lines=0,
                finish_reason="",
                prompt_tokens=None,
                completion_tokens=None,
            )
            verdict = Verdict.PASSED if passes(each, index) else Verdict.WRONG_ANSWER
            samples.append(sample)
            judgements.append(
                JudgementRecord(
                    problem_id=each.problem_id,
                    sample_index=index,
                    verdict=verdict,
                    reason="",
                    detail="",
                    program_sha256=sample.program_sha256,
                )
            )
    with RunWriter(path, made) as writer:
        for sample in samples:
            writer.append(sample)
        writer.replace_judgements(judgements)
    return RunFolder(path)


def two_runs(home):
    """`base` and `candidate`, which passed all problems; of starter/4 they wrote the same program."""

    def program(name):
        def of(problem, index):
            who = "the same" if problem.problem_id == "starter/4" else f"{name} {index}"
            return f"# </script><img src=x onerror=window.hacked=1> {who}\n{problem.reference_program}"

        return of

    return [save_run(home / name, name, program_of=program(mark)) for name, mark in (("base", "p"), ("candidate", "q"))]
