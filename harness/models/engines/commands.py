"""How the server of each engine is started on a checkpoint of this machine."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from codecrucible.harness.common.errors import UsageError

VLLM = "vllm"
SGLANG = "sglang"
LLAMA_CPP = "llama.cpp"

#: The program that starts each where none is named: a Python that has the package, or llama.cpp's own server.
_PROGRAMS = {VLLM: sys.executable, SGLANG: sys.executable, LLAMA_CPP: "llama-server"}

ENGINES = tuple(_PROGRAMS)
"""Names of the engines."""

HOST = "127.0.0.1"
"""Where their servers listen."""

SLOTS = 8
"""Completions that llama.cpp works on at one time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a server is started with.

    Attributes:
        weights: Folder of the checkpoint, or GGUF file.
        name: What it is served as.
        port: On `HOST`.
        adapters: Folders of PEFT adapters, by the names that they are served as.
        rank: The largest rank of these.
        dtype: "auto", "bfloat16", "float16" or "float32".
        gpus: Over how many GPUs the model is laid.
        remote_code: Whether the checkpoint's own Python code may run.
        pickle: Whether weights may be read from pickle files.
        context_tokens: Longest sequence that is asked for; llama.cpp reserves the memory for it.
    """

    weights: Path
    name: str
    port: int
    adapters: dict[str, Path]
    rank: int
    dtype: str
    gpus: int
    remote_code: bool
    pickle: bool
    context_tokens: int


def parse_engine(text: str) -> tuple[str, str]:
    """Name and program of an engine that is asked for as NAME or NAME=PROGRAM.

    Raises:
        UsageError: there is no engine of that name.
    """
    name, _, program = text.partition("=")
    if name not in _PROGRAMS:
        raise UsageError(f"--engine {text}: no engine is called {name!r}; give one of {', '.join(ENGINES)}, or auto")
    return name, program or _PROGRAMS[name]


def server_command(engine: str, program: str, served: Served) -> list[str]:
    """The command line that starts the engine's server.

    Source:
        docs.vllm.ai, "Server arguments"; docs.sglang.ai, "Server arguments"; llama.cpp, tools/server/README.md.
    """
    return {VLLM: _vllm, SGLANG: _sglang, LLAMA_CPP: _llama_cpp}[engine](program, served)


def _vllm(python: str, served: Served) -> list[str]:
    lora = ["--enable-lora", "--max-lora-rank", str(served.rank), "--lora-modules", *_pairs(served)]
    return [
        *(python, "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", str(served.weights), "--served-model-name", served.name),
        *("--host", HOST, "--port", str(served.port), "--dtype", served.dtype),
        *("--tensor-parallel-size", str(served.gpus)),
        # The checkpoint's own defaults of sampling are left alone: each request says what it wants.
        *("--generation-config", "vllm"),
        *(() if served.pickle else ("--load-format", "safetensors")),
        *(("--trust-remote-code",) if served.remote_code else ()),
        *(lora if served.adapters else ()),
    ]


def _sglang(python: str, served: Served) -> list[str]:
    lora = ["--enable-lora", "--max-lora-rank", str(served.rank), "--lora-paths", *_pairs(served)]
    return [
        *(python, "-m", "sglang.launch_server"),
        *("--model-path", str(served.weights), "--served-model-name", served.name),
        *("--host", HOST, "--port", str(served.port), "--dtype", served.dtype),
        *("--tp", str(served.gpus), "--sampling-defaults", "openai"),
        *(() if served.pickle else ("--load-format", "safetensors")),
        *(("--trust-remote-code",) if served.remote_code else ()),
        *(lora if served.adapters else ()),
    ]


def _llama_cpp(program: str, served: Served) -> list[str]:
    return [
        *(program, "--model", str(served.weights), "--alias", served.name),
        *("--host", HOST, "--port", str(served.port)),
        # Each slot has its share of the context.
        *("--parallel", str(SLOTS), "--ctx-size", str(SLOTS * served.context_tokens)),
    ]


def _pairs(served: Served) -> Sequence[str]:
    return [f"{name}={folder}" for name, folder in served.adapters.items()]
