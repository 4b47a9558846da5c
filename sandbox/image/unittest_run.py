"""Runs the tests of a class of `unittest` in the program's own process, and tells of each how it ended.

What the program might have patched by now is kept from before it: how tests are loaded, run and counted. Whoever
patches deeper is shown by tests of our own, some of which have to fail.
"""

import os
import sys
import unittest
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

_load = unittest.TestLoader().loadTestsFromTestCase
_write, _exit = os.write, os._exit
_Suite, _Case = unittest.TestSuite, unittest.TestCase


class _Told(unittest.TestResult):
    """How each test ended, by the name of its method.

    Args:
        names: Of the methods that are not our own.
    """

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self._names = names
        self.of: dict[str, str] = {}

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802 - as unittest has it
        """It has begun, and is well until something else is said."""
        super().startTest(test)
        self.of[_name(test)] = "ok"

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802 - as above
        """It is over. One that failed has not come to where it closes its figures, which the next would draw into."""
        super().stopTest(test)
        if _name(test) in self._names and self.of[_name(test)] != "ok":
            sys.modules["matplotlib.pyplot"].close("all")

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - as above
        """It raised."""
        super().addError(test, err)
        self.of[_name(test)] = "error"

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802 - as above
        """An assertion of it failed."""
        super().addFailure(test, err)
        self.of[_name(test)] = "fail"

    def addSubTest(self, test: unittest.TestCase, subtest: unittest.TestCase, err: Any) -> None:  # noqa: N802
        """A part of it ended."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.of[_name(test)] = "fail" if issubclass(err[0], test.failureException) else "error"

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:  # noqa: N802 - as above
        """It was not run."""
        super().addSkip(test, reason)
        self.of[_name(test)] = "skip"

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802 - as above
        """It was to fail, and has not."""
        super().addUnexpectedSuccess(test)
        self.of[_name(test)] = "fail"


def _name(test: unittest.TestCase | unittest.TestSuite) -> str:
    return str(getattr(test, "_testMethodName", "")) or str(test)


def report(
    cases: type[unittest.TestCase], canaries: Mapping[str, str], token: str, left_out: Collection[str] = ()
) -> NoReturn:
    """Run the tests of `cases`, with canaries among them, and print as the last line how each ended.

    Args:
        cases: The class.
        canaries: Assertion of each test of our own, by the name of the test.
        token: What the line begins with.
        left_out: Methods of the class that are not run.
    """
    tests = [test for test in _load(cases) if _name(test) not in left_out]
    names = {_name(test) for test in tests}
    own = type(cases.__name__, (_Case,), {name: _canary(assertion) for name, assertion in canaries.items()})
    for test in _load(own):
        tests.insert(int.from_bytes(os.urandom(2)) % (len(tests) + 1), test)
    told = _Told(names)
    _Suite(tests).run(told)
    for case, error in (*told.errors, *told.failures):
        if _name(case) in names or _name(case) not in told.of:
            sys.stderr.write(f"{case}\n{error}\n")
    sys.stderr.flush()
    sys.stdout.flush()
    line = " ".join((token, *(f"{name}={ending}" for name, ending in sorted(told.of.items()))))
    _write(1, f"{line}\n".encode())
    _exit(0)


def _canary(assertion: str) -> Any:
    namespace = {name: sys.modules[name] for name in ("numpy", "pandas")}
    exec(f"def test(self):\n    {assertion}", namespace)  # noqa: S102 - our own
    return namespace["test"]
