"""Swift. Declared after its documentation, and not tested: Debian 12 has no package of it."""

from dataclasses import replace

from codecrucible.sandbox.languages.declaration import COMPILE_LIMITS, Family, Language, Trial
from codecrucible.sandbox.limits import MEBIBYTE

FAMILY = Family(
    name="swift",
    packages=(),
    compiles=True,
    prepare="swiftc --version > /opt/codecrucible/toolchain",
    base="swift:6.0-bookworm",
)

LANGUAGE = Language(
    name="swift",
    family=FAMILY.name,
    file_name="main.swift",
    compile=("swiftc", "-swift-version", "5", "-suppress-warnings", "-Onone", "-o", "main", "main.swift"),
    run=("./main",),
    token='print("{token}")',  # noqa: S106 - a template
    assertion_exits=(),
    assertion_signals=(4, 5),  # a trap: SIGILL on x86-64, SIGTRAP on aarch64
    compile_limits=replace(COMPILE_LIMITS, memory_bytes=1024 * MEBIBYTE),
    trial=Trial(
        right="func twice(x: Int) -> Int {\n    return 2 * x\n}\n",
        wrong="func twice(x: Int) -> Int {\n    return x\n}\n",
        tests="assert(twice(x: 21) == 42)\n",
    ),
    tested=False,
)
