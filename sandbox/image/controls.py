"""What the negative controls of a program say, that has passed its tests."""

from collections.abc import Iterable
from typing import Any

from .conclude import OUT_OF_TIME

#: Controls that have to fail, where there are as many.
_NEEDED = 2


def confirmed(observed: dict[str, Any], doubts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What was observed of a program, as its controls leave it; {"lost": why} if none was compiled.

    The controls may have run before its tests or after them: that makes no difference here. Where one passes, the
    program does not. One that a busy machine kept from its end, or that did not compile, has not failed, and says
    nothing.

    Args:
        observed: Of the program and its tests, which it passed.
        doubts: What was observed of each control, at least one. No more of them are looked at than is needed.
    """
    failed, late, refused = 0, None, None
    for doubt in doubts:
        if doubt["ending"] == "completed":
            return {**observed, "ending": "control_passed", "note": doubt.get("note", "")}
        if doubt["ending"] in OUT_OF_TIME:
            late = doubt
        elif doubt["stage"] == "compile":
            refused = doubt
        else:
            failed += 1
        if failed == _NEEDED:
            break
    if failed:
        return observed
    if late:
        return {**late, "note": "while its tests had a changed expected value"}
    if refused and refused["ending"] != "compile_error":
        return {"lost": f"its negative control was not compiled ({refused['ending']})"}
    return {**observed, "ending": "unconfirmed"}
