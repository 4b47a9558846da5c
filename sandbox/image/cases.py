"""Runs a whole program once a case: gives it the case's stdin, and compares what it prints with what it should.

What it should print never comes here: the host sends digests of it, and they stay in this process, which no program
can read. Each case's process has a uid of its own that is not the compiler's, so that it can change neither its program
nor anything that the next case meets.
"""

import os
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from . import leftovers, player
from .conclude import conclude_case, conclude_compile
from .printed import is_expected
from .steps import Step, Steps, remove_files, write_files, write_source


class Cases:
    """Carries out jobs of cases, one at a time.

    Args:
        steps: Runs compilers and programs.
        uids: For both.
    """

    def __init__(self, steps: Steps, uids: range) -> None:
        self._steps, self._uids = steps, uids

    def run(self, job: dict[str, Any], source: bytes, *inputs: bytes) -> dict[str, Any]:
        """What was observed of one job, as the fields of an `Execution`.

        Args:
            job: Limits, commands, files, and for each case the digests of each text that will do.
            source: The program.
            inputs: What it can read from stdin, for each case.
        """
        path = f"{player.SCRATCH}/{job['file_name']}"
        write_source(path, source)
        placed = [path, *write_files(player.SCRATCH, job["files"])]
        compiler = self._uids[0]
        try:
            if job["compile"]:
                step = self._steps.run(compiler, job["compile"], job["environment"], job["compile_limits"])
                conclusion = conclude_compile(step.evidence)
                if conclusion["ending"] != "completed":
                    return {**_told(step), **conclusion, "stage": "compile"}
                try:
                    leftovers.keep_for_others(compiler)
                except OSError as error:  # a compiler can be made to run code
                    note = f"what the compiler left cannot be run: {error.strerror}"
                    return {**_told(step), "ending": "compile_error", "stage": "compile", "note": note}
            return self._all(job, inputs)
        finally:
            remove_files(placed)
            leftovers.remove(compiler)

    def _all(self, job: dict[str, Any], inputs: Collection[bytes]) -> dict[str, Any]:
        """What was observed of all cases together, up to the first that the program did not pass."""
        ours = frozenset(os.listdir(player.SCRATCH))  # noqa: PTH208 - pathlib costs the zygote memory
        left = dict(job["limits_of_all"])
        observed: dict[str, Any] = {}
        for number, (stdin, expected) in enumerate(zip(inputs, job["expected"], strict=True), start=1):
            limits = {**job["limits"], **{name: min(job["limits"][name], left[name]) for name in left}}
            uid = self._uids[1 + int.from_bytes(os.urandom(4)) % (len(self._uids) - 1)]
            step = self._steps.run(
                uid, job["run"], job["environment"], limits, stdin=stdin, stdout_bytes=limits["output_bytes"]
            )
            removed = leftovers.remove(uid, ours)
            evidence = step.evidence
            if evidence.status == 0 and any(
                is_expected(step.stdout.tail, each, job["comparison"]) for each in expected
            ):
                evidence = replace(evidence, outcome="completed")
            conclusion = conclude_case(evidence)
            observed = _together(observed, {**_told(step), "files_removed": removed, "calls": number})
            left = {name: max(0.0, left[name] - step.facts[name]) for name in left}
            if conclusion["ending"] != "completed":
                break
        else:
            return {**observed, "ending": "completed", "stage": "case"}
        bound = ", at the bound of all cases together" if limits != job["limits"] else ""
        note = f"{conclusion.pop('note')}; " if "note" in conclusion else ""
        note = f"{note}case {observed['calls']} of {len(inputs)}{bound}"
        return {**observed, **conclusion, "stage": "case", "note": note}


def _told(step: Step) -> dict[str, Any]:
    return {**step.facts, "stdout": step.stdout.text(), "stderr": step.stderr.text()}


def _together(before: dict[str, Any], case: dict[str, Any]) -> dict[str, Any]:
    """Fields of an `Execution` of the cases up to this one: limits are a case's, so what counts is the largest use."""
    if not before:
        return case
    largest = {name: max(before[name], case[name]) for name in ("cpu_s", "memory_bytes")}
    names = ("wall_s", "output_bytes", "processes_killed", "files_removed")
    return {**case, **largest, **{name: before[name] + case[name] for name in names}}
