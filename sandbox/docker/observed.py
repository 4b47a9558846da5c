"""What a container answers of a job or a scan, and what is said where it died."""

from typing import Any

from codecrucible.sandbox.errors import SandboxLost
from codecrucible.sandbox.job import Ending, Execution, Strength
from codecrucible.sandbox.scan import Finding, Scan, ScanState


def execution_of(strength: Strength, answer: dict[str, Any]) -> Execution:
    """What was observed of a job, and how its ending was established."""
    facts = {name: value for name, value in answer.items() if name not in ("id", "ending")}
    return Execution(ending=Ending(answer["ending"]), strength=strength, **facts)


def deadly_job(why: str, limit: str) -> Execution | SandboxLost:
    """What became of a job that containers died with, see `Task.deadly`."""
    if limit:
        return Execution(ending=Ending(limit), note="its container died of it, with nothing else in it")
    return lost("the job", why, limit)


def lost(what: str, why: str, _limit: str) -> SandboxLost:
    """That the end of something is unknown, since containers died with it."""
    return SandboxLost(f"2 containers died while they had {what}, so its end is unknown; the last one: {why}")


def scan_of(scanner: str, answer: dict[str, Any]) -> Scan:
    """What a scanner said."""
    if "reason" in answer:
        return Scan(state=ScanState.UNSCANNABLE, scanner=scanner, reason=answer["reason"])
    findings = sorted((Finding(**finding) for finding in answer["findings"]), key=lambda finding: finding.line)
    state = ScanState.FINDINGS if findings else ScanState.CLEAN
    return Scan(state=state, scanner=scanner, findings=tuple(findings))


def deadly_scan(scanner: str, _why: str, _limit: str) -> Scan:
    """What became of a scan that containers died with."""
    reason = "the scanner crashed on it or did not come to an end"
    return Scan(state=ScanState.UNSCANNABLE, scanner=scanner, reason=reason)
