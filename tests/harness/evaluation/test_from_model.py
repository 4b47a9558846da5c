"""From a benchmark's problems to samples, through a tiny random Llama."""

from dataclasses import replace
from itertools import chain

import pytest
from tiny_models import CHAT_TEMPLATE, load_with, save_tiny_llama

from codecrucible.benchmarks import Extraction, load_benchmark
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation.from_model import sample_batches

pytestmark = pytest.mark.model


def test_a_few_shot_prompt_is_what_the_model_is_sent_and_not_what_its_program_continues(tiny_folder):
    plain = load_benchmark("starter[:2]")
    first, second = plain.problems
    benchmark = replace(plain, problems=(replace(first, few_shot_prompt="1, 2, 3\n"), second))
    model = load_with(str(tiny_folder), dtype="float32", device="cpu")
    sampling = Sampling(n=1, temperature=0.0, max_new_tokens=8)

    with Progress(quiet=True) as progress:
        made = [
            sample
            for batch in sample_batches(model, benchmark, sampling, done=[], progress=progress)
            for sample in batch
        ]
    samples = {sample.problem_id: sample for sample in made}

    assert samples[first.problem_id].prompt == "1, 2, 3\n"
    assert samples[second.problem_id].prompt == second.prompt
    for problem in plain.problems:
        sample = samples[problem.problem_id]
        assert sample.program == problem.prompt + sample.completion


def test_a_raw_program_is_the_prompt_and_what_was_returned(tmp_path):
    benchmark = load_benchmark("starter[:2]")
    save_tiny_llama(tmp_path / "chatty", chat_template=CHAT_TEMPLATE, max_position_embeddings=1024)
    model = load_with(str(tmp_path / "chatty"), dtype="float32", device="cpu")
    sampling = Sampling(n=1, temperature=0.0, max_new_tokens=8)
    with Progress(quiet=True) as progress:
        auto, raw = (
            list(
                chain.from_iterable(
                    sample_batches(model, benchmark, sampling, done=[], progress=progress, extraction=extraction)
                )
            )
            for extraction in Extraction
        )
    assert [sample.completion for sample in auto] == [sample.completion for sample in raw]
    prompts = {problem.problem_id: problem.prompt for problem in benchmark.problems}
    for sample in raw:
        assert sample.program == prompts[sample.problem_id] + sample.completion
    assert [sample.program for sample in auto] != [sample.program for sample in raw]
