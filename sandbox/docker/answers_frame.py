"""What a job whose answers are compared needs: frames for its two runs, and the expected values between them."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from codecrucible.sandbox.docker.exit_code_frame import header_of
from codecrucible.sandbox.errors import SandboxLost
from codecrucible.sandbox.image.answer_channel import digest_of
from codecrucible.sandbox.job import AnswersCheck, Ending, Execution, Job, Strength
from codecrucible.sandbox.languages import LANGUAGES, Printer
from codecrucible.sandbox.languages.close_values import close
from codecrucible.sandbox.limits import Limits

#: Of the run that prints expected values: wide, so that a busy machine is not taken for values that cannot be printed.
EXPECTED_LIMITS = Limits(cpu_s=20.0, wall_s=60.0)

#: Endings that say nothing of the source, but that it had too little of something.
_TOO_LITTLE = (Ending.CPU_LIMIT, Ending.WALL_LIMIT, Ending.MEMORY_LIMIT, Ending.OUTPUT_LIMIT, Ending.SIGNALLED)
_TOLD_CHARACTERS = 160
_STRING = re.compile(r'"(?:\\.|[^"\\])*"', re.DOTALL)


def printer_of(language: str) -> Printer:
    """What prints the answers of a language.

    Raises:
        ValueError: if nothing does.
    """
    printer = LANGUAGES[language].printer
    if printer is None:
        raise ValueError(f"nothing prints answers in {language}: use an ExitCodeCheck")
    return printer


def frame_of(job: Job, check: AnswersCheck, expected: Sequence[str]) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for `job`; of what is expected it has digests."""
    printer = printer_of(job.language)
    never = re.compile(printer.never_equal or r"(?!)")
    digests = ["" if never.search(_STRING.sub("", text)) else digest_of(_encoded_answer(text)) for text in expected]
    source = printer.source(job.program, check)
    exact = _equality(printer, check) is None
    header = header_of(LANGUAGES[job.language], job.limits, job.files)
    return _frame(header, source, len(digests), digests, exact=exact)


def _equality(printer: Printer, check: AnswersCheck) -> Callable[[str, str], bool] | None:
    """Whether an answer and an expected value that have different texts are equal after all; None if never."""
    if check.tolerance is None:
        return printer.equal
    return partial(close, tolerance=check.tolerance, quoted_numbers=printer.quoted_numbers)


def expected_frame(language: str, check: AnswersCheck) -> tuple[dict[str, Any], list[bytes]]:
    """Header and parts of the frame for the run that prints what is expected."""
    source = printer_of(language).expected_source(check)
    return _frame(header_of(LANGUAGES[language], EXPECTED_LIMITS), source, len(check.assertions), None, exact=False)


def expected_key(language: str, check: AnswersCheck, image: str) -> str:
    """Digest of all that decides what is printed as the expected values of `check`."""
    return hashlib.sha256(_encoded(f"{image}\0{language}\0{printer_of(language).expected_source(check)}")).hexdigest()


def longest_s(limits: Limits, language: str) -> float:
    """Seconds that a job with these limits takes at most: compiled, run, and looked at."""
    declared = LANGUAGES[language]
    return limits.wall_s + (declared.compile_limits.wall_s if declared.compile or declared.syntax else 0.0)


def read_expected(answer: dict[str, Any]) -> tuple[str, ...] | None:
    """The expected values that a run has printed, or None if they cannot be printed.

    Raises:
        SandboxLost: if they could be, but were not.
    """
    ending = Ending(answer["ending"])
    if ending in _TOO_LITTLE:
        raise SandboxLost(f"the expected values of the tests were not printed: that ended as {ending}")
    return tuple(text for _, text in answer["answers"]) if ending is Ending.COMPLETED else None


def unprintable(answer: dict[str, Any]) -> Execution:
    """What is observed of every job whose expected values a run could not print, where nothing else judges it."""
    facts = {name: answer[name] for name in ("stdout", "stderr") if name in answer}
    note = "no program passes, since the expected values are none of the declared types: they cannot be printed"
    return Execution(ending=Ending.COMPILE_ERROR, stage="compile", note=note, strength=Strength.ANSWERS, **facts)


def read(language: str, check: AnswersCheck, expected: Sequence[str], answer: dict[str, Any]) -> Execution:
    """What was observed of a job, from what its container answered."""
    different = answer["answers"]
    facts = {name: value for name, value in answer.items() if name not in ("id", "ending", "answers")}
    execution = Execution(ending=Ending(answer["ending"]), strength=Strength.ANSWERS, **facts)
    equal = _equality(printer_of(language), check)
    first = next((each for each in different if not (equal and equal(each[1], expected[each[0] - 1]))), None)
    if first is None or execution.ending is Ending.OUTPUT_LIMIT:
        return execution
    number, text = first
    call = " ".join(check.assertions[number - 1].call.split())
    answered = "too much" if number > execution.calls else _short(text)
    note = f"{_short(call)} answered {answered}, expected {_short(expected[number - 1])}"
    note = _encoded_answer(note).decode("utf-8", "replace")
    return replace(execution, ending=Ending.ASSERTION, calls=number, exit_code=None, signal=None, note=note)


def _frame(
    header: dict[str, Any], source: str, answers: int, digests: list[str] | None, *, exact: bool
) -> tuple[dict[str, Any], list[bytes]]:
    return {"job": header | {"answers": answers, "digests": digests, "exact": exact}}, [_encoded(source)]


def _short(text: str) -> str:
    if not text:  # of an empty string, where strings are printed without quotes
        return "nothing"
    return text if len(text) <= _TOLD_CHARACTERS else f"{text[: _TOLD_CHARACTERS - 1]}…"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _encoded_answer(text: str) -> bytes:
    """The bytes of an answer, which need not be UTF-8."""
    return text.encode("utf-8", "surrogateescape")
