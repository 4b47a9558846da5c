"""The losses of a run's references, as they stand in its folder."""

from dataclasses import dataclass
from pathlib import Path

from codecrucible.harness.common.codec import from_json, loads
from codecrucible.harness.common.errors import BadRecord

PERPLEXITY = "perplexity.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLoss:
    """How likely one reference is under the run's model; a line of `perplexity.jsonl`.

    Attributes:
        problem_id: The benchmark's task id.
        tokens: Tokens of the reference, behind the prompt.
        text_bytes: Bytes of the same text, in UTF-8.
        nats: Negative log-likelihood of these tokens, or None if it could not be measured.
        reason: Why not, else "".
    """

    problem_id: str
    tokens: int
    text_bytes: int
    nats: float | None
    reason: str = ""


def read_reference_losses(folder: Path) -> list[ReferenceLoss] | None:
    """What was measured in a run folder; None if nothing was.

    Raises:
        BadRecord: if a line is none of ours.
    """
    path = folder / PERPLEXITY
    if not path.exists():
        return None
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            value = loads(line)
        except ValueError as error:
            raise BadRecord(f"{path}:{number}: no JSON: {error}; remove the file to measure again") from error
        found.append(from_json(ReferenceLoss, value, where=f"{path}:{number}"))
    return found
