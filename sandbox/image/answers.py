"""Runs a program that prints its answers, and compares these with digests of what they have to be.

The expected values are printed by a run of their own, with no line of a program in it, and leave the container. What
comes back are digests, and they stay in this process.
"""

from dataclasses import replace
from typing import Any

from .answer_channel import Channel
from .attempts import Attempts
from .conclude import conclude_answers, proves_nothing


class Answers:
    """Carries out jobs whose answers are compared, one at a time.

    Args:
        attempts: Compiles and runs them.
    """

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def run(self, job: dict[str, Any], source: bytes) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`, and `answers`.

        These are the answers whose digest is another one than is expected, as pairs of number and text in UTF-8, whose
        other bytes are escaped as surrogates. Where nothing is known of what to expect, they are all.

        Args:
            job: Limits and commands, how many `answers` are due, the `digests` of what they have to be, and whether one
                of another digest is wrong: whether they are `exact`.
            source: The program with its calls.
        """
        channel = Channel(job["answers"], job["digests"], exact=job["exact"])
        attempt = self._attempts.run(job, source, channel)
        observed = {**attempt.told, "calls": channel.answers, "answers": []}
        if attempt.refused:
            return observed
        evidence = replace(attempt.step.evidence, outcome=_outcome(channel, attempt.step.evidence.status))
        conclusion = conclude_answers(evidence, channel.answers, job["answers"], channel.broken)
        if conclusion["ending"] == "raised" and not channel.answers and not self._attempts.parses(job, source):
            conclusion = {"ending": "syntax_error"}
        told = [(number, text.decode("utf-8", "surrogateescape")) for number, text in channel.different.items()]
        return {**observed, "starved": proves_nothing(evidence), **conclusion, "answers": told}


def _outcome(channel: Channel, status: int) -> str:
    """As `Evidence.outcome` has it."""
    if channel.broken:
        return "tampered"
    if channel.lost:
        return "assertion"
    return "completed" if channel.complete and status == 0 else "gone"
