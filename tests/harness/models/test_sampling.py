import pytest

from codecrucible.harness.common.sampling import Sampling, uniforms


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n": 0}, "n is 0"),
        ({"temperature": -0.1}, "temperature is -0.1"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"top_p": 0.0}, "top_p is 0.0"),
        ({"top_p": 1.1}, "top_p is 1.1"),
        ({"top_k": -1}, "top_k is -1"),
        ({"max_new_tokens": 0}, "max_new_tokens is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"batch_size": 0}, "batch_size is 0"),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(options, said):
    with pytest.raises(ValueError, match=said):
        Sampling(**options)


def test_greedy_with_several_samples_is_refused():
    with pytest.raises(ValueError, match="20 identical samples"):
        Sampling(n=20, temperature=0)


def test_nothing_is_cut_off_unless_asked_for():
    sampling = Sampling(temperature=1.0)
    assert (sampling.top_k, sampling.top_p) == (0, 1.0)


def test_the_numbers_of_a_sample_depend_on_seed_problem_and_index_alone():
    name = {"seed": 3, "problem_id": "HumanEval/7", "sample_index": 4}
    numbers = uniforms(**name, count=100)
    assert uniforms(**name, count=40).tolist() == numbers[:40].tolist()
    for change in ({"seed": 4}, {"problem_id": "HumanEval/8"}, {"sample_index": 5}):
        assert not set(uniforms(**(name | change), count=100)) & set(numbers)


def test_the_numbers_of_a_sample_never_change_between_versions():
    assert uniforms(seed=0, problem_id="HumanEval/0", sample_index=0, count=3).tolist() == pytest.approx(
        [0.8030211772851726, 0.9223382472184469, 0.41250153378526033], abs=1e-15
    )


def test_a_problem_id_may_be_any_text():
    assert 0 <= uniforms(seed=0, problem_id="\udcff/é", sample_index=0, count=1)[0] < 1
