"""The lines of a run folder's files, and the hashes that decide what may be used again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from codecrucible.benchmarks import Verdict
from codecrucible.harness.common.codec import INLINE, UNLESS_DEFAULT, dumps, to_json
from codecrucible.harness.common.files import text_sha256
from codecrucible.sandbox import Execution, Finding, Job, ScanState
from codecrucible.sandbox.job import without_later


def image_id_of(sandbox: Mapping[str, Any]) -> str:
    """Ids of the images that jobs run in, from what an executor says of itself; "" where nothing was executed yet."""
    families = (family["image"] for _, family in sorted(sandbox.get("families", {}).items()))
    return "+".join(str(image.get("id", "")) for image in (sandbox.get("image", {}), *families))


def job_sha256(job: Job, image_id: str) -> str:
    """Hex SHA-256 of all that can change what is observed: program, tests, limits, language and image."""
    told = without_later(to_json(job))
    for each in ("cases", "methods"):
        if each in told["check"]:
            told["check"] = {**told["check"], each: [without_later(one) for one in told["check"][each]]}
    return text_sha256(dumps([told, image_id]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One completion of one problem; a line of `samples.jsonl`.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        prompt: The text the model was sent, chat template applied; "" for completions made elsewhere.
        prompt_sha256: Digest of the prompt's token ids; "" for completions made elsewhere.
        prompt_form: "completion" or "chat": how the program was taken from the completion.
        completion: What the model returned, untouched.
        program: What is executed; "" if nothing to run is left of the completion.
        program_sha256: Digest of `program`.
        prompt_lines: Leading lines of `program` that are the prompt's, not the model's.
        finish_reason: "stop", "length", "content_filter" (of a server), or "" if unknown.
        prompt_tokens: Tokens of the prompt, or None if unknown.
        completion_tokens: Tokens the model wrote, or None if unknown.
        rule: By which the program was taken from the completion, see `benchmarks.Rule`; "" if nothing was, or where an
            earlier version wrote the line.
        no_answer: Why the completion holds no answer, where that is known, such as "unclosed_thought"; else "".
    """

    problem_id: str
    sample_index: int
    prompt: str
    prompt_sha256: str
    prompt_form: str
    completion: str
    program: str
    program_sha256: str
    prompt_lines: int
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None
    rule: str = ""
    no_answer: str = ""

    @property
    def program_key(self) -> tuple[str, str]:
        """What its program is executed and scanned under: once for all samples of a problem that share it."""
        return self.problem_id, self.program_sha256

    @property
    def truncated(self) -> bool:
        """Whether the model was cut off at its token limit."""
        return self.finish_reason == "length"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionRecord:
    """What was observed of one distinct program of one problem; a line of `executions.jsonl`.

    Attributes:
        problem_id: The benchmark's task id.
        program_sha256: Digest of the program that was executed.
        job_sha256: Digest of everything that decides the observation; see `job_sha256`.
        observed: The execution.
    """

    problem_id: str
    program_sha256: str
    job_sha256: str
    observed: Execution = field(metadata=INLINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementRecord:
    """The verdict on one sample; a line of `judgements.jsonl`.

    Attributes:
        problem_id: The benchmark's task id.
        sample_index: From 0 within the problem.
        verdict: What became of the sample.
        reason: A short word for programs to read.
        detail: One line for a person; may hold text of the program's.
        program_sha256: Digest of the program that was judged.
        parts_passed: Parts of the tests that it passed, where the benchmark has parts.
        strength: How the verdict was established, see `sandbox.Strength`; "" where nothing was executed, or an earlier
            version wrote the execution.
        tests: How many tests the problem has; 0 where that is not known, see `benchmarks.passed_tests`.
        tests_passed: How many of them passed before the first that did not, at least.
    """

    problem_id: str
    sample_index: int
    verdict: Verdict
    reason: str
    detail: str
    program_sha256: str
    parts_passed: int = 0
    strength: str = field(default="", metadata=UNLESS_DEFAULT)
    tests: int = field(default=0, metadata=UNLESS_DEFAULT)
    tests_passed: int = field(default=0, metadata=UNLESS_DEFAULT)


def current_judgement(judgements: Mapping[tuple[str, int], JudgementRecord], sample: Sample) -> JudgementRecord | None:
    """The judgement of `sample`, if there is one and it is of the program as it is now."""
    judgement = judgements.get((sample.problem_id, sample.sample_index))
    return judgement if judgement and judgement.program_sha256 == sample.program_sha256 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsRecord:
    """What the scanner said of one distinct program of one problem; a line of `findings.jsonl`.

    Attributes:
        problem_id: The benchmark's task id.
        program_sha256: Digest of the program that was scanned.
        prompt_lines: Leading lines of the program that are the prompt's; findings in them are left out.
        state: clean, findings, unscannable or no_scanner.
        scanner: Name and version, "" if nothing scans the language.
        findings: In line order; `line` counts in the program, from 1.
        reason: Why the program could not be scanned, else "".
    """

    problem_id: str
    program_sha256: str
    prompt_lines: int
    state: ScanState
    scanner: str
    findings: tuple[Finding, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSession:
    """One process's work on the run; a line of `sessions.jsonl`. Seconds; stages overlap.

    Attributes:
        started_utc: ISO 8601.
        wall_s: From the session's start to its end.
        generate_s: From the first to the last completion of this session.
        execute_s: From the first program submitted to the last observed.
        scan_s: From the first source submitted to the last scanned.
        score_s: Spent on CodeBLEU.
        completion_tokens: Tokens that the model wrote in `generate_s`; None if not all were counted, or where an
            earlier version wrote the line.
    """

    started_utc: str
    wall_s: float
    generate_s: float
    execute_s: float
    scan_s: float
    score_s: float
    completion_tokens: int | None = field(default=None, metadata=UNLESS_DEFAULT)
