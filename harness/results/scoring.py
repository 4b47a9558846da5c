"""How much the programs of a run look like their references: CodeBLEU, and what `--similarity` shows beside it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.runs.by_problem import samples_by_problem
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.reports import WorkPool, code_bleu_many
from codecrucible.reports.report_types import CodeBleuScore, SimilarityMeans

Scores = Mapping[tuple[str, str], float | None]
"""CodeBLEU by problem id and program hash; None where it could not be measured."""

Scorer = Callable[[str, Mapping[str, str]], Mapping[str, float | None]]
"""CodeBLEU by program hash, of the distinct programs of a problem; from its id and the programs by their hash."""


def score_programs(folder: RunFolder, benchmark: Benchmark) -> Scores:
    """CodeBLEU of every distinct program of the run, against its problem's prompt and reference."""
    scores: dict[tuple[str, str], float | None] = {}
    with scorer_of(benchmark) as scorer:
        for problem_id, samples in samples_by_problem(folder):
            programs = {sample.program_sha256: sample.program for sample in samples}
            scores |= {(problem_id, key): score for key, score in scorer(problem_id, programs).items()}
    return scores


@contextmanager
def scorer_of(benchmark: Benchmark) -> Iterator[Scorer]:
    """A scorer that measures."""
    problems = {problem.problem_id: problem for problem in benchmark.problems if problem.reference}
    with _pool() as pool:

        def scorer(problem_id: str, programs: Mapping[str, str]) -> Mapping[str, float | None]:
            problem = problems.get(problem_id)
            if problem is None:
                return dict.fromkeys(programs)
            pairs = [(problem.reference_program, program) for program in programs.values()]
            measured = code_bleu_many(pairs, language=problem.language, pool=pool)
            return {key: score.value for key, score in zip(programs, measured, strict=True)}

        yield scorer


def known_scorer(scores: Scores) -> Scorer:
    """A scorer that gives what was measured before; None for what was not."""
    return lambda problem_id, programs: {key: scores.get((problem_id, key)) for key in programs}


def corpus_codebleu_of(folder: RunFolder, benchmark: Benchmark, definition: str) -> CodeBleuScore:
    """CodeBLEU of all samples of the run together, in the place of the mean in its report.

    Raises:
        UsageError: the references are in several languages, which have no corpus in common.
    """
    from codecrucible.reports.likeness.codebleu_corpus import Pair, as_package_names, corpus_code_bleu, corpus_method

    problems = {problem.problem_id: problem for problem in benchmark.problems if problem.reference}
    languages = sorted({problem.language for problem in problems.values()})
    if len(languages) > 1:
        raise UsageError(
            f"--codebleu {definition} measures one language, and {benchmark.name} has {', '.join(languages)}; give ours"
        )
    pairs = (
        Pair(references=(problems[problem_id].reference_program,), candidate=sample.program)
        for problem_id, samples in samples_by_problem(folder)
        if problem_id in problems
        for sample in samples
    )
    language = languages[0] if languages else "python"
    score, measured = corpus_code_bleu(pairs, definition=definition, language=language)
    return CodeBleuScore(
        value=None if score.value is None else round(score.value, 6),
        reason=score.reason,
        samples=measured,
        definition=definition,
        components=as_package_names(score),
        method=corpus_method(definition, language),
    )


def similarity_of(folder: RunFolder, benchmark: Benchmark) -> SimilarityMeans:
    """How much the run's programs look like their references, see `reports.likeness.similarity`.

    Raises:
        UsageError: the packages for it are not installed.
    """
    if not (find_spec("sacrebleu") and find_spec("rapidfuzz")):
        raise UsageError("--similarity needs the extra 'metrics': pip install 'codecrucible[metrics]'")
    from codecrucible.reports.likeness.similarity import Compared, mean_similarity

    references = {
        problem.problem_id: Compared(
            prompt=problem.prompt if problem.continued else "",
            reference=problem.reference_program,
            language=problem.language,
        )
        for problem in benchmark.problems
        if problem.reference
    }
    programs_of = (
        (references[problem_id], [sample.program for sample in samples])
        for problem_id, samples in samples_by_problem(folder)
        if problem_id in references
    )
    with _pool() as pool:
        return mean_similarity(programs_of, pool=pool)


def _pool() -> WorkPool:
    return WorkPool(len(os.sched_getaffinity(0)))
