"""A model that several generators hold at once: batches are handed out to them, and those of the dead once more."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, as_completed, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common import provenance
from codecrucible.harness.common.codec import differing, to_json
from codecrucible.harness.common.facts import AdapterFacts, CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import plan_batches, rows_at_once
from codecrucible.harness.models.cluster.actor import GeneratorFacts, Parts
from codecrucible.harness.models.errors import GeneratorsLost, ModelError, ModelNotFound, ModelUnusable
from codecrucible.harness.models.protocol import LoadOptions
from codecrucible.harness.models.requests import Generation, PreparedRequest, RenderedPrompt, sample_key
from codecrucible.sandbox.cluster.joining import in_a_line

#: Names of the facts of a generator that may differ between nodes: where its files are, and what computes.
_OF_THE_NODE = ("checkpoint.source", "adapter.path", "hardware")


class Generator(Protocol):
    """A `GeneratorActor` somewhere else."""

    @property
    def name(self) -> str:
        """For a person."""
        ...

    def ask(self, verb: str, *arguments: Any) -> Future[Any]:
        """What a method of `GeneratorActor` returns; an exception in it means that the actor is of no more use."""
        ...

    def kill(self) -> None:
        """End it, whatever it does. Raises nothing."""
        ...


class GeneratorPool:
    """Generators that do a run's batches together; those that die leave it.

    Args:
        generators: At least one.
        tell: Gets a line for a person when one dies, and when all are done.
    """

    def __init__(self, generators: Sequence[Generator], tell: Callable[[str], None]) -> None:
        self._living = [*generators]
        self._tell = tell
        self._facts: Mapping[str, GeneratorFacts] = {}
        self._written: Counter[str] = Counter()

    def load(self, spec: str, options: LoadOptions) -> CheckpointFacts:
        """Load the model in every generator.

        Args:
            spec: As `load_model` takes it; no server's.
            options: How it is loaded.

        Raises:
            ModelError: one of them cannot load it, or has another version of codecrucible.
            GeneratorsLost: all of them died.
        """
        ours = provenance.code_version()
        for name, theirs in self._ask_all("version").items():
            if theirs != ours:
                raise ModelUnusable(
                    f"codecrucible is {theirs} on {name} and {ours} here; install the same version on both"
                )
        self._facts = self._ask_all("load", spec, options, str(Path.cwd()))
        return _first(self._facts).checkpoint

    def adapted(self, adapter: Path | None) -> "SharedModel":
        """The model with this adapter, or with none; what was given before is of no more use.

        Raises:
            ModelError: one of them cannot use it, or two would not write the same.
            GeneratorsLost: all of them died.
        """
        self._facts = self._ask_all("adapt", adapter)
        refuse_unlike(self._facts)
        facts = _first(self._facts)
        return SharedModel(
            pool=self,
            facts=facts.checkpoint,
            adapter=facts.adapter,
            prompt_form=facts.prompt_form,
            template_sha256=facts.template_sha256,
            prompt_date=facts.prompt_date,
            infill_template=facts.infill_template,
        )

    @property
    def packages(self) -> Mapping[str, str]:
        """Versions on their nodes of those that can move a completion."""
        return _first(self._facts).packages

    def describe(self) -> list[dict[str, str]]:
        """Where each of them runs, for `run.json`."""
        return [
            {"name": name, "device": facts.checkpoint.device, "hardware": facts.hardware}
            for name, facts in self._facts.items()
        ]

    def render(self, *prompt: Any) -> RenderedPrompt:
        """As `GeneratorActor.render`, by whichever lives.

        Raises:
            GeneratorsLost: none does.
        """
        while True:
            generator = self._living[0]
            asked = generator.ask("render", *prompt)
            if not (death := asked.exception()):
                rendered: RenderedPrompt = asked.result()
                return rendered
            self._lose(generator, death)

    def complete(
        self, batches: Sequence[Sequence[PreparedRequest]], rows: int, sampling: Sampling
    ) -> Iterator[list[Generation]]:
        """Completions of `batches`, as they are made; each generator has one batch at a time.

        Where one does not fit into the memory of a generator, that one halves it and what it gets later.

        Raises:
            GenerationFailed: one row of a batch does not fit, or all generators died; what was yielded before stands.
        """
        waiting, idle = deque(batches), deque(self._living)
        most = {generator.name: rows for generator in idle}
        busy: dict[Future[Parts | ModelError], tuple[Generator, Sequence[PreparedRequest]]] = {}

        def hand_out() -> None:
            while waiting and idle:
                generator, batch = idle.popleft(), waiting.popleft()
                busy[generator.ask("complete", batch, most[generator.name], sampling)] = generator, batch

        while waiting or busy:
            hand_out()
            failures = []
            for future in wait(busy, return_when=FIRST_COMPLETED).done:
                generator, batch = busy.pop(future)
                if death := future.exception():
                    waiting.appendleft(batch)
                    self._lose(generator, death, f", and its {len(batch)} completions, which are made again")
                    continue
                parts = future.result()
                if isinstance(parts, ModelError):
                    failures.append(_named(parts, generator))
                    continue
                idle.append(generator)
                if len(parts) > 1:
                    most[generator.name] = max(map(len, parts))
                self._written[generator.name] += len(batch)
                hand_out()  # before whoever takes these is waited for
                yield from parts
            if failures:
                raise failures[0]

    def close(self) -> None:
        """End all of them."""
        for generator in self._living:
            generator.kill()
        self._living.clear()
        for name, count in self._written.items():
            if count:
                self._tell(f"{name} made {count} completions")

    def _ask_all(self, verb: str, *arguments: Any) -> dict[str, Any]:
        """What each living generator says, by name.

        Raises:
            ModelError: what the first of them failed with.
            GeneratorsLost: all of them died.
        """
        asked = {generator.ask(verb, *arguments): generator for generator in self._living}
        for future in as_completed(asked):
            if death := future.exception():
                self._lose(asked[future], death)
            elif isinstance(told := future.result(), ModelError):
                raise _named(told, asked[future])
        return {each.name: future.result() for future, each in asked.items() if each in self._living}

    def _lose(self, generator: Generator, death: BaseException, what: str = "") -> None:
        """Go on without one that died.

        Raises:
            GeneratorsLost: it was the last one.
        """
        generator.kill()
        self._living.remove(generator)
        why = in_a_line(death)
        self._tell(f"{generator.name} was lost{what}: {why}")
        if not self._living:
            raise GeneratorsLost(
                f"no generator is left on the cluster; the last one was {generator.name}: {why}. What was written "
                "stays; run the same command again to resume"
            ) from death


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedModel:
    """A model that generators hold; fits `LanguageModel`.

    Attributes:
        pool: The generators.
        facts: Which weights run, the same in all of them.
        adapter: Which adapter runs on top, if any.
        prompt_form: How a prompt is put to it.
        template_sha256: Digest of all that is wrapped around a prompt.
        prompt_date: The day that the chat template was told.
        infill_template: The special tokens around a gap.
    """

    pool: GeneratorPool
    facts: CheckpointFacts
    adapter: AdapterFacts | None
    prompt_form: PromptForm
    template_sha256: str
    prompt_date: str = ""
    infill_template: str = ""

    def render(
        self,
        prompt: str,
        *,
        language: str = "python",
        whole: bool = False,
        message: str = "",
        suffix: str | None = None,
    ) -> RenderedPrompt:
        """What the model is sent for `prompt`, by a tokenizer on a node."""
        return self.pool.render(prompt, language, whole, message, suffix)

    def complete(
        self, waiting: Sequence[PreparedRequest], sampling: Sampling, done: Collection[tuple[str, int]]
    ) -> Iterator[list[Generation]]:
        """Completions in the batches that a model in this process makes, in the order in which they come in."""
        rows = rows_at_once(sampling, self.facts.device)
        wanted = [
            batch for batch in plan_batches(waiting, rows) if not all(sample_key(row.request) in done for row in batch)
        ]
        for made in self.pool.complete(wanted, rows, sampling):
            yield [each for each in made if (each.problem_id, each.sample_index) not in done]


def refuse_unlike(told: Mapping[str, GeneratorFacts]) -> None:
    """Raise `ModelUnusable`, with every difference, unless generators of these names would write the same."""
    (first, facts), *others = told.items()
    differences = [
        f"{part} is {one} on {first} and {other} on {name}"
        for name, theirs in others
        for part, one, other in differing(to_json(facts), to_json(theirs))
        if part not in _OF_THE_NODE
    ]
    if differences:
        raise ModelUnusable(
            "the generators would not write the same: "
            + "; ".join(differences)
            + ". Give all nodes the same files and packages, and nodes of one kind"
        )


def _first(facts: Mapping[str, GeneratorFacts]) -> GeneratorFacts:
    return next(iter(facts.values()))


def _named(error: ModelError, generator: Generator) -> ModelError:
    """The error with the node in it, where it has happened."""
    advice = (
        " (each generator loads the model from its own node: put it there under the same path)"
        if isinstance(error, ModelNotFound)
        else ""
    )
    return type(error)(f"{generator.name}: {error}{advice}")
