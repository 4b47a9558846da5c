"""A PEFT adapter on top of its base, and proof that it does something and leaves nothing behind.

An adapter for another base often loads without a word: keys that do not fit are skipped, and the base is measured in
its place. So everything is compared first, and the output has to change. One that was taken out often stays in the
base: so weights and output have to be what they were.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from codecrucible.harness.common.codec import loads
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.files import files_sha256
from codecrucible.harness.models.adapters.files import (
    BASE_RECORD,
    AdapterFiles,
    read_peft_config,
    read_tokenizer,
    read_weights,
)
from codecrucible.harness.models.adapters.saved_state import SavedState, tensors_of, weight_digests
from codecrucible.harness.models.adapters.vocabulary import fit_vocabulary, trained_tokens
from codecrucible.harness.models.errors import AdapterInert, AdapterMismatch, ModelUnusable
from codecrucible.harness.models.weights.checkpoint import weight_files

if TYPE_CHECKING:
    from peft import PeftConfig
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_PROBE = "def add(a, b):\n    return a + b\n\n\nclass Stack:\n    def __init__(self):\n        self.items = []\n"

# Kinds that leave the base's own numbers as they are, begun from anything but these (SVD, QR, quantisation) of them.
_ADDING = frozenset({"ADALORA", "BOFT", "IA3", "LN_TUNING", "LOHA", "LOKR", "LORA", "OFT", "TRAINABLE_TOKENS", "VERA"})
_PLAIN_BEGINNINGS = (True, False, "gaussian", "eva", "orthogonal")

_DOUBT = "the adapter was made for {named}; that {spec}, which it ran on, is the same could not be verified"
_DRAWN = "the adapter does not hold its projections, which were drawn anew from its seed, as another machine may not"

_HUB_CACHE = re.compile(r"models--([^/]+)--([^/]+)/snapshots/[0-9a-f]+/?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A model without an adapter, and what it has to be again when one was taken out.

    Attributes:
        model: The model.
        tokenizer: Its tokenizer.
        facts: Which weights run.
        logits: On the probe text.
        digests: Digests of all its weights, by name.
    """

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    facts: CheckpointFacts
    logits: Tensor
    digests: Mapping[str, str]

    @classmethod
    def of(cls, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", facts: CheckpointFacts) -> "Base":
        """The model as it is now."""
        logits = probe(model, tokenizer)  # first, as layers of 8 bits move their weights when they first compute
        return cls(model=model, tokenizer=tokenizer, facts=facts, logits=logits, digests=weight_digests(model))

    def check(self, adapter: str) -> None:
        """Raise `ModelUnusable` unless weights and logits are what they were before `adapter` was put in."""
        now = weight_digests(self.model)
        changed = sorted(name for name in now.keys() | self.digests.keys() if now.get(name) != self.digests.get(name))
        what = f"{len(changed)} of its weights, such as {changed[0]}, are" if changed else ""
        logits = probe(self.model, self.tokenizer)
        # Where the device's sums are not the same twice, only the weights can tell.
        if (
            not changed
            and not torch.equal(logits, self.logits)
            and torch.equal(logits, probe(self.model, self.tokenizer))
        ):
            what = "its logits on a probe text are"
        if what:
            raise ModelUnusable(
                f"the adapter {adapter} could not be taken out of {self.facts.spec} again: {what} not what they were "
                "before; give each adapter a command of its own"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """A model with an adapter in place.

    Attributes:
        model: Base and adapter, of the base's class.
        tokenizer: To use with it.
        facts: What is known of the adapter.
        undo: Function that takes the adapter out of the base again; raises `ModelUnusable` if something of it stays.
    """

    model: "PreTrainedModel"
    tokenizer: "PreTrainedTokenizerBase"
    facts: AdapterFacts
    undo: Callable[[], None]


def record_base(folder: Path, base: CheckpointFacts) -> None:
    """Write into an adapter's `folder` which weights it was trained on; `apply_adapter` refuses any other."""
    record = {"name": base.name, "source": base.source, "weights_sha256": base.weights_sha256}
    (folder / BASE_RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def apply_adapter(files: AdapterFiles, base: Base) -> Adapted:
    """The base's model with the adapter in place; that model itself is changed until it is undone, or on an error.

    An adapter that was saved with a tokenizer is used with that one, since its chat template is part of how it was
    trained. Its vocabulary has to be the base's, or that and more, for which the adapter has the embeddings.

    Raises:
        ModelUnsafe: its weights are a pickle file with more than tensors in it.
        ModelUnusable: its files cannot be read, or it cannot be put in here.
        AdapterMismatch: it was made for another base.
        AdapterInert: it changes no logit of the probe text.
    """
    config = read_peft_config(files)
    named = str(config.base_model_name_or_path or "a base that it does not name")
    verified = check_base_record(files, named, base.facts)
    stored = read_weights(files)
    tokenizer = read_tokenizer(files)
    written = _written_into(config, stored, base.model)
    saved = SavedState(base.model, written)

    def undo() -> None:
        saved.restore()
        base.check(str(files.folder))

    try:
        who = f"the adapter {files.folder}, made for {named}, does not fit {base.facts.spec}"
        tokens = trained_tokens(config, base.model)
        before = probe(base.model, base.tokenizer, tokens)
        resized = fit_vocabulary(base.model, base.tokenizer, tokenizer, stored, who)
        adapted = _with_weights(config, stored, base.model, who)
        after = _first_logits(adapted, base.tokenizer, tokens, who)
    except Exception:
        undo()
        raise
    shared = min(before.shape[-1], after.shape[-1])  # a vocabulary may have become larger
    difference = float((after[:, :shared] - before[:, :shared]).abs().max())
    if not difference > 0:
        undo()
        raise AdapterInert(
            f"the adapter {files.folder} changed nothing: every logit of {base.facts.spec} on a probe text is what it "
            "was without it; was it saved before it was trained?"
        )
    pickled = "the adapter's weights were read from a pickle file" if files.pickled else ""
    drawn = "" if getattr(config, "save_projection", True) else _DRAWN
    doubt = "" if verified else doubt_of_base(named, base.facts)
    facts = AdapterFacts(
        path=str(files.folder.resolve()),
        name=files.name,
        sha256=files.sha256,
        kind=str(getattr(config.peft_type, "value", config.peft_type)),
        base=named,
        base_verified=verified,
        tokenizer=tokenizer is not None,
        logit_difference=difference,
        source=files.source,
        cautions=tuple(filter(None, (doubt, resized, pickled, drawn))),
    )
    return Adapted(model=adapted, tokenizer=tokenizer or base.tokenizer, facts=facts, undo=undo)


def _written_into(config: "PeftConfig", stored: Mapping[str, Tensor], model: "PreTrainedModel") -> set[str]:
    """Which of the model's tensors get other numbers, as opposed to others in their place."""
    names = tensors_of(model).keys()
    beginning = getattr(config, "init_lora_weights", True)
    if getattr(config.peft_type, "value", config.peft_type) not in _ADDING or beginning not in _PLAIN_BEGINNINGS:
        return set(names)
    return names & {key.removeprefix("base_model.model.").replace(".base_layer.", ".") for key in stored}


def check_base_record(files: AdapterFiles, named: str, base: CheckpointFacts) -> bool:
    """Whether the adapter records its base's hash, and it is this base's.

    Raises:
        AdapterMismatch: it is another's.
        ModelUnusable: the record cannot be read.
    """
    path = files.folder / BASE_RECORD
    if not path.is_file():
        return False
    try:
        record: Any = loads(path.read_text(encoding="utf-8"))
        wanted = record["weights_sha256"]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"could not read {path} ({error}); delete it to go without this check") from error
    if wanted != base.weights_sha256:
        raise AdapterMismatch(
            f"the adapter {files.folder} was trained on {named} with weights {str(wanted)[:12]}, and {base.spec} has "
            f"weights {base.weights_sha256[:12]}; give its own base with --model"
        )
    return True


def doubt_of_base(named: str, base: CheckpointFacts) -> str:
    """What to say of an adapter made for `named` that ran on this base; "" where name or weights are the same."""
    return "" if _is_named(named, base) else _DOUBT.format(named=named, spec=base.spec)


def _is_named(named: str, base: CheckpointFacts) -> bool:
    """Whether `named`, a path on some machine or a hub id, can be this base: by its weights if it is here."""
    path = Path(named).expanduser()
    if path.is_dir() and (files := weight_files(path)):
        return files_sha256(files) == base.weights_sha256
    one, other = _plain_name(named), _plain_name(base.source)
    if one.count("/") == other.count("/") == 1:  # hub ids
        return one == other
    return one.rpartition("/")[2] in {other.rpartition("/")[2], base.name.lower()}


def _plain_name(source: str) -> str:
    """A path or hub id in small letters; "owner/name" for a path in the hub's cache."""
    path = source.replace("\\", "/").rstrip("/")
    cached = _HUB_CACHE.search(path)
    return "/".join(cached.groups() if cached else (path,)).lower()


def _with_weights(
    config: "PeftConfig", stored: Mapping[str, Tensor], model: "PreTrainedModel", who: str
) -> "PreTrainedModel":
    """`model`, with the adapter's layers and their weights inside."""
    from peft import get_peft_model, set_peft_model_state_dict

    for name, tensor in stored.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise ModelUnusable(f"{who}: {name} holds numbers that are not finite; the training diverged")
    config.base_model_name_or_path = None  # or peft warns that the name changes, when a path is written differently
    try:
        with torch.random.fork_rng():
            torch.manual_seed(0)  # some kinds begin with numbers that are drawn, and keep them
            wrapped: Any = get_peft_model(model, config)
        result = set_peft_model_state_dict(wrapped, dict(stored))
    except KeyError as error:  # a module that was trained as a whole
        raise AdapterMismatch(f"{who}: it lacks weights, such as {error}") from error
    except (ValueError, TypeError, RuntimeError) as error:  # modules that the base lacks, shapes
        raise AdapterMismatch(f"{who}: {' '.join(str(error).split())}") from error
    except (AssertionError, AttributeError, ImportError) as error:  # a package or device that its kind needs
        raise ModelUnusable(f"{who}: peft failed with {type(error).__name__}: {error}") from error
    _check_all_loaded(wrapped, result, who)
    adapted: PreTrainedModel = wrapped.get_base_model().eval()
    return adapted


def _first_logits(
    adapted: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", tokens: Sequence[int], who: str
) -> Tensor:
    try:
        return probe(adapted, tokenizer, tokens)
    except (AttributeError, TypeError, ValueError, LookupError, RuntimeError) as error:
        raise ModelUnusable(
            f"{who}: it was put in and does not compute there ({type(error).__name__}: {error}); another --dtype or "
            "number of bits may do"
        ) from error


def _check_all_loaded(wrapped: Any, result: Any, who: str) -> None:
    """Raise `AdapterMismatch` if some of the adapter found no place, or a place of it stayed empty."""
    from peft import get_peft_model_state_dict

    if unknown := sorted(result.unexpected_keys):
        raise AdapterMismatch(f"{who}: it holds {len(unknown)} weights that have no place there, such as {unknown[0]}")
    absent = set(result.missing_keys)
    places = {name: tensor.data_ptr() for name, tensor in wrapped.state_dict().items()}
    filled = {place for name, place in places.items() if name not in absent}
    own = {tensor.data_ptr() for tensor in get_peft_model_state_dict(wrapped, save_embedding_layers=False).values()}
    if missing := sorted(name for name in absent if places[name] in own - filled):
        raise AdapterMismatch(f"{who}: it lacks {len(missing)} weights, such as {missing[0]}")


@torch.inference_mode()
def probe(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", more_tokens: Sequence[int] = ()) -> Tensor:
    """Logits on the probe text and the tokens after it, (tokens, vocabulary) float32."""
    ids = torch.tensor([[*tokenizer(_PROBE).input_ids, *more_tokens]], device=model.device)
    logits: Tensor = model(input_ids=ids).logits[0].float()
    return logits
