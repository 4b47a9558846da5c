"""Samples from a model: what is still missing of a run, batch by batch."""

from collections.abc import Iterator
from itertools import chain, pairwise

from codecrucible.benchmarks import Benchmark, Extraction, Problem, PromptForm, extract, raw
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.protocol import LanguageModel
from codecrucible.harness.models.requests import Generation, Request
from codecrucible.harness.runs.records import Sample


def sample_batches(
    model: LanguageModel,
    benchmark: Benchmark,
    sampling: Sampling,
    *,
    done: list[Sample],
    progress: Progress,
    extraction: Extraction = Extraction.AUTO,
    earlier_n: tuple[int, ...] = (),
) -> Iterator[list[Sample]]:
    """Batches of new samples, `sampling.n` a problem in all with those in `done`.

    Samples from one of `earlier_n` to the next are planned by themselves: they have the batches that they would have
    had if n had not been raised.

    Raises:
        GenerationFailed: the model could not be asked; what was yielded before stands.
    """
    known = {(sample.problem_id, sample.sample_index) for sample in done}
    progress.stage("generate", total=sampling.n * len(benchmark.problems), done=len(known))
    generations = chain.from_iterable(
        generate(model, _requests(benchmark, range(first, end)), sampling, done=known)
        for first, end in pairwise((0, *earlier_n, sampling.n))
    )
    return _batches(model, benchmark, generations, progress, extraction)


def _requests(benchmark: Benchmark, indices: range) -> list[Request]:
    return [request_of(problem, index) for problem in benchmark.problems for index in indices]


def request_of(problem: Problem, index: int) -> Request:
    """What a model is asked for sample `index` of a problem."""
    return Request(
        problem_id=problem.problem_id,
        sample_index=index,
        prompt=problem.few_shot_prompt or problem.prompt,
        stop=problem.stop,
        language=problem.language,
        whole=bool(problem.cases),
        message=problem.message,
        suffix=problem.suffix,
    )


def _batches(
    model: LanguageModel,
    benchmark: Benchmark,
    generations: Iterator[list[Generation]],
    progress: Progress,
    extraction: Extraction,
) -> Iterator[list[Sample]]:
    problems = {problem.problem_id: problem for problem in benchmark.problems}
    for batch in generations:
        tokens = sum(generation.completion_tokens or 0 for generation in batch)
        progress.advance("generate", len(batch), tokens=tokens)
        yield [_sample(model, problems[generation.problem_id], generation, extraction) for generation in batch]


def _sample(model: LanguageModel, problem: Problem, generation: Generation, extraction: Extraction) -> Sample:
    if extraction is Extraction.RAW:
        program = raw(problem, generation.completion)
    else:
        program = extract(
            problem,
            generation.completion,
            form=PromptForm(model.prompt_form),
            prompt=generation.prompt,
            # What a server's own template puts behind the message is not known: it may have opened a thought.
            taken_back=bool(model.facts.served_name) and generation.finish_reason == "length",
        )
    source = "" if program.empty else program.source
    return Sample(
        problem_id=problem.problem_id,
        sample_index=generation.sample_index,
        prompt=generation.prompt,
        prompt_sha256=generation.prompt_sha256,
        prompt_form=model.prompt_form,
        completion=generation.completion,
        program=source,
        program_sha256=text_sha256(source),
        prompt_lines=program.prompt_lines,
        finish_reason=generation.finish_reason,
        prompt_tokens=generation.prompt_tokens,
        completion_tokens=generation.completion_tokens,
        rule=program.rule or "",
        no_answer=generation.no_answer or program.no_answer,
    )
