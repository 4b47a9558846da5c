"""Small trainings, and the data for them."""

import hashlib
import json

from codecrucible.harness.common.progress import Progress
from codecrucible.harness.models.protocol import LoadOptions

RECIPE = {"batch": 4, "epochs": 2.0, "learning_rate": 5e-3, "rank": 4}


def rows(count, start=0):
    return [
        {"prompt": f"def f{number}(x):\n", "completion": f"    return x + {number}\n", "origin": "here"}
        for number in range(start, start + count)
    ]


def save_data(folder, train, validation=(), **card):
    folder.mkdir(parents=True)
    files = {}
    for name, content in (("train.jsonl", train), ("validation.jsonl", validation)):
        text = "".join(json.dumps(row) + "\n" for row in content).encode()
        (folder / name).write_bytes(text)
        files[name] = {"rows": len(content), "sha256": hashlib.sha256(text).hexdigest()}
    (folder / "datacard.json").write_text(json.dumps({"schema": 1, "files": files, **card}))
    return folder


def train(base, data, out, *, micro_batch=2, replay=None, report_to="none", **recipe):
    from codecrucible.harness.finetune.recipe import Recipe
    from codecrucible.harness.finetune.training import train

    options = LoadOptions(dtype="float32", device="cpu")
    with Progress(quiet=True) as progress:
        return train(
            str(base), data=data, replay=replay, out=out, recipe=Recipe(**(RECIPE | recipe)),
            micro_batch=micro_batch, report_to=report_to, progress=progress, options=options,
        )  # fmt: skip


def weights(folder):
    from safetensors.torch import load_file

    return load_file(folder / "adapter_model.safetensors")
