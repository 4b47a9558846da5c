"""A benchmark, its problems, and the words for what became of a sample."""

from dataclasses import dataclass, replace
from enum import StrEnum

from codecrucible.sandbox.case_check import Case, Comparison
from codecrucible.sandbox.job import Assertion, Change, SetUpFile, Tolerance, UnittestMethod
from codecrucible.sandbox.limits import Limits


class Verdict(StrEnum):
    """What became of a sample. The initial value is never a pass and never a failure."""

    UNJUDGED = "unjudged"
    PASSED = "passed"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    SYNTAX_ERROR = "syntax_error"
    COMPILE_ERROR = "compile_error"
    TIMEOUT = "timeout"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    CRASHED = "crashed"
    EARLY_EXIT = "early_exit"
    FORGED = "forged"
    EMPTY = "empty"
    UNTESTED = "untested"  # its benchmark has no tests: nothing was executed, and no score is made of it


METHOD = "tested_method"
"""What the tests of a problem with a `method` call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLimits:
    """Limits that a problem sets itself, in place of the run's; None leaves the run's.

    Attributes:
        cpu_s: CPU seconds; of each case, where there are cases.
        wall_s: Seconds on the clock.
        memory_bytes: Resident memory.
        at_least: Whether a larger limit of the run's stands.
    """

    cpu_s: float | None = None
    wall_s: float | None = None
    memory_bytes: int | None = None
    at_least: bool = False

    def within(self, limits: Limits) -> Limits:
        """`limits` with what is set here; the wall time stays above the CPU time."""
        if self.at_least:
            own = replace(self, at_least=False).within(limits)
            return replace(
                own,
                cpu_s=max(own.cpu_s, limits.cpu_s),
                wall_s=max(own.wall_s, limits.wall_s),
                memory_bytes=max(own.memory_bytes, limits.memory_bytes),
            )
        cpu_s = limits.cpu_s if self.cpu_s is None else self.cpu_s
        wall_s = max(limits.wall_s, 3 * (self.cpu_s or 0.0)) if self.wall_s is None else self.wall_s
        memory_bytes = self.memory_bytes or limits.memory_bytes
        return replace(limits, cpu_s=min(cpu_s, wall_s), wall_s=wall_s, memory_bytes=memory_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is asked, and how an answer is checked.

    Attributes:
        problem_id: The benchmark's own task id, such as "HumanEval/25".
        prompt: The source that a completion continues, and the text given to the model.
        entry_point: Name of the function that the tests call.
        setup: Trusted source that is executed before the tests, in their namespace: what they need and bring along.
            Before the program too, where there are `methods`.
        tests: Source of the tests, executed with `entry_point` bound to the answer.
        reference: A right completion of `prompt`, "" if the dataset has none.
        stub: A completion of `prompt` that does nothing, and so is never right.
        language: Name of the language, in lower case.
        stop: Strings at which a plain completion of `prompt` has ended.
        few_shot_prompt: Text given to the model instead of `prompt`, to be continued; "" for `prompt` itself.
        suffix: What a program has behind a completion, which fills the gap before it; None where nothing follows.
        message: What a chat is asked, in the benchmark's own words; "" for a message made of `prompt`.
        reader: Trusted source that makes data of an answer that is no program: it finds the answer's text in `ANSWER`
            and defines `entry_point`. The answer does not continue `prompt` then, and no character of it is executed.
        unproxiable: Why its tests cannot be put to a program in another process, as `check_benchmark` found with the
            reference; "" if they can. They run in its own process then, with a negative control.
        calls: Tests that are data, instead of `tests`: what the `oracle` that `setup` defines gets for each of the
            benchmark's parts, as JSON; see `sandbox.CallsCheck`.
        changes: Changes of `tests`, each of which makes a right answer fail. With them the problem is judged by exit
            status, see `sandbox.ExitCodeCheck`; without any, by the referee.
        assertions: All that `tests` have, where they could be taken apart. With them the answers are compared outside
            of the program's reach, see `sandbox.AnswersCheck`, and `changes` serve where that cannot be.
        result: Type of an answer, where the language has to be told, see `sandbox.AnswersCheck`.
        tolerance: How answers are compared, see `sandbox.AnswersCheck`.
        methods: All methods of the class of `unittest` that `tests` define. With them the program and its tests share a
            process, see `sandbox.UnittestCheck`.
        runtime: What executes a program, as `sandbox.languages.RUNTIMES` has it, where that is not `language`.
        cases: Instead of tests: what a whole program reads and has to print, see `sandbox.CasesCheck`. The completion
            is the program then, and does not continue `prompt`.
        files: That a program finds in its working folder.
        comparison: When what a program printed is what a case expects.
        preamble: Trusted source that stands in front of the program when it is executed, whatever judges it.
        method: Name of the method of the class `entry_point` that is tested. The tests find it as `METHOD`, bound to
            one object of that class; where the program has no such class, it is a function of the program. A completion
            is the whole program then, and does not continue `prompt`.
        body_indent: White space that the body of the function begins with that `prompt` ends with, in Python.
        limits: That the problem sets itself.
        dead: Why no completion can pass, "" where one can: a fault of the dataset.
        dead_by_reading: Whether `dead` is known by reading the tests alone, because they do call a completion.
        date: When the problem was published, as 2024-07-26; "" where that is not known.
        groups: Kinds of group and the group of each kind that the problem is in, such as ("cwe", "CWE-79").
    """

    problem_id: str
    prompt: str
    entry_point: str
    setup: str
    tests: str
    reference: str
    stub: str
    language: str = "python"
    stop: tuple[str, ...] = ()
    few_shot_prompt: str = ""
    suffix: str | None = None
    message: str = ""
    reader: str = ""
    unproxiable: str = ""
    calls: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    result: str = ""
    tolerance: Tolerance | None = None
    methods: tuple[UnittestMethod, ...] = ()
    runtime: str = ""
    cases: tuple[Case, ...] = ()
    files: tuple[SetUpFile, ...] = ()
    comparison: Comparison = Comparison.TEXT
    preamble: str = ""
    method: str = ""
    body_indent: str = "    "
    limits: OwnLimits = OwnLimits()
    dead: str = ""
    dead_by_reading: bool = False
    date: str = ""
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def continued(self) -> bool:
        """Whether a completion continues `prompt`, and does not stand for itself."""
        return not (self.cases or self.reader or self.method)

    @property
    def tested(self) -> bool:
        """Whether it has tests. What answers one that has none is scanned and never executed."""
        return bool(self.tests or self.calls or self.assertions or self.methods or self.cases)

    @property
    def shown_tests(self) -> str:
        """The tests as a person reads them, with what is expected."""
        if self.tolerance is not None:
            return "\n".join(f"{each.call} == {each.expected}" for each in self.assertions)
        return self.tests or "\n".join(self.calls)

    @property
    def reference_program(self) -> str:
        """The program that `reference` makes."""
        return f"{self.prompt}{self.reference}{self.suffix or ''}" if self.continued else self.reference


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A line of a file that holds no problem, and so is no part of the benchmark.

    Attributes:
        place: File and line.
        problem_id: The id that it gives itself, "" if none can be read.
        reason: What is wrong with it, with the place and the field.
    """

    place: str
    problem_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A named set of problems and where it came from.

    Attributes:
        name: Name on the command line, such as "humaneval".
        title: One line for a list.
        problems: In the dataset's own order; problem ids are distinct.
        source: Where the data file came from: package and version, or hub id.
        revision: Version or commit of the source.
        sha256: Digest of the data file's bytes.
        licence: SPDX id.
        pinned: Whether the data is what the benchmark's scores are defined on.
        parts: Names of the parts that each problem's tests have, in the order in which they are run; () for one.
        chosen_of: Ids of all problems of the benchmark that these were chosen of; () where they are all.
        refused: Lines of the file that are none of `problems`.
        vouched: Whether others than its author have seen to its tests, so that it needs no references.
        cautions: What a reader of the scores should know of the data, a sentence each, without its full stop.
    """

    name: str
    title: str
    problems: tuple[Problem, ...]
    source: str
    revision: str
    sha256: str
    licence: str
    pinned: bool = True
    parts: tuple[str, ...] = ()
    chosen_of: tuple[str, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    vouched: bool = True
    cautions: tuple[str, ...] = ()

    @property
    def languages(self) -> list[str]:
        """Languages of the problems, each once, in the order of their names."""
        return sorted({problem.language for problem in self.problems})

    @property
    def tested(self) -> bool:
        """Whether a problem has tests."""
        return any(problem.tested for problem in self.problems)

    @property
    def without_referee(self) -> frozenset[str]:
        """What executes the problems that no referee judges: their languages, or their runtimes."""
        return frozenset(
            problem.runtime or problem.language
            for problem in self.problems
            if problem.changes or problem.assertions or problem.cases or problem.methods
        )
