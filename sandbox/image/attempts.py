"""Compiles and runs one file after another, each under a uid of its own, and clears away what it left."""

import os
from dataclasses import dataclass
from typing import Any

from . import leftovers, player
from .answer_channel import Channel
from .conclude import conclude_compile
from .steps import Step, Steps, remove_files, write_files, write_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one file.

    Attributes:
        step: The last that was taken: compiling it, or running it.
        refused: How compiling it ended, if it did not make anything to run; else empty.
        removed: Files that the program left behind.
    """

    step: Step
    refused: dict[str, Any]
    removed: int

    @property
    def told(self) -> dict[str, Any]:
        """Fields of an `Execution`, but for those that say how it ended."""
        return {
            **self.step.facts,
            "stdout": self.step.stdout.text(),
            "stderr": self.step.stderr.text(),
            "files_removed": self.removed,
            "stage": "compile" if self.refused else "",
            **self.refused,
        }


class Attempts:
    """Makes attempts, one at a time.

    Args:
        steps: Runs compilers and programs.
        uids: For both; each file gets one of them by chance, so that no program can tell from it which file it is in.
    """

    def __init__(self, steps: Steps, uids: range) -> None:
        self._steps, self._uids = steps, uids

    def run(self, job: dict[str, Any], source: bytes, channel: Channel | None = None) -> Attempt:
        """What became of `source`, compiled if its language is, run, and cleared away.

        Args:
            job: Limits, commands, and files that the program finds.
            source: The file.
            channel: For the answers of the program, if it is to give any.
        """
        uid, path = self._uid(), f"{player.SCRATCH}/{job['file_name']}"
        write_source(path, source)
        placed = write_files(player.SCRATCH, job["files"])
        made, refused = 0, {}
        if job["compile"]:
            step = self._steps.run(uid, job["compile"], job["environment"], job["compile_limits"])
            conclusion = conclude_compile(step.evidence)
            if conclusion["ending"] == "completed":
                made = len(os.listdir(player.SCRATCH)) - 1 - len(placed)  # noqa: PTH208 - pathlib costs the zygote memory
                # Needed no more; so the program finds neither tests nor token in a file.
                os.unlink(path)  # noqa: PTH108 - as above
            else:
                refused = conclusion
        if not refused:
            step = self._steps.run(uid, job["run"], job["environment"], job["limits"], channel=channel)
        elif channel:
            os.close(channel.write_fd)
            channel.finish()
        remove_files([path, *placed])
        removed = max(0, leftovers.remove(uid) - made)
        return Attempt(step=step, refused=refused, removed=removed)

    def parses(self, job: dict[str, Any], source: bytes) -> bool:
        """Whether one file can be read at all; true where that does not become known."""
        if not job["syntax"]:
            return True
        uid, path = self._uid(), f"{player.SCRATCH}/{job['file_name']}"
        write_source(path, source)
        step = self._steps.run(uid, job["syntax"], job["environment"], job["compile_limits"])
        os.unlink(path)  # noqa: PTH108 - pathlib costs the zygote memory
        leftovers.remove(uid)
        return bool(conclude_compile(step.evidence)["ending"] != "compile_error")

    def _uid(self) -> int:
        return self._uids[int.from_bytes(os.urandom(4)) % len(self._uids)]
