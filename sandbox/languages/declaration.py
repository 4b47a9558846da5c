"""What the declaration of a language says: its tools, how it is compiled and run, what its exit status means.

What is covered: the one file that a program and its tests are put into, how it is compiled and run, what its exit
status means, and a right and a wrong program by which the declaration proves itself. Tests are those of MultiPL-E, or
anybody's: with the framework that the language's image has, or plain assertions.
What is not: the referee, which judges Python without the tests ever meeting the program.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from codecrucible.sandbox.job import (
    AnswersCheck,
    Assertion,
    Change,
    ExitCodeCheck,
    Job,
    UnittestCheck,
    UnittestMethod,
)
from codecrucible.sandbox.limits import MEBIBYTE, Limits

COMPILE_LIMITS = Limits(cpu_s=30.0, wall_s=90.0, file_bytes=64 * MEBIBYTE, processes=64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One image, for the languages that share its tools.

    Attributes:
        name: Name of the image.
        packages: Debian packages on top of the common base.
        compiles: Whether what is compiled there is executed: the scratch folder then allows it and is larger.
        prepare: Shell commands that root runs once while the image is built, such as to compile a header that every
            program includes; "" for none.
        base: Public image with the tools, itself made of Debian, where Debian has no package of them; "" for Debian.
        recipe: Folder of `sandbox/image` with a Dockerfile of its own and the files that it needs; "" for the common
            one.
        preload: Modules of Python that are imported once in each container, for all programs that run there.
        memory_bytes: What a container leaves to a program at least.
    """

    name: str
    packages: tuple[str, ...]
    compiles: bool = False
    prepare: str = ""
    base: str = ""
    recipe: str = ""
    preload: tuple[str, ...] = ()
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a language is tried with: a right program, a wrong one, and tests that tell the two apart.

    Attributes:
        right: Passes `tests`.
        wrong: Does not.
        tests: Holds the expected value 42 once.
        statement: The assertion in `tests`, where answers are printed.
        call: The call in it.
        expected: The expected value in it.
        result: Type of the answer, where the printer has to be told.
    """

    right: str
    wrong: str
    tests: str
    statement: str = ""
    call: str = ""
    expected: str = "42"
    result: str = ""

    @property
    def answers_check(self) -> AnswersCheck:
        """The tests, taken apart."""
        start = self.tests.index(self.statement)
        assertion = Assertion(start=start, end=start + len(self.statement), call=self.call, expected=self.expected)
        return AnswersCheck(tests=self.tests, assertions=(assertion,), result=self.result, changes=self.check.changes)

    @property
    def check(self) -> ExitCodeCheck:
        """The tests, with the 42 in them changed for the negative control."""
        start = self.tests.index("42")
        return ExitCodeCheck(tests=self.tests, changes=(Change(start=start, end=start + 2, text="43"),))

    @property
    def unittest_check(self) -> UnittestCheck:
        """The tests, which are one method."""
        return UnittestCheck(
            tests=self.tests, methods=(UnittestMethod(name="test_double", changes=self.check.changes),)
        )


def at_the_end(tests: str, statement: str) -> str:
    """`tests` with `statement` behind them."""
    return f"{tests.rstrip()}\n{statement}\n"


def last_match(tests: str, pattern: str, what: str) -> re.Match[str]:
    """Where `tests` have `pattern` last.

    Args:
        tests: Source.
        pattern: Pattern of a line or more.
        what: It is, for a person.

    Raises:
        ValueError: if they have it nowhere.
    """
    found = None
    for found in re.finditer(pattern, tests, re.MULTILINE):  # noqa: B007 - the last one
        pass
    if found is None:
        raise ValueError(f"these tests should have {what} in them, and have not")
    return found


#: What may hold a brace that is none, and the braces themselves.
_BRACES = re.compile(
    r'"{3}.*?"{3}|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\(?:u[0-9a-fA-F]{4}|.)|[^'\\\n])'"
    r"|//[^\n]*|/\*.*?\*/|[{}]",
    re.DOTALL,
)


def at_the_end_of_main(tests: str, opening: str, statement: str, *, what: str, last: str = r"return(?: 0)?;") -> str:
    """`tests` with `statement` as the last of their `main`, wherever that stands.

    Args:
        tests: Source.
        opening: Pattern of what `main` begins with, its brace included.
        statement: What is executed there.
        what: Such a `main` is, for a person.
        last: Pattern of a statement at its end that nothing is executed behind.

    Raises:
        ValueError: if there is none, or its brace is never closed.
    """
    start, depth = last_match(tests, opening, what).end(), 1
    for brace in _BRACES.finditer(tests, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            body, end = tests[: brace.start()].rstrip(), ""
            if leaving := re.search(rf"(?<=[;{{}}])\s*({last})$", body[start:]):
                body, end = body[: start + leaving.start()], f"{leaving[1]}\n"
            return f"{body}\n{statement}\n{end}{tests[brace.start() :]}"
    raise ValueError(f"these tests should close the brace of {what}, and do not")


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """How a whole program is compiled and run, where that differs from one that tests follow.

    Attributes:
        file_name: Name of the source's file.
        compile: As `Language.compile`.
        run: As `Language.run`.
        main: What the program has to be, for a person.
    """

    file_name: str
    compile: tuple[str, ...]
    run: tuple[str, ...]
    main: str = ""


def tests_behind(program: str, printer: str, tests: str) -> str:
    """The program, then the printer, then the tests."""
    return f"{program}\n{printer}\n{tests}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printer:
    """How answers in one language are printed: in a text that two values share if, and only if, they are equal there.

    Equal are values that the assertions of the tests take for equal, whatever that is in the language; as data, with
    their numbers compared by `close_values`, those that are equal in JSON.

    Attributes:
        text: Source that defines what prints, or what makes it from what the check says of the type of the answer.
        statement: Statement that prints one answer: the `{number}`th is `{value}`, and of the type `{result}`.
        expected_statement: Statement that prints one expected value, where that is another one.
        data: What is printed for `{value}` where a check has a tolerance, and values are compared as JSON has them.
        program: From the program, `text`, and the tests with their statements to the whole source.
        expected: Whole source that prints expected values, from `{printer}`, which is `text`, `{result}` and
            `{statements}`.
        equal: Whether an answer and an expected value that have different texts are equal after all; None if never.
        never_equal: Finds in an expected text a value that is not even equal to itself, outside of its strings.
        quoted_numbers: Whether a number is printed as a string, since the language does not tell them apart.
    """

    text: str | Callable[[str], str]
    statement: str
    expected_statement: str = ""
    data: str = "{value}"
    program: Callable[[str, str, str], str] = tests_behind
    expected: str = "{printer}\n{statements}\n"
    equal: Callable[[str, str], bool] | None = None
    never_equal: str = ""
    quoted_numbers: bool = False

    def source(self, program: str, check: AnswersCheck) -> str:
        """The one file of a program that prints its answers: none of the expected values is in it."""
        calls = (assertion.call for assertion in check.assertions)
        statements = self._numbered(self.statement, calls, check)
        return self.program(program, self._text(check), check.with_statements(statements))

    def expected_source(self, check: AnswersCheck) -> str:
        """The one file that prints the expected values."""
        values = (assertion.expected for assertion in check.assertions)
        statements = "\n".join(self._numbered(self.expected_statement or self.statement, values, check))
        parts = {"{result}": check.result, "{printer}": self._text(check), "{statements}": statements}
        return re.sub("|".join(parts), lambda part: parts[part[0]], self.expected)

    def _text(self, check: AnswersCheck) -> str:
        return self.text if isinstance(self.text, str) else self.text(check.result)

    def _numbered(self, statement: str, values: Iterable[str], check: AnswersCheck) -> list[str]:
        printed = "{value}" if check.tolerance is None else self.data
        typed = statement.replace("{result}", check.result).replace("{value}", printed)
        return [
            typed.replace("{number}", str(number)).replace("{value}", value)
            for number, value in enumerate(values, start=1)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How programs of one language are made, compiled and run.

    Attributes:
        name: In lower case, as `Job.language` has it.
        family: Key of `FAMILIES`.
        file_name: Name of the source's file.
        run: Arguments that run it, in the folder it is in.
        compile: Arguments that compile it first; () for none.
        environment: Variables beyond those of every program.
        token: Statement that prints the completion token, which is put where it says `{token}`.
        wire: From tests and that statement to tests in which it is executed if, and only if, all of them passed.
        syntax: Arguments that say by an exit status other than 0 that the source does not parse, and execute nothing of
            it; asked of a program that failed. () where the compiler says so, or nothing does.
        assertion_exits: Exit statuses that a failed assertion has. Where the language ends with the same status for
            any uncaught exception, the two cannot be told apart, and both are an assertion.
        assertion_signals: Signals that a failed assertion ends with.
        processes: Processes and threads that its runtime needs at least.
        compile_limits: What compiling may use.
        trial: A right and a wrong program.
        tested: Whether all of this was ever run by the tests. What was not is no part of "all", and as any language
            refused where its trial fails.
        different: How a whole program is compiled and run; None where as any other.
        printer: How its answers are printed; None where nothing prints them yet, and the exit status judges.
        file_text: From a program to what is written to its file, where that is not the text itself.
        unittest: Whether tests are a class of `unittest`, and nothing else judges.
    """

    name: str
    family: str
    file_name: str
    run: tuple[str, ...]
    compile: tuple[str, ...] = ()
    syntax: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    token: str
    wire: Callable[[str, str], str] = at_the_end
    assertion_exits: tuple[int, ...] = (1,)
    assertion_signals: tuple[int, ...] = ()
    processes: int = 32
    compile_limits: Limits = COMPILE_LIMITS
    trial: Trial
    tested: bool = True
    different: Whole | None = None
    printer: Printer | None = None
    file_text: Callable[[str], str] = str
    unittest: bool = False

    @property
    def whole(self) -> Whole:
        """How a whole program is compiled and run."""
        return self.different or Whole(file_name=self.file_name, compile=self.compile, run=self.run)

    def source(self, program: str, tests: str, token: str) -> str:
        """The one file: program, and tests that print `token` when all of them have passed.

        The token can be read by a program that reads its own source. It is there to tell a program that ended early
        from one that came to its end; whoever prints it and exits is caught by the negative control.

        Raises:
            ValueError: if nothing in the tests says where all of them have passed.
        """
        try:
            return f"{self.file_text(program)}\n{self.wire(tests, self.token.replace('{token}', token))}"
        except ValueError as error:
            raise ValueError(f"tests in {self.name}: {error}") from error

    @property
    def trial_check(self) -> AnswersCheck | ExitCodeCheck | UnittestCheck:
        """What the declaration proves itself with."""
        if self.unittest:
            return self.trial.unittest_check
        return self.trial.answers_check if self.printer else self.trial.check

    def trials(self, limits: Limits) -> tuple[Job, Job]:
        """Jobs that the declaration proves itself with: the first passes and the second does not."""
        right, wrong = (
            Job(program=program, check=self.trial_check, limits=limits, language=self.name)
            for program in (self.trial.right, self.trial.wrong)
        )
        return right, wrong
