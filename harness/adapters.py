"""A PEFT adapter on top of its base, and proof that it does something.

An adapter for another base often loads without a word: keys that do not fit are skipped, and the base is measured in
its place. So everything is compared first, and the output has to change.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from harness.codec import loads
from harness.digests import files_sha256
from harness.model_errors import AdapterInert, AdapterMismatch, ModelNotFound, ModelUnsafe, ModelUnusable
from harness.models import AdapterFacts, CheckpointFacts

if TYPE_CHECKING:
    from peft import PeftConfig
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_CONFIG = "adapter_config.json"
_WEIGHTS = "adapter_model.safetensors"
_PATTERNS = (_CONFIG, _WEIGHTS, "tokenizer*.json", "tokenizer.model", "chat_template*")

# Which base an adapter was trained on; PEFT itself records only the path or name that it was given.
_BASE_RECORD = "codecrucible_base.json"

_PROBE = "def add(a, b):\n    return a + b\n\n\nclass Stack:\n    def __init__(self):\n        self.items = []\n"


def record_base(folder: Path, base: CheckpointFacts) -> None:
    """Write into an adapter's `folder` which weights it was trained on; `apply_adapter` refuses any other."""
    record = {"name": base.name, "source": base.source, "weights_sha256": base.weights_sha256}
    (folder / _BASE_RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """A model with an adapter in place.

    Attributes:
        model: Base and adapter, of the base's class.
        tokenizer: To use with it.
        facts: What is known of the adapter.
        undo: Function that takes the adapter out of the base again.
    """

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    facts: AdapterFacts
    undo: Callable[[], object]


def apply_adapter(
    folder: Path, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", base: CheckpointFacts
) -> Adapted:
    """`model` with the adapter in `folder` in place; `model` itself is changed until that is undone.

    An adapter that was saved with a tokenizer is used with that one, since its chat template is part of how it was
    trained; the vocabulary has to be the base's.

    Raises:
        ModelNotFound: `folder` holds no adapter.
        ModelUnsafe: its weights are a pickle file.
        ModelUnusable: its files cannot be read.
        AdapterMismatch: it was made for another base.
        AdapterInert: it changes no logit of the probe text.
    """
    config = _read_config(folder)
    named = str(config.base_model_name_or_path or "a base that it does not name")
    verified = _check_base_record(folder, named, base)
    adapter_tokenizer = _own_tokenizer(folder)
    if adapter_tokenizer is not None and adapter_tokenizer.get_vocab() != tokenizer.get_vocab():
        raise AdapterMismatch(
            f"the adapter {folder}, made for {named}, comes with a tokenizer of {len(adapter_tokenizer)} tokens, "
            f"and {base.spec} has another one of {len(tokenizer)} tokens; give its own base with --model"
        )
    before = probe(model, tokenizer)
    wrapped = _with_weights(folder, config, model, named, base)
    # Of the same class as before, with the adapter's layers inside.
    adapted: PreTrainedModel = wrapped.get_base_model().eval()
    difference = float((probe(adapted, tokenizer) - before).abs().max())
    if not difference > 0:
        raise AdapterInert(
            f"the adapter {folder} changed nothing: every logit of {base.spec} on a probe text is what it was without "
            "it; was it saved before it was trained?"
        )
    facts = AdapterFacts(
        path=str(folder.resolve()),
        name=folder.resolve().name,
        sha256=files_sha256({path.name: path for pattern in _PATTERNS for path in folder.glob(pattern)}),
        kind=str(getattr(config.peft_type, "value", config.peft_type)),
        base=named,
        base_verified=verified,
        tokenizer=adapter_tokenizer is not None,
        logit_difference=difference,
    )
    return Adapted(model=adapted, tokenizer=adapter_tokenizer or tokenizer, facts=facts, undo=wrapped.unload)


def _read_config(folder: Path) -> "PeftConfig":
    from peft import PeftConfig

    if not (folder / _CONFIG).is_file():
        raise ModelNotFound(f"{folder} holds no {_CONFIG}; give the folder that a PEFT adapter was saved to")
    if not (folder / _WEIGHTS).is_file():
        if (folder / "adapter_model.bin").is_file():
            raise ModelUnsafe(
                f"{folder} has its weights in adapter_model.bin, a pickle file, and reading one runs whatever code it "
                "holds; save the adapter again as safetensors"
            )
        raise ModelNotFound(f"{folder} holds no {_WEIGHTS}; give the folder that a PEFT adapter was saved to")
    try:
        config: PeftConfig = PeftConfig.from_pretrained(str(folder))
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(
            f"could not read {folder / _CONFIG} ({type(error).__name__}: {error}); "
            "it may have been saved by another version of peft"
        ) from error
    if config.is_prompt_learning:
        raise ModelUnusable(
            f"{folder} is a {config.peft_type} adapter, which puts virtual tokens before the prompt; "
            "adapters that change the layers are supported, such as LoRA"
        )
    config.inference_mode = True
    return config


def _check_base_record(folder: Path, named: str, base: CheckpointFacts) -> bool:
    """Whether the adapter records its base's hash, and it is this base's; another base's is refused."""
    path = folder / _BASE_RECORD
    if not path.is_file():
        return False
    try:
        record: Any = loads(path.read_text(encoding="utf-8"))
        wanted = record["weights_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"could not read {path} ({error}); delete it to go without this check") from error
    if wanted != base.weights_sha256:
        raise AdapterMismatch(
            f"the adapter {folder} was trained on {named} with weights {str(wanted)[:12]}, and {base.spec} has weights "
            f"{base.weights_sha256[:12]}; give its own base with --model"
        )
    return True


def _own_tokenizer(folder: Path) -> "PreTrainedTokenizerBase | None":
    from transformers import AutoTokenizer

    if not (folder / "tokenizer_config.json").is_file():
        return None
    try:
        tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnusable(f"could not read the tokenizer in {folder} ({error})") from error
    return tokenizer


def _with_weights(
    folder: Path, config: "PeftConfig", model: "PreTrainedModel", named: str, base: CheckpointFacts
) -> Any:
    """A `PeftModel` with the adapter's weights."""
    from peft import get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    who = f"the adapter {folder}, made for {named}, does not fit {base.spec}"
    try:
        stored = load_file(folder / _WEIGHTS)
    except (SafetensorError, OSError) as error:
        raise ModelUnusable(f"could not read {folder / _WEIGHTS} ({error}); copy the adapter again") from error
    config.base_model_name_or_path = None  # or peft warns that the name changes, when a path is written differently
    try:
        wrapped = get_peft_model(model, config)
    except (ValueError, KeyError, TypeError) as error:  # target modules that the base does not have
        raise AdapterMismatch(f"{who}: {error}") from error
    expected = get_peft_model_state_dict(wrapped, save_embedding_layers=False)
    _check_weights(stored, expected, who)
    set_peft_model_state_dict(wrapped, stored)
    return wrapped


def _check_weights(stored: Mapping[str, Tensor], expected: Mapping[str, Tensor], who: str) -> None:
    unknown, missing = sorted(stored.keys() - expected.keys()), sorted(expected.keys() - stored.keys())
    if unknown:
        raise AdapterMismatch(f"{who}: it holds {len(unknown)} weights that have no place there, such as {unknown[0]}")
    if missing:
        raise AdapterMismatch(f"{who}: it lacks {len(missing)} weights, such as {missing[0]}")
    for name, tensor in stored.items():
        if tensor.shape != expected[name].shape:
            raise AdapterMismatch(
                f"{who}: {name} has the shape {tuple(tensor.shape)}, and the base needs {tuple(expected[name].shape)}"
            )
        if not torch.isfinite(tensor).all():
            raise ModelUnusable(f"{who}: {name} holds numbers that are not finite; the training diverged")


@torch.inference_mode()
def probe(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> Tensor:
    """Logits on the probe text, (tokens, vocabulary) float32."""
    ids = torch.tensor([tokenizer(_PROBE).input_ids], device=model.device)
    logits: Tensor = model(input_ids=ids).logits[0].float()
    return logits
