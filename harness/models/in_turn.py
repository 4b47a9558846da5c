"""A model with one adapter after another: in this process, behind a server, or on the nodes of a cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.common.progress import Progress
from codecrucible.harness.common.sampling import RUN_SAMPLING, Sampling
from codecrucible.harness.common.terminal import complain
from codecrucible.harness.models.open import engine_for, load_model
from codecrucible.harness.models.protocol import LanguageModel, LoadOptions

if TYPE_CHECKING:
    from codecrucible.harness.models.cluster.pool import GeneratorPool
    from codecrucible.harness.models.engines.engine import Engine

_SERVED = "openai:"
_DEVICES_ON_A_CLUSTER = ("auto", "cuda", "cpu")


def is_served(spec: str) -> bool:
    """Whether `spec` names a model behind a server."""
    return spec.startswith(_SERVED)


def refuse_without_torch(spec: str) -> None:
    """Raise `UsageError` if the extra that a model in this process needs is not installed."""
    if not find_spec("torch"):
        raise UsageError(f"sampling from {spec} needs the extra 'model': pip install 'codecrucible[model]'")


def generators_for(
    spec: str,
    options: LoadOptions,
    adapters: Sequence[Path | None] = (None,),
    sampling: Sampling = RUN_SAMPLING,
    *,
    cluster: str | None = None,
    asked: int | None = None,
    quiet: bool,
) -> "AbstractContextManager[GeneratorPool | Engine | None]":
    """What completes prompts elsewhere: an engine, or models on the nodes of a cluster.

    None where a model in this process does, or a server that runs already.

    Args:
        spec: As `load_model` takes it.
        options: How it is loaded.
        adapters: Those that will be asked for.
        sampling: How completions will be drawn.
        cluster: Address of a Ray cluster; None for this machine.
        asked: How many generators; None for one a GPU of the cluster, 0 for none.
        quiet: Whether nothing is said of them.

    Raises:
        UsageError: if they are asked for where they cannot be.
    """
    tell: Callable[[str], None] = (lambda _line: None) if quiet else complain
    if engine := engine_for(options):
        for other, value in (("--cluster", cluster), ("--generators", asked), ("--model", is_served(spec) and spec)):
            if value:
                raise UsageError(
                    f"--engine {engine} with {other} {value}: an engine is started here; give one of the two"
                )
        from codecrucible.harness.models.engines.engine import open_engine

        return open_engine(spec, replace(options, engine=engine), adapters, sampling, tell)
    if asked:
        named = f"--generators {asked}"
        if cluster is None:
            raise UsageError(f"{named}: give the address of their cluster with --cluster")
        if is_served(spec):
            raise UsageError(f"{named} with --model {spec}: the server places its own model; omit --generators")
        if options.device not in _DEVICES_ON_A_CLUSTER:
            raise UsageError(
                f"{named} with --device {options.device}: each has one GPU; give {', '.join(_DEVICES_ON_A_CLUSTER)}"
            )
    here = is_served(spec) or options.device not in _DEVICES_ON_A_CLUSTER
    if cluster is None or asked == 0 or here:
        return nullcontext()
    from codecrucible.harness.models.cluster.nodes import open_generators

    return open_generators(cluster, asked, options.device, tell)


def models_in_turn(
    spec: str,
    options: LoadOptions,
    adapters: Sequence[Path | None],
    sampling: Sampling,
    *,
    pool: "GeneratorPool | Engine | None" = None,
    quiet: bool = False,
) -> Iterator[LanguageModel]:
    """The model with each of `adapters` in turn (None: the base), each to be done with before the next is asked for.

    It is loaded once, and all adapters are tried before the first is used.

    Raises:
        ModelError: it cannot be loaded, or takes one of the adapters not.
    """
    adapted = _loaded(spec, options, adapters, sampling, pool=pool, quiet=quiet)
    if len(adapters) > 1:
        for tried in filter(None, adapters):
            adapted(tried)
    for adapter in adapters:
        model = adapted(adapter)
        for caution in model.adapter.cautions if model.adapter and not quiet else ():
            complain(f"note: {caution}")
        yield model


def _loaded(
    spec: str,
    options: LoadOptions,
    adapters: Sequence[Path | None],
    sampling: Sampling,
    *,
    pool: "GeneratorPool | Engine | None",
    quiet: bool,
) -> Callable[[Path | None], LanguageModel]:
    """Function that gives the model with an adapter or none."""
    with Progress(quiet=quiet) as progress:
        progress.note(f"loading {spec}")
        if pool:
            facts = pool.load(spec, options)
            if facts.licence_notice:  # said in a log of the nodes
                progress.note(f"{spec}: {facts.licence_notice}")
            adapted: Callable[[Path | None], LanguageModel] = pool.adapted
        elif is_served(spec):
            model = load_model(spec, options, adapter=next(filter(None, adapters), None), sampling=sampling)
            facts, adapted = model.facts, lambda _none: model
        else:
            refuse_without_torch(spec)
            from codecrucible.harness.models.adapters.files import find_adapter
            from codecrucible.harness.models.local.loading import AdaptableModel

            for adapter in filter(None, adapters):  # one that is missing is said before a minute of loading
                find_adapter(adapter, allow_pickle=options.allow_pickle)
            base: Any = load_model(spec, options)

            facts, adapted = base.facts, AdaptableModel(base, options).adapted
        for caution in facts.cautions:
            progress.note(f"note: {caution}")
    return adapted
