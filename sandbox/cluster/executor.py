"""The executor of a Ray cluster: each node with the resource `sandbox` runs jobs on its own engine."""

import atexit
import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from math import inf
from typing import Any, Self

from codecrucible.sandbox.cluster.joining import in_a_line, join_cluster, node_name
from codecrucible.sandbox.cluster.lane import NodeLane, NodeLost, NodeTask, Waiting
from codecrucible.sandbox.cluster.node import ClusterNode, Exchange, Facts, Source
from codecrucible.sandbox.docker.images import expected_tag, without_builds
from codecrucible.sandbox.errors import SandboxError, SandboxUnavailable
from codecrucible.sandbox.job import Execution, FamilyCheck, Job
from codecrucible.sandbox.policy import Policy
from codecrucible.sandbox.scan import Scan
from codecrucible.sandbox.scanners import SCANNERS

RESOURCE = "sandbox"
"""Custom resource of the nodes on which programs may run; a run claims 1 of each."""

_START_S = 180.0
_CLOSE_S = 30.0
#: How often whoever waits for a node looks whether the executor was closed meanwhile.
_LOOK_S = 1.0
#: What an execution or a scan depends on: it must be the same on all nodes.
_ALIKE = ("image", "families", "scanners", "python", "numpy", "machine", "policy")


