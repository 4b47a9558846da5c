"""Which problems are one and the same problem, asked again in another language or with more tests."""

import re

_TRANSLATED = re.compile(r"(humaneval|mbpp)[/_](\d+)(?=_|$)", re.IGNORECASE)
_VERSION = re.compile(r"([^\s@]+)@[^\s@]+")


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
