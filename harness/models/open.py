"""From the name of a model to one that completes prompts, in this process or behind a server."""

import os
from importlib.util import find_spec
from pathlib import Path

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.errors import ModelUnusable
from codecrucible.harness.models.protocol import LanguageModel, LoadOptions


def load_model(
    spec: str,
    options: LoadOptions = LoadOptions(),  # noqa: B008  # frozen
    *,
    adapter: Path | str | None = None,
    sampling: Sampling | None = None,
) -> LanguageModel:
    """The model that `spec` names, ready to complete prompts.

    Weights are read from safetensors and GGUF files, which hold no code; a GGUF file is converted to safetensors once
    and kept in the user's cache.

    Args:
        spec: A folder, a GGUF file, a hub id, or "bundled:NAME" for a model that ships as a package; all of these
            run in this process. "openai:URL#NAME" is one behind an OpenAI-compatible server.
        options: How it is loaded.
        adapter: Folder or hub id ("owner/name", "owner/name@revision") of a PEFT adapter made for this model.
        sampling: How completions will be drawn, for servers, which may not take every setting.

    Raises:
        ModelNotFound: nothing is there under that name, or it could not be fetched.
        ModelUnsafe: loading it would run code from the checkpoint.
        ModelUnusable: it is broken, incomplete, or lacks what was asked for.
        AdapterMismatch: the adapter is for another base.
        AdapterInert: the adapter changes no logit.
    """
    if spec.startswith("openai:"):
        if options.bits:
            raise ModelUnusable(f"{options.bits} bits: a server quantises its model itself, as it was started")
        return _served(spec, options, adapter=adapter, sampling=sampling)
    if engine := engine_for(options):
        raise ModelUnusable(f"the engine {engine} is started for a run, by `open_engine`; load without it")
    if options.bits and not find_spec("bitsandbytes"):
        raise ModelUnusable(f"{options.bits} bits need the extra 'quant': pip install 'codecrucible[quant]'")
    # torch's threads spin while they wait for each other, which on cores that are shared (sandboxes run beside them)
    # costs nine tenths of the speed. The OpenMP runtime reads this once, when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from codecrucible.harness.models.local.loading import load

    return load(spec, options, adapter=Path(adapter) if adapter is not None else None)


def engine_for(options: LoadOptions) -> str:
    """The engine that is asked for; for "auto" vLLM where it and a GPU are there, and else none."""
    if options.engine != "auto":
        return options.engine
    if not find_spec("vllm") or not find_spec("torch"):
        return ""
    import torch

    return "vllm" if torch.cuda.is_available() else ""


def _served(spec: str, options: LoadOptions, *, adapter: Path | str | None, sampling: Sampling | None) -> LanguageModel:
    if adapter is not None:
        raise ModelUnusable(
            f"--adapter {adapter}: an adapter of a server is a model of its own there; start the server with it (vLLM: "
            "--enable-lora --lora-modules NAME=FOLDER) and give its name: --model openai:URL#NAME"
        )
    if not find_spec("openai"):
        raise ModelUnusable(f"{spec} needs the extra 'server': pip install 'codecrucible[server]'")
    from codecrucible.harness.models.server.connecting import connect

    return connect(spec, prompt_form=options.prompt_form, chat=options.chat, sampling=sampling)
