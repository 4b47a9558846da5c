"""What a job that is judged by what its program prints needs: a frame that carries it."""

from dataclasses import asdict, replace
from typing import Any

from codecrucible.sandbox.case_check import ALL_CASES, CASE_OUTPUT_BYTES, CasesCheck
from codecrucible.sandbox.docker.exit_code_frame import ENVIRONMENT
from codecrucible.sandbox.image.printed import digests_of
from codecrucible.sandbox.job import Job
from codecrucible.sandbox.languages import LANGUAGES
from codecrucible.sandbox.limits import Limits


def frame_of(job: Job, check: CasesCheck) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for `job`; of what is expected it has digests."""
    language, limits = LANGUAGES[job.language], job.limits
    each = replace(
        limits,
        processes=max(limits.processes, language.processes),
        output_bytes=min(limits.output_bytes, CASE_OUTPUT_BYTES),
    )
    header = {
        "file_name": language.whole.file_name,
        "compile": language.whole.compile,
        "run": language.whole.run,
        "environment": {**ENVIRONMENT, **language.environment},
        "limits": asdict(each),
        "limits_of_all": {"cpu_s": ALL_CASES * limits.cpu_s, "wall_s": ALL_CASES * limits.wall_s},
        "compile_limits": asdict(language.compile_limits),
        "files": {file.name: file.text for file in job.files},
        "comparison": check.comparison.value,
        "expected": [
            [list(digests_of(_encoded(text), check.comparison)) for text in (case.expected, *case.accepted)]
            for case in check.cases
        ],
    }
    return {"job": header}, [_encoded(language.file_text(job.program)), *(_encoded(case.stdin) for case in check.cases)]


def longest_s(limits: Limits, check: CasesCheck, language: str) -> float:
    """Seconds that a job with these limits takes at most: compiled, and run for every case."""
    whole, declared = LANGUAGES[language].whole, LANGUAGES[language]
    compile_s = declared.compile_limits.wall_s if whole.compile else 0.0
    return min(ALL_CASES, len(check.cases)) * limits.wall_s + compile_s


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
