"""Shards of a run, merged, are the run that one machine makes; what is no such set of shards is refused."""

import json
import shutil

import pytest
from tiny_models import save_tiny_llama

from codecrucible.benchmarks import load_benchmark
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE, EXIT_USAGE

SHARDS = 4
#: What a second execution of the same program changes.
TIMES = {"cpu_s", "wall_s", "memory_bytes", "timing"}
#: Of run.json and report.json: where and when, and what follows from files with times in them.
PLACE = {"argv", "created_utc", "machine", "inputs"}


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def masked(value):
    if isinstance(value, dict):
        return {key: masked(each) for key, each in value.items() if key not in TIMES}
    return [masked(each) for each in value] if isinstance(value, list) else value


def changed(folder, name, **changes):
    path = folder / name
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def in_shards(home, *command):
    """Exit codes and folders of a command, whole and shard by shard."""
    folders = {shard: home / f"shard-{shard}" for shard in range(1, SHARDS + 1)}
    for shard, folder in folders.items():
        assert main([*command, "--shard", f"{shard}/{SHARDS}", "--out", str(folder)]) == EXIT_DONE
    assert main([*command, "--out", str(home / "whole")]) == EXIT_DONE
    return list(folders.values())


def merge(out, *shards):
    return main(["merge", *map(str, shards), "--out", str(out), "--quiet"])


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Folder with a run of a tiny model, whole and in shards; batches go across problems."""
    home = tmp_path_factory.mktemp("generated")
    save_tiny_llama(home / "model")
    options = ("--benchmark", "starter[:12]", "-n", "3", "--temperature", "0.8", "--max-new-tokens", "8")
    in_shards(home, "generate", "--model", str(home / "model"), *options, "--batch-size", "5", "--quiet")
    return home


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory, executor):
    """Folder with an evaluation, whole and in shards: right, wrong, insecure, empty and doubled answers."""
    home = tmp_path_factory.mktemp("evaluated")
    answers = []
    for problem in load_benchmark("starter[:8]").problems:
        wrong = f"{problem.reference}\nimport subprocess\nsubprocess.call(x, shell=True)\n"
        answers += [(problem, text) for text in (problem.reference, wrong, problem.reference, "")]
    rows = [{"task_id": problem.problem_id, "completion": text} for problem, text in answers]
    (home / "samples.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ("--benchmark", "starter[:8]", "--prompt-form", "completion", "--workers", "1", "--quiet")
    limits = ("--cpu-limit", "0.01", "--wall-limit", "60", "--cpu-factor", "200")  # most problems have one of their own
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        in_shards(home, "evaluate", str(home / "samples.jsonl"), *options, *limits)
    return home


def shards_of(home):
    return [home / f"shard-{shard}" for shard in range(1, SHARDS + 1)]


@pytest.mark.model
def test_the_samples_of_merged_shards_are_those_of_the_whole_run_byte_for_byte(generated, tmp_path):
    assert merge(tmp_path / "merged", *reversed(shards_of(generated))) == EXIT_DONE
    merged, whole = tmp_path / "merged", generated / "whole"
    assert (merged / "samples.jsonl").read_bytes() == (whole / "samples.jsonl").read_bytes()
    assert (merged / "judgements.jsonl").read_bytes() == (whole / "judgements.jsonl").read_bytes()
    assert sorted(path.name for path in merged.iterdir()) == sorted(path.name for path in whole.iterdir())
    assert len(lines(whole / "samples.jsonl")) == 36


@pytest.mark.docker
def test_merged_shards_are_the_whole_run_file_by_file(evaluated, tmp_path):
    merged, whole = tmp_path / "merged", evaluated / "whole"
    assert merge(merged, *shards_of(evaluated)) == EXIT_DONE
    assert sorted(path.name for path in merged.iterdir()) == sorted(path.name for path in whole.iterdir())
    for name in ("samples.jsonl", "judgements.jsonl"):
        assert (merged / name).read_bytes() == (whole / name).read_bytes(), name
    found = [(folder / "findings.jsonl").read_bytes().splitlines() for folder in (merged, whole)]
    assert sorted(found[0]) == sorted(found[1])  # programs are scanned in random order
    seen = [masked(lines(folder / "executions.jsonl")) for folder in (merged, whole)]
    assert sorted(map(json.dumps, seen[0])) == sorted(map(json.dumps, seen[1]))
    for name in ("run.json", "report.json"):
        one, other = (json.loads((folder / name).read_text()) for folder in (merged, whole))
        assert masked({**one, **dict.fromkeys(PLACE)}) == masked({**other, **dict.fromkeys(PLACE)}), name
    verdicts = json.loads((whole / "report.json").read_text())["verdicts"]
    assert (verdicts["passed"], verdicts["empty"]) == (16, 8)
    assert any(scan["findings"] for scan in lines(whole / "findings.jsonl"))


@pytest.mark.docker
def test_a_shard_has_its_own_problems_and_says_so(evaluated, capsys):
    runs = [json.loads((folder / "run.json").read_text()) for folder in shards_of(evaluated)]
    assert len({run["run_id"] for run in runs}) == 1
    assert [run["shard"] for run in runs] == [{"number": n, "count": SHARDS} for n in range(1, SHARDS + 1)]
    report = json.loads((shards_of(evaluated)[1] / "report.json").read_text())
    assert (report["benchmark"], report["problems"], report["samples"]) == ("starter[:8] (shard 2/4)", 2, 8)
    assert report["missing"] == {"problems": [], "samples": 0}
    assert main(["compare", *map(str, shards_of(evaluated)[:2])]) == EXIT_USAGE
    assert "shard: 1/4 in" in capsys.readouterr().err


@pytest.mark.docker
def test_a_shard_measures_its_own_problems_and_the_merged_run_has_the_limits_of_all(evaluated, tmp_path):
    merge(tmp_path / "merged", *shards_of(evaluated))
    *shards, merged = (
        json.loads((folder / "run.json").read_text())["problem_cpu_s"]
        for folder in (*shards_of(evaluated), tmp_path / "merged")
    )
    assert len(merged) == sum(map(len, shards)) > SHARDS
    assert merged == {problem_id: cpu_s for each in shards for problem_id, cpu_s in each.items()}
    assert list(merged) == sorted(merged)


@pytest.mark.docker
def test_where_each_shard_was_made_is_kept(evaluated, tmp_path):
    merge(tmp_path / "merged", *shards_of(evaluated))
    run = json.loads((tmp_path / "merged" / "run.json").read_text())
    assert run["argv"][:2] == ["crucible", "merge"]
    origins = run["machine"]["shards"]
    assert origins[2]["argv"][-4:-2] == ["--shard", "3/4"]
    assert all(origin["machine"]["kernel"] and origin["sandbox"]["engine"]["version"] for origin in origins)
    assert len(lines(tmp_path / "merged" / "sessions.jsonl")) == SHARDS


@pytest.mark.docker
def test_an_unexecuted_shard_beside_executed_ones_is_refused_with_what_to_do(evaluated, tmp_path, capsys):
    one = shutil.copytree(shards_of(evaluated)[0], tmp_path / "one")
    two = shutil.copytree(shards_of(evaluated)[1], tmp_path / "two")
    changed(one, "run.json", sandbox={}, problem_cpu_s=None)
    for name in ("executions.jsonl", "judgements.jsonl"):
        (one / name).write_text("")
    changed(two, "run.json", sandbox=json.loads((two / "run.json").read_text())["sandbox"] | {"scanners": {}})
    (two / "findings.jsonl").write_text("")
    assert merge(tmp_path / "merged", one, two, *shards_of(evaluated)[2:]) == EXIT_FAILURE
    told = capsys.readouterr().err
    assert f"shard 1/4 in {one} has 8 samples unjudged: `crucible execute {one}` resumes" in told
    assert f"shard 2/4 in {two} has 6 samples not scanned: `crucible scan {two}` resumes" in told
    assert not (tmp_path / "merged").exists()


@pytest.mark.docker
def test_shards_from_images_of_another_content_are_refused_and_those_of_another_build_are_not(
    evaluated, tmp_path, capsys
):
    one = shutil.copytree(shards_of(evaluated)[0], tmp_path / "one")
    sandbox = json.loads((one / "run.json").read_text())["sandbox"]
    changed(one, "run.json", sandbox=sandbox | {"kernel": "7", "workers": 9, "engine": {}}, machine={"cores": 99})
    assert merge(tmp_path / "merged", one, *shards_of(evaluated)[1:]) == EXIT_DONE
    changed(one, "run.json", sandbox=sandbox | {"image": sandbox["image"] | {"built": {"id": "sha256:1"}}})
    assert merge(tmp_path / "of another build", one, *shards_of(evaluated)[1:]) == EXIT_DONE
    changed(one, "run.json", sandbox=sandbox | {"image": sandbox["image"] | {"id": "sha256:0"}})
    assert merge(tmp_path / "other", one, *shards_of(evaluated)[1:]) == EXIT_USAGE
    assert 'sandbox.image.id is "sha256:0" for shard 1/4 in' in capsys.readouterr().err


@pytest.mark.model
def test_a_missing_shard_is_named(generated, tmp_path, capsys):
    one, _, three, _ = shards_of(generated)
    assert merge(tmp_path / "merged", one, three) == EXIT_FAILURE
    told = capsys.readouterr().err
    assert "shard 2/4 is missing" in told
    assert "shard 4/4 is missing" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
def test_a_shard_that_is_not_finished_is_named_with_what_it_lacks(generated, tmp_path, capsys):
    one, *others = shards_of(generated)
    cut = shutil.copytree(one, tmp_path / "cut")
    rows = (cut / "samples.jsonl").read_text().splitlines(keepends=True)
    (cut / "samples.jsonl").write_text("".join(rows[:-2]) + rows[-1][:9])
    assert merge(tmp_path / "merged", cut, *others) == EXIT_FAILURE
    assert (
        f"shard 1/4 in {cut} lacks 2 samples: run the command that made it again to resume" in capsys.readouterr().err
    )


@pytest.mark.model
def test_shards_of_different_runs_are_refused_with_every_difference(generated, tmp_path, capsys):
    one, *others = shards_of(generated)
    strange = shutil.copytree(one, tmp_path / "strange")
    run = json.loads((strange / "run.json").read_text())
    sampling = run["sampling"] | {"seed": 1, "top_p": 0.5}
    changed(strange, "run.json", sampling=sampling, packages={"torch": "1"}, k=[3], shard={"number": 1, "count": 5})
    assert merge(tmp_path / "merged", strange, *others) == EXIT_USAGE
    told = capsys.readouterr().err
    for name in ("sampling.seed is 1 for", "sampling.top_p is 0.5 for", "packages.torch", "k is [3]", "shards is 5"):
        assert name in told
    assert "sampling.temperature" not in told


@pytest.mark.model
def test_a_shard_given_twice_and_a_whole_run_are_refused(generated, tmp_path, capsys):
    one, *others = shards_of(generated)
    copy = shutil.copytree(one, tmp_path / "copy")
    assert merge(tmp_path / "merged", one, copy, *others) == EXIT_USAGE
    assert f"shard 1/4 in {one} is the same as shard 1/4 in {copy}: give each shard once" in capsys.readouterr().err
    assert merge(tmp_path / "merged", one, generated / "whole") == EXIT_USAGE
    assert "is no shard but a whole run" in capsys.readouterr().err


@pytest.mark.model
def test_a_sample_of_another_shard_is_refused(generated, tmp_path, capsys):
    one, *others = shards_of(generated)
    wrong = shutil.copytree(one, tmp_path / "wrong")
    foreign = (others[0] / "samples.jsonl").read_text().splitlines(keepends=True)[0]
    with (wrong / "samples.jsonl").open("a") as file:
        file.write(foreign)
    assert merge(tmp_path / "merged", wrong, *others) == EXIT_USAGE
    assert "is none of this run's" in capsys.readouterr().err


@pytest.mark.model
def test_merging_again_changes_nothing_and_another_content_is_refused(generated, tmp_path, capsys):
    out = tmp_path / "merged"
    assert merge(out, *shards_of(generated)) == EXIT_DONE
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert merge(out, *shards_of(generated)) == EXIT_DONE
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    (out / "samples.jsonl").write_bytes(before["samples.jsonl"][:-1])
    assert merge(out, *shards_of(generated)) == EXIT_USAGE
    assert f"{out} holds this run with another samples.jsonl than its shards" in capsys.readouterr().err
    assert merge(shards_of(generated)[0], *shards_of(generated)) == EXIT_USAGE
    assert 'shard is "1/4" there, and null asked for' in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["merged"]


@pytest.mark.model
def test_a_shard_does_not_go_on_in_the_folder_of_another(generated, tmp_path, capsys):
    one = shutil.copytree(shards_of(generated)[0], tmp_path / "one")
    argv = json.loads((one / "run.json").read_text())["argv"][1:-4]
    assert main([*argv, "--shard", "2/4", "--out", str(one)]) == EXIT_USAGE
    assert 'shard is "1/4" there, and "2/4" asked for' in capsys.readouterr().err
    assert main([*argv, "--shard", "13/13", "--out", str(tmp_path / "new")]) == EXIT_USAGE
    assert "--shard 13/13: starter[:12] has 12 problems, and this shard would have none" in capsys.readouterr().err
