"""An engine's server for a checkpoint on this machine: started for a run, asked like any server, ended with the run.

Which weights it was given is known here, by their hash, so that its runs say it as those of a model in this process do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.adapters.applying import check_base_record, doubt_of_base
from codecrucible.harness.models.adapters.files import AdapterFiles, find_adapter, read_peft_config, read_tokenizer
from codecrucible.harness.models.chat_template import chat_template_sha256
from codecrucible.harness.models.engines.checkpoints import find_weights
from codecrucible.harness.models.engines.commands import HOST, LLAMA_CPP, Served, parse_engine, server_command
from codecrucible.harness.models.engines.process import EngineProcess, free_port
from codecrucible.harness.models.engines.versions import engine_version
from codecrucible.harness.models.errors import AdapterInert, ModelUnusable
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.server.client import ServerModel
from codecrucible.harness.models.server.connecting import PREFIX, connect

#: Text after which the first token of base and adapter are compared.
_PROBE = "def add(a, b):\n    return a + b\n\n\nclass Stack:\n    def __init__(self):\n        self.items ="
_BASE = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A server that answers; fits what `models_in_turn` takes in a pool's place.

    Attributes:
        name: The engine's.
        version: The engine's; "" if it is not known.
        device: As it was asked for.
        base: The model without an adapter.
        adapters: The model with each of the adapters that it was started with, by the folder or hub id given.
    """

    name: str
    version: str
    device: str
    base: ServerModel
    adapters: Mapping[Path, ServerModel]

    def load(self, _spec: str, _options: LoadOptions) -> CheckpointFacts:
        """What is known of the weights, which were loaded when the server was started."""
        return self.base.facts

    def adapted(self, adapter: Path | None) -> ServerModel:
        """The model with this adapter, or with none."""
        return self.adapters[adapter] if adapter else self.base

    @property
    def packages(self) -> Mapping[str, str]:
        """The engine's version, by its name."""
        return {self.name: self.version} if self.version else {}

    def describe(self) -> list[dict[str, str]]:
        """Where it runs, for `run.json`."""
        return [{"name": self.name, "device": self.device, "hardware": ""}]


@contextmanager
def open_engine(
    spec: str,
    options: LoadOptions,
    adapters: Sequence[Path | None],
    sampling: Sampling,
    tell: Callable[[str], None],
) -> Iterator[Engine]:
    """The engine that `options` ask for, on the checkpoint that `spec` names; it ends with the block.

    Args:
        spec: As `load_model` takes it; no server's.
        options: How it is loaded.
        adapters: Those that will be asked for, which a server is given when it starts; None for the base.
        sampling: How completions will be drawn.
        tell: Gets a line for a person while the server starts.

    Raises:
        UsageError: there is no engine of that name, or it cannot do what is asked for.
        ModelError: the checkpoint or an adapter is not there, or the engine does not take it.
    """
    name, program = parse_engine(options.engine)
    _refuse_what_it_cannot(name, options, adapters)
    weights = find_weights(spec, name, options)
    found = {folder: _read_adapter(folder, weights.facts, options) for folder in adapters if folder}
    served = Served(
        weights=weights.path,
        name=_BASE,
        port=free_port(),
        adapters={_served_name(files): files.folder for files, _, _ in found.values()},
        rank=max((rank for _, _, rank in found.values()), default=0),
        dtype=options.dtype,
        gpus=_gpus(options.device),
        remote_code=options.trust_remote_code,
        pickle=options.allow_pickle,
        context_tokens=weights.context_for(sampling.max_new_tokens),
    )
    process = EngineProcess(name, server_command(name, program, served), _device_variables(options.device), served.port)
    with closing(process):
        tell(f"starting {name}")
        process.wait_until_ready(tell)

        def asked(model: str) -> ServerModel:
            return _connected(model, served.port, replace(weights.facts, engine=name), options, sampling)

        base = asked(_BASE)
        yield Engine(
            name=name,
            version=engine_version(name, program, served.port),
            device=options.device,
            base=base,
            adapters={
                folder: _with_adapter(base, asked(_served_name(files)), files, facts)
                for folder, (files, facts, _) in found.items()
            },
        )


