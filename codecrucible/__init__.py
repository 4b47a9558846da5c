r"""A sandboxed evaluation harness for code models, to program against.

    import codecrucible as cc

    answers = {"starter/1": ["def double(x):\n    return 2 * x\n"]}
    judged = cc.judge(answers, "starter")   # programs or answers in, verdicts out; containers made and removed
    judged.samples                          # a pandas data frame, a row a sample
    judged.pass_at_k(1)

`__all__` is what stays as it is from release to release; `docs/library.md` shows it at work. Everything else in this
package may change at any time. The command line is made of the same parts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from codecrucible._runs import Run, compare, evaluate, gate, load_run, run, run_all
    from codecrucible.benchmarks import Benchmark, Judgement, Problem, PromptForm, Verdict, load_benchmark
    from codecrucible.harness.common.sampling import Sampling
    from codecrucible.harness.evaluation.judging import Judge, Judgements, judge
    from codecrucible.harness.evaluation.plan import RunPlan
    from codecrucible.harness.finetune.rewards import Reward
    from codecrucible.harness.models.protocol import LoadOptions
    from codecrucible.reports import Comparison, GateResult, GateRule, Report, pass_at_k
    from codecrucible.sandbox import Limits

__all__ = [
    "Benchmark",
    "Comparison",
    "GateResult",
    "GateRule",
    "Judge",
    "Judgement",
    "Judgements",
    "Limits",
    "LoadOptions",
    "Problem",
    "PromptForm",
    "Report",
    "Reward",
    "Run",
    "RunPlan",
    "Sampling",
    "Verdict",
    "compare",
    "evaluate",
    "gate",
    "judge",
    "load_benchmark",
    "load_run",
    "pass_at_k",
    "run",
    "run_all",
]

_HOMES = {
    "_runs": ("Run", "compare", "evaluate", "gate", "load_run", "run", "run_all"),
    "benchmarks": ("Benchmark", "Judgement", "Problem", "PromptForm", "Verdict", "load_benchmark"),
    "harness.evaluation.judging": ("Judge", "Judgements", "judge"),
    "harness.evaluation.plan": ("RunPlan",),
    "harness.finetune.rewards": ("Reward",),
    "harness.models.protocol": ("LoadOptions",),
    "harness.common.sampling": ("Sampling",),
    "reports": ("Comparison", "GateResult", "GateRule", "Report", "pass_at_k"),
    "sandbox": ("Limits",),
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """What is exported is imported when it is asked for: `import codecrucible` loads no package of others."""
        for home, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{home}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
