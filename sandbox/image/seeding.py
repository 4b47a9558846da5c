"""The same random numbers for every program, and for every check."""

import sys
import types
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder


class SeededRandom:
    """Seeds `random` and `numpy.random` when they are imported; the zygotes do not, because they are slow to fork."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,  # noqa: ARG002
        /,
    ) -> ModuleSpec | None:
        """The usual spec; for the two modules one whose loader seeds the module."""
        if name not in ("random", "numpy.random"):
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: types.ModuleType) -> None:
            execute(module)
            module.seed(0)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def seed_again() -> None:
    """Undo what `random`, where it is there before a fork, does to its seed after it."""
    if "random" in sys.modules:
        sys.modules["random"].seed(0)
