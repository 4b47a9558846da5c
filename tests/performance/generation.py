"""Prints JSON: tokens a second of our batches over those of what transformers offers, on the bundled SmolLM2.

HumanEval's prompts as a run sends them, sampled at temperature 0.8 with top_p 0.95. "one_problem" is one problem at
a time with num_return_sequences=n, as bigcode-evaluation-harness does. "static_batch_N" is `generate` on batches of N
rows by hand: prompts sorted by length, padded on the left, each batch until its slowest row has ended.
"continuous_batching_N_A" is the manager behind `generate_batch`, with up to N rows at one time and the attention A that
it chooses; starting it is not counted. Tokens are those up to a row's end. The sides take turns; a ratio is the median
of the rounds', over the best N. "kept_in_another_batch" is the share of samples that stay as they are when every second
problem is left out.

A model with random weights hardly ever ends a row, and so shows less than what ended rows leave to gain.

    python tests/performance/generation.py --problems 24,8 --rounds 2
    python tests/performance/generation.py --device cuda --random-llama
    python tests/performance/generation.py --device cuda --model ./checkpoint
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.local.model import LocalModel
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import Request

# Seconds, from no particular point on.
Clock = Callable[[], float]

SAMPLES = (1, 10)
PEERS = ("one_problem", "static_batch", "continuous_batching")
BUNDLED = "bundled:smollm2-135m-instruct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much a device is given.

    Attributes:
        problems: For n = 1 and for n = 10, separated by a comma.
        rows: At one time, in the batches of transformers.
        continuous: What continuous batching is told of its memory.
    """

    problems: str
    rows: tuple[int, ...]
    continuous: dict[str, int] = field(default_factory=dict)


SCALES = {
    # Left to itself, continuous batching takes 60 % of the memory.
    "cpu": Scale(problems="24,8", rows=(16, 40, 80), continuous={"num_blocks": 256, "max_batch_tokens": 2048}),
    "cuda": Scale(problems="164,164", rows=(128, 256, 512)),
}


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
    return sum(_generated(model, [prompt], sampling, samples=sampling.n) for prompt in _prompts(model, wanted))


def static_batch(model: LocalModel, wanted: Sequence[Request], sampling: Sampling, size: int) -> int:
    """Tokens written in batches of `size` rows, by length."""
    rows = sorted((model.render(request.prompt).token_ids for request in wanted), key=len, reverse=True)
    return sum(_generated(model, rows[start : start + size], sampling) for start in range(0, len(rows), size))


@contextmanager
def _started(model: LocalModel, sampling: Sampling, size: int, memory: dict[str, int]) -> Iterator[Any]:
    """Transformers' manager of continuous batching, with up to `size` rows at one time."""
    from transformers import ContinuousBatchingConfig, GenerationConfig

    whole: Any = model.model
    with whole.continuous_batching_context_manager(
        generation_config=GenerationConfig(
            **_drawn(model, sampling), num_return_sequences=sampling.n, max_new_tokens=sampling.max_new_tokens
        ),
        continuous_batching_config=ContinuousBatchingConfig(seed=sampling.seed, max_requests_per_batch=size, **memory),
    ) as manager:
        yield manager


def _continued(manager: Any, prompts: Sequence[tuple[int, ...]], samples: int) -> list[tuple[int, ...]]:
    """The tokens of each completion, in the order of `prompts` if there is one `samples` a prompt.

    Raises:
        RuntimeError: if one was lost.
    """
    asked = manager.add_requests([list(prompt) for prompt in prompts])
    written = {}
    for _ in range(len(prompts) * samples):
        made = manager.get_result(timeout=600)
        if made is None or made.error:
            raise RuntimeError(f"continuous batching lost a completion: {made.error if made else 'timeout'}")
        written[made.request_id] = tuple(made.generated_tokens)
    return [written.pop(number) for number in asked] + list(written.values())


