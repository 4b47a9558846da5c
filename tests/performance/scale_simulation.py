"""Prints a Markdown table: samples a second by number of nodes, simulated by discrete events from measured times.

"driver" is one process that writes the run folder, hands programs out, takes executions in, and judges and reports when
all are there. "shards" are runs of their own on every node, merged by one process at the end. A node has two cores that
execute, and beside them what makes completions in batches, unless these are there already. What takes how long is drawn
from `scale_inputs.json`, made by `scale_inputs.py`, and from the means in docs/sandbox.md and docs/generation.md, which
stand below. Nothing is said of the network, nor of what Ray does on the driver.

    pip install simpy
    python tests/performance/scale_simulation.py
"""

import argparse
import json
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from statistics import fmean
from typing import Any

import simpy

NODES = (1, 2, 4, 8, 16, 64, 256, 1000)
CORES = 2
EXECUTION_MS = 3.3  # CPU of the whole machine a sample, docs/sandbox.md; the programs' own share is in the inputs
HAND_OUT_MS = 0.14  # CPU of the driver for a program, docs/sandbox.md
TOKENS_PER_S = 300  # docs/generation.md, ten samples per problem, on the two cores of a node
NEW_TOKENS = 128
BATCH = 80  # samples
IN_FLIGHT = 4 * CORES  # programs a node
START_S = 5.0  # of a process with a model; an assumption
PROBLEMS = 3280  # 20 languages of 164 problems each
SAMPLES_PER_PROBLEM = 200
KNEE = 0.9  # of what so many nodes would do if none waited for another

