"""Julia. Declared after its documentation, and not tested: Debian 12 has no package of it."""

from codecrucible.sandbox.languages.declaration import Family, Language, Trial

_PREPARE = """
ln -sf /usr/local/julia/bin/julia /usr/bin/julia
julia --version > /opt/codecrucible/toolchain
"""

FAMILY = Family(name="julia", packages=(), prepare=_PREPARE, base="julia:1.10-bookworm")

LANGUAGE = Language(
    name="julia",
    family=FAMILY.name,
    file_name="main.jl",
    run=("julia", "--startup-file=no", "--history-file=no", "main.jl"),
    environment={"OPENBLAS_NUM_THREADS": "1", "JULIA_NUM_THREADS": "1"},
    token='println("{token}")',  # noqa: S106 - a template
    assertion_exits=(1,),  # a test set with a failure throws, and so does anything else
    trial=Trial(
        right="function twice(x::Int64)::Int64\n    2 * x\nend\n",
        wrong="function twice(x::Int64)::Int64\n    x\nend\n",
        tests="using Test\n\n@testset begin\n\t@test(twice(21) == 42)\nend\n",
    ),
    tested=False,
)
