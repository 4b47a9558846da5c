"""A checkpoint on disk becomes a model in memory, and nothing of it is taken on trust."""

import logging
import platform
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import torch

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.files import files_sha256
from codecrucible.harness.models.adapters.applying import Base, apply_adapter
from codecrucible.harness.models.adapters.files import find_adapter
from codecrucible.harness.models.chat_settings import ChatSettings, refuse_outside_of_chat
from codecrucible.harness.models.chat_template import chat_template_sha256, refuse_unknown_kwargs
from codecrucible.harness.models.errors import ModelError, ModelUnsafe, ModelUnusable
from codecrucible.harness.models.local.decoding import check_decodable, context_tokens
from codecrucible.harness.models.local.model import LocalModel
from codecrucible.harness.models.prompts import resolve_form
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.quiet import quiet_transformers
from codecrucible.harness.models.weights.checkpoint import (
    Checkpoint,
    checkpoint_files,
    find_checkpoint,
    is_pickled,
    read_config,
    weight_files,
)
from codecrucible.harness.models.weights.prequantised import Prequantised, check_readable, read_prequantised

if TYPE_CHECKING:
    from transformers import BitsAndBytesConfig, PreTrainedModel, PreTrainedTokenizerBase

_DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}

# In place of a device: the layers are laid over all GPUs, as accelerate does under this name.
_BALANCED = "balanced"

# What /proc/cpuinfo calls matrix instructions for bfloat16, on x86-64 and on aarch64.
_CPU_BFLOAT16_FLAGS = {"amx_bf16", "avx512_bf16", "bf16"}

_log = logging.getLogger(__name__)


def load(spec: str, options: LoadOptions, *, adapter: Path | None) -> LocalModel:
    """The model that `spec` names; see `harness.models.open.load_model`."""
    trusted, bits = options.trust_remote_code, options.bits
    target = _device("auto" if options.device == _BALANCED else options.device)
    checkpoint = find_checkpoint(
        spec, revision=options.revision, remote_code=trusted, allow_pickle=options.allow_pickle
    )
    _check_code(checkpoint.folder, spec, trusted=trusted)
    _refuse_encoder_decoder(checkpoint.folder, spec, remote_code=trusted)
    prequantised = read_prequantised(read_config(checkpoint.folder), spec)
    weights_dtype = (
        torch.bfloat16 if bits and options.dtype == "auto" else _dtype(options.dtype, checkpoint.folder, target)
    )
    with quiet_transformers(), _explained(spec):
        if prequantised:
            check_readable(prequantised, spec, bits=bits)
        tokenizer = _load_tokenizer(checkpoint.folder, remote_code=trusted)
        model = _load_weights(
            checkpoint.folder,
            spec,
            remote_code=trusted,
            dtype=weights_dtype,
            device_map=_BALANCED if options.device == _BALANCED else {"": target},
            use_safetensors=not is_pickled(checkpoint.folder),
            # Given as None, it would take the place of the checkpoint's own.
            **({"quantization_config": _quantisation(bits, weights_dtype)} if bits else {}),
        )
        _keep_as_stored(model)
        check_decodable(model, spec)
    if checkpoint.licence_notice:
        _log.warning("%s: %s", spec, checkpoint.licence_notice)
    facts = _facts(
        checkpoint, spec, model, tokenizer, remote_code=trusted, held=f"{bits} bits" if bits else prequantised
    )
    loaded = LocalModel(
        model=model,
        tokenizer=tokenizer,
        facts=facts,
        adapter=None,
        prompt_form=_form(options.prompt_form, tokenizer, options.chat),
        chat=options.chat,
    )
    return AdaptableModel(loaded, options).adapted(adapter)


