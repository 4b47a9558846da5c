"""Judges programs by tests of `unittest` in their own process, by what that process tells last of each test.

A job is a few files: the program with its tests, and controls of it, with tests of which some are changed, so that a
right program fails these. Of each it is known how every test has to end. See `controls`. Where the tests have parts,
each part has files of its own, in which all tests up to that part are, and is believed only with its own controls.
"""

from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any

from .attempts import Attempts
from .blurring import blur_counters
from .conclude import OUT_OF_TIME, conclude_run
from .controls import confirmed

_TOLD_NAMES = 5


class UnittestJudge:
    """Carries out jobs that are judged so, one at a time.

    Args:
        attempts: Runs them.
    """

    def __init__(self, attempts: Attempts) -> None:
        self._attempts = attempts

    def run(self, job: dict[str, Any], sources: list[bytes]) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`.

        Args:
            job: Limits, commands, and of each part of the tests the line that each of its files has to end with in
                `due`, and whether a control comes before the tests.
            sources: Of each part the program with its tests, then its controls.
        """
        files = iter(sources)
        for number, part in enumerate(job["parts"]):
            observed = self._part(job, [next(files) for _ in part["due"]], part)
            if observed["ending"] != "completed":
                return {**observed, "parts_completed": number}
        return {**observed, "parts_completed": len(job["parts"])}

    def _part(self, job: dict[str, Any], sources: list[bytes], part: dict[str, Any]) -> dict[str, Any]:
        """What was observed of one part."""
        attempts = [partial(self._attempt, job, *each) for each in zip(sources, part["due"], strict=True)]
        early = [attempts.pop(1)()] if part["control_first"] else []
        observed = attempts[0]()
        if observed["ending"] == "completed":
            return confirmed(observed, map(_doubt, chain(early, (attempt() for attempt in attempts[1:]))))
        if observed["ending"] == "raised" and not self._attempts.parses(job, sources[0]):
            return {**observed, "ending": "syntax_error"}
        return observed

    def _attempt(self, job: dict[str, Any], source: bytes, due: str) -> dict[str, Any]:
        """What was observed of one file, whose last line is due to be `due`."""
        blur_counters()
        attempt = self._attempts.run(job, source)
        step, told, evidence = attempt.step, attempt.told, attempt.step.evidence
        token, _, ends = due.partition(" ")
        told["stdout"] = told["stdout"].partition(f"{token} ")[0]
        if evidence.status == 0 and step.stdout.tail.endswith(f"{due}\n".encode()):
            told["output_bytes"] -= len(due) + 1
            evidence = replace(evidence, outcome="completed")
        told |= conclude_run(evidence, exits=(), signals=())
        line = step.stdout.tail.decode("utf-8", "replace").rpartition(f"{token} ")[2]
        if told["ending"] == "exited" and told["exit_code"] == 0 and line.endswith("\n"):
            told |= {"exit_code": None, **differing(line, ends)}
        return told


def _doubt(told: dict[str, Any]) -> dict[str, Any]:
    """What was observed of a control: it failed as it should if all its tests ended as is due, and passed if not."""
    if told["ending"] in OUT_OF_TIME:
        return told
    return {**told, "ending": "assertion" if told["ending"] == "completed" else "completed"}


def differing(line: str, due: str) -> dict[str, Any]:
    """The fields `ending` and `note` of a program whose tests ended otherwise than is due.

    Args:
        line: What it told, `NAME=ENDING` of each test.
        due: What was due.
    """
    told, expected = (dict(pair.rpartition("=")[::2] for pair in text.split()) for text in (line, due))
    wrong = [name for name, ending in expected.items() if told.get(name) != ending]
    failed = [name for name in wrong if expected[name] == "ok"]
    if not failed:
        return {"ending": "tampered", "note": f"{_some(wrong)} had to fail and did not"}
    asserted = any(told.get(name) == "fail" for name in failed)
    return {
        "ending": "assertion" if asserted else "raised",
        "note": f"in {_some(failed)}, of {len(expected)} tests",
    }


def _some(names: list[str]) -> str:
    return ", ".join(names[:_TOLD_NAMES]) + (", …" if len(names) > _TOLD_NAMES else "")
