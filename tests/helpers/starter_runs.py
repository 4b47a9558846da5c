"""Small runs of the starter benchmark."""

from dataclasses import replace

from records_made import MANIFEST

from codecrucible.benchmarks import extract, load_benchmark
from codecrucible.benchmarks.answers.extraction import PromptForm
from codecrucible.harness.evaluation.from_files import sample_of
from codecrucible.harness.runs.manifest import ImportedSampling

STARTER = load_benchmark("starter[:3]")


def manifest(n=1, k=(1,)):
    ids = tuple(problem.problem_id for problem in STARTER.problems)
    return replace(
        MANIFEST,
        benchmark=replace(MANIFEST.benchmark, name=STARTER.name, problem_ids=ids),
        sampling=ImportedSampling(n=n),
        k=k,
    )


def samples(completions_of=lambda problem: [problem.reference]):
    made = []
    for problem in STARTER.problems:
        for index, completion in enumerate(completions_of(problem)):
            program = extract(problem, completion, form=PromptForm.COMPLETION)
            made.append(sample_of(problem.problem_id, index, completion, program, form=PromptForm.COMPLETION))
    return made
