"""`run.json`: which run a folder holds, and whether two are the same run."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import INLINE, UNLESS_DEFAULT, differing, from_json, to_json
from codecrucible.harness.common.errors import BadRecord, RunMismatch
from codecrucible.harness.common.facts import AdapterFacts, BenchmarkFacts, CheckpointFacts
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.runs.shards import Shard
from codecrucible.sandbox import Limits

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFile:
    """The file that the completions of a run were imported from; it stands where a model would.

    Attributes:
        spec: Its path as it was given.
        name: Name of the file.
        sha256: Digest of its bytes; for a folder, of its files' names and bytes.
    """

    spec: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedSampling:
    """All that is known of how imported completions were drawn.

    Attributes:
        n: Samples of the problem that has most, at least 1.
    """

    n: int

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"n is {self.n}; give 1 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptFacts:
    """How the model was asked. What was not asked for is not in the JSON.

    Attributes:
        form: "completion", "chat" or "infill"; "auto" for imported completions whose form was told from each of them.
        template_sha256: Digest of all that is wrapped around a prompt, "" if nothing is; None for imported completions.
        chat_template_kwargs: Variables of the chat template.
        system_prompt: A system message before the user's.
        reasoning_budget: Tokens after which a thought was closed.
        infill: The special tokens around a gap, in their order, with PREFIX and SUFFIX for the texts.
        date: The day that a dated chat template was told, as 2024-07-26; "" of one that asks for none.
    """

    form: str
    template_sha256: str | None = field(default=None, metadata=UNLESS_DEFAULT)
    chat_template_kwargs: dict[str, Any] = field(default_factory=dict, metadata=UNLESS_DEFAULT)
    system_prompt: str = field(default="", metadata=UNLESS_DEFAULT)
    reasoning_budget: int | None = field(default=None, metadata=UNLESS_DEFAULT)
    infill: str = field(default="", metadata=UNLESS_DEFAULT)
    date: str = field(default="", metadata=UNLESS_DEFAULT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRule:
    """What the limits of every execution follow from.

    Attributes:
        floor: The limits of a problem whose reference asks for no more.
        cpu_factor: What a reference's CPU seconds are multiplied by; 0 leaves the floor alone.
    """

    floor: Limits = field(default_factory=Limits, metadata=INLINE)
    cpu_factor: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`run.json`: everything that a score depends on, and where it was made.

    Attributes:
        schema_version: Version of the run folder's format.
        run_id: Name of the run; derived from the identity, so that the same command finds the same folder.
        argv: The command line.
        created_utc: ISO 8601.
        code_version: Version of codecrucible.
        packages: Version by package name.
        model: Facts of the checkpoint, or of the file that completions were imported from.
        adapter: Facts of the adapter, or None.
        benchmark: Which problems it is over.
        prompt: How the model was asked.
        sampling: How completions were drawn, and how many.
        limits: What the limits of each execution follow from.
        k: The k of pass@k that the report shows.
        sandbox: What the executor says of itself; {} until the first execution.
        machine: Host, kernel, processor, cores, memory; and node, device and hardware of generators on a cluster.
        problem_cpu_s: CPU seconds of the problems whose limit is above the floor, by problem id; None until the
            references were measured.
        extraction: "auto", or "raw" if completions were executed as they stand.
        shard: The part of the run that this folder holds; None for all of it.
        expected_samples: Samples that this folder is to hold; None where an earlier version made it.
        left_out_samples: Samples of the file that are of problems which were not asked for.
        earlier_n: What n was before it was raised, each time; rising. The samples of each time are batched together.
        failed_references: Problems whose own reference solution did not pass, of those that were measured.
        cutoff: The last day of the model's training data, as 2024-07-26, as who started the run said; "" if nobody did.
    """

    schema_version: int
    run_id: str
    argv: tuple[str, ...]
    created_utc: str
    code_version: str
    packages: dict[str, Any]
    model: CheckpointFacts | ImportedFile
    adapter: AdapterFacts | None
    benchmark: BenchmarkFacts
    prompt: PromptFacts
    sampling: Sampling | ImportedSampling
    limits: LimitRule
    k: tuple[int, ...]
    sandbox: dict[str, Any]
    machine: dict[str, Any]
    problem_cpu_s: dict[str, float] | None = None
    extraction: str = "auto"
    shard: Shard | None = None
    expected_samples: int | None = None
    left_out_samples: int = 0
    earlier_n: tuple[int, ...] = ()
    failed_references: tuple[str, ...] = ()
    cutoff: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def problem_ids(self) -> tuple[str, ...]:
        """Problems that this folder is to hold samples of, in the benchmark's order."""
        ids = self.benchmark.problem_ids
        return self.shard.of(ids) if self.shard else ids

    def identity(self) -> dict[str, Any]:
        """What two runs must share to be the same run; where the files lie and which machine it was do not count.

        Nor does the shard: all shards of a run have its identity.
        """
        facts = to_json(self)
        return {
            "model": _portable(facts["model"]),
            "adapter": _of_adapter(facts["adapter"]) if self.adapter else None,
            **{name: facts[name] for name in ("benchmark", "prompt", "sampling", "limits")},
        } | ({"extraction": "raw"} if self.extraction == "raw" else {})  # the names of other runs stay what they were