def continuous_batching(
    model: LocalModel, wanted: Sequence[Request], sampling: Sampling, size: int, memory: dict[str, int], clock: Clock
) -> tuple[float, str]:
    """Tokens a second of continuous batching, and the attention that it chose."""
    prompts = _prompts(model, wanted)
    with _started(model, sampling, size, memory) as manager:
        tokens_per_s = rate(lambda: sum(map(len, _continued(manager, prompts, sampling.n))), clock)
        return tokens_per_s, str(model.model.config._attn_implementation)


def kept(model: LocalModel, wanted: Sequence[Request], sampling: Sampling, scale: Scale) -> dict[str, float]:
    """Share of completions that stay as they are when every second problem is left out; one sample a problem."""

    def by_ours(some: Sequence[Request]) -> dict[str, object]:
        return {made.problem_id: made.completion for batch in generate(model, some, sampling) for made in batch}

    def by_theirs(some: Sequence[Request]) -> dict[str, object]:
        with _started(model, sampling, scale.rows[0], scale.continuous) as manager:
            written = _continued(manager, [model.render(request.prompt).token_ids for request in some], 1)
        return {request.problem_id: tokens for request, tokens in zip(some, written, strict=True)}

    shares = {}
    for name, side in (("ours", by_ours), ("continuous_batching", by_theirs)):
        every, half = side(wanted), side(wanted[::2])
        shares[name] = round(sum(every[problem_id] == text for problem_id, text in half.items()) / len(half), 2)
    return shares


def _prompts(model: LocalModel, wanted: Sequence[Request]) -> list[tuple[int, ...]]:
    return [model.render(prompt).token_ids for prompt in dict.fromkeys(request.prompt for request in wanted)]


def _drawn(model: LocalModel, sampling: Sampling) -> dict[str, Any]:
    """How transformers is told to draw, and where a row ends."""
    return {
        "do_sample": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": 0,
        "eos_token_id": sorted(model._end_ids()),
    }


def _generated(model: LocalModel, rows: Sequence[tuple[int, ...]], sampling: Sampling, samples: int = 1) -> int:
    """Tokens that transformers' `generate` writes after these rows, each up to its end."""
    longest = max(map(len, rows))
    drawn = _drawn(model, sampling)
    pad = drawn["eos_token_id"][0]
    device = model.model.device
    ids = torch.tensor([[pad] * (longest - len(row)) + list(row) for row in rows], device=device)
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows], device=device)
    with torch.inference_mode():
        written = model.model.generate(
            input_ids=ids,
            attention_mask=mask,
            max_new_tokens=sampling.max_new_tokens,
            num_return_sequences=samples,
            pad_token_id=pad,
            **drawn,
        )[:, longest:]
    return sum(_length(row, drawn["eos_token_id"]) for row in written.tolist())


def _length(row: list[int], ends: Sequence[int]) -> int:
    return next((place + 1 for place, token in enumerate(row) if token in ends), len(row))


def rate(work: Callable[[], int], clock: Clock) -> float:
    """Tokens a second of `work`, which returns how many it wrote."""
    begin = clock()
    tokens = work()
    return tokens / (clock() - begin)


def rates(
    model: LocalModel,
    wanted: Sequence[Request],
    sampling: Sampling,
    scale: Scale,
    clock: Clock,
    peers: Collection[str],
) -> Iterator[tuple[str, float]]:
    """Tokens a second of every side, one after another."""
    yield "ours", rate(lambda: ours(model, wanted, sampling), clock)
    if "one_problem" in peers:
        yield "one_problem", rate(lambda: one_problem(model, wanted, sampling), clock)
    sizes = [size for size in scale.rows if size <= len(wanted) or size == scale.rows[0]]
    for size in sizes if "static_batch" in peers else ():
        by_hand = partial(static_batch, model, wanted, sampling, size)
        yield f"static_batch_{size}", rate(by_hand, clock)
    for size in sizes if "continuous_batching" in peers else ():
        tokens_per_s, attention = continuous_batching(model, wanted, sampling, size, scale.continuous, clock)
        yield f"continuous_batching_{size}_{attention}", tokens_per_s


