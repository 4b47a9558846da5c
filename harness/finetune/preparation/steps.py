"""What each step of the preparation kept and dropped, with a few samples for a person."""

from dataclasses import dataclass, field
from typing import Any

from codecrucible.harness.finetune.preparation.leaks import PrivateKey, without_leaks

_SAMPLES = 5
_SAMPLE_CHARACTERS = 200


@dataclass(slots=True, kw_only=True)
class Step:
    """Counts of one step.

    Attributes:
        name: Name of the step.
        entered: Rows that came to it.
        dropped: Rows that ended there.
        changed: Rows that left it with another text.
        samples: The first few that were dropped.
    """

    name: str
    entered: int = 0
    dropped: int = 0
    changed: int = 0
    samples: list[dict[str, str]] = field(default_factory=list)

    def drop(self, origin: str, reason: str, text: str = "") -> None:
        """Note one row that ends here, and why."""
        self.dropped += 1
        if len(self.samples) < _SAMPLES:
            sample = {"origin": origin, "reason": reason, "text": _publishable(text)}
            self.samples.append({name: value[:_SAMPLE_CHARACTERS] for name, value in sample.items()})

    def to_json(self) -> dict[str, Any]:
        """The step as the data card has it."""
        return {
            "name": self.name,
            "in": self.entered,
            "dropped": self.dropped,
            "changed": self.changed,
            "samples": self.samples,
        }


def _publishable(text: str) -> str:
    """`text` without secrets: a data card is shown to others, also for rows that no detector had seen yet."""
    try:
        return without_leaks(text)[0]
    except PrivateKey:
        return ""
