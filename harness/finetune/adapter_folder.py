"""The folder that training ends in: the adapter, and all that is needed to know where it came from."""

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.facts import TRAINING_RECORD, CheckpointFacts
from codecrucible.harness.common.provenance import code_version, packages
from codecrucible.harness.finetune.encoding import Data
from codecrucible.harness.finetune.preparation.data_folder import new_folder
from codecrucible.harness.models.adapters.applying import record_base
from codecrucible.reports.views.safe_text import for_markdown

MANIFEST = TRAINING_RECORD
CURVES = "curves.csv"
_FIELDS = ("step", "epoch", "loss", "eval_loss", "learning_rate", "grad_norm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """What was trained, on what, and how it went.

    Attributes:
        spec: The base as it was asked for.
        facts: The base.
        data: What it was trained on.
        replay: General data among it, if any.
        recipe: Fields of `Recipe`.
        micro_batch: Rows that were computed together.
        rows: Counts: "train" (replayed ones included), "validation", "too_long", "split" (texts of which several rows
            were made), "tokens", "tokens_left_out", and "packs" where they were packed.
        history: An entry a log: "step", "epoch", and "loss" (mean a token of the step) or "eval_loss" (of the held-out
            rows). The first, of step 0, is the base's.
    """

    spec: str
    facts: CheckpointFacts
    data: Data
    replay: Data | None
    recipe: Mapping[str, Any]
    micro_batch: int
    rows: Mapping[str, int]
    history: tuple[Mapping[str, float], ...]

    @property
    def validation(self) -> dict[str, float] | None:
        """Validation loss and perplexity of the base and of the adapter that was kept; None without held-out rows."""
        losses = [entry["eval_loss"] for entry in self.history if "eval_loss" in entry]
        if len(losses) < 2:  # noqa: PLR2004 - the base's and one more
            return None
        base, best = losses[0], min(losses[1:])
        return {
            "base_loss": base, "loss": best, "base_perplexity": math.exp(base), "perplexity": math.exp(best),
        }  # fmt: skip


def write_adapter(
    out: Path, model: Any, tokenizer: Any, trained: Trained, *, weights: dict[str, Any] | None = None
) -> None:
    """Make the folder `out`, whole or not at all; with `weights` where those in `model` are not whole.

    Raises:
        UsageError: if `out` is there.
        OSError: if it cannot be written; the checkpoints of the training stay.
    """
    with adapter_folder(out, model, tokenizer, trained.facts, manifest_of(trained), weights=weights) as folder:
        write_curves(folder / CURVES, _FIELDS, trained.history)
        _draw_curves(folder / "curves.png", trained)
        (folder / "README.md").write_text(_card(trained), encoding="utf-8")


@contextmanager
def adapter_folder(
    out: Path, model: Any, tokenizer: Any, base: CheckpointFacts, manifest: Mapping[str, Any], *,
    weights: dict[str, Any] | None = None,
) -> Iterator[Path]:  # fmt: skip
    """The folder that becomes `out` if the block ends well, with the adapter, its base and its manifest in it.

    Raises:
        UsageError: if `out` is there.
    """
    model.peft_config["default"].base_model_name_or_path = base.source
    with new_folder(out) as folder:
        model.save_pretrained(folder, save_embedding_layers=False, state_dict=weights)
        tokenizer.save_pretrained(folder)
        record_base(folder, base)
        text = json.dumps(manifest, indent=2, allow_nan=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
        yield folder


def manifest_of(trained: Trained) -> dict[str, Any]:
    """What `training.json` says."""
    sources = {"data": trained.data, "replay": trained.replay}
    return {
        "schema": 1,
        "code_version": code_version(),
        "packages": packages(),
        "base": to_json(trained.facts),
        "recipe": dict(trained.recipe),
        "quantisation": _quantisation(trained),
        "micro_batch": trained.micro_batch,
        "rows": dict(trained.rows),
        "validation": trained.validation,
        "curves": CURVES,
        **{
            name: data and {
                "folder": str(data.folder.resolve()),
                "sha256": data.sha256,
                "files": data.card["files"],
                "licences": data.card.get("licences", {}),
                "contamination": data.card.get("contamination", {}),
                "decontaminated_against": data.card.get("decontaminated_against", []),
            }
            for name, data in sources.items()
        },
    }  # fmt: skip


def _quantisation(trained: Trained) -> dict[str, Any] | None:
    """How the base was held while it was trained on; None if in its own type."""
    if not trained.recipe["four_bit"]:
        return None
    return {
        "bits": 4,
        "type": "nf4",
        "double": True,
        "compute_dtype": trained.facts.dtype.removesuffix(" in 4 bits"),
        "library": f"bitsandbytes {version('bitsandbytes')}",
    }


def write_curves(path: Path, fields: Sequence[str], history: Sequence[Mapping[str, Any]]) -> None:
    """Write an entry a line, as CSV; what an entry lacks is empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(history)


def _draw_curves(path: Path, trained: Trained) -> None:
    """Losses by step, as a picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for name, label, style in (("loss", "training", "-"), ("eval_loss", "validation", "o-")):
        points = [(entry["step"], entry[name]) for entry in trained.history if name in entry]
        if points:
            axes.plot(*zip(*points, strict=True), style, label=label, markersize=4)
    axes.set_xlabel("step")
    axes.set_ylabel("loss a token (nats)")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)


def _card(trained: Trained) -> str:
    """The model card; what it quotes is made harmless."""
    base, validation, recipe, card = trained.facts, trained.validation, trained.recipe, trained.data.card
    licences = ", ".join(for_markdown(name) for name in card.get("licences", {})) or "unknown"
    shape = f"rank {recipe['rank']}, alpha {recipe['alpha']}, preset {recipe['preset']}"
    steps = f"learning rate {recipe['learning_rate']}, {recipe['batch']} rows a step, seed {recipe['seed']}"
    counts = trained.rows
    left_out = f"{counts['tokens_left_out']} of {counts['tokens']}"
    lines = [
        "---",
        "library_name: peft",
        f"base_model: {json.dumps(base.source)}",
        "model-index: []",
        "---",
        "",
        f"# LoRA adapter of {for_markdown(base.name)}",
        "",
        f"- Base: {for_markdown(base.spec)}, weights sha256 {base.weights_sha256}",
        f"- Data: {trained.rows['train']} rows, data card sha256 {trained.data.sha256}; licences: {licences}",
        f"- Texts split at their definitions: {counts['split']}; left out as too long: {left_out} tokens",
        f"- Decontaminated against {len(card.get('decontaminated_against', []))} benchmarks",
        f"- Recipe: {shape}, {steps}",
    ]
    if validation:
        perplexities = f"{validation['base_perplexity']:.2f} and {validation['perplexity']:.2f}"
        lines.append(
            f"- Validation loss {validation['base_loss']:.4f} before, {validation['loss']:.4f} after (perplexity "
            f"{perplexities}), {trained.rows['validation']} rows"
        )
    lines += ["", f"All of it: {MANIFEST}; losses by step: {CURVES}. No benchmark score is claimed here.", ""]
    return "\n".join(lines)
