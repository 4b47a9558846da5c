"""A program in Python that begins where its libraries are imported already: a fork takes the place of a start.

Importing numpy, pandas and matplotlib takes seconds, a fork of a process that has them milliseconds.
"""

import contextlib
import gc
import importlib
import os
import shutil
import signal
import sys
import traceback
import types
from collections.abc import Mapping
from typing import NoReturn

from . import seeding

NAME = "preloaded"
"""In place of an interpreter, what the arguments of such a program begin with."""

#: Of the module that the program and its tests are, as BigCodeBench calls it; tests patch names in it.
_MODULE = "__test__"
#: Where the image has what matplotlib has found out about fonts, and where matplotlib may look for it.
_FONTS = "/opt/codecrucible/matplotlib"


def load(modules: str) -> None:
    """Import modules once for all programs.

    Args:
        modules: Their names, with commas between them.
    """
    sys.meta_path.insert(0, seeding.SeededRandom())
    folder = os.environ["MPLCONFIGDIR"]
    shutil.copytree(_FONTS, folder)
    for name in (*modules.split(","), "sandbox.image.unittest_run"):
        importlib.import_module(name)
    shutil.rmtree(folder)
    gc.collect()
    gc.freeze()


def run(path: str, environment: Mapping[str, str]) -> NoReturn:
    """Be the program that is in a file, as the interpreter would be, with the modules that are there.

    Its `__main__` block does not run. Nothing runs behind its last statement, neither threads nor what was to be run at
    its exit.
    """
    # As an interpreter begins. A handler of ours would lose a signal that comes within a fork, and its pool would wait.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    os.environ.update(environment)
    sys.argv = [path]
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # what was printed before a kill is kept
    module = types.ModuleType(_MODULE)
    module.__file__ = path
    vars(module).update(os=os, sys=sys, environ=os.environ)  # as in BigCodeBench, where tests may count on it
    sys.modules[_MODULE] = sys.modules["__main__"] = module
    seeding.seed_again()
    status: object = 0
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - no import for the programs
            source = file.read()
        exec(compile(source, path, "exec", dont_inherit=True), vars(module))  # noqa: S102 - what the sandbox is for
    except SystemExit as error:
        status = error.code
    except BaseException:  # noqa: BLE001 - whatever it raised is how it ended
        with contextlib.suppress(BaseException):  # the program may have replaced what prints
            traceback.print_exc()
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(BaseException):  # as above
            stream.flush()
    os._exit(status & 0xFF if isinstance(status, int) else int(status is not None))
