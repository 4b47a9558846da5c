"""How much the programs of a run look like their references: CodeBLEU, and what `--similarity` shows beside it."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Self

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.stage_clock import StageClock
from codecrucible.harness.runs.by_problem import samples_by_problem
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.records import Sample
from codecrucible.reports import CodeBleu, WorkPool, code_bleu_many
from codecrucible.reports.likeness.codebleu import code_bleu_soon
from codecrucible.reports.likeness.work_pool import CHUNK, ITEMS_WORTH_A_PROCESS
from codecrucible.reports.report_types import CodeBleuScore, SimilarityMeans

Scores = Mapping[tuple[str, str], float | None]
"""CodeBLEU by problem id and program hash; None where it could not be measured."""

Scorer = Callable[[str, Mapping[str, str]], Mapping[str, float | None]]
"""CodeBLEU by program hash, of the distinct programs of a problem; from its id and the programs by their hash."""


#: A program takes a core some 5 ms to execute, and less than 1 ms to measure.
_CORES_FOR_ONE_PROCESS = 4


class Scoring:
    """CodeBLEU of every distinct program of a run, measured in other processes while programs come; a context manager.

    Args:
        benchmark: The run's own; a program is compared with its problem's prompt and reference.
        at_once: Whether all programs are there from the beginning. Where the machine has so few cores that executing
            them takes longer than measuring them in this process, no other process is started for it.
    """

    def __init__(self, benchmark: Benchmark, *, at_once: bool = False) -> None:
        self._problems = {problem.problem_id: problem for problem in benchmark.problems if problem.reference}
        self._pool = _pool()
        self._alone = self._pool.workers <= (_CORES_FOR_ONE_PROCESS if at_once else 1)
        self._waiting: dict[tuple[str, str], str] = {}
        self._scores: dict[tuple[str, str], float | None] = {}
        self._measured: list[tuple[list[tuple[str, str]], Future[list[CodeBleu]]]] = []
        self.clock = StageClock()

    def add(self, samples: Iterable[Sample]) -> None:
        """Measure the programs of `samples`, each once; those of other problems have no score."""
        for sample in samples:
            if sample.program_key not in self._scores:
                self._scores[sample.program_key] = None
                if sample.problem_id in self._problems:
                    self._waiting[sample.program_key] = sample.program
        # Few programs are measured at the end, in this process, sooner than another one starts.
        if self._measured or (len(self._waiting) >= ITEMS_WORTH_A_PROCESS and not self._alone):
            self._hand_over()

    def scores(self) -> Scores:
        """Scores of all programs that were added; waits for them."""
        for keys, measured in self._measured:
            self._scores |= {key: score.value for key, score in zip(keys, measured.result(), strict=True)}
        if self._waiting:
            self.clock.tick()
            for language, keys in self._waiting_by_language().items():
                scores = code_bleu_many([self._pair(key) for key in keys], language=language)
                self._scores |= {key: score.value for key, score in zip(keys, scores, strict=True)}
            self.clock.tick()
        return self._scores

    def _hand_over(self) -> None:
        for language, keys in self._waiting_by_language().items():
            for start in range(0, len(keys), CHUNK):
                chunk = keys[start : start + CHUNK]
                self.clock.tick()
                measured = code_bleu_soon([self._pair(key) for key in chunk], language=language, pool=self._pool)
                measured.add_done_callback(lambda _: self.clock.tick())
                self._measured.append((chunk, measured))
        self._waiting.clear()

    def _waiting_by_language(self) -> dict[str, list[tuple[str, str]]]:
        by_language: dict[str, list[tuple[str, str]]] = {}
        for key in self._waiting:
            by_language.setdefault(self._problems[key[0]].language, []).append(key)
        return by_language

    def _pair(self, key: tuple[str, str]) -> tuple[str, str]:
        return self._problems[key[0]].reference_program, self._waiting[key]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.__exit__(*error)


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
