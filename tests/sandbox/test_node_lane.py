"""Nodes of a cluster that die or break, and the lanes that keep them busy."""

from collections import Counter
from concurrent.futures import Future, wait
from threading import Event

import pytest
from sandbox_jobs import HONEST, job

from codecrucible.sandbox import Ending, Execution, Job, SandboxLost, SandboxUnavailable
from codecrucible.sandbox.cluster.executor import _alike
from codecrucible.sandbox.cluster.lane import AHEAD, NodeLane, NodeLost, NodeTask, Waiting
from codecrucible.sandbox.cluster.node import ClusterNode, Exchange, Source
from codecrucible.sandbox.policy import Policy

pytestmark = pytest.mark.timeout(20)
DONE = Execution(ending=Ending.COMPLETED)
ROOM = {Job: AHEAD, Source: AHEAD}


class ScriptedNode:
    """Fits `Node`; answers to everything at once, until it has had so many tasks."""

    def __init__(self, name, *, answer=DONE, dies_at=None, breaks_at=None, restarts=True):
        self.name, self.workers = name, 1
        self.answer, self.dies_at, self.breaks_at, self.restarts = answer, dies_at, breaks_at, restarts
        self.had, self.most, self.starts, self.closed = 0, 0, 1, Event()

    def exchange(self, tasks, wait_s):
        self.most = max(self.most, len(tasks))
        self.had += len(tasks)
        if self.dies_at is not None and self.had >= self.dies_at:
            raise NodeLost("killed")
        if self.breaks_at is not None and self.had >= self.breaks_at:
            gone = SandboxUnavailable("the engine is gone")
            return Exchange(answers={number: gone for number, _ in tasks}, broken=gone)
        return Exchange(answers={number: self.answer for number, _ in tasks}, broken=None)

    def restart(self):
        if not self.restarts:
            raise NodeLost("the node is gone")
        self.starts += 1
        self.dies_at = None

    def close(self):
        self.closed.set()


def serve(nodes, count):
    """Futures of `count` jobs that `nodes` did, what was said, and why each lane ended."""
    waiting, said, ends = Waiting(), [], {}

    def ended(lane, why):
        lanes.remove(lane)
        ends[lane.node.name] = why
        if not lanes:
            waiting.close(SandboxUnavailable(f"no node is left: {why}"))

    lanes = []
    lanes += [NodeLane(node, waiting, lanes=lambda: len(lanes), tell=said.append, ended=ended) for node in nodes]
    futures = [Future() for _ in range(count)]
    for number, future in enumerate(futures):
        waiting.put(NodeTask(number=number, work=job(HONEST), future=future))
    threads = [*lanes]
    for lane in threads:
        lane.start()
    assert not wait(futures, timeout=10).not_done
    waiting.close(SandboxUnavailable("closed"))
    for lane in threads:
        lane.join()
    assert all(node.closed.is_set() for node in nodes)
    return futures, said, ends


def test_what_a_dead_node_had_is_done_by_another_one():
    dead, alive = ScriptedNode("dead", dies_at=30, restarts=False), ScriptedNode("alive")
    futures, said, ends = serve([dead, alive], 500)
    assert Counter(future.result().ending for future in futures) == {Ending.COMPLETED: 500}
    assert "dead was lost" in said[0]
    assert ends == {"dead": "the node is gone", "alive": ""}


def test_a_node_whose_engine_is_gone_eats_up_no_jobs():
    broken, alive = ScriptedNode("broken", breaks_at=30), ScriptedNode("alive")
    futures, _, ends = serve([broken, alive], 500)
    assert Counter(future.result().ending for future in futures) == {Ending.COMPLETED: 500}
    assert ends["broken"] == "the engine is gone"


def test_a_node_that_can_be_started_again_goes_on():
    node = ScriptedNode("node", dies_at=30)
    futures, _, ends = serve([node], 100)
    assert all(future.result() == DONE for future in futures)
    assert (node.starts, ends) == (2, {"node": ""})


