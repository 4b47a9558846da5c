"""What goes into the sandbox (`Job`) and what was observed of it (`Execution`).

Nothing here knows a benchmark or a model. A job keeps the untrusted program and the trusted tests apart, so that an
executor can run them in different processes; an execution holds facts, and deciding a verdict from them is somebody
else's work.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from codecrucible.sandbox.case_check import CasesCheck
from codecrucible.sandbox.image.notes import CANNOT_TRAVEL, NOT_DATA
from codecrucible.sandbox.limits import Limits


class Strength(StrEnum):
    """How a verdict was established. Of a pass by any but `CONTROL` no program can say more than it has worked out."""

    REFEREE = "referee"  # tests in another process called the program, and compared its answers there
    ANSWERS = "answers"  # the program's answers were compared where no expected value is within its reach
    CASES = "cases"  # what it printed was
    CONTROL = "control"  # tests in its own process passed, and a negative control of them did not
    UNKNOWN = ""  # an earlier version wrote it, or nothing was executed


class Ending(StrEnum):
    """How an execution ended, as observed from outside the program's process."""

    COMPLETED = "completed"  # the tests ran to their end, and called the program at least once
    ASSERTION = "assertion"  # a test's assertion failed
    WRONG_OUTPUT = "wrong_output"  # the program printed something else than a case expects
    RAISED = "raised"  # an exception reached the tests, or stopped the program while it was loaded
    SYNTAX_ERROR = "syntax_error"  # the program does not compile
    COMPILE_ERROR = "compile_error"  # the compiler refused the program together with its tests
    EXITED = "exited"  # the program's process ended by itself before the tests did
    SIGNALLED = "signalled"  # the program's process died of a signal that we did not send
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    MEMORY_LIMIT = "memory_limit"  # known from the kernel's counters
    OUTPUT_LIMIT = "output_limit"
    TAMPERED = "tampered"  # the program broke the rules of the channel that its answers come through
    CONTROL_PASSED = "control_passed"  # it passed its tests, and again with an expected value of them changed
    UNCONFIRMED = "unconfirmed"  # it passed its tests, and compiles with no changed expected value


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The trusted half of a job: the dataset's own tests. The program's process never sees any of it.

    Attributes:
        setup: Source that is executed first, for the helpers the tests use (the dataset's own prompt).
        tests: Source that is executed next, in the same namespace, with `entry_point` bound to the program's
            function. Reaching its end without an exception, after at least one call, completes the check.
        entry_point: Name of the function the program must define.
    """

    setup: str
    tests: str
    entry_point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsCheck:
    """Tests that are data: calls of the program's function, and a rule for what it has to answer to each.

    The calls travel many to a message. Parts are gone through in their order, up to the first answer that is wrong.

    Attributes:
        oracle: Source that defines `oracle`, which is made once and serves many jobs. `oracle.calls(inputs)` gives the
            arguments of each call of a part, `oracle.expected(*arguments)` what is known of the right answer, as data,
            and `oracle.comparison()`, once for a part of a job, a function of an answer and what is expected that says
            whether it is right.
        parts: What `oracle.calls` gets, as JSON, for each part.
        entry_point: Name of the function the program must define.
    """

    oracle: str
    parts: tuple[str, ...]
    entry_point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One expected value of some tests, replaced by another of its type.

    Attributes:
        start: Index of the first character that is replaced.
        end: Index after the last one.
        text: What stands there instead.
        borrowed: Whether that is an expected value of the same tests, from another place.
    """

    start: int
    end: int
    text: str
    borrowed: bool = False

    def of(self, tests: str) -> str:
        """The tests with the change made."""
        return tests[: self.start] + self.text + tests[self.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitCodeCheck:
    """Tests that share a process with the program, and say by its exit status whether it passed them.

    A program that prints what it should and exits with 0 cannot be told from one that passed, so each pass is
    confirmed by two negative controls: the program runs twice more, against tests with one expected value changed, and
    has to fail. Which value that is, and whether the first control comes before the tests themselves or after them, is
    drawn afresh and in secret for each job. One control puts a value of the same tests in the place of another where
    there are such, and one changes digits or letters.

    What this does not catch: a program that knows the right answers; one that tells the tests from their controls; one
    that cheats by chance, and by chance does not in both controls, which at best gets through 4 times in 27.

    Attributes:
        tests: Source that follows the program in one file. Passed if the process comes to the end of it with exit
            status 0.
        changes: What the controls are drawn from, at least one.
    """

    tests: str
    changes: tuple[Change, ...]

    def __post_init__(self) -> None:
        if not self.changes:
            raise ValueError("tests without a change of an expected value have no negative control: add one")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnittestMethod:
    """One test of a class of `unittest`.

    Attributes:
        name: Name of the method.
        changes: Changes of the tests with each of which a right program fails this method, and no other. The first is
            not borrowed, and none overlap with those of another method.
        part: Number of the part of the tests that it is of, from 0.
    """

    name: str
    changes: tuple[Change, ...] = ()
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnittestCheck:
    """Tests of `unittest` that share a process with the program, which may use the libraries of their image.

    Passed if every method of the class `TestCases` passes. Which methods failed is told by a line that the process
    prints last. That line is not believed by itself. Among the tests are a few of our own, of which some have to
    fail: that shows a program that has patched what asserts, loads or counts. Each pass is confirmed by negative
    controls, as that of an `ExitCodeCheck`: the program runs twice more, each time with a random choice of the methods
    changed, and has to fail these and no other. Once only where no method can be changed.

    Tests with parts are gone through a part at a time, each together with those before it and with controls of its own,
    up to the first that the program does not pass. So what a later test does cannot undo that an earlier part passed.

    What this does not catch: a program that knows the right answers, one that takes the tests apart, and, where no
    method can be changed, an object that every assertion accepts.

    Attributes:
        tests: Source that follows the program in one module, and defines `TestCases`.
        methods: All tests of that class, at least one.
        every: Whether the controls change each method that can be, and not a random choice: so are the changes
            themselves checked, by a program that is known to be right.
    """

    tests: str
    methods: tuple[UnittestMethod, ...]
    every: bool = False

    def __post_init__(self) -> None:
        if not self.methods:
            raise ValueError("a class of unittest without a method that tests")

    @property
    def parts(self) -> int:
        """How many parts the tests have."""
        return 1 + max(method.part for method in self.methods)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """One assertion of some tests, that what a call answers equals a value.

    Attributes:
        start: Index of the first character of the statement.
        end: Index after its last one.
        call: Source of the call.
        expected: Source of the value.
    """

    start: int
    end: int
    call: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far a number of an answer may be from the expected one: as far as either of the two allows.

    Attributes:
        absolute: The difference.
        relative: The difference, as a share of the expected number.
    """

    absolute: float = 0.0
    relative: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersCheck:
    """Tests whose assertions are taken apart: the program gets the calls, and the expected values never come near it.

    The program runs with each assertion replaced by a statement that prints what the call answers, over a descriptor of
    its own. What the answers have to be is printed by the same printer in a run without the program, once for many
    jobs. The two are compared outside of both, in the order of the assertions, up to the first difference. Passed is a
    program whose answers are all right and which ends with exit status 0 then.

    Attributes:
        tests: Source that follows the program in one file.
        assertions: All that the tests have, in their order, at least one.
        result: Type that the calls answer with, where the language has to be told, and in front of it what declares it
            where that is not known either; else "".
        changes: With them the tests as they stand judge, and a negative control drawn from these, where their expected
            values cannot be printed. Without any, nothing passes there.
        tolerance: Numbers are compared by what they are worth, whatever their types, and this far from the expected
            ones will do. None compares as the language does.
    """

    tests: str
    assertions: tuple[Assertion, ...]
    result: str = ""
    changes: tuple[Change, ...] = ()
    tolerance: Tolerance | None = None

    def __post_init__(self) -> None:
        if not self.assertions:
            raise ValueError("tests without an assertion have no answers: use an ExitCodeCheck")

    @property
    def control(self) -> ExitCodeCheck | None:
        """What judges where the expected values cannot be printed; None if nothing does."""
        return ExitCodeCheck(tests=self.tests, changes=self.changes) if self.changes else None

    def with_statements(self, statements: Iterable[str]) -> str:
        """The tests with a statement in the place of each assertion."""
        made, at = [], 0
        for assertion, statement in zip(self.assertions, statements, strict=True):
            made += [self.tests[at : assertion.start], statement]
            at = assertion.end
        return "".join((*made, self.tests[at:]))


FamilyCheck = AnswersCheck | ExitCodeCheck | CasesCheck | UnittestCheck
"""Checks of programs that run in the image of their own language's family, and not in the referee's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpFile:
    """A file that a program finds in its working folder, and can neither change nor remove.

    Attributes:
        name: The file's, without a folder.
        text: What it holds.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One program to be executed.

    Attributes:
        program: Untrusted source; may hold anything that a str can, NUL and lone surrogates included.
        check: The tests it is put to, and so who decides: a referee, for Python alone, (`AnswersCheck`) its answers,
            (`ExitCodeCheck`) the exit status, (`CasesCheck`) what it prints, or (`UnittestCheck`) tests in its process.
        limits: What it may use.
        language: Name of the language, in lower case.
        files: That the program finds; none where a referee calls it.
    """

    program: str
    check: Check | CallsCheck | FamilyCheck
    limits: Limits = field(default_factory=Limits)
    language: str = "python"
    files: tuple[SetUpFile, ...] = ()

    def __post_init__(self) -> None:
        if self.files and isinstance(self.check, Check | CallsCheck):
            raise ValueError("a program that a referee calls finds no files: use another check")


_LATER = ("files", "accepted", "part")


def without_later(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a job, or a part of one, or a problem, without those that came later, where these are empty.

    So a digest of them is what it was.
    """
    return {name: value for name, value in fields.items() if value or name not in _LATER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What was observed of one job. Facts only.

    Attributes:
        ending: How it ended.
        exception: Class name of the builtin exception that ended it, or "".
        stage: Where it ended: "compile", "load" (the program being executed), "check" (the tests running),
            "case" (one of the cases) or "".
        exit_code: Exit status of the program's process if it ended by itself, else None.
        signal: Signal number that ended the program's process if it was not ours, else None.
        calls: Calls of the program that the referee made, answers that came, or cases that it was run for.
        parts_completed: Parts of a `CallsCheck` whose calls were all answered right, or of a `UnittestCheck` whose
            methods all passed.
        cpu_s: CPU seconds of the program's processes; the compiler's only if the stage is "compile". The negative
            control counts nowhere. Of cases, those of the one that took most.
        wall_s: Seconds from start to verdict.
        memory_bytes: Peak resident memory of the program's largest process.
        stdout: Tail of what it wrote to stdout, decoded with replacement; no more of it than takes 8 KiB in JSON.
        stderr: Tail of what it wrote to stderr.
        output_bytes: Bytes written to both.
        output_truncated: Whether the tails hold less than was written.
        processes_killed: Processes it left behind, all dead now.
        files_removed: Files and folders it left behind, all removed now.
        note: One line on the ending for a person, "" if there is nothing to add.
        strength: How its ending was established.
    """

    ending: Ending
    exception: str = ""
    stage: str = ""
    exit_code: int | None = None
    signal: int | None = None
    calls: int = 0
    parts_completed: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    memory_bytes: int = 0
    stdout: str = ""
    stderr: str = ""
    output_bytes: int = 0
    output_truncated: bool = False
    processes_killed: int = 0
    files_removed: int = 0
    note: str = ""
    strength: Strength = Strength.UNKNOWN

    @property
    def unproxiable(self) -> str:
        """Why the tests cannot be put to a program in another process, if that is what ended it; else "".

        A program can bring this about too, so it says something of the tests only where the program is their reference.
        """
        return next((note for note in (CANNOT_TRAVEL, NOT_DATA) if self.note.endswith(note)), "")
