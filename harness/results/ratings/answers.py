"""The file that a rater's answers are in: one a line, on the disk before the next item is shown."""

import os
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from codecrucible.harness.common.codec import dumps, from_json, to_json
from codecrucible.harness.common.errors import RunLocked, UsageError
from codecrucible.harness.common.files import AlreadyLocked, drop_torn_line, locked
from codecrucible.harness.common.provenance import utc_now
from codecrucible.harness.results.ratings.items import Item, RatingPlan
from codecrucible.harness.runs.folder import json_lines
from codecrucible.reports.ratings import HIGHEST, LOWEST, PREFERENCE

QUESTIONS = ("readability", "efficiency")
"""What is asked where nothing else is."""
MOST_QUESTIONS = 6
SIDES = ("a", "b")
"""Names of the programs of an item, from left to right."""
TIE = "tie"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredSample:
    """What was said of one sample.

    Attributes:
        run_id: Its run.
        sample_index: Its place among the problem's samples.
        program_sha256: Digest of its program.
        scores: Answer to each question, from 1 to 5.
    """

    run_id: str
    sample_index: int
    program_sha256: str
    scores: dict[str, int]

    def __post_init__(self) -> None:
        if not all(LOWEST <= score <= HIGHEST for score in self.scores.values()):
            raise ValueError(f"an answer is none of {LOWEST} to {HIGHEST}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one rater said of one item; a line of the file.

    Attributes:
        item_id: The item.
        rater: Who it was.
        problem_id: What the programs solve.
        samples: One, or two from left to right.
        preference: "a", "b" or "tie"; "" where there is one sample.
        rated_utc: ISO 8601.
    """

    item_id: str
    rater: str
    problem_id: str
    samples: tuple[AnsweredSample, ...]
    preference: str
    rated_utc: str

    def __post_init__(self) -> None:
        allowed = ("",) if len(self.samples) == 1 else (*SIDES, TIE)
        if not 1 <= len(self.samples) <= len(SIDES) or self.preference not in allowed:
            raise ValueError(f"{len(self.samples)} samples with the preference {self.preference!r} are no answer")
        if len({frozenset(sample.scores) for sample in self.samples}) > 1:
            raise ValueError("the samples have answers to different questions")


def questions_of(text: str) -> tuple[str, ...]:
    """Questions of a list with commas.

    Raises:
        ValueError: one is no word, stands there twice, or there are too many.
    """
    questions = tuple(text.split(","))
    for each in questions:
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", each) or each == PREFERENCE:
            raise ValueError(f"{each!r} is no question: give words of small letters, such as {','.join(QUESTIONS)}")
    if len(set(questions)) < len(questions) or len(questions) > MOST_QUESTIONS:
        raise ValueError(f"give each question once, and {MOST_QUESTIONS} at most")
    return questions


def read_answers(path: Path) -> list[Answer]:
    """The answers in a file, of one rater or of several.

    Raises:
        BadRecord: a line is no answer; names it.
    """
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file of ratings")
    return [from_json(Answer, value, where=where) for where, value in json_lines(path)]


def answer_to(
    item: Item, rater: str, scores: Sequence[Mapping[str, int]], preference: str, questions: Iterable[str]
) -> Answer:
    """What a rater said of an item.

    Args:
        item: The item.
        rater: Who it was.
        scores: Answers to the questions, of each program from left to right.
        preference: "a", "b" or "tie"; "" where there is one program.
        questions: All that have to be answered.

    Raises:
        ValueError: an answer is missing, or is none.
    """
    wanted = set(questions)
    if len(scores) != len(item.samples) or any(set(each) != wanted for each in scores):
        raise ValueError(
            f"of {len(item.samples)} programs the questions {', '.join(sorted(wanted))} are to be answered"
        )
    if any(type(score) is not int for each in scores for score in each.values()):
        raise ValueError("an answer is no whole number")
    return Answer(
        item_id=item.item_id,
        rater=rater,
        problem_id=item.problem.problem_id,
        samples=tuple(
            AnsweredSample(
                run_id=each.run_id,
                sample_index=each.sample.sample_index,
                program_sha256=each.sample.program_sha256,
                scores=dict(answers),
            )
            for each, answers in zip(item.samples, scores, strict=True)
        ),
        preference=preference,
        rated_utc=utc_now(),
    )


class AnswerBook:
    """One rater's file while it is written; a context manager, and safe for several threads.

    Args:
        path: The file, which is made if need be; a rating that was torn by a kill is cut off.
        plan: What is to be rated.
        rater: Who rates.
        questions: What is asked.

    Raises:
        RunLocked: another process writes to the file.
        UsageError: the file holds another rater's answers, or such to other items or questions.
    """

    def __init__(self, path: Path, plan: RatingPlan, *, rater: str, questions: Sequence[str]) -> None:
        self.plan, self.rater, self.questions = plan, rater, tuple(questions)
        self._mutex = threading.Lock()
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(path.with_name(f"{path.name}.lock"), wait=False))
            except AlreadyLocked as owner:
                raise RunLocked(f"{path} is being written by {owner}; end it, or give another --out") from None
            drop_torn_line(path)
            self._answered = self._kept(path)
            self._file = stack.enter_context(path.open("ab"))
            self._open = stack.pop_all()

    def _kept(self, path: Path) -> list[str]:
        """Ids of the items that are answered in the file."""
        answers = read_answers(path) if path.exists() else []
        planned = {item.item_id for item in self.plan.items}
        for each in answers:
            if each.rater != self.rater:
                raise UsageError(f"{path} holds ratings of {each.rater!r}: give --rater that name, or another --out")
            if each.item_id not in planned:
                raise UsageError(
                    f"{path} holds ratings of other samples: give the runs and the --seed that it was made with"
                )
            if set(each.samples[0].scores) != set(self.questions):
                raise UsageError(f"{path} holds answers to {','.join(each.samples[0].scores)}: give these --questions")
        return [each.item_id for each in answers]

    @property
    def done(self) -> int:
        """Items that are answered."""
        return len(self._answered)

    @property
    def current(self) -> Item | None:
        """The item to be answered next; None where all are."""
        answered = set(self._answered)
        return next((item for item in self.plan.items if item.item_id not in answered), None)

    def answer(self, done: int, scores: Sequence[Mapping[str, int]], preference: str) -> None:
        """Write down the answer to the current item, and see it to the disk.

        Args:
            done: How many items were answered when it was shown, so that no answer is taken for another item's.
            scores: As `answer_to` takes them.
            preference: As `answer_to` takes it.

        Raises:
            ValueError: an answer is missing or is none, or the current item is another one.
        """
        with self._mutex:
            item = self.current
            if item is None or done != self.done:
                raise ValueError("this item is answered already")
            line = dumps(to_json(answer_to(item, self.rater, scores, preference, self.questions))) + "\n"
            self._file.write(line.encode())
            self._to_disk()
            self._answered.append(item.item_id)

    def undo(self) -> None:
        """Take back the last answer, whose item is the current one then; nothing where there is none."""
        with self._mutex:
            if not self._answered:
                return
            self._file.truncate(_start_of_last_line(Path(self._file.name)))
            self._to_disk()
            self._answered.pop()

    def _to_disk(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._mutex:  # an answer that is being written is whole
            self._open.close()


def _start_of_last_line(path: Path) -> int:
    return path.read_bytes()[:-1].rfind(b"\n") + 1
