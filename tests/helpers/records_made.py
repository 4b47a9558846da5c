"""Records of a run, made by hand."""

from codecrucible.harness.common.facts import BenchmarkFacts
from codecrucible.harness.runs.manifest import (
    SCHEMA_VERSION,
    ImportedFile,
    ImportedSampling,
    LimitRule,
    Manifest,
    PromptFacts,
)
from codecrucible.harness.runs.records import Sample

SAMPLE = Sample(
    problem_id="starter/0",
    sample_index=0,
    prompt="def f():\n",
    prompt_sha256="0" * 64,
    prompt_form="completion",
    completion="    return '\ud800\x00'\n",
    program="def f():\n    return '\ud800\x00'\n",
    program_sha256="1" * 64,
    prompt_lines=1,
    finish_reason="stop",
    prompt_tokens=3,
    completion_tokens=None,
)


MANIFEST = Manifest(
    schema_version=SCHEMA_VERSION,
    run_id="r",
    argv=("crucible", "run"),
    created_utc="2026-01-01T00:00:00+00:00",
    code_version="0",
    packages={},
    model=ImportedFile(spec="/a", name="a", sha256="m"),
    adapter=None,
    benchmark=BenchmarkFacts(
        name="starter", source="here", revision="1", sha256="s", licence="", problem_ids=("starter/0",)
    ),
    prompt=PromptFacts(form="completion"),
    sampling=ImportedSampling(n=2),
    limits=LimitRule(),
    k=(1,),
    sandbox={},
    machine={},
)
