"""Prints JSON: tokens a second of our batches over those of transformers' `generate`, on the bundled SmolLM2.

HumanEval's prompts in the chat form, sampled at temperature 0.8 with top_p 0.95. "one_problem" is one problem at
a time with num_return_sequences=n, as bigcode-evaluation-harness does; "static_batch" is the best of several sizes of
batches by hand: prompts sorted by length, padded on the left, each batch until its slowest row has ended. Tokens are
those up to a row's end. The sides take turns; a ratio is the median of the rounds'.

    python tests/performance/generation.py --problems 24,8 --rounds 2
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from benchmarks import load_benchmark
from harness.generation import Request, generate
from harness.local_model import LocalModel
from harness.models import load_model
from harness.sampling import Sampling

SAMPLES = (1, 10)
SIZES = (16, 40, 80)


def requests(problems: int, n: int) -> list[Request]:
    """So many samples of HumanEval's problems, taken from all over it."""
    every = load_benchmark("humaneval").problems
    chosen = [every[place * len(every) // problems] for place in range(problems)]
    return [
        Request(problem_id=problem.problem_id, sample_index=index, prompt=problem.prompt, stop=problem.stop)
        for problem in chosen
        for index in range(n)
    ]


def ours(model: LocalModel, wanted: Sequence[Request], sampling: Sampling) -> int:
    """Tokens written by the product's own batches."""
    return sum(made.completion_tokens or 0 for batch in generate(model, wanted, sampling) for made in batch)


def one_problem(model: LocalModel, wanted: Sequence[Request], sampling: Sampling) -> int:
    """Tokens written one problem at a time, its samples together."""
    tokens = 0
    for prompt in dict.fromkeys(request.prompt for request in wanted):
        tokens += _generated(model, [model.render(prompt).token_ids], sampling, samples=sampling.n)
    return tokens


def static_batch(model: LocalModel, wanted: Sequence[Request], sampling: Sampling, size: int) -> int:
    """Tokens written in batches of `size` rows, by length."""
    rows = sorted((model.render(request.prompt).token_ids for request in wanted), key=len, reverse=True)
    return sum(_generated(model, rows[start : start + size], sampling) for start in range(0, len(rows), size))


def _generated(model: LocalModel, rows: Sequence[tuple[int, ...]], sampling: Sampling, samples: int = 1) -> int:
    """Tokens that transformers' `generate` writes after these rows, each up to its end."""
    longest = max(map(len, rows))
    pad = model.tokenizer.pad_token_id
    ids = torch.tensor([[pad] * (longest - len(row)) + list(row) for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    ends = sorted(model._end_ids())
    options: dict[str, Any] = {"temperature": sampling.temperature, "top_p": sampling.top_p, "top_k": 0}
    with torch.inference_mode():
        written = model.model.generate(
            input_ids=ids,
            attention_mask=mask,
            do_sample=True,
            max_new_tokens=sampling.max_new_tokens,
            num_return_sequences=samples,
            eos_token_id=ends,
            pad_token_id=pad,
            **options,
        )[:, longest:]
    return sum(_length(row, ends) for row in written.tolist())


def _length(row: list[int], ends: Sequence[int]) -> int:
    return next((place + 1 for place, token in enumerate(row) if token in ends), len(row))


def rates(model: LocalModel, wanted: Sequence[Request], sampling: Sampling) -> Iterator[tuple[str, float]]:
    """Tokens a second of every side, one after another."""
    sides = {"ours": lambda: ours(model, wanted, sampling), "one_problem": lambda: one_problem(model, wanted, sampling)}
    for size in SIZES:
        if size <= len(wanted) or size == SIZES[0]:
            sides[f"static_batch_{size}"] = lambda size=size: static_batch(model, wanted, sampling, size)  # type: ignore[misc]
    for name, work in sides.items():
        begin = time.perf_counter()
        tokens = work()
        yield name, tokens / (time.perf_counter() - begin)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--problems", default="24,8", help="for n = 1 and for n = 10")
    options.add_argument("--new-tokens", type=int, default=128)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--model", default="bundled:smollm2-135m-instruct")
    chosen = options.parse_args()
    model: Any = load_model(chosen.model)
    told: dict[str, Any] = {"model": model.facts.name, "dtype": model.facts.dtype, "device": model.facts.device}
    for n, problems in zip(SAMPLES, map(int, chosen.problems.split(",")), strict=True):
        sampling = Sampling(n=n, temperature=0.8, top_p=0.95, max_new_tokens=chosen.new_tokens, seed=0)
        wanted = requests(problems, n)
        torch.manual_seed(0)
        ours(model, wanted[:4], sampling)
        rounds = [dict(rates(model, wanted, sampling)) for _ in range(chosen.rounds)]
        names = list(rounds[0])
        best = max(
            (name for name in names if name.startswith("static")), key=lambda name: sum(each[name] for each in rounds)
        )
        told[f"n_{n}"] = {
            "problems": problems,
            "tokens_per_s": {name: round(statistics.median(each[name] for each in rounds), 1) for name in names},
            "ours_over_one_problem": round(statistics.median(each["ours"] / each["one_problem"] for each in rounds), 2),
            "ours_over_best_static_batch": round(statistics.median(each["ours"] / each[best] for each in rounds), 2),
        }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
