"""Flawfinder on sources from a pipe, for C and C++: a program of its own, started for each source.

It looks for calls by name, in what is neither a comment nor a string, and neither parses nor executes anything. So it
reads a source that does not compile, and says nothing of what a call is given from where.
"""

import csv
import io
import re
import resource
import subprocess
import sys
import tempfile
from importlib.metadata import version
from typing import Any

#: A source that makes it write or use more is unscannable.
_OUTPUT_BYTES, _MEMORY_BYTES = 4 << 20, 512 << 20
#: Its complaints may quote the source.
_REASON_CHARACTERS = 200
#: Of its levels of risk, from 1 to 5; as in the SARIF that it writes itself: error, warning and note.
_SEVERITIES = {5: "high", 4: "high", 3: "medium", 2: "low", 1: "low"}
#: A call's name alone is no more than a hint.
_CONFIDENCE = "low"
_CWE = re.compile(r"CWE-(\d+)")


class Flawfinder:
    """Starts the program.

    Args:
        packages: Folder that it is installed in.
    """

    def __init__(self, packages: str) -> None:
        self._environment = {"PYTHONPATH": packages, "PYTHONIOENCODING": "utf-8:replace"}
        self.name = f"flawfinder {version('flawfinder')}"

    def __call__(self, source: bytes) -> dict[str, Any]:
        """{"findings": [...]} with the fields of a `Finding` each, or {"reason": why there are none to be had}."""
        # The program's own `flawfinder: ignore` must not hide a finding.
        arguments = ("--csv", "--dataonly", "--quiet", "--neverignore", "-")
        with tempfile.TemporaryFile() as found:
            ended = subprocess.run(
                [sys.executable, "-P", "-s", "-m", "flawfinder", *arguments],
                input=source,
                stdout=found,
                stderr=subprocess.PIPE,
                env=self._environment,
                preexec_fn=_limit,
                check=False,
            )
            found.seek(0)
            output = found.read().decode("utf-8", "replace")
        # Such as that the source ended within a string: what looks like one may have been code.
        complaint = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        if ended.returncode != 0 or complaint:
            return {"reason": complaint[:_REASON_CHARACTERS] or f"flawfinder ended with {ended.returncode}"}
        csv.field_size_limit(_OUTPUT_BYTES)  # a finding quotes its line
        rows = csv.DictReader(io.StringIO(output, newline=""))
        return {"findings": [_finding(row) for row in rows]}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_OUTPUT_BYTES, _OUTPUT_BYTES))


def _finding(row: dict[str, str]) -> dict[str, Any]:
    cwe = _CWE.search(row["CWEs"])
    return {
        "rule": row["RuleId"],
        "name": row["Name"],
        "severity": _SEVERITIES[int(row["Level"])],
        "confidence": _CONFIDENCE,
        "cwe": int(cwe[1]) if cwe else None,
        "line": int(row["Line"]),
        "message": " ".join(text for text in (row["Warning"], row["Suggestion"]) if text),
    }
