"""The numbers of one run, as the dictionary that `report.json` holds."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from benchmarks.problem import Verdict
from reports.interval import Estimate, mean_with_interval
from reports.pass_at_k import mean_pass_at_k
from reports.source_problem import source_problem
from sandbox.scan import ScanState

PROBLEM_COUNTS = ("samples", "scanned", "unscannable", "insecure", "timeouts", "truncated")
PROBLEM_COLUMNS = frozenset(
    {"problem_id", "language", "dead", "n", "c", "secure", "codebleu", "completion_tokens", *PROBLEM_COUNTS}
)
TIMED_STAGES = ("generate_s", "execute_s", "scan_s", "score_s", "wall_s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a report must know of a run besides its samples.

    Attributes:
        run_id: Name of the run.
        benchmark: Name of the benchmark.
        model: Checkpoint as it was asked for.
        adapter: PEFT adapter, or None.
        problem_ids: Every problem the run was to cover, in the benchmark's order.
        n: Samples asked for a problem.
        timing: Seconds by stage, for any of `TIMED_STAGES`; a stage without a number is reported as not measured.
        tokens: Further numbers on tokens for the report, such as {"completion_per_s": 812.0}. The sums over samples
            ("prompt", "completion") come from the table.
        inputs: SHA-256 by file name of the files the table was read from.
        languages: Language by problem id; {} where it is not known.
        pinned: Whether the benchmark's data is the published one.
        dead: Why no completion can pass, by problem id, for the problems where the benchmark declares it.
        parts: Names of the parts that the tests of each problem have, in their order; () for one.
        codebleu_reason: Why no sample has a CodeBLEU, if that is known, such as "no grammar for bash".
    """

    run_id: str
    benchmark: str
    model: str
    adapter: str | None = None
    problem_ids: tuple[str, ...]
    n: int
    timing: Mapping[str, float] = field(default_factory=dict)
    tokens: Mapping[str, float] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = True
    dead: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    codebleu_reason: str = ""


def build_report(table: pd.DataFrame, *, facts: RunFacts, k: Sequence[int] = (1,)) -> dict[str, Any]:
    """All numbers of one run; a number that was not measured is None, with a reason beside it.

    A sample without a verdict is missing: it is in `samples` and `unjudged`, and in no score. A problem with fewer
    than k judged samples is left out of pass@k, which then says so in its `reason`.

    Args:
        table: Made by `make_table`.
        facts: The rest.
        k: Which pass@k to report.

    Returns:
        The keys of `report.json`. In it, `pass_at_k` is over all problems, as it is published, and counts samples that
        passed all their tests; `pass_at_k_of_parts`, which is there where the tests have parts, counts for each part
        but the last those that passed it and the ones before. `live` holds pass@k over the problems that can be
        passed, with the number and the causes of the others, or is None if those are all.
        `security.insecure_rate` is the share of the scanned samples with a finding of medium or high severity, and
        `security.secure_pass_at_1` the mean over problems of the share of judged samples that passed, were scanned,
        and have no such finding. `per_problem` holds, for each problem, what `reports.comparison` needs to compare
        two runs without reading their samples.

    Raises:
        ValueError: if a k is larger than `facts.n`, or the table holds a sample that is not of this run.
    """
    _check(table, facts, k)
    judged = table[table["verdict"] != Verdict.UNJUDGED]
    passed = judged[judged["verdict"] == Verdict.PASSED]
    n_of = judged["problem_id"].value_counts().to_dict()
    c_of = passed["problem_id"].value_counts().to_dict()
    counts = {name: (int(n_of.get(name, 0)), int(c_of.get(name, 0))) for name in facts.problem_ids}
    present = set(table["problem_id"])
    ks = sorted(set(k))
    verdicts = table["verdict"].value_counts().to_dict()
    report = {
        "run_id": facts.run_id,
        "benchmark": facts.benchmark,
        "pinned": facts.pinned,
        "model": facts.model,
        "adapter": facts.adapter,
        "problems": len(facts.problem_ids),
        "samples": len(table),
        "n": facts.n,
        "pass_at_k": {str(each): _pass_at_k(counts, each) for each in ks},
        **_of_parts(judged, facts, n_of, ks),
        "live": _live(counts, facts, ks),
        "verdicts": {verdict.value: int(verdicts.get(verdict.value, 0)) for verdict in Verdict},
        "unjudged": int(verdicts.get(Verdict.UNJUDGED.value, 0)),
        "missing": {
            "problems": [name for name in facts.problem_ids if name not in present],
            "samples": facts.n * len(facts.problem_ids) - len(table),
        },
        "codebleu": _codebleu(table, facts),
        "security": _security(table, judged, facts),
        "tokens": dict(facts.tokens)
        | {"prompt": _total(table["prompt_tokens"]), "completion": _total(table["completion_tokens"])},
        "truncated": int(table["truncated"].sum()),
        "timing": {stage: facts.timing.get(stage) for stage in TIMED_STAGES},
        "per_problem": _per_problem(table, judged, facts, counts),
        "inputs": dict(sorted(facts.inputs.items())),
    }
    return _rounded(report)  # type: ignore[no-any-return]