def test_a_job_that_costs_two_nodes_is_lost():
    nodes = [ScriptedNode(name, dies_at=1, restarts=False) for name in "ab"]
    futures, _, _ = serve(nodes, 1)
    assert isinstance(futures[0].exception(), SandboxLost)


def test_jobs_that_no_node_is_left_for_did_not_start():
    futures, _, _ = serve([ScriptedNode("only", dies_at=1, restarts=False)], 500)
    assert {type(future.exception()) for future in futures} == {SandboxUnavailable}
    assert "no node is left: the node is gone" in str(futures[0].exception())


def test_a_failure_of_one_job_is_its_own():
    failed = SandboxUnavailable("the job may use too much memory")
    futures, _, ends = serve([ScriptedNode("node", answer=failed)], 3)
    assert [str(future.exception()) for future in futures] == [str(failed)] * 3
    assert ends == {"node": ""}


def test_a_node_has_few_tasks_in_hand():
    nodes = [ScriptedNode(name) for name in "ab"]
    serve(nodes, 5000)
    assert max(node.most for node in nodes) <= AHEAD


def test_a_node_that_is_slow_does_not_keep_from_another_what_it_has_not_begun():
    class SlowNode(ScriptedNode):
        """Does one job, when all the others are done."""

        def exchange(self, tasks, wait_s):
            self.had += len(tasks)
            self.numbers = [*getattr(self, "numbers", ()), *(number for number, _ in tasks)]
            done = quick.had + self.had >= 1000
            return Exchange(answers=dict.fromkeys(self.numbers if done else (), DONE), broken=None)

    slow, quick = SlowNode("slow"), ScriptedNode("quick")
    serve([slow, quick], 1000)
    assert slow.had <= 2


def test_what_little_there_is_is_shared_out():
    waiting = Waiting()
    for number in range(6):
        waiting.put(NodeTask(number=number, work=job(HONEST), future=Future()))
    taken = [[task.number for task in waiting.take(ROOM, lanes=3, block=True)] for _ in range(3)]
    assert taken == [[0, 3], [1, 5], [2]]


def test_scans_that_wait_leave_a_node_its_jobs():
    waiting = Waiting()
    for number in range(100):
        waiting.put(NodeTask(number=number, work=Source(text="x = 1", language="python"), future=Future()))
    for number in range(100, 103):
        waiting.put(NodeTask(number=number, work=job(HONEST), future=Future()))
    taken = [task.number for task in waiting.take(ROOM, lanes=1, block=True)]
    assert taken == [100, 101, 102, *range(AHEAD)]


def test_what_is_taken_out_of_turn_leaves_the_others_in_their_order():
    waiting = Waiting()
    for number in range(6):
        waiting.put(NodeTask(number=number, work=job(HONEST), future=Future()))
    first = waiting.take({**ROOM, Job: 1}, lanes=2, block=True)
    waiting.put_back(first)
    assert [task.number for task in waiting.take(ROOM, lanes=1, block=True)] == list(range(6))


def facts(**other):
    same = {"image": {"id": "sha256:1"}, "families": {}, "scanners": {}, "python": "3.13", "numpy": "2"}
    return {**same, "machine": "x86_64", "policy": {}, "workers": 2, **other}


def test_nodes_that_differ_in_what_no_verdict_depends_on_are_alike():
    assert _alike({"a": facts(), "b": facts(workers=64)}) == facts()


@pytest.mark.parametrize(
    "other",
    [{"image": {"id": "sha256:2"}}, {"families": {"node": {"image": {"id": "sha256:2"}}}}, {"numpy": "sha256:2"}],
)
def test_a_node_with_another_image_is_refused_by_name(other):
    with pytest.raises(SandboxUnavailable, match=f"a and b .* {next(iter(other))} is .*sha256:2.*docker save"):
        _alike({"a": facts(), "b": facts(**other)})


def test_a_node_of_another_version_is_refused():
    told = ClusterNode().start("codecrucible/sandbox:other", 1, Policy())
    assert isinstance(told, SandboxUnavailable)
    assert "codecrucible/sandbox:other: install the same version" in str(told)