Events = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is simulated; milliseconds.

    Attributes:
        driver_ms: Gives what the one process does for a sample.
        execution_ms: Gives what a core of a node does for a sample.
        closing_ms: Of a sample, by the one process when all are there: judgement and report.
        merge_ms: Of a sample, by the process that merges.
        batch_s: Seconds in which a node makes `BATCH` completions; 0 where they are there already.
    """

    driver_ms: Callable[[], float]
    execution_ms: Callable[[], float]
    closing_ms: float
    merge_ms: float
    batch_s: float


def driver_rate(scene: Scene, nodes: int) -> float:
    """Samples a second of one driver with so many nodes, to the end of the report."""
    env = simpy.Environment()
    driver = simpy.Resource(env)
    out = simpy.Resource(env, capacity=IN_FLIGHT * nodes)  # programs that are with the nodes, or on their way
    ended: list[float] = []

    def sample(cores: simpy.Resource) -> Events:
        work_s = scene.driver_ms() / 1000
        with out.request() as place:
            yield place
            with driver.request() as turn:
                yield turn
                yield env.timeout(work_s / 2)
            with cores.request() as turn:
                yield turn
                yield env.timeout(scene.execution_ms() / 1000)
            with driver.request() as turn:
                yield turn
                yield env.timeout(work_s / 2)
        ended.append(env.now)

    def executing(cores: simpy.Resource) -> Events:
        while True:
            yield env.process(sample(cores))

    def generating(cores: simpy.Resource, offset: float) -> Events:
        yield env.timeout(offset * scene.batch_s)
        before: Iterable[simpy.Event] = ()
        while True:
            batch = [env.process(sample(cores)) for _ in range(BATCH)]
            yield env.all_of(before)  # no more than two batches are on their way
            before = batch
            yield env.timeout(scene.batch_s)

    for number in range(nodes):
        cores = simpy.Resource(env, capacity=CORES)
        if scene.batch_s:
            env.process(generating(cores, number / nodes))
        else:
            for _ in range(IN_FLIGHT):
                env.process(executing(cores))
    start = max(2.0, scene.batch_s)  # the queues are as long as they get
    stop = start + max(4.0, 200 / nodes, 2 * scene.batch_s)
    env.run(until=stop)
    rate = (bisect_left(ended, stop) - bisect_left(ended, start)) / (stop - start)
    return 1 / (1 / rate + scene.closing_ms / 1000)


def shards_rate(scene: Scene, nodes: int) -> float:
    """Samples a second of so many shards of `PROBLEMS` problems, to the end of the merged report."""
    env = simpy.Environment()
    merging_s = PROBLEMS * SAMPLES_PER_PROBLEM * scene.merge_ms / 1000

    def shard(problems: int) -> Events:
        yield env.timeout(START_S)
        for _ in range(problems):
            made_s = scene.batch_s * SAMPLES_PER_PROBLEM / BATCH
            executed_s = sum(scene.execution_ms() for _ in range(20)) * SAMPLES_PER_PROBLEM / 20 / 1000 / CORES
            own_s = SAMPLES_PER_PROBLEM * (scene.driver_ms() + scene.closing_ms) / 1000 / CORES
            yield env.timeout(max(made_s, executed_s + own_s))  # stages overlap; the cores do both of the latter

    def all_of_them() -> Events:
        share, left = divmod(PROBLEMS, nodes)
        yield env.all_of([env.process(shard(share + (number < left))) for number in range(nodes)])
        yield env.timeout(merging_s)

    env.run(env.process(all_of_them()))
    return PROBLEMS * SAMPLES_PER_PROBLEM / env.now


def knee(rates: dict[int, float]) -> str:
    """The first number of nodes at which a node is worth less than `KNEE` of the first."""
    return next((str(nodes) for nodes, rate in rates.items() if rate < KNEE * nodes * rates[1]), f"> {max(rates)}")


def scenes(inputs: dict[str, Any], random: Random) -> dict[str, Scene]:
    """By name, what is simulated; the first of each kind as measured."""
    program_ms, driver_ms = inputs["execution"], inputs["driver"]
    around_ms = EXECUTION_MS - fmean(program_ms)
    code_bleu_ms = inputs["report"] - inputs["report_without_codebleu"]
    there = Scene(
        driver_ms=lambda: HAND_OUT_MS + random.choice(driver_ms),
        execution_ms=lambda: around_ms + random.choice(program_ms),
        closing_ms=inputs["judge"] + inputs["report"],
        merge_ms=inputs["merge"],
        batch_s=0.0,
    )
    made = replace(there, batch_s=BATCH * NEW_TOKENS / TOKENS_PER_S)

    def with_code_bleu(share: float) -> Scene:
        saved = (1 - share) * code_bleu_ms
        return replace(there, closing_ms=there.closing_ms - saved, merge_ms=there.merge_ms - saved)

    return {
        "completions are there": there,
        "made at 300 tokens/s a node": made,
        "made at 15,000 tokens/s a node": replace(made, batch_s=made.batch_s / 50),
        "there, programs take 10 times as long": replace(
            there, execution_ms=lambda: around_ms + 10 * random.choice(program_ms)
        ),
        "there, CodeBLEU on 16 cores": with_code_bleu(1 / 16),
        "there, without CodeBLEU": with_code_bleu(0.0),
    }


def main() -> None:
    """Simulate and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--inputs", type=Path, default=Path(__file__).with_name("scale_inputs.json"))
    options.add_argument("--nodes", type=int, nargs="+", default=NODES)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    inputs = json.loads(chosen.inputs.read_text(encoding="utf-8"))
    random = Random(chosen.seed)  # noqa: S311  # a simulation
    print("| samples/s | | " + " | ".join(str(nodes) for nodes in chosen.nodes) + " | knee |")
    print("|---|---|" + "--:|" * (len(chosen.nodes) + 1))
    for name, scene in scenes(inputs, random).items():
        for way, rate_of in (("driver", driver_rate), ("shards", shards_rate)):
            rates = {nodes: rate_of(scene, nodes) for nodes in chosen.nodes}
            shown = " | ".join(f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}" for rate in rates.values())
            print(f"| {name} | {way} | {shown} | {knee(rates)} |", flush=True)


if __name__ == "__main__":
    main()
