"""What a job that a referee judges needs: a frame that carries it, and a check that it shares with others."""

import hashlib
import json
import re
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from codecrucible.sandbox.docker.worker import SharedCheck
from codecrucible.sandbox.job import CallsCheck, Check, Job

#: Where a module is not found by this, it is imported by the program itself: slower, and no other difference.
_IMPORTS_NUMPY = re.compile(r"^\s*(?:import|from)\s+numpy\b", re.MULTILINE)


def frame_of(job: Job, check: Check | CallsCheck) -> tuple[dict[str, Any], list[bytes], SharedCheck]:
    """Header and parts of the frame for `job`, and the check that travels with the first one that has it."""
    shared = _shared(check)
    header = {"job": _job_header(job, check, shared)}
    return header, [job.program.encode("utf-8", "surrogatepass")], shared


@lru_cache(4096)
def _shared(check: Check | CallsCheck) -> SharedCheck:
    content = json.dumps(asdict(check)).encode()
    return SharedCheck(hashlib.sha256(content).hexdigest(), content)


def _job_header(job: Job, check: Check | CallsCheck, shared: SharedCheck) -> dict[str, Any]:
    limits = job.limits
    return {
        "preload": "numpy" if _IMPORTS_NUMPY.search(job.program) else "",
        "entry_point": check.entry_point,
        "check_sha256": shared.key,
        "cpu_s": limits.cpu_s,
        "wall_s": limits.wall_s,
        "memory_bytes": limits.memory_bytes,
        "output_bytes": limits.output_bytes,
        "file_bytes": limits.file_bytes,
        "processes": limits.processes,
    }
