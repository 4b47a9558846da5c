"""What the sandbox covers and what it does not, as `crucible sandbox doctor` shows it."""

COVERED = (
    (
        "a program that ends early, exits with 0, kills, traces or reads other processes, or prints what a passing "
        "program prints: none of it is a pass"
    ),
    (
        "objects that compare equal to everything, patched builtins, patched modules, stack walking, changed "
        "arguments: the tests and their expected values are never in the program's process"
    ),
    "endless loops, fork bombs, memory, file and output floods: ended at their limit, and known by it",
    "daemons, threads and files left behind: dead and removed before the next program starts",
    "the network, the host's files, the engine's socket and other containers: not reachable",
    "answers sent before they were asked for, malformed, too large or too deep",
    (
        "where the exit status judges: early exits, patched assertions, hooks and forged endings; a program that also "
        "passes tests with a changed expected value is known for it"
    ),
)
NOT_COVERED = (
    (
        "the kernel is shared with the host: an exploit of it gets out; give `Policy` the runtime of a virtual "
        "machine or of gVisor where that matters"
    ),
    "answers learnt by heart: a program that knows the tests' inputs passes them",
    "where the exit status judges: a program that cheats by chance, and happens not to in the negative control",
    "CPU caches, clocks and load, through which containers on one machine can notice each other",
    "the engine, its daemon and whoever may talk to it",
    "tests that are wrong or too weak",
)
