"""Which problems are one and the same problem, asked again in another language or with more tests."""

import re

_TRANSLATED = re.compile(r"(humaneval|mbpp)[/_](\d+)(?=_|$)", re.IGNORECASE)


def source_problem(problem_id: str) -> str:
    """Name of the problem that `problem_id` is a version of; `problem_id` itself where it is not known to be one.

    MultiPL-E and EvalPlus keep the number of the problem that they translate or extend.

    >>> source_problem("HumanEval_23_strlen") == source_problem("HumanEval/23")
    True
    """
    found = _TRANSLATED.match(problem_id)
    return f"{found[1].lower()}/{int(found[2])}" if found else problem_id