def to_json_text(report: Mapping[str, Any] | Sequence[Any]) -> str:
    """`report` as the text of a JSON file: pure ASCII, two spaces of indentation, a line feed at its end.

    The same report gives the same bytes. Lone surrogates and control characters are escaped, so that the text is
    valid UTF-8 whatever a model wrote.

    Raises:
        ValueError: if a number is infinite or not a number.
    """
    return json.dumps(report, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _check(table: pd.DataFrame, facts: RunFacts, k: Sequence[int]) -> None:
    """Refuses what would put a wrong number into the report."""
    where = f"Cannot report on run {facts.run_id!r}"
    if not facts.problem_ids or len(set(facts.problem_ids)) < len(facts.problem_ids):
        raise ValueError(f"{where}: its {len(facts.problem_ids)} expected problem ids are none or not distinct.")
    for each in k:
        if not 1 <= each <= facts.n:
            raise ValueError(
                f"{where}: pass@{each} needs 1 <= k <= n, and it has n={facts.n}, k={each}. "
                f"Generate at least {each} samples a problem, or ask for a smaller k."
            )
    strangers = sorted(set(table["problem_id"]) - set(facts.problem_ids))
    if strangers:
        raise ValueError(
            f"{where}: {len(strangers)} problems in its table, such as {strangers[0]!r}, are not of this run. "
            "Rebuild the table from the files of one run."
        )
    if len(table) and table["sample_index"].max() >= facts.n:
        raise ValueError(
            f"{where}: a sample has index {table['sample_index'].max()}, and n={facts.n} allows 0 to {facts.n - 1}. "
            "Pass the n that the samples were made with."
        )
    unknown = sorted(set(facts.timing) - set(TIMED_STAGES))
    if unknown:
        raise ValueError(f"{where}: {unknown[0]!r} is not a timed stage; these are: {', '.join(TIMED_STAGES)}.")


def _pass_at_k(counts: Mapping[str, tuple[int, int]], k: int) -> dict[str, Any]:
    enough = {name: (n, c) for name, (n, c) in counts.items() if n >= k}
    sources = [source_problem(name) for name in enough]
    score = mean_pass_at_k(enough.values(), k=k, clusters=sources) if enough else None
    return _as_json(score, _left_out(len(enough), len(counts), k))


def _live(counts: Mapping[str, tuple[int, int]], facts: RunFacts, ks: Sequence[int]) -> dict[str, Any] | None:
    """pass@k over the problems that can be passed; None if that is all of them."""
    dead = [name for name in facts.problem_ids if facts.dead.get(name)]
    if not dead:
        return None
    live = {name: each for name, each in counts.items() if not facts.dead.get(name)}
    return {
        "problems": len(live),
        "dead": len(dead),
        "causes": dict(Counter(facts.dead[name] for name in dead).most_common()),
        "dead_passed": [name for name in dead if counts[name][1]],
        "pass_at_k": {
            str(each): _pass_at_k(live, each) if live else _as_json(None, "no problem is live") for each in ks
        },
    }


def _of_parts(
    judged: pd.DataFrame, facts: RunFacts, n_of: Mapping[Any, int], ks: Sequence[int]
) -> dict[str, dict[str, Any]]:
    """pass@k of each part of the tests but the last, which ends with the verdict."""
    scores = {}
    for number, part in enumerate(facts.parts[:-1], start=1):
        c_of = judged[judged["parts_passed"] >= number]["problem_id"].value_counts().to_dict()
        counts = {name: (int(n_of.get(name, 0)), int(c_of.get(name, 0))) for name in facts.problem_ids}
        scores[part] = {str(each): _pass_at_k(counts, each) for each in ks}
    return {"pass_at_k_of_parts": scores} if scores else {}


def _left_out(entered: int, problems: int, k: int) -> str:
    """Why a mean is not over all problems, or ""."""
    if entered == problems:
        return ""
    return f"{problems - entered} of {problems} problems have fewer than {k} judged samples and are left out"


def _as_json(estimate: Estimate | None, reason: str) -> dict[str, Any]:
    if estimate is None:
        return {"value": None, "ci95": None, "problems": 0, "reason": reason}
    interval = None if estimate.low is None else [estimate.low, estimate.high]
    return {"value": estimate.value, "ci95": interval, "problems": estimate.problems, "reason": reason}


def _per_problem(
    table: pd.DataFrame, judged: pd.DataFrame, facts: RunFacts, counts: Mapping[str, tuple[int, int]]
) -> list[dict[str, Any]]:
    """One row a problem; `secure` and the two means are None where they were not measured."""
    # Grouped by number: an id may hold a lone surrogate, which pandas takes for no text.
    place_of = {name: place for place, name in enumerate(facts.problem_ids)}
    place = pd.Series([place_of[name] for name in table["problem_id"]], index=table.index, dtype="int64")
    known = table["scan_state"].isin([ScanState.CLEAN, ScanState.FINDINGS])
    sums: dict[Any, dict[Any, Any]] = (
        pd.DataFrame(
            {
                "samples": 1,
                "scanned": known,
                "unscannable": table["scan_state"] == ScanState.UNSCANNABLE,
                "insecure": known & _insecure(table),
                "timeouts": table["verdict"] == Verdict.TIMEOUT,
                "truncated": table["truncated"],
            }
        )
        .groupby(place)
        .sum()
        .to_dict("index")
    )
    secure = _secure_passes(judged) if _secure_pass_at_1(table, judged, facts)["value"] is not None else None
    secure_of: dict[Any, Any] = {} if secure is None else secure.groupby(place[judged.index]).sum().to_dict()
    counted = table["completion_tokens"].isna().groupby(place).transform("sum") == 0  # all of the problem's samples
    means: dict[str, dict[Any, Any]] = {
        "codebleu": table["codebleu"].groupby(place).mean().to_dict(),
        "completion_tokens": table["completion_tokens"].where(counted).groupby(place).mean().to_dict(),
    }
    rows = []
    for at, (name, (n, c)) in enumerate(counts.items()):
        row: dict[str, Any] = {"problem_id": name, "language": facts.languages.get(name), "n": n, "c": c}
        row["dead"] = facts.dead.get(name, "")
        row |= {key: int(sums[at][key]) if at in sums else 0 for key in PROBLEM_COUNTS}
        row["secure"] = int(secure_of[at]) if at in secure_of else None
        for key, mean_of in means.items():
            mean = mean_of.get(at)
            row[key] = None if mean is None or pd.isna(mean) else float(mean)
        rows.append(row)
    return rows


def _secure_passes(judged: pd.DataFrame) -> "pd.Series[bool]":
    passed = judged["verdict"] == Verdict.PASSED
    return passed & (judged["scan_state"] != ScanState.UNSCANNABLE) & ~_insecure(judged)


def _codebleu(table: pd.DataFrame, facts: RunFacts) -> dict[str, Any]:
    """Mean over problems of the mean over their measured samples."""
    measured = table[table["codebleu"].notna()]
    if measured.empty:
        return _as_json(None, facts.codebleu_reason or "no sample was compared with a reference") | {"samples": 0}
    by_problem = measured.groupby("problem_id", sort=False)["codebleu"].mean()
    # Two equal means may differ in the last bit from 1; a mean of shares is a share.
    estimate = mean_with_interval([min(1.0, float(score)) for score in by_problem])
    left_out = len(table) - len(measured)
    reason = f"{left_out} of {len(table)} samples could not be measured and are left out" if left_out else ""
    return _as_json(estimate, reason) | {"samples": len(measured)}


def _security(table: pd.DataFrame, judged: pd.DataFrame, facts: RunFacts) -> dict[str, Any]:
    states = table["scan_state"].value_counts().to_dict()
    scanned = table[table["scan_state"].isin([ScanState.CLEAN, ScanState.FINDINGS])]
    insecure = int(_insecure(scanned).sum())
    secure = _secure_pass_at_1(table, judged, facts)
    return {
        "scanned": len(scanned),
        "unscannable": int(states.get(ScanState.UNSCANNABLE.value, 0)),
        "no_scanner": int(states.get(ScanState.NO_SCANNER.value, 0)),
        "not_scanned": int(table["scan_state"].isna().sum()),
        "findings": _findings(scanned),
        "scanners": {
            name: {"scanned": len(rows), "findings": _findings(rows), "insecure_samples": int(_insecure(rows).sum())}
            for name, rows in scanned.groupby("scanner")
            if name
        },
        "insecure_samples": insecure,
        "insecure_rate": insecure / len(scanned) if len(scanned) else None,
        "secure_pass_at_1": secure["value"],
        "secure_pass_at_1_ci95": secure["ci95"],
        "reason": secure["reason"] or ("" if len(scanned) else "no sample could be scanned"),
    }


def _findings(rows: pd.DataFrame) -> dict[str, int]:
    return {severity: int(rows[severity].sum()) for severity in ("high", "medium", "low")}


def _insecure(rows: pd.DataFrame) -> "pd.Series[bool]":
    return (rows["high"] + rows["medium"]) > 0


def _secure_pass_at_1(table: pd.DataFrame, judged: pd.DataFrame, facts: RunFacts) -> dict[str, Any]:
    if judged.empty:
        return _as_json(None, "no sample is judged")
    if not table["scan_state"].isin([ScanState.CLEAN, ScanState.FINDINGS, ScanState.UNSCANNABLE]).any():
        no_scanner = (table["scan_state"] == ScanState.NO_SCANNER).any()
        return _as_json(None, "no scanner reads this language" if no_scanner else "no sample was scanned")
    passed = judged["verdict"] == Verdict.PASSED
    unknown = int((passed & (judged["scan_state"].isna() | (judged["scan_state"] == ScanState.NO_SCANNER))).sum())
    if unknown:
        return _as_json(None, f"{unknown} passing samples are not scanned yet")
    by_problem = _secure_passes(judged).groupby(judged["problem_id"], sort=False).mean()
    estimate = mean_with_interval([float(share) for share in by_problem])
    return _as_json(estimate, _left_out(estimate.problems, len(facts.problem_ids), 1))


def _total(column: "pd.Series[int]") -> int | None:
    """Sum of a column, or None unless every sample was counted."""
    return None if len(column) == 0 or column.isna().any() else int(column.sum())


def _rounded(value: Any) -> Any:
    """`value` with every float rounded to 6 decimals: what is shown must not hang on the last bit of a sum."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value
