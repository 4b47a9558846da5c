from codecrucible.benchmarks import benchmark_names, catalogue, load_benchmark


def test_the_catalogue_has_every_benchmark_once():
    assert sorted(entry.name for entry in catalogue()) == sorted(benchmark_names())


def test_what_the_catalogue_says_is_what_the_data_says(benchmark_name):
    (entry,) = (entry for entry in catalogue() if entry.name == benchmark_name)
    benchmark = load_benchmark(benchmark_name)
    assert entry.at_hand
    assert (entry.problems, entry.sha256, entry.licence) == (
        len(benchmark.problems),
        benchmark.sha256,
        benchmark.licence,
    )
    assert set(entry.language.split(",")) == {problem.language for problem in benchmark.problems}
    assert benchmark.source.startswith(entry.source)
    assert benchmark.revision.startswith(entry.version) or benchmark.sha256.startswith(entry.version)


def test_the_catalogue_knows_what_is_not_on_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert [entry.name for entry in catalogue() if entry.at_hand] == [
        "humaneval",
        "starter",
        "practice",
        "practice:same-families",
        "practice:held-out",
    ]
