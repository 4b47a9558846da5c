import pytest

from benchmarks import UnknownBenchmark, benchmark_names, load_benchmark


def test_every_advertised_benchmark_loads_under_its_own_name():
    names = [name for name in benchmark_names() if not name.startswith("multipl-e:")]  # see test_multipl_e.py
    counts = {name: len(load_benchmark(name).problems) for name in names}

    assert counts == {"humaneval": 164, "starter": 40}
    assert all(load_benchmark(name).name == name for name in names)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("starter[:3]", range(3)),
        ("starter[10:12]", range(10, 12)),
        ("starter[38:]", range(38, 40)),
        ("starter[-2:]", range(38, 40)),
        ("starter[::20]", range(0, 40, 20)),
        ("starter[5:1000]", range(5, 40)),
        ("starter[1::-1]", range(1, -1, -1)),
        ("starter[:]", range(40)),
    ],
)
def test_a_slice_selects_as_python_does(name, expected):
    benchmark = load_benchmark(name)

    assert [problem.problem_id for problem in benchmark.problems] == [f"starter/{i}" for i in expected]
    assert benchmark.name == name


def test_a_sliced_benchmark_says_so_in_name_and_title_and_keeps_its_source():
    sliced, whole = load_benchmark(" starter[ 2 : 4 ] "), load_benchmark("starter")

    assert sliced.name == "starter[2:4]"
    assert sliced.title.endswith("problems [2:4]")
    assert (sliced.sha256, sliced.revision) == (whole.sha256, whole.revision)


@pytest.mark.parametrize("name", ["HumanEval", "humanevl", "human-eval", "humaneval+"])
def test_an_unknown_name_gets_the_near_one_and_the_whole_list(name):
    with pytest.raises(UnknownBenchmark, match=r"did you mean 'humaneval'\? There are humaneval, starter"):
        load_benchmark(name)


def test_a_name_near_to_none_gets_the_list_only():
    with pytest.raises(UnknownBenchmark, match=r"^no benchmark is called 'zzz': There are humaneval, starter"):
        load_benchmark("zzz")


@pytest.mark.parametrize("text", ["[5]", "[a:b]", "[1:2:3:4]", "[::0]", "[1:2", "[]", "[1:2]x", "[1.5:]", "[٣:]"])
def test_what_is_not_a_slice_is_told_what_a_slice_looks_like(text):
    with pytest.raises(UnknownBenchmark, match=r"is not a slice; write starter\[:20\]"):
        load_benchmark("starter" + text)


@pytest.mark.parametrize("text", ["[40:]", "[3:3]", "[9:1]"])
def test_a_slice_that_selects_nothing_is_an_error(text):
    with pytest.raises(UnknownBenchmark, match="selects none of the 40 problems"):
        load_benchmark("starter" + text)
