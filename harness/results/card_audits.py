"""Audits for a card: files of what `crucible audit robustness` or `memorisation` printed with `--json`."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import from_json, loads
from codecrucible.harness.common.errors import BadRecord, UsageError
from codecrucible.reports.card_audits import CardAudit, MemorisationAudit, RobustnessAudit


def read_audits(files: Sequence[Path], run_ids: Collection[str]) -> tuple[CardAudit, ...]:
    """The audits in some files, one each.

    Args:
        files: JSON, one audit each.
        run_ids: The runs that they may be of.

    Raises:
        UsageError: there is no such file, or it is of another run, or of a run that has such an audit already.
        BadRecord: a file is no audit; names the file and the field.
    """
    audits: list[CardAudit] = []
    for file in files:
        audit = _read(file)
        if audit.run_id not in run_ids:
            raise UsageError(f"--audit {file}: it is of the run {audit.run_id}, which is not in this card")
        if any(type(audit) is type(other) and audit.run_id == other.run_id for other in audits):
            raise UsageError(f"--audit {file}: there are two of this sort for the run {audit.run_id}; name one")
        audits.append(audit)
    return tuple(audits)


def _read(file: Path) -> CardAudit:
    try:
        told = loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"--audit {file}: cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise BadRecord(f"{file}: not JSON: {error}") from None
    if isinstance(told, dict) and "kinds" in told:
        return from_json(RobustnessAudit, told, where=str(file))
    if isinstance(told, dict) and "same_as_reference" in told:
        return from_json(MemorisationAudit, _shown(told), where=str(file))
    raise BadRecord(f"{file}: it is not what `crucible audit robustness` or `memorisation` prints with --json")


def _shown(told: dict[str, Any]) -> dict[str, Any]:
    """An audit of memorisation without what a card does not show: counts by problem, and what only a gate asks."""
    passes, same = told.get("pass_at_1"), told["same_as_reference"]
    if isinstance(passes, dict):
        passes = {key: passes[key] for key in _PASSES if key in passes}
    if isinstance(same, dict):
        same = {
            name: {key: value for key, value in side.items() if key != "problems"} if isinstance(side, dict) else side
            for name, side in same.items()
        }
    return {**told, "pass_at_1": passes, "same_as_reference": same}


_PASSES = ("baseline", "candidate", "difference", "ci95", "p_worse", "problems")
