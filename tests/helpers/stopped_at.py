"""Runs `crucible`, and sends this process a signal as soon as so many records of a kind are in the run folder.

    python stopped_at.py SIGNAL KIND COUNT ARGUMENTS...

A signal at a place in the work instead of at a time: the run has begun and is not done, however fast the machine is.
Where it has not ended after two minutes, stderr has what each thread does.
"""

import faulthandler
import os
import sys

from codecrucible.harness.cli.main import main
from codecrucible.harness.runs.folder import RunWriter

faulthandler.dump_traceback_later(120)
sent, kind, count, arguments = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4:]
append, seen = RunWriter.append, 0


def append_and_stop(self, record):
    global seen  # noqa: PLW0603
    append(self, record)
    seen += type(record).__name__ == kind
    if seen == count and type(record).__name__ == kind:
        os.kill(os.getpid(), sent)


RunWriter.append = append_and_stop
sys.exit(main(arguments))
