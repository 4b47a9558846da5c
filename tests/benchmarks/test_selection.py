import pytest

from codecrucible.benchmarks import UnknownBenchmark, benchmark_names, selected_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("humaneval", ("humaneval",)),
        ("mbpp, humaneval,,mbpp", ("mbpp", "humaneval")),
        ("humaneval[:3],mbpp[MBPP/11,MBPP/12]", ("humaneval[:3]", "mbpp[MBPP/11,MBPP/12]")),
        ("mbpp:*[:2]", ("mbpp:3shot[:2]", "mbpp:sanitized[:2]", "mbpp:train[:2]", "mbpp:all[:2]")),
        ("multipl-e:humaneval-r?", ("multipl-e:humaneval-rb", "multipl-e:humaneval-rs")),
        ("humanevil", ("humanevil",)),
    ],
)
def test_a_list_names_benchmarks_in_its_order_each_once(text, names):
    assert selected_names(text) == names


def test_a_pattern_stands_for_every_language_that_is_tested():
    untested = ["multipl-e:humaneval-jl", "multipl-e:humaneval-swift", "multipl-e:humaneval-dart"]
    of_humaneval = [name for name in benchmark_names() if name.startswith("multipl-e:humaneval-")]
    assert list(selected_names("multipl-e:humaneval-*")) == [name for name in of_humaneval if name not in untested]
    assert list(selected_names("multipl-e:humaneval-jl,multipl-e:*-swift")) == [
        "multipl-e:humaneval-jl", "multipl-e:humaneval-swift", "multipl-e:mbpp-swift"
    ]  # fmt: skip


def test_a_choice_of_problems_goes_behind_every_name():
    assert selected_names("starter,humaneval", problems=":5") == ("starter[:5]", "humaneval[:5]")


@pytest.mark.parametrize(
    ("text", "problems", "said"),
    [
        ("multipl-x:*", "", "no benchmark's name fits 'multipl-x:\\*': there are humaneval"),
        (" , ", "", "names no benchmark"),
        ("starter[:2]", ":1", "beside the choice that 'starter\\[:2\\]' makes"),
    ],
)
def test_what_names_nothing_is_an_error(text, problems, said):
    with pytest.raises(UnknownBenchmark, match=said):
        selected_names(text, problems=problems)
