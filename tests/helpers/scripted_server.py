"""A server that speaks OpenAI's protocol, says what it is told to, and writes down what it was asked.

    python scripted_server.py SCRIPT.json LOG.jsonl

prints its port. The script: `refuses` {field or endpoint: status}, `failures` [[status, headers], ...] that the first
completions get, `hang_s` before each completion, `text`, `finish_reason`, `usage`, `models`, `choices`, `message`
{more fields of an answer}, `echo` before a completion, `strip` of its leading blanks; `most_stops` that it takes;
`filtered`, words of prompts that it refuses; `refuses_hot`, any temperature; `context` in tokens of one byte; `bodies`
that the first completions get in place of an answer, `page` that all get.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SCRIPT = {
    "refuses": {},
    "failures": [],
    "hang_s": 0.0,
    "text": "    return 1\n",
    "finish_reason": "stop",
    "usage": True,
    "models": ["tiny"],
    "choices": 1,
    "message": {},
    "echo": False,
    "strip": False,
    "most_stops": None,
    "filtered": [],
    "context": None,
    "bodies": [],
    "page": None,
    "refuses_hot": False,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        script = self.server.script
        length = {"max_model_len": script["context"]} if script["context"] else {}
        self._send(200, {"object": "list", "data": [model(name) | length for name in script["models"]]})

    def do_POST(self):
        script = self.server.script
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.running += 1
            entry = {"path": self.path, "at_once": self.server.running, "key": self.headers["Authorization"], **body}
            with self.server.log.open("a") as log:
                log.write(json.dumps(entry) + "\n")
        try:
            for name, status in script["refuses"].items():
                if name in body or self.path.endswith(name):
                    return self._send(status, {"error": {"message": f"{name}? and who are you, {entry['key']}?"}})
            if refusal := self._refusal(body, script):
                return self._send(400, {"error": {"message": refusal}})
            if limit_of(body) > 1:  # not the first token that a client tries
                with self.server.lock:
                    failure = script["failures"].pop(0) if script["failures"] else None
                if failure:
                    return self._send(failure[0], {"error": {"message": "not now"}}, **failure[1])
                time.sleep(script["hang_s"])
                with self.server.lock:
                    other = script["bodies"].pop(0) if script["bodies"] else None
                if other is not None:
                    return self._send(200, other)
            return self._send(200, script["page"] or self._completion(body, script))
        finally:
            with self.server.lock:
                self.server.running -= 1

    def _refusal(self, body, script):
        if script["most_stops"] is not None and len(body.get("stop", ())) > script["most_stops"]:
            return f"'stop' accepts at most {script['most_stops']} sequences"
        if script["refuses_hot"] and body["temperature"]:
            return "that is too hot"
        if any(word in prompt_of(body) for word in script["filtered"]):
            return "The response was filtered due to the prompt triggering content management policy."
        if script["context"] and len(prompt_of(body)) + limit_of(body) > script["context"]:
            return (
                f"This model's maximum context length is {script['context']} tokens. Reduce the length of the messages."
            )
        return ""

    def _completion(self, body, script):
        text = f"{script['text']}# {body.get('seed')}" if body.get("temperature") else script["text"]
        text = text.lstrip() if script["strip"] else text
        text = body.get("prompt", "") + text if script["echo"] else text
        choice = {"index": 0, "finish_reason": script["finish_reason"], "logprobs": None}
        said = (
            {"message": {"role": "assistant", "content": text} | script["message"]}
            if "chat" in self.path
            else {"text": text}
        )
        prompt_tokens = len(prompt_of(body)) if script["context"] else 7
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": 5} if script["usage"] else None
        kind = "chat.completion" if "chat" in self.path else "text_completion"
        choices = [choice | said] * script["choices"]
        return {"id": "1", "object": kind, "created": 0, "model": "tiny", "choices": choices, "usage": usage}

    def _send(self, status, content, **headers):
        data = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def prompt_of(body):
    return body["messages"][-1]["content"] if "messages" in body else body["prompt"]


def limit_of(body):
    return body.get("max_tokens") or body["max_completion_tokens"]


def model(name):
    return {"id": name, "object": "model", "created": 0, "owned_by": "tests", "root": f"/weights/{name}"}


class Server(ThreadingHTTPServer):
    def handle_error(self, *_):
        """A client that went away is no error of a test's."""


def main():
    server = Server(("127.0.0.1", 0), Handler)
    server.script = SCRIPT | json.loads(Path(sys.argv[1]).read_text())
    server.log = Path(sys.argv[2])
    server.lock, server.running = threading.Lock(), 0
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
