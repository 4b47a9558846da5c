"""`run.json`: which run a folder holds, and whether two are the same run."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from codecrucible.harness.common.codec import differing
from codecrucible.harness.common.errors import RunMismatch
from codecrucible.harness.common.files import text_sha256
from codecrucible.harness.runs.shards import Shard

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`run.json`: everything that a score depends on, and where it was made.

    Attributes:
        schema_version: Of the run folder.
        run_id: Name of the run; derived from the identity, so that the same command finds the same folder.
        argv: The command line.
        created_utc: ISO 8601.
        code_version: Of codecrucible.
        packages: Version by package name.
        model: Facts of the checkpoint, or of the file that completions were imported from.
        adapter: Facts of the adapter, or None.
        benchmark: name, source, revision, sha256, licence and problem_ids.
        prompt: The prompt form and the hash of the chat template; what is asked of a chat beside the message, if it is
            anything; and the day that a dated template was told.
        sampling: n, temperature, top_p, top_k, max_new_tokens, seed, batch_size.
        limits: Of each execution; units are in the names. `cpu_s` is the floor, and `cpu_factor` what a reference's CPU
            seconds are multiplied by.
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
    """

    schema_version: int
    run_id: str
    argv: tuple[str, ...]
    created_utc: str
    code_version: str
    packages: dict[str, Any]
    model: dict[str, Any]
    adapter: dict[str, Any] | None
    benchmark: dict[str, Any]
    prompt: dict[str, Any]
    sampling: dict[str, Any]
    limits: dict[str, Any]
    k: tuple[int, ...]
    sandbox: dict[str, Any]
    machine: dict[str, Any]
    problem_cpu_s: dict[str, Any] | None = None
    extraction: str = "auto"
    shard: Shard | None = None
    expected_samples: int | None = None
    left_out_samples: int = 0
    earlier_n: tuple[int, ...] = ()
    failed_references: tuple[str, ...] = ()

    @property
    def problem_ids(self) -> tuple[str, ...]:
        """Problems that this folder is to hold samples of, in the benchmark's order."""
        ids: list[str] = self.benchmark["problem_ids"]
        return self.shard.of(ids) if self.shard else tuple(ids)

    def identity(self) -> dict[str, Any]:
        """What two runs must share to be the same run; where the files lie and which machine it was do not count.

        Nor does the shard: all shards of a run have its identity.
        """
        return {
            "model": _portable(self.model),
            "adapter": _of_adapter(self.adapter) if self.adapter else None,
            "benchmark": self.benchmark,
            "prompt": self.prompt,
            "sampling": self.sampling,
            "limits": self.limits,
        } | ({"extraction": "raw"} if self.extraction == "raw" else {})  # the names of other runs stay what they were


def parts_of(manifest: Manifest) -> Iterator[tuple[str, str, bool]]:
    """Of what is read from the fields that are objects: its place, what it should be, and whether it is."""
    named = {"model": ("name",), "adapter": ("name",), "benchmark": ("name", "source", "revision", "sha256")}
    for field, keys in named.items():
        part = getattr(manifest, field) if field != "adapter" or manifest.adapter is not None else {"name": ""}
        yield from ((f"{field}.{key}", "a string", isinstance(part.get(key), str)) for key in keys)
    ids, n, seconds = manifest.benchmark.get("problem_ids"), manifest.sampling.get("n"), manifest.problem_cpu_s or {}
    yield (
        "benchmark.problem_ids",
        "strings, each once",
        isinstance(ids, list) and all(isinstance(each, str) for each in ids) and 0 < len(ids) == len(set(ids)),
    )
    if shard := manifest.shard:
        yield "shard", "a number from 1 to its count", 1 <= shard.number <= shard.count
        yield "expected_samples", "those of the shard", manifest.expected_samples is not None
    yield "k", "numbers from 1", bool(manifest.k) and min(manifest.k) >= 1
    yield "sampling.n", "a whole number", type(n) is int
    rises = (*manifest.earlier_n, manifest.sampling["n"])
    yield "earlier_n", "rising numbers from 1 to below n", len(rises) == 1 or _rises((0, *rises))
    yield "problem_cpu_s", "numbers", all(type(each) in (int, float) for each in seconds.values())
    for field, inner in (("families", "image"), ("scanners", "scanner")):
        parts = manifest.sandbox.get(field, {})
        fits = isinstance(parts, dict) and all(isinstance(each, dict) and inner in each for each in parts.values())
        yield f"sandbox.{field}", f"objects with {inner!r}", fits
    images = (
        manifest.sandbox.get("image", {}),
        *(each["image"] for each in manifest.sandbox.get("families", {}).values()),
    )
    yield "sandbox", "images as objects", all(isinstance(each, dict) for each in images)


def _rises(numbers: tuple[int, ...]) -> bool:
    return all(one < other for one, other in pairwise(numbers))


def _portable(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without those that depend on where a file lies and what it is called."""
    return {key: value for key, value in facts.items() if key not in {"spec", "source", "path", "name"}}


def _of_adapter(facts: dict[str, Any]) -> dict[str, Any]:
    """The adapter's facts without its cautions, which follow from the others and from what its base is called here."""
    return {key: value for key, value in _portable(facts).items() if key != "cautions"}


def run_id_of(label: str, identity: dict[str, Any]) -> str:
    """Folder name for a run: a readable label and the hash of what the run is."""
    readable = "".join(c if c.isalnum() or c in "._-" else "-" for c in label.lower())[:80].strip("-.")
    return f"{readable}-{text_sha256(json.dumps(identity, sort_keys=True))[:10]}"


def with_more_samples(kept: Manifest, wanted: Manifest) -> Manifest:
    """`kept` with the n of `wanted`, and what follows from it; the samples that are there are the first ones."""
    n = kept.sampling["n"]
    return replace(
        kept,
        run_id=wanted.run_id,
        argv=wanted.argv,
        sampling=kept.sampling | {"n": wanted.sampling["n"]},
        expected_samples=wanted.expected_samples,
        earlier_n=(*kept.earlier_n, n),
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
