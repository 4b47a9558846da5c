"""A row's uniform number is put through the inverse of its distribution, so an even grid of numbers shows it whole."""

import pytest

pytestmark = pytest.mark.model

GRID = 4_000


def shares(logits, **options):
    """Share of an even grid of uniform numbers that falls on each token: its probability, to 1 / GRID."""
    import torch

    from codecrucible.harness.models.local.token_draw import draw_tokens

    numbers = (torch.arange(GRID, dtype=torch.float64) + 0.5) / GRID
    tokens = torch.cat([draw_tokens(logits.expand(len(part), -1), part, **options) for part in numbers.split(500)])
    return torch.bincount(tokens, minlength=logits.shape[-1]) / GRID


def random_logits(vocabulary, *, spread):
    import torch

    return torch.randn(vocabulary, generator=torch.Generator().manual_seed(0)) * spread


@pytest.mark.parametrize(
    ("vocabulary", "spread"),
    [(10, 1.0), (700, 2.0), (2000, 0.5)],
    ids=["small", "nucleus of a few", "nucleus of a thousand"],
)
@pytest.mark.parametrize("temperature", [0.2, 1.0])
@pytest.mark.parametrize(("top_p", "top_k"), [(1.0, 0), (0.95, 0), (0.5, 0), (1.0, 7), (0.9, 7), (0.9, 500)])
def test_tokens_are_drawn_with_the_probabilities_that_transformers_gives_them(
    vocabulary, spread, temperature, top_p, top_k
):
    from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

    logits = random_logits(vocabulary, spread=spread)
    expected = TemperatureLogitsWarper(temperature)(None, logits[None])
    if top_k:
        expected = TopKLogitsWarper(top_k)(None, expected)
    expected = TopPLogitsWarper(top_p)(None, expected).softmax(-1)[0] if top_p < 1 else expected.softmax(-1)[0]

    drawn = shares(logits, temperature=temperature, top_p=top_p, top_k=top_k)

    assert (drawn - expected).abs().max() < 1.5 / GRID


def test_real_random_numbers_fit_the_softmax():
    import torch

    from codecrucible.harness.common.sampling import uniforms
    from codecrucible.harness.models.local.token_draw import draw_tokens

    logits = random_logits(40, spread=1.0)
    numbers = torch.tensor(uniforms(seed=5, problem_id="p", sample_index=0, count=50_000))
    tokens = draw_tokens(logits.expand(50_000, -1), numbers, temperature=0.8, top_p=1.0, top_k=0)
    expected = (logits / 0.8).softmax(-1) * 50_000
    chi_square = float(((torch.bincount(tokens, minlength=40) - expected) ** 2 / expected).sum())
    assert chi_square < 72.1  # 0.999 quantile at 39 degrees of freedom


def test_without_top_k_more_than_fifty_tokens_are_drawn():
    # The default of transformers is 50, which moves pass@k without a word.
    drawn = shares(random_logits(300, spread=0.1), temperature=1.0, top_p=1.0, top_k=0)
    assert int((drawn > 0).sum()) == 300


def test_the_smallest_and_the_largest_number_fall_on_tokens_that_can_be_drawn():
    import torch

    from codecrucible.harness.models.local.token_draw import draw_tokens

    logits = torch.full((2, 1000), -torch.inf)
    logits[:, [3, 600]] = torch.tensor([0.0, 0.0])
    numbers = torch.tensor([0.0, 1 - 2**-53], dtype=torch.float64)
    for top_p, top_k in ((1.0, 0), (0.95, 0), (1.0, 5)):
        assert draw_tokens(logits, numbers, temperature=1.0, top_p=top_p, top_k=top_k).tolist() == [3, 600]


def test_two_nearly_equal_tokens_that_swap_places_do_not_change_the_draw():
    import torch

    from codecrucible.harness.models.local.token_draw import draw_tokens

    numbers = torch.tensor([0.25], dtype=torch.float64)
    options = {"temperature": 1.0, "top_p": 0.9, "top_k": 0}
    one, other = torch.tensor([[1.0, 1.001, -9.0]]), torch.tensor([[1.001, 1.0, -9.0]])
    assert draw_tokens(one, numbers, **options).tolist() == draw_tokens(other, numbers, **options).tolist() == [0]
