"""Prints JSON: tokens a second of an engine and of a model in this process, and how many greedy samples are the same.

Both complete the same prompts of HumanEval from one checkpoint, in turns; loading and starting are not counted, a first
prompt warms each up. Greedy text of two engines parts where their arithmetic rounds differently.

    python tests/performance/engines.py --model ./checkpoint --engine vllm=/opt/vllm/bin/python --device cuda
    python tests/performance/engines.py --model ./model.gguf --engine llama.cpp --problems 4
"""

import argparse
import json
import time
from collections.abc import Sequence

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.in_turn import generators_for, models_in_turn
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import Request


def completions(
    spec: str, options: LoadOptions, requests: Sequence[Request], sampling: Sampling
) -> tuple[dict[str, str], float]:
    """The completions by problem, and tokens a second."""
    with generators_for(spec, options, sampling=sampling, quiet=True) as engine:
        (model,) = models_in_turn(spec, options, [None], sampling, pool=engine, quiet=True)
        list(generate(model, requests[:1], sampling))
        began = time.monotonic()
        made = [each for batch in generate(model, requests, sampling) for each in batch]
        took_s = time.monotonic() - began
    tokens = sum(each.completion_tokens or 0 for each in made)
    return {each.problem_id: each.completion for each in made}, tokens / took_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--engine", required=True)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--problems", type=int, default=164)
    parser.add_argument("--max-new-tokens", type=int, default=256)
    asked = parser.parse_args()
    sampling = Sampling(n=1, temperature=0.0, max_new_tokens=asked.max_new_tokens)
    requests = [
        Request(problem_id=problem.problem_id, sample_index=0, prompt=problem.prompt, stop=problem.stop)
        for problem in load_benchmark("humaneval").problems[: asked.problems]
    ]
    found = {}
    for name, engine in (("engine", asked.engine), ("process", "")):
        options = LoadOptions(device=asked.device, dtype=asked.dtype, engine=engine)
        found[name] = completions(asked.model, options, requests, sampling)
    (theirs, fast), (ours, slow) = found["engine"], found["process"]
    same = sum(ours[problem_id] == theirs[problem_id] for problem_id in ours)
    print(
        json.dumps({"tokens_per_s": {"engine": fast, "process": slow}, "ratio": fast / slow, "same": same / len(ours)})
    )


if __name__ == "__main__":
    main()
