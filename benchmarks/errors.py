"""What a benchmark can fail with before any program is executed.

BenchmarkError              the base
├── UnknownBenchmark        no benchmark, or no problem of it, has the name that was asked for
└── BenchmarkDataError      a data file is absent, is not the pinned one, or holds a record that is not a problem
    └── BenchmarkDataMissing    data that do not ship with the package are not at hand
"""


class BenchmarkError(Exception):
    """Base of everything that loading a benchmark can fail with."""


class UnknownBenchmark(BenchmarkError):
    """The name asked for selects nothing; the message names what there is."""


class BenchmarkDataError(BenchmarkError):
    """A data file cannot be used; the message names file, line and field."""


class BenchmarkDataMissing(BenchmarkDataError):
    """Data that do not ship with the package are not at hand; the message says where they are looked for."""
