"""The folder that training on rewards ends in: the adapter, every sample with its verdict, and the curves."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.facts import BenchmarkFacts, CheckpointFacts
from codecrucible.harness.common.provenance import PACKAGES, code_version, packages
from codecrucible.harness.finetune.adapter_folder import CURVES, MANIFEST, adapter_folder, write_curves
from codecrucible.reports.views.safe_text import for_markdown

SAMPLES = "samples.jsonl"

#: Column of the curves, and under which name the trainer logs it.
LOGGED = {
    "step": "step",
    "reward": "reward",
    "reward_std": "reward_std",
    "passed": "verdicts/passed",
    "forged": "verdicts/forged",
    "unjudged": "verdicts/unjudged",
    "kl": "kl",
    "loss": "loss",
    "grad_norm": "grad_norm",
    "mean_tokens": "completions/mean_length",
    "cut_off": "samples/cut_off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewarded:
    """What was trained on rewards, and how it went.

    Attributes:
        spec: The base as it was asked for.
        facts: The base.
        benchmark: Whose problems it learnt from.
        recipe: Fields of `GrpoRecipe`.
        micro_batch: Samples that were computed together.
        verdicts: How many samples of the whole training had which verdict.
        history: An entry a step, the columns of `LOGGED`; what was not measured is not there.
    """

    spec: str
    facts: CheckpointFacts
    benchmark: BenchmarkFacts
    recipe: Mapping[str, Any]
    micro_batch: int
    verdicts: Mapping[str, int]
    history: tuple[Mapping[str, float], ...]

    def said(self) -> str:
        """A line for a person."""
        samples, half = sum(self.verdicts.values()), max(1, len(self.history) // 2)
        parts = ", ".join(
            f"{_mean(entries, 'passed')} passed in the {which} half"
            for which, entries in (("first", self.history[:half]), ("second", self.history[half:]))
            if entries
        )
        counts = ", ".join(f"{self.verdicts.get(name, 0)} {name}" for name in ("forged", "unjudged"))
        return f"{len(self.history)} steps, {samples} samples: {parts}; {counts}"


def write_rewarded(out: Path, model: Any, tokenizer: Any, rewarded: Rewarded, samples: Path) -> None:
    """Make the folder `out`, whole or not at all.

    Args:
        out: Must not exist.
        model: With the adapter.
        tokenizer: Its tokenizer.
        rewarded: What is on record.
        samples: File of all samples, which is copied.

    Raises:
        UsageError: if `out` is there.
        OSError: if it cannot be written; the checkpoints of the training stay.
    """
    with adapter_folder(out, model, tokenizer, rewarded.facts, rewarded_manifest(rewarded)) as folder:
        shutil.copyfile(samples, folder / SAMPLES)
        write_curves(folder / CURVES, tuple(LOGGED), rewarded.history)
        _draw(folder / "curves.png", rewarded)
        (folder / "README.md").write_text(_card(rewarded), encoding="utf-8")


def rewarded_manifest(rewarded: Rewarded) -> dict[str, Any]:
    """What `training.json` says."""
    return {
        "schema": 1,
        "method": "grpo",
        "code_version": code_version(),
        "packages": packages((*PACKAGES, "trl")),
        "base": to_json(rewarded.facts),
        "recipe": dict(rewarded.recipe),
        "micro_batch": rewarded.micro_batch,
        "problems": to_json(rewarded.benchmark),
        "verdicts": dict(rewarded.verdicts),
        "curves": CURVES,
        "samples": SAMPLES,
    }


def _mean(history: tuple[Mapping[str, float], ...], name: str) -> str:
    return f"{sum(entry[name] for entry in history) / len(history):.1%}"


def _draw(path: Path, rewarded: Rewarded) -> None:
    """Reward and hacking attempts by step, beside each other."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4), layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    for axes, names, label in (
        (left, ("reward", "passed"), "mean reward, and share that passed"),
        (right, ("forged", "unjudged"), "share of samples"),
    ):
        for name, style in zip(names, ("-", "--"), strict=True):  # where both are the same, both are seen
            points = [(entry["step"], entry[name]) for entry in rewarded.history if name in entry]
            if points:
                axes.plot(*zip(*points, strict=True), style, label=name, marker=".")
        axes.set(xlabel="step", ylabel=label, ylim=(-0.03, 1.03))
        axes.grid(alpha=0.3)
        axes.legend()
    figure.savefig(path, dpi=120)


def _card(rewarded: Rewarded) -> str:
    """The model card; what it quotes is made harmless."""
    base, recipe = rewarded.facts, rewarded.recipe
    shape = f"rank {recipe['rank']}, alpha {recipe['alpha']}, preset {recipe['preset']}"
    rates = f"learning rate {recipe['learning_rate']}, KL coefficient {recipe['kl']}"
    steps = f"{recipe['steps']} steps of {recipe['batch']} problems with {recipe['group']} samples each"
    drawn = f"temperature {recipe['temperature']}, at most {recipe['max_new_tokens']} tokens"
    problems = rewarded.benchmark
    return "\n".join(
        (
            "---",
            "library_name: peft",
            f"base_model: {json.dumps(base.source)}",
            "model-index: []",
            "---",
            "",
            f"# LoRA adapter of {for_markdown(base.name)}, trained on verdicts",
            "",
            f"- Base: {for_markdown(base.spec)}, weights sha256 {base.weights_sha256}",
            f"- Problems: {len(problems.problem_ids)} of {for_markdown(problems.name)}, sha256 {problems.sha256}",
            f"- Recipe: GRPO by TRL, {shape}, {rates}, seed {recipe['seed']}",
            f"- Samples: {steps}; {drawn}",
            f"- {rewarded.said()}",
            "",
            f"All of it: {MANIFEST}; by step: {CURVES}; every sample with its verdict: {SAMPLES}.",
            "No benchmark score is claimed here.",
            "",
        )
    )
