"""An adapter's weights added to its base's, in a checkpoint of its own."""

import json
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import loads
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.finetune.adapter_folder import MANIFEST
from codecrucible.harness.finetune.packing import TOLERANCES
from codecrucible.harness.finetune.preparation.data_folder import new_folder
from codecrucible.harness.models.adapters.applying import probe
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.open import load_model
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers


def base_of(adapter: Path) -> str:
    """The base that an adapter of `crucible finetune` was trained on, as it was asked for.

    Raises:
        UsageError: if the adapter does not say it.
    """
    try:
        return str(loads((adapter / MANIFEST).read_text(encoding="utf-8"))["base"]["spec"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{adapter / MANIFEST} does not say what its base is ({error}); give it with --model"
        ) from error


def merge(base: str, adapter: Path, out: Path, options: LoadOptions) -> dict[str, Any]:
    """Write the checkpoint `out`, and return what `merge.json` in it says.

    The base is loaded anew in its own type, never from a quantised copy.

    Args:
        base: As `load_model` takes it.
        adapter: Folder of a PEFT adapter made for it.
        out: Folder to make; must not exist.
        options: How the base is loaded.

    Raises:
        UsageError: if `out` exists.
        ModelUnusable: if the merged weights give other logits than base and adapter.
    """
    if out.exists():
        raise UsageError(f"{out} is there already: name another folder, or remove it first")
    adapted: Any = load_model(base, options, adapter=adapter)  # refuses an adapter of another base
    expected = probe(adapted.model, adapted.tokenizer)
    plain: Any = load_model(base, options)
    rows = adapted.model.config.get_text_config().vocab_size
    if rows != plain.model.config.get_text_config().vocab_size:  # the adapter has embeddings for more tokens
        plain.model.resize_token_embeddings(rows, mean_resizing=False)
    with quiet_transformers():
        from peft import PeftModel

        model: Any = PeftModel.from_pretrained(plain.model, str(adapter))
        model = model.merge_and_unload(safe_merge=True).eval()
    difference = float((probe(model, adapted.tokenizer) - expected).abs().max())
    allowed = TOLERANCES[model.dtype] * float(expected.abs().max())
    if not difference <= allowed:
        raise ModelUnusable(
            f"{base} merged with {adapter} gives logits that differ by {difference:.3g} from base and adapter, and "
            f"{allowed:.3g} is what {model.dtype} may make; give --dtype float32"
        )
    merged = {
        "base": {"spec": base, "source": adapted.facts.source, "weights_sha256": adapted.facts.weights_sha256},
        "adapter": {"path": str(adapter.resolve()), "sha256": adapted.adapter.sha256},
        "dtype": adapted.facts.dtype,
        "logit_difference": difference,
        "logit_difference_allowed": allowed,
    }
    with new_folder(out) as folder:
        model.save_pretrained(folder)
        adapted.tokenizer.save_pretrained(folder)
        (folder / "merge.json").write_text(json.dumps(merged, indent=2) + "\n", encoding="utf-8")
    return merged
