"""The `run.json` of a run that a measurement makes up."""

from typing import Any

from codecrucible.benchmarks import Benchmark
from codecrucible.harness.common import provenance
from codecrucible.harness.runs.manifest import (
    SCHEMA_VERSION,
    ImportedFile,
    ImportedSampling,
    LimitRule,
    Manifest,
    PromptFacts,
)


def manifest_of(benchmark: Benchmark, *, name: str, n: int, **more: Any) -> Manifest:
    """What a run of completions from elsewhere says of itself; `more` stands in place of what is usual here."""
    usual: dict[str, Any] = {
        "model": ImportedFile(spec=name, name=name, sha256=""),
        "limits": LimitRule(),
        "k": (1, 10, 100),
        "sandbox": {},
    }
    return Manifest(
        schema_version=SCHEMA_VERSION,
        run_id=name,
        argv=("synthetic",),
        created_utc=provenance.utc_now(),
        code_version=provenance.code_version(),
        packages=provenance.packages(),
        adapter=None,
        benchmark=provenance.of_benchmark(benchmark),
        prompt=PromptFacts(form="completion"),
        sampling=ImportedSampling(n=n),
        machine={},
        **usual | more,
    )
