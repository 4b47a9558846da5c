"""The runs that take part in a leaderboard, by the model that they are of."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.results.baselines import baseline_path
from codecrucible.harness.results.pairs import all_runs_at, refuse_other_settings
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.harness.runs.folder import RunFolder
from codecrucible.harness.runs.manifest import Manifest
from codecrucible.harness.runs.remote import local_copy
from codecrucible.harness.runs.remote_url import is_url
from codecrucible.reports import Report
from codecrucible.reports.leaderboard import Entrant


@dataclass(slots=True)
class FieldOfRuns:
    """Who takes part: runs by the model that they are of.

    Attributes:
        groups: Run folders by benchmark, of each label or model.
    """

    groups: dict[Any, dict[str, RunFolder]] = field(default_factory=dict)

    def add(self, given: str) -> list[Any]:
        """Take in the runs at `given`, and return whose they are.

        Raises:
            UsageError: a model has two runs of one benchmark.
        """
        label, path = label_and_path(given)
        keys = []
        for folder in all_runs_at(path):
            known = self._group_with(folder)
            key = known if known is not None else (label or model_of(folder.manifest))
            keys.append(key)
            runs = self.groups.setdefault(key, {})
            benchmark = folder.manifest.benchmark.name
            if known is None and benchmark in runs:
                raise UsageError(
                    f"{runs[benchmark].path} and {folder.path} are runs of one model on {benchmark}: give one of "
                    f"them, or a name of its own to each, such as other={folder.path}"
                )
            runs[benchmark] = folder
        return list(dict.fromkeys(keys))

    def reference(self, baseline: str) -> Any:
        """Whose runs `baseline` names.

        Raises:
            UsageError: several models'.
        """
        if baseline in self.groups:
            return baseline
        keys = self.add(str(baseline_path(Path(baseline))))
        if len(keys) > 1:
            raise UsageError(f"--baseline {baseline} holds runs of {len(keys)} models: name a run of one")
        return keys[0]

    def refuse_other_settings(self) -> None:
        """Raise `NotComparable` where two runs of a benchmark differ in more than their model."""
        first: dict[str, RunFolder] = {}
        for runs in self.groups.values():
            for benchmark, folder in runs.items():
                if first.setdefault(benchmark, folder) is not folder:
                    refuse_other_settings(first[benchmark], folder)

    def entrants(self, progress: Progress) -> list[Entrant]:
        """The models with the reports of their runs, each under a name of its own."""
        progress.stage("report", total=sum(map(len, self.groups.values())))
        reports: dict[Any, dict[str, Report]] = {key: {} for key in self.groups}
        for key, runs in self.groups.items():
            for benchmark, folder in runs.items():
                reports[key][benchmark] = current_report(folder, benchmark_of(folder.manifest))
                progress.advance("report")
        names = [key if isinstance(key, str) else next(iter(reports[key].values())).name for key in self.groups]
        return [
            Entrant(name=name, reports=reports[key])
            for key, name in zip(self.groups, self._distinct(names), strict=True)
        ]

    def _group_with(self, folder: RunFolder) -> Any:
        here = folder.path.resolve()
        for key, runs in self.groups.items():
            if any(each.path.resolve() == here for each in runs.values()):
                return key
        return None

    def _distinct(self, names: list[str]) -> Iterable[str]:
        """Names, those that several models have with the folder of a run."""
        counts = Counter(names)
        for name, runs in zip(names, self.groups.values(), strict=True):
            folder = next(iter(runs.values())).path
            yield name if counts[name] == 1 else f"{name} ({folder})"


def label_and_path(given: str) -> tuple[str, Path]:
    """Label and path of [NAME=]RUN; the label is "" where none is given. A run elsewhere is fetched.

    Raises:
        UsageError: it is neither.
    """
    label, equals, path = ("", "", given) if is_url(given) else given.partition("=")
    if not given or (equals and not (label and path)):
        raise UsageError(f"{given!r}: give NAME=RUN, or a run alone")
    if not equals or Path(given).exists():
        label, path = "", given
    return label, local_copy(path) if is_url(path) else Path(path)


def named_folder(given: str) -> RunFolder:
    """The run folder of [NAME=]RUN.

    Raises:
        UsageError: there is none.
    """
    name, path = label_and_path(given)
    return RunFolder(path, name)


def model_of(manifest: Manifest) -> tuple[Any, ...]:
    """What tells a model from others: its weights, or what it was asked for as where they are not known."""
    model, adapter = manifest.model, manifest.adapter
    dtype = model.dtype if isinstance(model, CheckpointFacts) else None
    return (model.sha256 or model.spec, dtype, adapter.sha256 if adapter else None)
