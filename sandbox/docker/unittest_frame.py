"""What a job that is judged by `unittest` needs: a frame that carries it."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from codecrucible.sandbox.docker.exit_code_frame import control_first, header_of
from codecrucible.sandbox.docker.observed import execution_of
from codecrucible.sandbox.job import Change, Ending, Execution, Job, Strength, UnittestCheck
from codecrucible.sandbox.languages import RUNTIMES
from codecrucible.sandbox.limits import Limits

_random = secrets.SystemRandom()

#: Assertions of tests of our own, by what tests call. Each holds where its two numbers are equal, and only there.
_ASSERTIONS = {
    "assertEqual": "self.assertEqual({one}, {other})",
    "assertTrue": "self.assertTrue({one} == {other})",
    "assertFalse": "self.assertFalse({one} != {other})",
    "assertIn": "self.assertIn({one}, [{other}])",
    "assertIsInstance": "self.assertIsInstance({one}, int if {one} == {other} else str)",
    "assertAlmostEqual": "self.assertAlmostEqual({one}.5, {other}.5)",
    "assertRaises": "self.assertRaises(KeyError, {{{one}: 0}}.__getitem__, -1 if {one} == {other} else {one})",
    "assert_frame_equal": "pandas.testing.assert_frame_equal(pandas.DataFrame([{one}]), pandas.DataFrame([{other}]))",
    "assert_series_equal": "pandas.testing.assert_series_equal(pandas.Series([{one}]), pandas.Series([{other}]))",
    "assert_array_equal": "numpy.testing.assert_array_equal([{one}], [{other}])",
    "assert_allclose": "numpy.testing.assert_allclose([{one}], [{other}])",
}

#: What runs the tests, and the line that tells of them.
_RUN = '__import__("sandbox.image.unittest_run", fromlist="_").report(TestCases, {canaries!r}, {token!r}{left_out})'


def frame_of(job: Job, check: UnittestCheck) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for `job`, with new tokens and canaries, and controls that were drawn for it.

    Raises:
        ValueError: if its language runs no such tests.
    """
    runtime = RUNTIMES[job.language]
    if not runtime.unittest:
        raise ValueError(f"no class of unittest is run in {job.language!r}")
    sources: list[bytes] = []
    parts = []
    for number in range(check.parts):
        made, due = _part(job.program, check, number)
        sources += made
        parts.append({"due": due, "control_first": control_first()})
    return {"job": header_of(runtime, job.limits, job.files) | {"parts": parts}}, sources


def _part(program: str, check: UnittestCheck, number: int) -> tuple[list[bytes], list[str]]:
    """Files of one part of the tests, with those of the parts before it, and the line that each has to end with."""
    tested = replace(check, methods=tuple(method for method in check.methods if method.part <= number))
    names = [method.name for method in check.methods if method.part > number]
    left_out = f", {names!r}" if names else ""
    kinds = _random.sample((False, True), 2) if any(method.changes for method in tested.methods) else [False]
    drawn: list[dict[str, Change]] = [{}, *(_drawn(tested, borrowed=kind) for kind in kinds)]
    sources, due = [], []
    for failed in drawn:
        token, canaries = secrets.token_hex(16), _canaries(check)
        assertions = {name: assertion for name, (assertion, _) in canaries.items()}
        run = _RUN.format(canaries=assertions, token=token, left_out=left_out)
        sources.append(f"{program}\n{_changed(check.tests, failed.values())}\n{run}\n".encode("utf-8", "surrogatepass"))
        ends = {method.name: "fail" if method.name in failed else "ok" for method in tested.methods}
        ends |= {name: end for name, (_, end) in canaries.items()}
        due.append(" ".join((token, *(f"{name}={end}" for name, end in sorted(ends.items())))))
    return sources, due


def _drawn(check: UnittestCheck, *, borrowed: bool) -> dict[str, Change]:
    """Which methods a control changes, and how: all that can be, or some of them, at least one.

    Args:
        check: The tests.
        borrowed: Whether changes that are borrowed are taken where there are some.
    """
    changes = {
        method.name: next((each for each in method.changes if each.borrowed is borrowed), method.changes[0])
        for method in check.methods
        if method.changes
    }
    if check.every or not changes:
        return changes
    names = [name for name in changes if _random.random() < 1 / 2] or [_random.choice(list(changes))]
    return {name: changes[name] for name in names}


def _changed(tests: str, changes: Iterable[Change]) -> str:
    """The tests with all changes, the last first, so that none moves another."""
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        tests = change.of(tests)
    return tests


def _canaries(check: UnittestCheck) -> dict[str, tuple[str, str]]:
    """Tests of our own by name, each an assertion and how it ends.

    For each assertion that the tests make, one holds and one fails. Their names look like those of others, and say
    nothing.
    """
    taken = {method.name for method in check.methods}
    made = [text for name, text in _ASSERTIONS.items() if name in check.tests or name == "assertEqual"]
    names = [name for number in range(1, 100) if (name := f"test_case_{number}") not in taken][: 2 * len(made)]
    _random.shuffle(names)
    canaries = {}
    for text in made:
        for end in ("ok", "fail"):
            one = _random.randrange(1000)
            other = one if end == "ok" else one + _random.randrange(1, 1000)
            canaries[names.pop()] = text.format(one=one, other=other), end
    return dict(sorted(canaries.items()))


def longest_s(limits: Limits, check: UnittestCheck, language: str) -> float:
    """Seconds that a job with these limits takes at most: run, looked at, and its controls run, for each part."""
    return check.parts * 3 * limits.wall_s + RUNTIMES[language].compile_limits.wall_s


def read(check: UnittestCheck, answer: dict[str, Any]) -> Execution:
    """What was observed of a job; of a pass, what stood behind it."""
    execution = execution_of(Strength.CONTROL, answer)
    if execution.ending is Ending.COMPLETED and not any(method.changes for method in check.methods):
        return replace(execution, note="a false assertion of ours is all that can be told from a right one here")
    return execution
