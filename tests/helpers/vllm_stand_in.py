"""What stands for a Python that has vLLM: its command line, and a real model behind its endpoints.

    vllm_stand_in.py -m vllm.entrypoints.openai.api_server OPTIONS...     serves
    vllm_stand_in.py -c CODE                                              runs the code

Everything that it is given and does not know is an error, as with vLLM. Not the engine itself: how fast that is, and
that it computes what transformers does, is not tested by this.
"""

import argparse
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from tiny_models import load_with

from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate
from codecrucible.harness.models.errors import AdapterInert
from codecrucible.harness.models.requests import Request


def parsed(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for name in ("--model", "--served-model-name", "--host", "--dtype", "--generation-config", "--load-format"):
        parser.add_argument(name)
    for name in ("--port", "--tensor-parallel-size", "--max-lora-rank"):
        parser.add_argument(name, type=int)
    parser.add_argument("--trust-remote-code", action="store_true")
    parser.add_argument("--enable-lora", action="store_true")
    parser.add_argument("--lora-modules", nargs="+", default=[])
    asked = parser.parse_args(arguments)
    for pair in asked.lora_modules:
        rank = json.loads((Path(pair.partition("=")[2]) / "adapter_config.json").read_text())["r"]
        if not asked.enable_lora or rank > asked.max_lora_rank:
            parser.error(f"LoRA rank {rank} is greater than max_lora_rank {asked.max_lora_rank}")
    return asked


def completion(model, body):
    request = Request(problem_id="p", sample_index=0, prompt=body["prompt"], stop=tuple(body.get("stop") or ()))
    sampling = Sampling(temperature=0.0, max_new_tokens=body["max_tokens"])
    ((made,),) = generate(model, [request], sampling)
    choice = {"index": 0, "text": made.completion, "finish_reason": made.finish_reason, "logprobs": None}
    if body.get("logprobs"):
        choice["logprobs"] = {"top_logprobs": [likeliest(model, body["prompt"], body["logprobs"])]}
    usage = {"prompt_tokens": made.prompt_tokens, "completion_tokens": made.completion_tokens, "total_tokens": 0}
    return {"id": "c", "object": "text_completion", "created": 0, "model": "", "choices": [choice], "usage": usage}


def likeliest(model, text, count):
    import torch

    with torch.inference_mode():
        logits = model.model(torch.tensor([model.render(text).token_ids])).logits[0, -1]
    found = torch.log_softmax(logits.double(), -1).topk(count)
    return {model.tokenizer.decode([token]): float(value) for value, token in zip(*found, strict=True)}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        listed = [{"id": name, "object": "model", "max_model_len": 128} for name in self.server.models]
        self._send(200, {"object": "list", "data": listed} if self.path.endswith("/models") else {})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/completions":
            self._send(400, {"error": {"message": "the model has no chat template"}})
            return
        with self.server.lock:
            self._send(200, completion(self.server.models[body["model"]], body))

    def _send(self, status, answer):
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def with_adapter(model, folder, how):
    try:
        return load_with(model, adapter=folder, **how)
    except AdapterInert:  # which vLLM serves without a word
        return load_with(model, **how)


def serve(asked):
    server = ThreadingHTTPServer((asked.host, asked.port), Handler)
    how = {"dtype": "float32", "device": "cpu"}
    adapters = dict(pair.split("=", 1) for pair in asked.lora_modules)
    server.models = {asked.served_model_name: load_with(asked.model, **how)} | {
        name: with_adapter(asked.model, folder, how) for name, folder in adapters.items()
    }
    server.lock = Lock()
    server.serve_forever()


if __name__ == "__main__":
    how, what, *arguments = sys.argv[1:]
    if how == "-c":
        print("1.2.3" if "version('vllm')" in what else "")
    else:
        assert (how, what) == ("-m", "vllm.entrypoints.openai.api_server"), (how, what)
        serve(parsed(arguments))
