"""References in Python as whole functions, for the tests that wrap them in answers."""


def whole_function(problem):
    return problem.prompt + problem.reference


def own_part(problem):
    source = whole_function(problem)
    return source[source.index(f"def {problem.entry_point}") :]


def signature_of(problem):
    """The line that a function begins with, as a prompt gives it."""
    return next(line for line in problem.prompt.split("\n") if line.startswith(f"def {problem.entry_point}")) + "\n"