def _refuse_what_it_cannot(name: str, options: LoadOptions, adapters: Sequence[Path | None]) -> None:
    """Raise `UsageError` for what is asked of a model in this process and no engine does in the same way."""
    if options.bits:
        raise UsageError(
            f"--engine {options.engine} with --{options.bits}bit: an engine holds a checkpoint as it is stored; give "
            "one that is quantised, or omit --engine"
        )
    if name == LLAMA_CPP and any(adapters):
        raise UsageError(
            f"--engine {options.engine} with --adapter: llama.cpp takes no PEFT adapter; merge it into its base, or "
            "omit --engine"
        )


def _read_adapter(given: Path, base: CheckpointFacts, options: LoadOptions) -> tuple[AdapterFiles, AdapterFacts, int]:
    """The adapter's files, what is known of it before it has run, and its rank.

    Raises:
        ModelError: it is not there, of another kind than LoRA, for another base, or needs a tokenizer of its own.
    """
    files = find_adapter(given, allow_pickle=options.allow_pickle)
    config: Any = read_peft_config(files)
    kind = str(getattr(config.peft_type, "value", config.peft_type))
    if kind != "LORA" or files.pickled:
        what = "in a pickle file" if files.pickled else f"of the kind {kind}"
        raise ModelUnusable(f"the adapter {given} is {what}; engines take LoRA in safetensors: omit --engine")
    tokenizer = read_tokenizer(files)
    if tokenizer and chat_template_sha256(tokenizer) != base.chat_template_sha256:
        raise ModelUnusable(
            f"the adapter {given} has a chat template of its own, and an engine asks with the base's; merge it into "
            "its base (crucible finetune merge), or omit --engine"
        )
    named = str(config.base_model_name_or_path or "a base that it does not name")
    verified = check_base_record(files, named, base)
    doubt = "" if verified else doubt_of_base(named, base)
    facts = AdapterFacts(
        path=str(files.folder.resolve()),
        name=files.name,
        sha256=files.sha256,
        kind=kind,
        base=named,
        base_verified=verified,
        tokenizer=False,
        logit_difference=0.0,
        source=files.source,
        cautions=(doubt,) if doubt else (),
    )
    return files, facts, int(max([config.r, *config.rank_pattern.values()]))


def _served_name(files: AdapterFiles) -> str:
    return f"adapter-{files.sha256[:12]}"


def _connected(name: str, port: int, known: CheckpointFacts, options: LoadOptions, sampling: Sampling) -> ServerModel:
    """The model that the server has under a name, with what is known of its weights here."""
    own_form = PromptForm.CHAT if known.chat_template_sha256 else PromptForm.COMPLETION
    model = connect(
        f"{PREFIX}http://{HOST}:{port}/v1#{name}",
        # Some servers make up a chat template for a model that has none.
        prompt_form=own_form if options.prompt_form == "auto" else options.prompt_form,
        chat=options.chat,
        sampling=sampling,
    )
    context = model.facts.context_tokens or known.context_tokens
    cautions = (*known.cautions, *model.facts.cautions)
    return replace(model, facts=replace(known, served_name=name, context_tokens=context, cautions=cautions))


def _with_adapter(base: ServerModel, adapted: ServerModel, files: AdapterFiles, facts: AdapterFacts) -> ServerModel:
    """The adapted model with its facts, if it writes another first token, or the same with another probability.

    Raises:
        AdapterInert: if not.
    """
    before, after = base.first_token_logprobs(_PROBE), adapted.first_token_logprobs(_PROBE)
    shared = before.keys() & after.keys()
    difference = max((abs(before[token] - after[token]) for token in shared), default=max(map(abs, after.values())))
    if not difference > 0:
        raise AdapterInert(
            f"the adapter {files.folder} changed nothing: the first token after a probe text is as likely as without "
            "it; was it saved before it was trained?"
        )
    return replace(adapted, adapter=replace(facts, logit_difference=difference))


def _gpus(device: str) -> int:
    """GPUs that the model is laid over."""
    if device != "balanced":
        return 1
    import torch

    return max(1, torch.cuda.device_count())


def _device_variables(device: str) -> dict[str, str]:
    """What tells an engine which GPU is its own."""
    kind, _, number = device.partition(":")
    return {"CUDA_VISIBLE_DEVICES": number} if kind == "cuda" and number else {}
