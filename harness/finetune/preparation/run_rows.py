"""Samples of runs that passed, as rows to train on: rejection sampling.

The prompt is what the model was asked and the answer what it wrote, to the character. A verdict that only a
negative control confirms is no reason to learn from a sample, and neither is a benchmark that models are compared on.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from codecrucible.benchmarks import Problem, PromptForm, Verdict, catalogue, nominal_benchmark
from codecrucible.benchmarks.sources.livecodebench import path_in
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.finetune.preparation.rows import NotARow, Row, row_of
from codecrucible.harness.finetune.preparation.sources import TO_LEARN_FROM, Unreadable
from codecrucible.harness.models.prompts import chat_message
from codecrucible.harness.results.judged_samples import JudgedSample, judged_samples
from codecrucible.harness.results.pairs import all_runs_at
from codecrucible.harness.results.report import benchmark_of
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.sandbox import Strength

_WORD = re.compile(r"\w+")

Order = Literal["first", "shortest", "diverse"]
ORDERS: tuple[Order, ...] = ("first", "shortest", "diverse")
"""Which samples of a problem are taken, where not all are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRules:
    """Which samples of a run become rows.

    Attributes:
        per_problem: At most so many of a problem; None for all.
        order: "first" by their number, "shortest" program first, or "diverse": each the most unlike those taken.
        control: Whether samples whose verdict only a negative control confirms are taken.
    """

    per_problem: int | None = None
    order: Order = "first"
    control: bool = False


class RunSource:
    """The run in a folder.

    Args:
        folder: Folder of a run that was judged.
        rules: Which of its samples are taken.

    Raises:
        UsageError: its benchmark is one that models are compared on, or it was not asked in a way that can be learnt.
    """

    def __init__(self, folder: RunFolder, rules: RunRules) -> None:
        self.manifest: Manifest = folder.manifest
        self._folder, self._rules = folder, rules
        self.counts = dict.fromkeys(("samples", "passed", "by_control", "repeated", "taken"), 0)
        refuse_compared_on(self.manifest.benchmark.name, source=str(folder.path))
        if self.manifest.prompt.form not in (PromptForm.CHAT, PromptForm.COMPLETION):
            raise UsageError(
                f"cannot learn from {folder.path}: its prompts have the form {self.manifest.prompt.form!r}; give a run "
                "of a model that was asked for completions, or in a chat"
            )

    def rows(self) -> Iterator[Row | Unreadable]:
        """A row a sample that is taken, in the order of problems."""
        problems = {problem.problem_id: problem for problem in benchmark_of(self.manifest).problems}
        passed: dict[str, list[JudgedSample]] = {problem_id: [] for problem_id in problems}
        for each in judged_samples(self._folder):
            self.counts["samples"] += 1
            if each.verdict is Verdict.PASSED and each.judgement:
                by_control = each.judgement.strength == Strength.CONTROL
                self.counts["passed"] += 1
                self.counts["by_control"] += by_control
                if self._rules.control or not by_control:
                    passed[each.sample.problem_id].append(each)
        for problem_id, samples in passed.items():
            for each in self._taken(samples):
                self.counts["taken"] += 1
                yield self._row(each, problems[problem_id])

    def to_json(self) -> dict[str, Any]:
        """For the data card: who wrote what, and what became of it."""
        return {
            "run_id": self.manifest.run_id,
            "benchmark": self.manifest.benchmark.name,
            "model": to_json(self.manifest.model),
            "adapter": to_json(self.manifest.adapter) if self.manifest.adapter else None,
            "sampling": to_json(self.manifest.sampling),
            "rules": to_json(self._rules),
            **self.counts,
        }

    def _taken(self, samples: Sequence[JudgedSample]) -> list[JudgedSample]:
        distinct = list({each.sample.program_sha256: each for each in reversed(samples)}.values())[::-1]
        self.counts["repeated"] += len(samples) - len(distinct)
        if self._rules.order == "shortest":
            distinct.sort(key=lambda each: len(each.sample.program))
        elif self._rules.order == "diverse":
            distinct = _diverse(distinct, self._rules.per_problem or len(distinct))
        return distinct[: self._rules.per_problem]

    def _row(self, each: JudgedSample, problem: Problem) -> Row | Unreadable:
        sample = each.sample
        origin = f"{self.manifest.run_id} {sample.problem_id}/{sample.sample_index}"
        record: dict[str, Any] = {"prompt": sample.prompt, "completion": sample.completion}
        if sample.prompt_form == PromptForm.CHAT:
            system = self.manifest.prompt.system_prompt
            asked = problem.message or chat_message(problem.prompt, problem.language, whole=bool(problem.cases))
            messages = [{"role": "system", "content": system}] if system else []
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": sample.completion}]
            record = {"messages": messages}
        try:
            return row_of(record | {"language": problem.language, "repo": sample.problem_id}, origin=origin)
        except NotARow as error:
            return Unreadable(origin=origin, reason=str(error))


def refuse_compared_on(name: str, *, source: str) -> None:
    """Raise `UsageError` if models are compared on the benchmark `name`, or on the one that its prompts are made of."""
    base = (nominal_benchmark(name) or name).partition("[")[0].partition("@")[0]
    if base not in TO_LEARN_FROM and (path_in(base) or base in {entry.name for entry in catalogue()}):
        raise UsageError(
            f"refused to train on {source}: it is of {base}, and scores of a model that has seen it mean nothing. "
            f"Sample {' or '.join(sorted(TO_LEARN_FROM))}, or a benchmark of your own"
        )


def run_sources(paths: Sequence[Path], rules: RunRules) -> list[RunSource]:
    """The runs in some folders, or in folders of them.

    Raises:
        UsageError: a path holds no run, or one that is not to be learnt from.
    """
    return [RunSource(folder, rules) for path in paths for folder in all_runs_at(path)]


def _diverse(samples: Sequence[JudgedSample], count: int) -> list[JudgedSample]:
    """So many samples, each with the fewest words in common with the one most like it among those before it."""
    words = [frozenset(_WORD.findall(each.sample.program)) for each in samples]
    taken = [0] if samples else []
    while len(taken) < min(count, len(samples)):
        left = [number for number in range(len(samples)) if number not in taken]
        taken.append(min(left, key=lambda number: max(_jaccard(words[number], words[other]) for other in taken)))
    return [samples[number] for number in taken]


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
