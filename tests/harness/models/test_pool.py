"""Batches handed out to generators that halve them, refuse them or die; where generators go on a cluster."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest
from scripted_answers import answers_to
from tiny_models import save_adapter, save_tiny_llama

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_USAGE, UsageError
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.provenance import code_version
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.evaluation import executors
from codecrucible.harness.models.batches import generate, in_batches
from codecrucible.harness.models.cluster.actor import GeneratorActor, GeneratorFacts
from codecrucible.harness.models.cluster.nodes import Host, places
from codecrucible.harness.models.cluster.pool import GeneratorPool
from codecrucible.harness.models.errors import (
    GenerationFailed,
    GeneratorsLost,
    ModelError,
    ModelNotFound,
    ModelOutOfMemory,
    ModelUnusable,
)
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import RenderedPrompt, Request

pytestmark = pytest.mark.timeout(60)
SAMPLING = Sampling(n=4, temperature=0.8, max_new_tokens=8, batch_size=4)
REQUESTS = [
    Request(problem_id=f"p{number}", sample_index=index, prompt="x" * (9 - number))
    for number in range(5)
    for index in range(4)
]
CHECKPOINT = CheckpointFacts(
    spec="m",
    name="m",
    source="/m",
    revision="",
    sha256="0",
    weights_sha256="0",
    architecture="Tiny",
    parameters=1,
    context_tokens=None,
    dtype="float32",
    device="cpu",
    chat_template_sha256="",
    licence_notice="",
    remote_code=False,
)
FACTS = GeneratorFacts(
    checkpoint=CHECKPOINT,
    adapter=None,
    prompt_form=PromptForm.COMPLETION,
    template_sha256="",
    packages={"torch": "2.6"},
    hardware="a processor",
)


@dataclass
class ScriptedActor:
    """Has the methods of a `GeneratorActor`; `room` is the rows that fit, and at its `dies_at`th batch it dies."""

    room: int = 99
    dies_at: int | None = None
    facts: GeneratorFacts | ModelError = FACTS
    runs: str = field(default_factory=code_version)
    asked: list[list[tuple[str, int]]] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)

    def version(self):
        return self.runs

    def load(self, spec, loading, folder):
        return self.facts

    def adapt(self, adapter):
        return self.facts

    def render(self, prompt, language, whole, message, suffix):
        if self.dies_at == 0:
            raise ConnectionError("killed")
        return RenderedPrompt(text=prompt, token_ids=tuple(map(ord, prompt)))

    def complete(self, batch, rows, sampling):
        self.asked.append([(row.request.problem_id, row.request.sample_index) for row in batch])
        if self.dies_at is not None and len(self.asked) >= self.dies_at:
            raise ConnectionError("killed")
        try:
            return [*in_batches(self.answers, batch, rows, done=())]
        except ModelError as error:
            return error

    def answers(self, rows):
        self.tried.append(len(rows))
        if len(rows) > self.room:
            raise ModelOutOfMemory(f"{len(rows)} rows")
        return answers_to(rows)


class Thread:
    """Fits `Generator`: an actor in a thread; what goes there and comes back is pickled, as it is by a cluster."""

    def __init__(self, name, actor):
        self.name, self.actor, self.killed = name, actor, False
        self._pool = ThreadPoolExecutor(1)

    def ask(self, verb, *arguments):
        return self._pool.submit(lambda: _copied(getattr(self.actor, verb)(*_copied(arguments))))

    def kill(self):
        self.killed = True
        self._pool.shutdown(wait=False)


def _copied(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301  # our own


@pytest.fixture
def opened():
    """Function that gives a pool with the model loaded into these actors, called a, b, ...; `said` is what it told."""
    pools = []

    def start(*actors, spec="m", **loading):
        said = []
        threads = [Thread(name, actor) for name, actor in zip("abc", actors, strict=False)]
        pool = GeneratorPool(threads, said.append)
        pools.append(pool)
        pool.load(spec, LoadOptions(**loading))
        return pool, threads, said

    yield start
    for pool in pools:
        pool.close()


def made(pool, *, done=frozenset()):
    """Samples by key, none of which came twice."""
    found = [each for batch in generate(pool.adapted(None), REQUESTS, SAMPLING, done=done) for each in batch]
    by_key = {(each.problem_id, each.sample_index): each.completion for each in found}
    assert len(by_key) == len(found)
    return by_key


EXPECTED = {(each.problem_id, each.sample_index): f"{each.problem_id}/{each.sample_index}" for each in REQUESTS}


def test_generators_are_given_the_batches_of_one_process_and_each_once(opened):
    actors = [ScriptedActor() for _ in range(3)]
    pool, _, said = opened(*actors)
    assert made(pool) == EXPECTED
    longest_first = [[(f"p{number}", index) for index in range(4)] for number in range(5)]
    assert sorted(batch for actor in actors for batch in actor.asked) == longest_first
    pool.close()
    assert sum(int(line.rpartition("made ")[2].split()[0]) for line in said) == 20


def test_the_batch_of_a_generator_that_dies_is_made_by_another_one(opened):
    pool, (dead, other), said = opened(ScriptedActor(dies_at=1), ScriptedActor())
    assert made(pool) == EXPECTED
    assert dead.killed
    assert "a was lost, and its 4 completions, which are made again: killed" in said
    assert dead.actor.asked[0] in other.actor.asked
    assert made(pool) == EXPECTED  # another benchmark of the same command
    assert len(dead.actor.asked) == 1


def test_what_was_made_before_the_last_generator_died_stands(opened):
    pool, *_ = opened(ScriptedActor(dies_at=3), ScriptedActor(dies_at=2))
    batches = generate(pool.adapted(None), REQUESTS, SAMPLING)
    came = []
    with pytest.raises(GeneratorsLost, match=r"no generator is left on the cluster; the last one was [ab]: killed"):
        came.extend(batches)
    assert len(came) == 3


def test_a_generator_that_is_short_of_memory_halves_what_it_gets_and_the_other_does_not(opened):
    small, large = ScriptedActor(room=2), ScriptedActor()
    pool, *_ = opened(small, large)
    assert made(pool) == EXPECTED
    assert small.tried[:3] == [4, 2, 2]
    assert set(small.tried[3:]) <= {2}
    assert set(large.tried) <= {4}


def test_a_row_that_does_not_fit_is_told_with_its_generator(opened):
    pool, *_ = opened(ScriptedActor(room=0))
    with pytest.raises(GenerationFailed, match="a: one row of p0 did not fit into memory"):
        made(pool)


def test_no_generator_is_given_more_than_a_batch_ahead_of_what_was_taken(opened):
    actors = [ScriptedActor() for _ in range(2)]
    pool, *_ = opened(*actors)
    batches = generate(pool.adapted(None), REQUESTS, SAMPLING)
    for taken, _ in enumerate(batches, 1):
        assert sum(len(actor.asked) for actor in actors) <= taken + len(actors)


def test_only_what_is_missing_is_made_again_in_the_batches_of_the_whole_run(opened):
    actor = ScriptedActor()
    pool, *_ = opened(actor)
    done = {key for key in EXPECTED if key[0] != "p3"} | {("p3", 0)}
    assert made(pool, done=done) == {("p3", index): f"p3/{index}" for index in (1, 2, 3)}
    assert actor.asked == [[("p3", index) for index in range(4)]]


def test_prompts_are_rendered_by_whichever_generator_lives(opened):
    pool, (dead, _), said = opened(ScriptedActor(dies_at=0), ScriptedActor())
    assert pool.adapted(None).render("x").token_ids == (ord("x"),)
    assert dead.killed
    assert said == ["a was lost: killed"]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (
            replace(FACTS, checkpoint=replace(CHECKPOINT, dtype="bfloat16")),
            '.dtype is "float32" on a and "bfloat16" on b',
        ),
        (replace(FACTS, checkpoint=replace(CHECKPOINT, sha256="1")), 'checkpoint.sha256 is "0" on a and "1" on b'),
        (replace(FACTS, packages={"torch": "2.7"}), 'packages.torch is "2.6" on a and "2.7" on b'),
        (replace(FACTS, prompt_form=PromptForm.CHAT), 'prompt_form is "completion" on a and "chat" on b'),
        (replace(FACTS, hardware="another", checkpoint=replace(CHECKPOINT, source="/n")), ""),
    ],
)
def test_generators_that_would_not_write_the_same_are_refused(opened, other, told):
    pool, *_ = opened(ScriptedActor(), ScriptedActor(facts=other))
    if told:
        with pytest.raises(ModelUnusable) as refused:
            pool.adapted(None)
        assert told in str(refused.value)
    else:
        assert made(pool) == EXPECTED
        assert [each["hardware"] for each in pool.describe()] == ["a processor", "another"]


def test_a_model_that_is_not_on_a_node_is_told_with_the_node(opened):
    with pytest.raises(ModelNotFound, match=r"b: no folder 'm'.*put it there under the same path"):
        opened(ScriptedActor(), ScriptedActor(facts=ModelNotFound("no folder 'm'")))


def test_another_version_on_a_node_is_refused(opened):
    with pytest.raises(ModelUnusable, match=r"codecrucible is 9\.9 on a and .* here"):
        opened(ScriptedActor(runs="9.9"))


@pytest.mark.model
def test_real_generators_write_with_each_adapter_what_one_process_does(opened, tmp_path):
    from tiny_models import load_with

    folder = save_tiny_llama(tmp_path / "base")
    adapter = save_adapter(tmp_path / "lora", folder)
    loading = {"dtype": "float32", "device": "cpu", "prompt_form": "completion"}
    pool, *_ = opened(GeneratorActor(), GeneratorActor(), spec=str(folder), **loading)
    for given in (adapter, None, adapter):
        alone, shared = load_with(str(folder), adapter=given, **loading), pool.adapted(given)
        assert (shared.facts, shared.adapter, shared.template_sha256) == (
            alone.facts,
            alone.adapter,
            alone.template_sha256,
        )
        assert written(shared) == written(alone)
    with pytest.raises(ModelNotFound, match=r"holds no adapter_config\.json"):
        pool.adapted(tmp_path / "nowhere")


def written(model):
    batches = generate(model, REQUESTS, SAMPLING)
    return sorted((each.problem_id, each.sample_index, each.completion) for batch in batches for each in batch)


def host(name, *, cpus=0, gpus=0, programs=False):
    return Host(node_id=name, name=name, cpus=cpus, gpus=gpus, runs_programs=programs)


HEAD, PROGRAMS, BOTH = host("head"), host("programs", cpus=8, programs=True), host("both", gpus=2, programs=True)
ONE, FOUR, CPUS = host("one", cpus=8, gpus=1), host("four", cpus=8, gpus=4), host("cpus", cpus=8)


@pytest.mark.parametrize(
    ("hosts", "asked", "device", "chosen"),
    [
        ((HEAD, ONE, FOUR), None, "auto", ["one", "four", "four", "four", "four"]),
        ((HEAD, ONE, FOUR, BOTH), 3, "cuda", ["one", "four", "four"]),
        ((HEAD, BOTH, PROGRAMS), None, "auto", ["both", "both"]),
        ((HEAD, PROGRAMS, CPUS), None, "auto", []),
        ((HEAD, PROGRAMS, CPUS), 2, "auto", ["cpus", "cpus"]),
        ((HEAD, PROGRAMS), 1, "auto", ["programs"]),
        ((ONE, CPUS), 3, "cpu", ["one", "cpus", "one"]),
        ((ONE, CPUS), None, "cpu", []),
        ((CPUS,), None, "cuda", []),
    ],
)
def test_a_generator_has_a_gpu_and_no_programs_beside_it_where_that_can_be(hosts, asked, device, chosen):
    assert [place.node_id for place in places(hosts, asked, device=device)] == chosen


def test_a_generator_holds_one_gpu_or_its_share_of_the_cpus():
    assert [(place.cpus, place.gpus) for place in places([ONE, FOUR], 2, device="auto")] == [(0, 1), (0, 1)]
    assert [(place.cpus, place.gpus) for place in places([CPUS, ONE], 3, device="cpu")] == [(4, 0), (4, 0), (4, 0)]


@pytest.mark.parametrize(
    ("hosts", "asked", "device", "told"),
    [
        ((HEAD, ONE, FOUR, BOTH), 6, "auto", "--generators 6: the nodes for them have 5 GPUs"),
        ((CPUS,), 1, "cuda", "have 0 GPUs"),
        ((HEAD,), 1, "auto", "have 0 CPUs"),
    ],
)
def test_more_generators_than_there_is_room_for_are_refused(hosts, asked, device, told):
    with pytest.raises(UsageError, match=told):
        places(hosts, asked, device=device)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--generators", "2"), "give the address of their cluster with --cluster"),
        (("--generators", "2", "--cluster", "auto", "--device", "balanced"), "each has one GPU; give auto, cuda, cpu"),
        (
            ("--generators", "2", "--cluster", "auto", "--model", "openai:http://h/v1#m"),
            "places its own model",
        ),
        (("--dry-run", "--cluster", "auto"), "--dry-run beside --cluster auto"),
    ],
)
def test_generators_that_cannot_be_are_refused(options, told, monkeypatch, capsys):
    monkeypatch.setattr(executors, "find_spec", lambda _: True)
    assert main(["generate", "--model", "m", "--benchmark", "starter", "-n", "1", *options]) == EXIT_USAGE
    assert told in capsys.readouterr().err