class RayExecutor:
    """Runs jobs on the nodes of a cluster that have the resource `sandbox`. Fits `Executor`.

    A node that dies while it has jobs does not lose them: others do them, and each future is set once. Nodes that join
    later are not used.

    Args:
        address: Address of the cluster's head, as HOST:PORT, or "auto" for the cluster that this machine is part of.
        workers: Containers at a time on each node; None for one a core.
        policy: How far they are shut off; None for the default.
        tell: Gets a line for a person when nodes come and go.

    Raises:
        SandboxUnavailable: if no cluster answers, it has no such node, one of them does not start, or two have
            different images.
        SandboxError: what an executor does not start for on one of the nodes.
    """

    def __init__(
        self,
        address: str,
        workers: int | None = None,
        policy: Policy | None = None,
        tell: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self._tell = tell
        self._numbers = itertools.count(1)
        self._waiting = Waiting()
        self._preparing = threading.RLock()
        self._steps: list[tuple[str, str]] = []
        self._connected = join_cluster(address)
        self._nodes: list[_RayNode] = []
        try:
            start = (expected_tag(), workers, policy or Policy())
            self._nodes += [_RayNode(*place, start, self._catch_up, self._is_closed) for place in _places(address)]
            told = _on_all(self._nodes, _RayNode.start)
            for node in self._nodes:
                if node.name not in told:
                    tell(f"{node.name} died before it had started, and is left out")
            self._nodes = [node for node in self._nodes if node.name in told]
            self._facts = _alike(told)
        except BaseException:
            self._waiting.close(SandboxUnavailable("the sandbox is closed"))
            for node in self._nodes:
                node.close()
            self._disconnect()
            raise
        self._lanes = [
            NodeLane(node, self._waiting, lanes=lambda: len(self._lanes), tell=tell, ended=self._lane_ended)
            for node in self._nodes
        ]
        named = ", ".join(f"{node.name} with {node.workers} containers" for node in self._nodes)
        tell(f"programs run on {len(self._nodes)} nodes: {named}")
        for lane in [*self._lanes]:
            lane.start()
        atexit.register(self.close)

    def _is_closed(self) -> bool:
        return self._waiting.failure is not None

    def _catch_up(self, node: "_RayNode") -> None:
        """Bring a node that was started again to where the others are.

        Raises:
            NodeLost: if it died.
            SandboxError: if it does not come there.
        """
        with self._preparing:
            node.kill()
            facts = node.start()
            for verb, language in self._steps:
                facts = node.ask(verb, language)
            _alike({"the run": self._facts, node.name: facts})

    def _lane_ended(self, lane: NodeLane, why: str) -> None:
        self._lanes.remove(lane)
        self._tell(f"{lane.node.name} did {lane.done} programs and scans" + (f" and no more: {why}" if why else ""))
        if not self._lanes:
            self._waiting.close(SandboxUnavailable(f"no node of the cluster is left; the last one: {why}"))

    def prepare(self, language: str) -> None:
        """Start the containers for programs of `language` on every node. See `Executor.prepare`."""
        self._prepare("prepare", language)

    def prepare_scanner(self, language: str) -> None:
        """Start the container that scans sources in `language` on every node. See `Executor.prepare_scanner`."""
        if language in SCANNERS:
            self._prepare("prepare_scanner", language)

    def _prepare(self, verb: str, language: str) -> None:
        if self._waiting.failure is not None:
            raise self._waiting.failure
        if (verb, language) in self._steps:  # looked at before the lock too: a node may be catching up for long
            return
        with self._preparing:
            if (verb, language) in self._steps:
                return
            told = _on_all([lane.node for lane in self._lanes], lambda node: node.ask(verb, language))
            self._facts = _alike(told)
            self._steps.append((verb, language))

    def submit(self, job: Job) -> Future[Execution]:
        """Future of what was observed of `job`. See `Executor.submit`."""
        if isinstance(job.check, FamilyCheck):
            return self._enqueue(job, lambda: self.prepare(job.language))
        return self._enqueue(job)

    def run(self, job: Job) -> Execution:
        """What was observed of `job`; as `submit`, and waits."""
        return self.submit(job).result()

    def submit_scan(self, source: str, *, language: str = "python") -> Future[Scan]:
        """Future of what the scanner of a node says of `source`. See `Executor.submit_scan`."""
        return self._enqueue(Source(text=source, language=language), lambda: self.prepare_scanner(language))

    def _enqueue(self, work: Job | Source, prepare: Callable[[], None] = lambda: None) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            prepare()
            self._waiting.put(NodeTask(number=next(self._numbers), work=work, future=future))
        except SandboxError as error:
            future.set_exception(SandboxUnavailable(f"the job did not start: {error}"))
        return future

    def describe(self) -> Mapping[str, Any]:
        """As `DockerExecutor.describe`, of a node, with `workers` of all, and in `nodes` what differs among them."""
        nodes = [node.describe() for node in self._nodes]
        return {**self._facts, "workers": sum(node["workers"] for node in nodes), "nodes": nodes}

    def close(self) -> None:
        """Stop and remove every container on every node, and leave the cluster. May be called twice."""
        atexit.unregister(self.close)
        self._waiting.close(SandboxUnavailable("the sandbox is closed"))
        for lane in [*self._lanes]:
            lane.join()
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connected:
            import ray

            self._connected = False
            ray.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _RayNode:
    """The actor on one node; fits `Node`.

    Args:
        node_id: The cluster's own.
        name: For a person.
        start: What `ClusterNode.start` gets.
        catch_up: Starts and prepares a node that died.
        is_closed: Whether nobody wants it any more.
    """

    def __init__(
        self,
        node_id: str,
        name: str,
        start: tuple[str, int | None, Policy],
        catch_up: Callable[["_RayNode"], None],
        is_closed: Callable[[], bool],
    ) -> None:
        self.name = name
        self._node_id, self._start, self._catch_up, self._is_closed = node_id, start, catch_up, is_closed
        self._actor: Any = None
        self._facts: Facts = {}

    @property
    def workers(self) -> int:
        """Its containers."""
        return int(self._facts["workers"])

    def describe(self) -> dict[str, Any]:
        """What may differ among nodes."""
        return {"name": self.name, **{key: self._facts[key] for key in ("engine", "kernel", "workers")}}

    def start(self) -> Facts:
        """Start an actor there, which starts the containers.

        Raises:
            NodeLost: if the node died meanwhile, or before without the cluster's noticing.
            SandboxError: what they did not start for.
        """
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        self._actor = (
            ray.remote(ClusterNode)
            .options(
                num_cpus=0,  # the containers use the cores, and Ray knows nothing of them
                resources={RESOURCE: 1},
                scheduling_strategy=NodeAffinitySchedulingStrategy(self._node_id, soft=False),
            )
            .remote()
        )
        try:
            self._facts = self.ask("start", *self._start, within_s=_START_S)
        except NodeLost as death:
            self.kill()
            if not any(node["Alive"] and node["NodeID"] == self._node_id for node in ray.nodes()):
                raise
            raise SandboxUnavailable(f"{self.name} did not start: {death}") from death
        return self._facts

    def restart(self) -> None:
        """See `Node.restart`."""
        self._catch_up(self)

    def ask(self, verb: str, *arguments: Any, within_s: float = inf) -> Facts:
        """What a method of `ClusterNode` that can fail says.

        Raises:
            NodeLost: if the node died.
            SandboxError: what it failed with.
        """
        told: Facts | SandboxError = self._call(verb, *arguments, within_s=within_s)
        if isinstance(told, SandboxError):
            raise type(told)(f"{self.name}: {told}")
        return told

    def exchange(self, tasks: list[tuple[int, Job | Source]], wait_s: float) -> Exchange:
        """See `Node.exchange`."""
        exchange: Exchange = self._call("exchange", tasks, wait_s)
        return exchange

    def close(self) -> None:
        """Remove the containers, and then the actor."""
        if self._actor is None:
            return
        if self._facts:
            with suppress(NodeLost):
                self._call("close", within_s=_CLOSE_S)
        self.kill()

    def kill(self) -> None:
        """Remove the actor, or what the cluster only believes to be dead; containers end with their actor."""
        import ray

        if self._actor is not None:
            with suppress(ray.exceptions.RayError):
                ray.kill(self._actor)
        self._actor = None

    def _call(self, verb: str, *arguments: Any, within_s: float = inf) -> Any:
        import ray

        until = time.monotonic() + within_s
        try:
            asked = getattr(self._actor, verb).remote(*arguments)
            while not ray.wait([asked], timeout=min(_LOOK_S, within_s))[0]:
                if time.monotonic() > until:
                    raise NodeLost(
                        f"it has not answered to `{verb}` for {within_s:g} s; another run may hold its resource "
                        f"{RESOURCE!r}, see `ray status`"
                    )
                if self._is_closed() and verb != "close":
                    raise NodeLost("the sandbox was closed meanwhile")
            return ray.get(asked)
        except ray.exceptions.RayError as error:
            raise NodeLost(in_a_line(error)) from error


def _places(address: str) -> list[tuple[str, str]]:
    """Id and name of each node that may run programs.

    Raises:
        SandboxUnavailable: if there is none.
    """
    import ray

    places = [
        (str(node["NodeID"]), node_name(node))
        for node in ray.nodes()
        if node["Alive"] and node["Resources"].get(RESOURCE, 0) >= 1
    ]
    if not places:
        raise SandboxUnavailable(
            f"no node of the cluster at {address} has the resource {RESOURCE!r}, so none may run programs: start one "
            f"with `ray start --address HOST:PORT --resources '{{\"{RESOURCE}\": 1}}'`"
        )
    return places


def _on_all(nodes: list[Any], ask: Callable[[Any], Facts]) -> dict[str, Facts]:
    """What each node says, by name, asked all at once; those that died are left out, since their lanes will notice.

    Raises:
        SandboxError: the first that one failed with.
        SandboxUnavailable: if all of them died.
    """
    pool = ThreadPoolExecutor(max(1, len(nodes)))
    try:
        asked = {node.name: pool.submit(ask, node) for node in nodes}
        wait(asked.values())
    finally:
        pool.shutdown(wait=False)  # who presses Ctrl-C waits for no node
    lost = [error for future in asked.values() if isinstance(error := future.exception(), NodeLost)]
    told = {name: future.result() for name, future in asked.items() if future.exception() not in lost}
    if not told:
        raise SandboxUnavailable(f"no node of the cluster is left; the last one: {lost[-1] if lost else 'closed'}")
    return told


def _alike(told: Mapping[str, Facts]) -> Facts:
    """What the first of some nodes says of itself, if the others say the same of what counts.

    Raises:
        SandboxUnavailable: if they do not.
    """
    (first, facts), *others = told.items()
    for name, other in others:
        for key in _ALIKE:
            if without_builds(facts[key]) != without_builds(other[key]):
                raise SandboxUnavailable(
                    f"{first} and {name} would not execute the same: {key} is {_shown(facts[key])} on one and "
                    f"{_shown(other[key])} on the other. Debian's packages change between two builds: build the image "
                    "once, and hand it to every node with `docker save` and `docker load`"
                )
    return facts


def _shown(fact: Any) -> str:
    if isinstance(fact, Mapping):
        fact = fact.get("id") or {name: _shown(part.get("image", part)) for name, part in fact.items() if part}
    return str(fact)
