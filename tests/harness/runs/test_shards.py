"""Shards deal out a run's problems: each to one of them, whatever the order and the number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.runs.shards import Shard, parse_shard, part_of

IDS = st.lists(st.text(st.characters(codec=None), max_size=8), unique=True, max_size=40)


def shards(count):
    return [Shard(number=number, count=count) for number in range(1, count + 1)]


@given(IDS, st.integers(1, 60))
def test_every_problem_is_in_one_shard_and_no_shard_has_two_more_than_another(ids, count):
    parts = [shard.of(ids) for shard in shards(count)]
    assert sorted(each for part in parts for each in part) == sorted(ids)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@given(IDS, st.integers(1, 60), st.randoms())
def test_a_shard_does_not_depend_on_the_order_of_the_problems_and_keeps_it(ids, count, random):
    other = random.sample(ids, len(ids))
    for shard in shards(count):
        assert set(shard.of(ids)) == set(shard.of(other))
        assert list(shard.of(other)) == [each for each in other if each in shard.of(ids)]


def test_the_problems_of_a_shard_stay_the_same_from_version_to_version():
    mine = Shard(number=2, count=5).of(f"HumanEval/{number}" for number in range(20))
    assert mine == ("HumanEval/0", "HumanEval/7", "HumanEval/11", "HumanEval/16")


def test_the_part_of_a_benchmark_is_the_benchmark_with_fewer_problems():
    benchmark = load_benchmark("starter")
    part = part_of(benchmark, parse_shard("3/7"))
    ids = [problem.problem_id for problem in benchmark.problems]
    assert [problem.problem_id for problem in part.problems] == list(Shard(number=3, count=7).of(ids))
    assert (part.name, part.sha256) == (benchmark.name, benchmark.sha256)
    assert part_of(benchmark, None) is benchmark


@pytest.mark.parametrize(
    "text", ["", "1", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "1 /4", "a/b", "1.0/4", "²/4", "1/4\n"]
)
def test_what_is_no_shard_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="give i/n with i from 1 to n, such as 1/4"):
        parse_shard(text)
