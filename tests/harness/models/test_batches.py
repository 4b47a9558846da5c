"""The plan of batches and the ways it can go wrong, with a model that is a few lines of Python."""

import random
import subprocess
import sys
from dataclasses import dataclass, field

import pytest
from scripted_answers import answers_to

from codecrucible.benchmarks import PromptForm
from codecrucible.harness.common.facts import CheckpointFacts
from codecrucible.harness.common.sampling import Sampling
from codecrucible.harness.models.batches import generate, in_batches, plan_batches
from codecrucible.harness.models.errors import GenerationFailed, ModelOutOfMemory
from codecrucible.harness.models.requests import RenderedPrompt, Request

FACTS = CheckpointFacts(
    spec="counting",
    name="counting",
    source="",
    revision="",
    sha256="",
    weights_sha256="",
    architecture="Counting",
    parameters=0,
    context_tokens=100,
    dtype="float32",
    device="cpu",
    chat_template_sha256="",
    licence_notice="",
    remote_code=False,
)


@dataclass
class CountingModel:
    """Fits `LanguageModel`: a token a character, and as many rows at one time as `room` allows."""

    room: int = 1000
    facts: CheckpointFacts = FACTS
    adapter: None = None
    prompt_form: PromptForm = PromptForm.COMPLETION
    template_sha256: str = ""
    asked: list[list[tuple[str, int]]] = field(default_factory=list)
    fails_at: BaseException | None = None

    def render(self, prompt, *, language="python", whole=False, message="", suffix=None):  # the protocol has it
        return RenderedPrompt(text=prompt, token_ids=tuple(map(ord, prompt)))

    def complete(self, waiting, sampling, done):  # the protocol has it
        return in_batches(self.answers, waiting, sampling.batch_size or 8, done)

    def answers(self, batch):
        self.asked.append([(row.request.problem_id, row.request.sample_index) for row in batch])
        if self.fails_at and len(self.asked) > 1:
            raise self.fails_at
        if len(batch) > self.room:
            raise ModelOutOfMemory(f"{len(batch)} rows")
        return answers_to(batch)


def requests(problems=5, n=3):
    return [
        Request(problem_id=f"p{number}", sample_index=index, prompt="x" * (10 + number))
        for number in range(problems)
        for index in range(n)
    ]


def generations(model, wanted, **sampling):
    batches = list(generate(model, wanted, Sampling(max_new_tokens=20, **sampling)))
    return {(each.problem_id, each.sample_index): each for batch in batches for each in batch}


def test_every_request_is_answered_once_by_its_own_name():
    found = generations(CountingModel(), requests())
    assert {name: each.completion for name, each in found.items()} == {
        (f"p{number}", index): f"p{number}/{index}" for number in range(5) for index in range(3)
    }


def test_batches_are_the_same_in_whatever_order_the_requests_come():
    shuffled = requests()
    random.Random(1).shuffle(shuffled)  # noqa: S311  # an order, no secret
    one, other = CountingModel(), CountingModel()
    assert len(generations(one, requests())) == len(generations(other, shuffled)) == 15
    assert one.asked == other.asked


def test_the_longest_prompts_come_first_and_the_samples_of_a_problem_side_by_side():
    model = CountingModel()
    generations(model, requests(problems=3, n=2), batch_size=4)
    assert model.asked == [[("p2", 0), ("p2", 1), ("p1", 0), ("p1", 1)], [("p0", 0), ("p0", 1)]]


def test_the_plan_of_nothing_is_nothing():
    assert plan_batches([], 4) == []
    assert list(generate(CountingModel(), [], Sampling())) == []


def test_a_batch_that_does_not_fit_is_halved_and_so_are_the_later_ones():
    model = CountingModel(room=3)
    assert len(generations(model, requests(), batch_size=8)) == 15
    assert [len(rows) for rows in model.asked] == [8, 4, 2, 2, 2, 2, 2, 2, 2, 1]


def test_a_single_row_that_does_not_fit_is_an_error_that_names_the_problem():
    with pytest.raises(GenerationFailed, match="one row of p4 did not fit into memory"):
        generations(CountingModel(room=0), requests())


def test_a_prompt_beyond_the_context_is_named_before_anything_is_generated():
    model = CountingModel()
    wanted = [*requests(), Request(problem_id="long", sample_index=0, prompt="x" * 100)]
    with pytest.raises(GenerationFailed, match="the prompt of long has 100 tokens and the model's context 100"):
        generations(model, wanted)
    assert model.asked == []


def test_where_the_context_leaves_less_room_the_row_gets_less_and_says_so():
    long = Request(problem_id="long", sample_index=0, prompt="x" * 93)
    found = generations(CountingModel(), [long, *requests()])
    assert found["long", 0].max_new_tokens == 7
    assert found["p0", 0].max_new_tokens == 20


def test_a_sample_asked_for_twice_is_refused():
    with pytest.raises(ValueError, match="sample 2 of p4 is requested twice"):
        generations(CountingModel(), [*requests(), requests()[-1]])


def test_an_interrupt_between_batches_loses_nothing_that_was_yielded():
    kept = []
    batches = generate(CountingModel(fails_at=KeyboardInterrupt()), requests(), Sampling(batch_size=4))
    with pytest.raises(KeyboardInterrupt):
        kept.extend(batches)
    assert [len(batch) for batch in kept] == [4]


def test_the_hash_of_a_prompt_is_of_its_tokens():
    # sha256 of "1,2,3"
    expected = "8a6ae15122001229"
    assert RenderedPrompt(text="any", token_ids=(1, 2, 3)).sha256.startswith(expected)
    assert RenderedPrompt(text="any", token_ids=(12, 3)).sha256 != RenderedPrompt(text="any", token_ids=(1, 23)).sha256


def test_the_words_of_generation_need_no_torch():
    code = "import sys, harness.models.batches, harness.models.protocol; print({'torch', 'numpy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout == b"set()\n"
