"""What a program is put to so that its CPU time says something: large inputs, and jobs that measure all the rest.

What is covered: problems of HumanEval and MBPP, by the inputs of COFFE; any other problem with a reference, by its own
tests. Answers are compared as in HumanEval+ and MBPP+.
What is not: a problem of HumanEval or MBPP that COFFE does not have.
"""

import json
from dataclasses import dataclass, replace
from importlib.resources import files

from codecrucible.benchmarks.judging import job_for
from codecrucible.benchmarks.problem import Benchmark, Problem
from codecrucible.benchmarks.sources.coffe import coffe_id, load_coffe
from codecrucible.benchmarks.sources.data_files import PINNED, Access
from codecrucible.benchmarks.sources.evalplus import rules_of_comparison
from codecrucible.sandbox.job import CallsCheck, Job
from codecrucible.sandbox.limits import Limits

_IN_COFFE = ("HumanEval/", "MBPP/")
#: Numbers that are so far apart are equal: the order of a sum is no mistake.
_ATOL = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class StressTest:
    """The stress inputs of one problem.

    Attributes:
        problem: Whose.
        inputs: Source of the argument list of each; () for the problem's own tests.
        best: The fastest program that is known, "" if none is.
    """

    problem: Problem
    inputs: tuple[str, ...] = ()
    best: str = ""

    def without(self, place: int) -> "StressTest":
        """The same without one of its inputs."""
        return replace(self, inputs=self.inputs[:place] + self.inputs[place + 1 :])

    def job(self, program: str, *, limits: Limits) -> Job:
        """Job that puts `program` to the inputs, and each answer to the reference's."""
        if not self.inputs:
            own = self.problem.limits.memory_bytes or limits.memory_bytes
            return replace(job_for(self.problem, program, limits=limits), limits=replace(limits, memory_bytes=own))
        facts = {
            "task_id": coffe_id(self.problem.problem_id).replace("MBPP", "Mbpp"),
            "entry_point": self.problem.entry_point,
            "reference": self.problem.reference_program,
            "atol": _ATOL,
        }
        return self._calls(program, f"Stress(Oracle(**{facts!r}))", limits)

    def overhead_jobs(self, *, limits: Limits) -> tuple[Job, Job, Job] | None:
        """Jobs that cost what every program's does before it works anything out; None for a problem's own tests.

        The first gets the arguments. The second gets the right answer in their place, and answers with that; the third
        gets the same and answers nothing. So the first, and the second less the third, is what it costs to start, to
        take the arguments and to give the answer.
        """
        if not self.inputs:
            return None
        name = self.problem.entry_point
        given = f"Ignored({self.problem.reference_program!r}, {name!r})"
        return (
            self._calls(f"def {name}(*_arguments):\n    return None\n", "Ignored()", limits),
            self._calls(f"def {name}(answer):\n    return answer\n", given, limits),
            self._calls(f"def {name}(_answer):\n    return None\n", given, limits),
        )

    def _calls(self, program: str, oracle: str, limits: Limits) -> Job:
        source = f"{rules_of_comparison()}\n\n{_stress_rules()}\n\noracle = {oracle}\n"
        parts = tuple(json.dumps(expression) for expression in self.inputs)
        check = CallsCheck(oracle=source, parts=parts, entry_point=self.problem.entry_point)
        return Job(program=program, check=check, limits=limits)


def stress_tests(benchmark: Benchmark, access: Access = PINNED) -> dict[str, StressTest]:
    """Stress tests of the problems of `benchmark` that have any, by problem id.

    Raises:
        BenchmarkDataError: if COFFE is asked for, and cannot be had.
    """
    live = [problem for problem in benchmark.problems if problem.reference and not problem.dead]
    known = load_coffe(access) if any(map(_is_coffes, live)) else {}
    tests = {}
    for problem in live:
        if not _is_coffes(problem):
            tests[problem.problem_id] = StressTest(problem=problem)
        elif function := known.get(coffe_id(problem.problem_id)):
            tests[problem.problem_id] = StressTest(
                problem=problem, inputs=function.inputs, best=function.solution_as(problem.entry_point)
            )
    return tests


def _is_coffes(problem: Problem) -> bool:
    """Whether COFFE may have the problem, which is then measured by nothing else."""
    called = problem.language == "python" and problem.continued and problem.suffix is None
    return called and coffe_id(problem.problem_id).startswith(_IN_COFFE)


def _stress_rules() -> str:
    return files("codecrucible.benchmarks.sources").joinpath("stress_oracle.py").read_text(encoding="utf-8")