def compared(rounds: Sequence[dict[str, float]], peers: Collection[str]) -> dict[str, float]:
    """Ours over each peer in the size that is its best, the median of the rounds."""
    ratios = {}
    for peer in peers:
        sizes = [name for name in rounds[0] if name.startswith(peer)]
        best = max(sizes, key=lambda name: sum(each[name] for each in rounds))
        ratios[f"ours_over_{peer}"] = round(statistics.median(each["ours"] / each[best] for each in rounds), 2)
    return ratios


def save_random_llama(folder: Path, layers: int) -> None:
    """A Llama with random weights and the bundled tokenizer in `folder`; 1.1 billion parameters with 16 layers."""
    from transformers import LlamaConfig, LlamaForCausalLM

    bundled: Any = load_model(BUNDLED, LoadOptions(device="cpu"))
    config = LlamaConfig(
        vocab_size=len(bundled.tokenizer),
        hidden_size=2048,
        intermediate_size=8192,
        num_hidden_layers=layers,
        num_attention_heads=32,
        num_key_value_heads=8,
        max_position_embeddings=8192,
        tie_word_embeddings=True,
        bos_token_id=bundled.tokenizer.bos_token_id,
        eos_token_id=bundled.tokenizer.eos_token_id,
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)
    bundled.tokenizer.save_pretrained(folder)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--problems", help="for n = 1 and for n = 10; 24,8 on a processor and 164,164 on a GPU")
    options.add_argument("--new-tokens", type=int, default=128)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    options.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1")
    options.add_argument("--dtype", default="auto", help="auto, bfloat16, float16, float32")
    options.add_argument("--batch-size", type=int, help="rows of ours at one time; the product's default if not given")
    options.add_argument(
        "--processor-time",
        action="store_true",
        help="count seconds in which this process had a core, as on a processor that others use as well",
    )
    model_options = options.add_mutually_exclusive_group()
    model_options.add_argument("--model", default=BUNDLED, help="a folder, a hub id or bundled:NAME")
    model_options.add_argument("--random-llama", type=int, nargs="?", const=16, metavar="LAYERS")
    chosen = options.parse_args()
    with ExitStack() as stack:
        spec = chosen.model
        if chosen.random_llama:
            spec = stack.enter_context(tempfile.TemporaryDirectory()) + "/random-llama"
            save_random_llama(Path(spec), chosen.random_llama)
        model: Any = load_model(spec, LoadOptions(device=chosen.device, dtype=chosen.dtype))
    clock = time.process_time if chosen.processor_time else time.perf_counter
    scale = SCALES[model.model.device.type]
    told: dict[str, Any] = {
        "model": model.facts.name,
        "parameters": model.facts.parameters,
        "dtype": model.facts.dtype,
        "device": model.facts.device,
        "attention": model.model.config._attn_implementation,
        "prompt_form": model.prompt_form,
        "new_tokens": chosen.new_tokens,
        "clock": clock.__name__,
    }
    for n, problems in zip(SAMPLES, map(int, (chosen.problems or scale.problems).split(",")), strict=True):
        sampling = Sampling(
            n=n,
            temperature=0.8,
            top_p=0.95,
            max_new_tokens=chosen.new_tokens,
            seed=0,
            batch_size=chosen.batch_size,
        )
        wanted = requests(problems, n)
        torch.manual_seed(0)
        ours(model, wanted[:4], sampling)
        static_batch(model, wanted[:4], sampling, 4)
        rounds = [dict(rates(model, wanted, sampling, scale, clock, chosen.peers)) for _ in range(chosen.rounds)]
        told[f"n_{n}"] = {
            "problems": problems,
            "tokens_per_s": {name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]},
            **compared(rounds, chosen.peers),
        }
        if n == 1 and "continuous_batching" in chosen.peers:
            told["kept_in_another_batch"] = kept(model, wanted, sampling, scale)
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
