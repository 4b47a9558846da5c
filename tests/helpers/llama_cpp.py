"""llama.cpp's own answers on a GGUF file, from the package `xllamacpp`.

python llama_cpp.py serve FILE.gguf                     prints the address of its server, which runs until killed
python llama_cpp.py --model FILE.gguf ...              the same by the options of llama.cpp's own program
python llama_cpp.py tokens TEXTS.json FILE.gguf ...     prints the token ids of each text in each file, as JSON
"""

import argparse
import json
import sys
import time
import urllib.request
from pathlib import Path

NEEDED = "the tokens of GGUF files are compared with llama.cpp's: pip install xllamacpp"


def serve(file, *, context_tokens):
    """A server of the model in `file` on the processor, in threads of this process."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(file)
    params.n_ctx, params.n_parallel, params.n_gpu_layers = context_tokens, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.port, params.verbosity, params.warmup = 0, 0, False
    return xllamacpp.Server(params)


def serve_as_asked(arguments):
    """A server by options of llama-server."""
    import xllamacpp

    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--model", "--alias", "--host"):
        parser.add_argument(name, required=True)
    for name in ("--port", "--parallel", "--ctx-size"):
        parser.add_argument(name, type=int, required=True)
    asked = parser.parse_args(arguments)
    params = xllamacpp.CommonParams()
    params.model.path, params.model_alias = asked.model, {asked.alias}
    params.hostnames, params.port = [asked.host], asked.port
    params.n_parallel, params.n_ctx, params.n_gpu_layers = asked.parallel, asked.ctx_size, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    return xllamacpp.Server(params)


def ask(address, path, **body):
    """What the server answers."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address + path, data, headers)  # noqa: S310 - an address that we were given above
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.loads(answer.read())


def token_ids(address, text):
    """Ids of a prompt as llama.cpp sends it to the model."""
    return ask(address, "/tokenize", content=text, add_special=True, parse_special=True)["tokens"]


def main(verb, *arguments):
    if verb in ("serve", "--model"):
        server = serve(arguments[0], context_tokens=4096) if verb == "serve" else serve_as_asked([verb, *arguments])
        print(server.listening_address, flush=True)
        while True:
            time.sleep(60)
    texts = json.loads(Path(arguments[0]).read_text())
    found = []
    for file in arguments[1:]:
        server = serve(file, context_tokens=64)
        found.append([token_ids(server.listening_address, text) for text in texts])
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
