"""From a benchmark's problems to samples, through a tiny random Llama."""

from dataclasses import replace

import pytest

from benchmarks import load_benchmark
from harness.generation import Sampling
from harness.models import load_model
from harness.progress import Progress
from harness.sampler import sample_batches

pytestmark = pytest.mark.model


def test_a_few_shot_prompt_is_what_the_model_is_sent_and_not_what_its_program_continues(tiny_folder):
    plain = load_benchmark("starter[:2]")
    first, second = plain.problems
    benchmark = replace(plain, problems=(replace(first, few_shot_prompt="1, 2, 3\n"), second))
    model = load_model(str(tiny_folder), dtype="float32", device="cpu")
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