class AdaptableModel:
    """A model in this process that takes one adapter after another.

    Args:
        base: The model without any.
        options: How it was loaded.
    """

    def __init__(self, base: LocalModel, options: LoadOptions) -> None:
        self._loaded, self._options = base, options
        self._base: Base | None = None  # measured when the first adapter is asked for
        self._undo: Callable[[], None] = lambda: None

    def adapted(self, adapter: Path | None) -> LocalModel:
        """The model with the adapter in a folder or under a hub id, or with none.

        What was given before is of no more use.

        Raises:
            ModelError: as `find_adapter` and `apply_adapter`; or the adapter before left something in the base.
        """
        self._undo()
        self._undo = lambda: None
        if adapter is None:
            return self._loaded
        files = find_adapter(adapter, allow_pickle=self._options.allow_pickle)
        loaded = self._loaded
        with quiet_transformers(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # peft advises whoever trains; what it warns of is checked
            if self._base is None:
                self._base = Base.of(loaded.model, loaded.tokenizer, loaded.facts)
            adapted = apply_adapter(files, self._base)
        self._undo = adapted.undo
        return LocalModel(
            model=adapted.model,
            tokenizer=adapted.tokenizer,
            facts=loaded.facts,
            adapter=adapted.facts,
            prompt_form=_form(self._options.prompt_form, adapted.tokenizer, loaded.chat),
            chat=loaded.chat,
        )


def _form(asked: str, tokenizer: "PreTrainedTokenizerBase", chat: ChatSettings) -> PromptForm:
    """The form that `asked` means for this tokenizer, which takes what is asked of the chat.

    Raises:
        ModelUnusable: if it does not.
    """
    form = resolve_form(asked, tokenizer)
    if form is not PromptForm.CHAT:
        refuse_outside_of_chat(chat)
    else:
        refuse_unknown_kwargs(tokenizer, chat.template_kwargs)
    return form


def _quantisation(bits: int, compute: torch.dtype) -> "BitsAndBytesConfig":
    """How linear layers are held in 4 or 8 bits, and in which type those of 4 bits compute.

    Source:
        Dettmers et al. 2023, arXiv:2305.14314: NormalFloat, with the scales quantised once more; and 2022,
        arXiv:2208.07339, for 8 bits.
    """
    from transformers import BitsAndBytesConfig

    if bits == 8:  # noqa: PLR2004
        return BitsAndBytesConfig(load_in_8bit=True)  # type: ignore[no-untyped-call]
    return BitsAndBytesConfig(  # type: ignore[no-untyped-call]
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=compute
    )


def _keep_as_stored(model: "PreTrainedModel") -> None:
    """Keep bitsandbytes from putting 4-bit weights into another order, as it does on processors with AVX512-BF16.

    In that order they have no gradients, an adapter cannot be taken out again, and some shapes fail.
    """
    layers: Iterable[Any] = model.modules()
    for layer in layers:
        if hasattr(layer, "support_avx512bf16_for_cpu"):
            layer.support_avx512bf16_for_cpu = False


def _device(asked: str) -> torch.device:
    if asked == "auto":
        asked = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(asked)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:  # "not compiled with CUDA" is an assertion
        raise ModelUnusable(f"device {asked!r} cannot be used ({error}); give cpu, auto or balanced") from error
    return device


def _dtype(asked: str, folder: Path, device: torch.device) -> torch.dtype:
    """The type that "auto" means: a 16-bit checkpoint's own where the device computes in it, else float32."""
    if asked != "auto":
        if asked not in _DTYPES:
            raise ValueError(f"dtype is {asked!r}; give auto, {', '.join(_DTYPES)}")
        return _DTYPES[asked]
    config = read_config(folder)
    stored = config.get("dtype") or config.get("torch_dtype")
    if stored == "bfloat16" and (_cpu_has_bfloat16() if device.type == "cpu" else _gpu_has_bfloat16(device)):
        return torch.bfloat16
    if stored == "float16" and device.type == "cuda":
        return torch.float16
    return torch.float32


def _gpu_has_bfloat16(device: torch.device) -> bool:
    return device.type != "cuda" or torch.cuda.is_bf16_supported(including_emulation=False)


def _cpu_has_bfloat16() -> bool:
    if platform.system() != "Linux":
        return False
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    return any(f" {flag} " in flags.replace("\n", " ") for flag in _CPU_BFLOAT16_FLAGS)


def _check_code(folder: Path, spec: str, *, trusted: bool) -> None:
    from transformers import CONFIG_MAPPING

    config = read_config(folder)
    if not trusted and "auto_map" in config and config.get("model_type") not in CONFIG_MAPPING:
        raise ModelUnsafe(
            f"{spec} is of the type {config.get('model_type')!r}, which transformers does not have, and comes with its "
            "own Python code; read that code, then give --trust-remote-code to run it in this process"
        )


def _refuse_encoder_decoder(folder: Path, spec: str, *, remote_code: bool) -> None:
    from transformers import AutoConfig

    with quiet_transformers(), _explained(spec):
        config = AutoConfig.from_pretrained(folder, trust_remote_code=remote_code)
    if config.is_encoder_decoder:
        raise ModelUnusable(
            f"{spec} is an encoder-decoder ({config.model_type}), which reads a prompt into an encoder and does not "
            "continue it; models that continue their prompt are supported: serve it with a server of your choice "
            "(--model openai:URL#NAME), or take another model"
        )


def _load_tokenizer(folder: Path, *, remote_code: bool) -> "PreTrainedTokenizerBase":
    from transformers import AutoTokenizer

    tokenizer: PreTrainedTokenizerBase = AutoTokenizer.from_pretrained(folder, trust_remote_code=remote_code)
    return tokenizer


def _load_weights(folder: Path, spec: str, *, remote_code: bool, **how: Any) -> "PreTrainedModel":
    from transformers import AutoModelForCausalLM

    loaded: Any = AutoModelForCausalLM.from_pretrained(
        folder, trust_remote_code=remote_code, output_loading_info=True, **how
    )
    model: PreTrainedModel = loaded[0].eval()
    report: dict[str, Any] = loaded[1]
    # transformers fills what is missing with random numbers and says so in a log line.
    for problem in ("missing_keys", "mismatched_keys"):
        if report[problem]:
            raise ModelUnusable(
                f"the weights of {spec} do not fit its {type(model).__name__} configuration: "
                f"{len(report[problem])} {problem.replace('_', ' ')}, such as {min(map(str, report[problem]))}; "
                "fetch the checkpoint again"
            )
    return model


def _facts(
    checkpoint: Checkpoint,
    spec: str,
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    *,
    remote_code: bool,
    held: Prequantised | str | None,
) -> CheckpointFacts:
    dtype = str(model.dtype).removeprefix("torch.")
    devices = sorted({str(parameter.device) for parameter in model.parameters()})
    return CheckpointFacts(
        spec=spec,
        name=checkpoint.name,
        source=checkpoint.source,
        revision=checkpoint.revision,
        sha256=files_sha256(checkpoint_files(checkpoint.folder, remote_code=remote_code)),
        weights_sha256=files_sha256(weight_files(checkpoint.folder)),
        architecture=type(model).__name__,
        # Weights that others packed are not counted as parameters; two of bitsandbytes' are in each byte.
        parameters=None if isinstance(held, Prequantised) else model.num_parameters(),
        context_tokens=context_tokens(model),
        dtype=f"{dtype} in {held}" if held else dtype,
        device=",".join(devices),
        chat_template_sha256=chat_template_sha256(tokenizer),
        licence_notice=checkpoint.licence_notice,
        remote_code=remote_code,
        cautions=("its weights were read from pickle files",) if is_pickled(checkpoint.folder) else (),
        weight_bytes=checkpoint.weight_bytes,
        memory_bytes=model.get_memory_footprint(),  # type: ignore[no-untyped-call]
    )


@contextmanager
def _explained(spec: str) -> Iterator[None]:
    """Errors of transformers, as ours with the model's name in them."""
    try:
        yield
    except ModelError:
        raise
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise ModelUnusable(f"{spec} does not fit into memory; give a smaller dtype or a larger device") from error
    except ImportError as error:
        raise ModelUnusable(
            f"could not load {spec} ({_short(error)}); install or update the package that it names"
        ) from error
    # Broken files end in nearly any of these, and the message is all there is to tell them apart.
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise ModelUnusable(f"could not load {spec} ({_short(error)}); check its files, or fetch it again") from error
    except UnpicklingError as error:  # torch reads tensors alone, and refuses whatever else a pickle names
        raise ModelUnsafe(f"the pickled weights of {spec} hold more than tensors, and were not loaded") from error
    except Exception as error:
        if type(error).__name__ != "SafetensorError":  # its module is safetensors' compiled core
            raise
        raise ModelUnusable(f"could not read the weights of {spec} ({error}); fetch it again") from error


def _short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else ''}"
