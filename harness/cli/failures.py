"""What is said of a command that failed, and its exit code."""

import errno

from codecrucible.benchmarks import BenchmarkError
from codecrucible.harness.common.errors import EXIT_FAILURE, EXIT_USAGE, HarnessError
from codecrucible.harness.common.terminal import complain
from codecrucible.sandbox import SandboxError


def tell(error: Exception) -> int:
    """Print an error for a person and return its exit code."""
    if isinstance(error, HarnessError):
        code, text = error.exit_code, str(error)
    elif isinstance(error, OSError):
        code, text = EXIT_FAILURE, _of_the_system(error)
    elif isinstance(error, SandboxError):
        code, text = EXIT_FAILURE, str(error)
    elif isinstance(error, BenchmarkError):
        code, text = EXIT_USAGE, str(error)
    else:
        code, text = EXIT_FAILURE, f"internal error: {type(error).__name__}: {error} (--debug shows where)"
    complain(text)
    return code


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, and what to do where that is known."""
    what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    todo = {
        errno.ENOSPC: "free some space",
        errno.EDQUOT: "free some space",
        errno.EROFS: "name a folder that can be written to",
        errno.EMFILE: "allow more open files, as with `ulimit -n 4096`",
        errno.ENFILE: "allow the system more open files",
    }.get(error.errno or 0)
    return f"{what}. To resume, {todo} and run the same command again; what was written stays" if todo else what
