import pytest

from codecrucible.benchmarks import BenchmarkDataAbsent, UnknownBenchmark, benchmark_names, load_benchmark
from codecrucible.benchmarks.registry import canonical_name
from codecrucible.benchmarks.sources.livecodebench import NAMES as LIVECODEBENCH
from codecrucible.benchmarks.sources.recode import NAMES as RECODE

COUNTS = {
    "humaneval": 164,
    "starter": 40,
    "practice": 614,
    "practice:same-families": 150,
    "practice:held-out": 225,
    "mbpp": 500,
    "mbpp:3shot": 500,
    "mbpp:sanitized": 427,
    "mbpp:train": 374,
    "mbpp:all": 974,
    "humaneval+": 164,
    "humaneval+:mini": 164,
    "humaneval+:noextreme": 164,
    "mbpp+": 378,
    "mbpp+:noextreme": 378,
    "humaneval-infilling:single-line": 1033,
    "humaneval-infilling:multi-line": 5815,
    "humaneval-infilling:random-span": 1640,
    "humaneval-infilling:random-span-light": 164,
    "humaneval-xl": 1840,
    **{
        f"humanevalpack:{task}-{suffix}": 164
        for task in ("fix", "synthesize")
        for suffix in ("python", "js", "java", "go", "cpp", "rust")
    },
    "cruxeval-o": 800,
    "cruxeval-i": 800,
    "classeval": 100,
    "cyberseceval:instruct": 1916,
    "cyberseceval:autocomplete": 1916,
    "cweval": 25,
    "bigcodebench": 1140,
    "bigcodebench:hard": 148,
    "bigcodebench:instruct": 1140,
    "bigcodebench:instruct-hard": 148,
    **RECODE,
}


def test_these_are_the_benchmarks():
    translations = tuple(name for name in benchmark_names() if name.startswith("multipl-e:"))  # see test_multipl_e.py
    assert set(benchmark_names()) == {*COUNTS, *translations, "livecodebench", *LIVECODEBENCH}


def test_every_advertised_benchmark_loads_under_its_own_name(benchmark_name):
    benchmark = load_benchmark(benchmark_name)

    assert benchmark.name == benchmark_name
    assert len(benchmark.problems) == len({problem.problem_id for problem in benchmark.problems})
    assert len(benchmark.problems) == COUNTS.get(benchmark_name, len(benchmark.problems))


def test_what_is_not_on_this_machine_is_not_downloaded_unasked(tmp_path, monkeypatch):
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(BenchmarkDataAbsent, match=r"mbpp/mbpp\.jsonl is not on this machine"):
        load_benchmark("mbpp[:3]", download=False)
    assert len(load_benchmark("starter", download=False).problems) == 40


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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("HumanEval", "humaneval"),
        ("human-eval", "humaneval"),
        ("openai_humaneval[:3]", "humaneval[:3]"),
        ("Starter", "starter"),
    ],
)
def test_a_name_may_be_written_as_the_field_does(written, name):
    assert load_benchmark(written).name == name


def test_no_two_names_are_written_alike():
    assert [canonical_name(name.upper().replace("+", "_plus")) for name in benchmark_names()] == [*benchmark_names()]
    assert canonical_name("zzz") == "zzz"


@pytest.mark.parametrize("name", ["humanevl", "humenaval", "humaneval2"])
def test_an_unknown_name_gets_the_near_one_and_where_all_are_listed(name):
    with pytest.raises(UnknownBenchmark, match=r"did you mean 'humaneval'\? `crucible benchmarks` lists all"):
        load_benchmark(name)


def test_a_name_near_to_none_gets_where_all_are_listed():
    with pytest.raises(UnknownBenchmark, match=r"^no benchmark is called 'zzz': `crucible benchmarks` lists all"):
        load_benchmark("zzz")


@pytest.mark.parametrize("text", ["[::0]", "[1:2", "[]", "[1:2]x", "[,]"])
def test_what_is_no_choice_of_problems_is_told_what_one_looks_like(text):
    with pytest.raises(UnknownBenchmark, match=r"is not a choice of problems; write starter\[:20\]"):
        load_benchmark("starter" + text)


@pytest.mark.parametrize("text", ["[5]", "[a:b]", "[1:2:3:4]", "[1.5:]", "[٣:]", "[starter/0,starter/99]"])
def test_an_id_that_no_problem_has_is_told_what_can_be_chosen(text):
    with pytest.raises(UnknownBenchmark, match=r"'starter' has no problem .*write starter\[:20\], .*\[starter/0\]"):
        load_benchmark("starter" + text)


def test_an_id_near_to_one_of_a_problem_gets_that_one():
    with pytest.raises(UnknownBenchmark, match=r"no problem 'starter-7': did you mean 'starter/7'\?"):
        load_benchmark("starter[starter-7]")


def test_problems_are_chosen_by_id_under_a_name_that_loads_them_again():
    chosen = load_benchmark("starter[ starter/7 , starter/3,starter/7]")

    assert chosen.name == "starter[starter/3,starter/7]"
    assert [problem.problem_id for problem in chosen.problems] == ["starter/3", "starter/7"]
    assert load_benchmark(chosen.name) == chosen


@pytest.mark.parametrize("text", ["[40:]", "[3:3]", "[9:1]"])
def test_a_slice_that_selects_nothing_is_an_error(text):
    with pytest.raises(UnknownBenchmark, match="selects none of the 40 problems"):
        load_benchmark("starter" + text)
