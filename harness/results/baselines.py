"""Baselines by name, so that CI says `main` instead of a run's folder; kept in `runs/baselines.json`."""

import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from codecrucible.harness.common.codec import UNLESS_DEFAULT, from_json, to_json
from codecrucible.harness.common.errors import BadRecord, UsageError
from codecrucible.harness.common.files import write_atomically
from codecrucible.harness.common.provenance import utc_now
from codecrucible.harness.results.pairs import runs_at

KEPT = Path("runs") / "baselines.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a name stood for at one time.

    Attributes:
        path: A run folder, or a folder that holds one a benchmark; as it was given.
        run_ids: Ids of the runs, in the order of their benchmarks' names.
        set_utc: ISO 8601.
    """

    path: str
    run_ids: tuple[str, ...]
    set_utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a name stands for.

    Attributes:
        name: Letters, digits, dots, dashes and underscores.
        path: A run folder, or a folder that holds one a benchmark; as it was given.
        run_ids: Ids of the runs, in the order of their benchmarks' names.
        set_utc: ISO 8601.
        earlier: What it stood for before, the oldest first.
    """

    name: str
    path: str
    run_ids: tuple[str, ...]
    set_utc: str
    earlier: tuple[Standing, ...] = field(default=(), metadata=UNLESS_DEFAULT)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """All that it stood for, the oldest first."""
        return (*self.earlier, Standing(path=self.path, run_ids=self.run_ids, set_utc=self.set_utc))


def set_baseline(name: str, path: Path) -> Baseline:
    """Let `name` stand for the run or runs at `path`; what it stood for before is kept as its history.

    Raises:
        UsageError: the name cannot be one, or there is no run at `path`.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", name):
        raise UsageError(f"{name!r} cannot name a baseline: take up to 60 letters, digits, dots, dashes or underscores")
    known = {each.name: each for each in baselines()}
    before, ids = known.pop(name, None), ids_at(path)
    earlier: tuple[Standing, ...] = ()
    if before:
        earlier = before.earlier if before.run_ids == ids else before.standings
    made = Baseline(name=name, path=str(path), run_ids=ids, set_utc=utc_now(), earlier=earlier)
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    lines = [to_json(each) for each in sorted((*known.values(), made), key=lambda each: each.name)]
    write_atomically(KEPT, json.dumps(lines, indent=1) + "\n")
    return made


def baselines() -> list[Baseline]:
    """Every baseline that has a name, by name.

    Raises:
        BadRecord: the file is not what it should be.
    """
    try:
        kept = json.loads(KEPT.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise BadRecord(f"{KEPT}: not JSON: {error}") from None
    if not isinstance(kept, list):
        raise BadRecord(f"{KEPT}: expected a list of baselines")
    return [from_json(Baseline, each, where=str(KEPT)) for each in kept]


def baseline_path(given: Path) -> Path:
    """The folder that `given` is, or that it is the name of.

    Raises:
        UsageError: it is near a name and none, or a name whose folder holds other runs than when it was set.
    """
    known = {each.name: each for each in baselines()}
    named = known.get(str(given))
    if not given.exists() and named is None and (near := get_close_matches(str(given), known, n=1)):
        raise UsageError(f"{given} is neither a run folder nor the name of a baseline; did you mean {near[0]}?")
    if given.exists() or named is None:
        return given
    path = Path(named.path)
    if ids_at(path) != named.run_ids:
        raise UsageError(
            f"the baseline {named.name} stands for {', '.join(named.run_ids)}, and {path} now holds "
            f"{', '.join(ids_at(path))}: `crucible baseline set {named.name} {path}` takes these"
        )
    return path


def ids_at(path: Path) -> tuple[str, ...]:
    """Ids of the runs at `path`, in the order of their benchmarks' names.

    Raises:
        UsageError: there is none, or there are two of one benchmark.
    """
    return tuple(folder.manifest.run_id for _, folder in sorted(runs_at(path).items()))
