"""Which problems are one and the same problem, asked again in another language or with more tests."""

import re

_TRANSLATED = re.compile(r"(humaneval|mbpp)[/_](\d+)(?=_|$)", re.IGNORECASE)
_VERSION = re.compile(r"([^\s@]+)@[^\s@]+")
_SEED = re.compile(r"(.+)(?:@|(?<=\w)-)seed\d+", re.ASCII)


def source_problem(problem_id: str) -> str:
    """Name of the problem that `problem_id` is a version of; `problem_id` itself where it is not known to be one.

    MultiPL-E and EvalPlus keep the number of the problem that they translate or extend. What is behind an `@` names the
    version: the natural language that the problem is asked in, or how its prompt was perturbed.

    >>> source_problem("HumanEval_23_strlen") == source_problem("HumanEval/23")
    True
    >>> source_problem("python/7@German")
    'python/7'
    """
    version = _VERSION.fullmatch(problem_id)
    name = version[1] if version else problem_id
    found = _TRANSLATED.match(name)
    return f"{found[1].lower()}/{int(found[2])}" if found else name


def nominal_problem(problem_id: str) -> str:
    """Id of the problem whose prompt was perturbed; `problem_id` itself where it is not known to be a version.

    >>> [nominal_problem(each) for each in ("HumanEval/3@seed2", "python/7@German-seed0", "HumanEval/3")]
    ['HumanEval/3', 'python/7@German', 'HumanEval/3']
    """
    found = _SEED.fullmatch(problem_id)
    return found[1] if found else problem_id
