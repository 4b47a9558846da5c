"""Metrics for scripts that use the Hugging Face `evaluate` library (extra: `metrics`).

    metric = evaluate.load(harness.metrics.folder("crucible_code_eval"))
    programs = [["def add(a, b): return a * b", "def add(a, b): return a + b"]]
    pass_at_k, results = metric.compute(predictions=programs, references=["assert add(2, 3) == 5"], k=[1, 2])

They load without the hub. `crucible_code_eval` takes what `code_eval` takes and returns what it returns, and needs no
HF_ALLOW_CODE_EVAL: the programs run in the sandbox, never on this machine. `crucible_pass_at_k` and `crucible_codebleu`
execute nothing; see `reports.hf_metrics`.
"""

from pathlib import Path

_HOME = Path(__file__).parent
NAMES = ("crucible_code_eval", "crucible_codebleu", "crucible_pass_at_k")


def folder(name: str) -> str:
    """What `evaluate.load` takes for the metric `name`.

    Raises:
        ValueError: there is no such metric.
    """
    if name not in NAMES:
        raise ValueError(f"Cannot find the metric {name!r}: there are {', '.join(NAMES)}.")
    return str(_HOME / name)