def manifest_from_json(value: Any, *, where: str) -> Manifest:
    """What the JSON value of a `run.json` says.

    Raises:
        BadRecord: it is of another version, or damaged; names `where` and the field.
    """
    if isinstance(value, dict) and value.get("schema_version") != SCHEMA_VERSION:
        raise BadRecord(f"{where}: schema_version {value.get('schema_version')!r}; this version reads {SCHEMA_VERSION}")
    manifest = from_json(Manifest, value, where=where)
    for place, expected, fits in _beyond_types(manifest):
        if not fits:
            raise BadRecord(f"{where}: field {place!r}: expected {expected}")
    return manifest


def _beyond_types(manifest: Manifest) -> Iterator[tuple[str, str, bool]]:
    """What types do not say of a manifest: the place, what it should be, and whether it is."""
    ids = manifest.benchmark.problem_ids
    yield "benchmark.problem_ids", "strings, each once", 0 < len(ids) == len(set(ids))
    if shard := manifest.shard:
        yield "shard", "a number from 1 to its count", 1 <= shard.number <= shard.count
        yield "expected_samples", "those of the shard", manifest.expected_samples is not None
    yield "k", "numbers from 1", bool(manifest.k) and min(manifest.k) >= 1
    rises = (*manifest.earlier_n, manifest.sampling.n)
    yield "earlier_n", "rising numbers from 1 to below n", len(rises) == 1 or _rises((0, *rises))
    yield from _beyond_types_of(manifest.sandbox)


def _beyond_types_of(sandbox: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for name, inner in (("families", "image"), ("scanners", "scanner")):
        parts = sandbox.get(name, {})
        fits = isinstance(parts, dict) and all(isinstance(each, dict) and inner in each for each in parts.values())
        yield f"sandbox.{name}", f"objects with {inner!r}", fits
    images = (sandbox.get("image", {}), *(each["image"] for each in sandbox.get("families", {}).values()))
    yield "sandbox", "images as objects", all(isinstance(each, dict) for each in images)


def _rises(numbers: tuple[int, ...]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


#: Where a file lies and what it is called; what earlier releases did not record and follows from the other facts.
_NO_IDENTITY = frozenset({"spec", "source", "path", "name", "weight_bytes", "memory_bytes"})


def _portable(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without those that are no part of what a run is."""
    return {key: value for key, value in facts.items() if key not in _NO_IDENTITY}


def _of_adapter(facts: dict[str, Any]) -> dict[str, Any]:
    """The adapter's facts without its cautions, which follow from the others and from what its base is called here."""
    return {key: value for key, value in _portable(facts).items() if key != "cautions"}


def run_id_of(label: str, identity: dict[str, Any]) -> str:
    """Folder name for a run: a readable label and the hash of what the run is."""
    readable = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.lower())[:80].strip("-.")
    return f"{readable}-{text_sha256(json.dumps(identity, sort_keys=True))[:10]}"


def with_fewer_samples(manifest: Manifest, n: int) -> Manifest:
    """The manifest with `n` samples per problem, at most its own, to be held against that of a run of so many."""
    return replace(manifest, sampling=replace(manifest.sampling, n=n))


def with_more_samples(kept: Manifest, wanted: Manifest) -> Manifest:
    """`kept` with the n of `wanted`, and what follows from it; the samples that are there are the first ones.

    Args:
        kept: Manifest in the folder.
        wanted: Manifest of the same run but for its n, which is larger.
    """
    return replace(
        kept,
        run_id=wanted.run_id,
        argv=wanted.argv,
        sampling=wanted.sampling,
        expected_samples=wanted.expected_samples,
        earlier_n=(*kept.earlier_n, kept.sampling.n),
    )


def refuse_other_run(place: Path | str, kept: Manifest, wanted: Manifest) -> None:
    """Raise `RunMismatch` with what differs if the folder at `place`, whose manifest is `kept`, is not of `wanted`."""
    told = [
        f"{name} is {old} there, and {new} asked for"
        for name, old, new in differing(_identity_in_folder(kept), _identity_in_folder(wanted))
    ]
    if told:
        raise RunMismatch(f"{place} holds another run: {'; '.join(told[:5])}; give another --out")


def _identity_in_folder(manifest: Manifest) -> dict[str, Any]:
    """Which run a folder holds, and which part of it."""
    return manifest.identity() | {"shard": str(manifest.shard) if manifest.shard else None}
