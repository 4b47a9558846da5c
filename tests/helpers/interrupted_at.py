"""Runs `crucible`, and sends this process SIGINT as it is about to do something for the so-manieth time.

    python interrupted_at.py EVENT NAME COUNT ARGUMENTS...

EVENT is one of Python's audit events, whose first argument's last part matches the pattern NAME. A signal at a place in
the work instead of at a time: the work has begun and is not done, however fast the machine is.
"""

import os
import signal
import sys
from fnmatch import fnmatch
from itertools import count
from pathlib import Path

from codecrucible.harness.cli.main import main

awaited, name, number, arguments = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]
times = count(1)


def stop_there(event, details):
    if event == awaited and fnmatch(Path(str(details[0])).name, name) and next(times) == number:
        os.kill(os.getpid(), signal.SIGINT)


sys.addaudithook(stop_there)
sys.exit(main(arguments))
