"""Generators on the nodes of a Ray cluster: how many, where, and for how long."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from codecrucible.harness.common.errors import UsageError
from codecrucible.harness.models.cluster.actor import GeneratorActor
from codecrucible.harness.models.cluster.pool import GeneratorPool
from codecrucible.harness.models.errors import GeneratorsLost
from codecrucible.sandbox.cluster.executor import RESOURCE
from codecrucible.sandbox.cluster.joining import join_cluster, node_name, ray_unheard

#: For a process to start on a node that has room for it.
_PLACE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A node of the cluster.

    Attributes:
        node_id: The cluster's own.
        name: For a person.
        cpus: That Ray may give away, held by somebody or not.
        gpus: Likewise.
        runs_programs: Whether untrusted programs may run there.
    """

    node_id: str
    name: str
    cpus: int
    gpus: int
    runs_programs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a generator goes.

    Attributes:
        node_id: The cluster's own.
        name: Name of the generator, for a person.
        cpus: What it holds there, and as many threads.
        gpus: Likewise.
    """

    node_id: str
    name: str
    cpus: int
    gpus: int


def places(hosts: Sequence[Host], asked: int | None, *, device: str) -> list[Place]:
    """Where generators go, as evenly spread as there is room: each has a GPU, or as many CPUs as the others.

    Nodes that run programs get none, unless no other has what a generator needs.

    Args:
        hosts: The living nodes.
        asked: How many; None for one a GPU, and none on CPUs.
        device: "auto", "cuda" or "cpu".

    Raises:
        UsageError: if there is no room for so many.
    """
    has_gpus = any(host.gpus for host in hosts)
    if asked is None and (device == "cpu" or not has_gpus):
        return []
    on_gpus = device == "cuda" or (device == "auto" and has_gpus)
    room = {host.node_id: host.gpus if on_gpus else host.cpus for host in hosts}
    able = [host for host in hosts if room[host.node_id]]
    able = [host for host in able if not host.runs_programs] or able
    rounds = range(max((room[host.node_id] for host in able), default=0))
    spread = [host for number in rounds for host in able if number < room[host.node_id]]
    if len(spread) < (asked or 1):
        what = "GPUs" if on_gpus else "CPUs"
        raise UsageError(
            f"--generators {asked or 1}: the nodes for them have {len(spread)} {what}, and each holds one or more; "
            f"give fewer, or start nodes with {what} and without the resource {RESOURCE!r}"
        )
    chosen = spread[:asked]
    # The same for all: with another number of threads sums are rounded elsewhere.
    cpus = 0 if on_gpus else min(host.cpus // chosen.count(host) for host in chosen)
    return [
        Place(
            node_id=host.node_id,
            name=f"generator {number} on {host.name}",
            cpus=cpus,
            gpus=int(on_gpus),
        )
        for number, host in enumerate(chosen, 1)
    ]


@contextmanager
def open_generators(
    address: str, asked: int | None, device: str, tell: Callable[[str], None]
) -> Iterator[GeneratorPool | None]:
    """Generators without a model yet; None where the model is for this process. They end with the context.

    Args:
        address: Address of the cluster's head, as HOST:PORT, or "auto" for the cluster that this machine is part of.
        asked: How many; None for one a GPU of the cluster.
        device: "auto", "cuda" or "cpu".
        tell: Gets a line for a person when they come and go.

    Raises:
        SandboxUnavailable: if no cluster answers.
        UsageError: if it has no room for so many.
        GeneratorsLost: if none of them started.
    """
    with ray_unheard(), _joined(address):
        chosen = places(_hosts(), asked, device=device)
        if not chosen:
            tell("no GPU of the cluster is used, so the model is loaded here; --generators N loads it on its nodes")
            yield None
            return
        pool = GeneratorPool(_started(chosen, tell), tell)
        try:
            yield pool
        finally:
            pool.close()


@contextmanager
def _joined(address: str) -> Iterator[None]:
    import ray

    joined = join_cluster(address)
    try:
        yield
    finally:
        if joined:
            ray.shutdown()


def _hosts() -> list[Host]:
    import ray

    return [
        Host(
            node_id=str(node["NodeID"]),
            name=node_name(node),
            cpus=int(node["Resources"].get("CPU", 0)),
            gpus=int(node["Resources"].get("GPU", 0)),
            runs_programs=node["Resources"].get(RESOURCE, 0) >= 1,
        )
        for node in ray.nodes()
        if node["Alive"]
    ]


def _started(chosen: Sequence[Place], tell: Callable[[str], None]) -> list["RayGenerator"]:
    """Generators that found their place; those that did not are omitted.

    Raises:
        GeneratorsLost: none of them did.
    """
    generators = [RayGenerator(place) for place in chosen]
    asked = {generator.ask("version"): generator for generator in generators}
    late = [asked[future] for future in wait(asked, timeout=_PLACE_S).not_done]
    if len(late) == len(generators):
        raise GeneratorsLost(
            f"none of {len(generators)} generators has started on the cluster within {_PLACE_S:g} s; others may hold "
            "its GPUs or CPUs, see `ray status`"
        )
    for generator in late:
        generator.kill()
        tell(f"{generator.name} did not start within {_PLACE_S:g} s; continuing without it (others may hold the node)")
    return [generator for generator in generators if generator not in late]


class RayGenerator:
    """A `GeneratorActor` on a node of the cluster; fits `Generator`."""

    def __init__(self, place: Place) -> None:
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self.name = place.name
        self._actor: Any = (
            ray.remote(GeneratorActor)
            .options(
                num_cpus=place.cpus,
                num_gpus=place.gpus,
                scheduling_strategy=NodeAffinitySchedulingStrategy(place.node_id, soft=False),
            )
            .remote()
        )

    def ask(self, verb: str, *arguments: Any) -> Future[Any]:
        """See `Generator.ask`."""
        asked: Future[Any] = getattr(self._actor, verb).remote(*arguments).future()
        return asked

    def kill(self) -> None:
        """See `Generator.kill`."""
        import ray

        with suppress(ray.exceptions.RayError):
            ray.kill(self._actor)
