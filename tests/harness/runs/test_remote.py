"""Runs are read from where they lie, and written here and copied there, whatever happens in between."""

import json
import shutil
import threading
import time

import fsspec
import pytest
from tiny_models import save_tiny_llama

from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_FAILURE, EXIT_USAGE
from codecrucible.harness.runs import remote as remote_folder
from codecrucible.harness.runs.remote import local_copy, mirrored

pytestmark = pytest.mark.model
STORE = fsspec.filesystem("memory")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return save_tiny_llama(tmp_path_factory.mktemp("remote") / "model")


@pytest.fixture(autouse=True)
def empty_store():
    yield
    for path in STORE.find("/"):
        STORE.rm(path)


def generate(model, out, *more, n=2, seed=0):
    options = ("--benchmark", "starter[:3]", "--temperature", "0.8", "--max-new-tokens", "4", "-k", "1")
    drawn = ("-n", str(n), "--seed", str(seed), "--dtype", "float32")
    return main(["generate", "--model", str(model), *options, *drawn, "--out", str(out), "--quiet", *more])


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.lock"}


def stored(root):
    return {path.rpartition("/")[2]: STORE.cat(path) for path in STORE.find(root)}


def test_a_run_is_copied_there_whole_and_goes_on_from_there_on_another_machine(model, tmp_path):
    sync = ("--sync", "memory://bucket/runs")
    assert generate(model, tmp_path / "one/run", *sync) == EXIT_DONE
    assert stored("/bucket/runs/run") == content(tmp_path / "one/run")
    assert generate(model, tmp_path / "other/run", *sync, n=3) == EXIT_DONE
    first, second = ((tmp_path / name / "run/samples.jsonl").read_text() for name in ("one", "other"))
    assert second.startswith(first)
    assert len(second.splitlines()) == 9
    assert stored("/bucket/runs/run") == content(tmp_path / "other/run")


def test_a_run_whose_fetching_was_cut_short_is_fetched_again(model, tmp_path, monkeypatch):
    sync = ("--sync", "memory://bucket")
    assert generate(model, tmp_path / "one/run", *sync) == EXIT_DONE
    get_file = type(STORE).get_file

    def cut_short(store, path, *more, **options):
        if path.endswith("samples.jsonl"):
            raise TimeoutError
        return get_file(store, path, *more, **options)

    with monkeypatch.context() as patch:
        patch.setattr(type(STORE), "get_file", cut_short)
        assert generate(model, tmp_path / "other/run", *sync) == EXIT_FAILURE
    assert generate(model, tmp_path / "other/run", *sync) == EXIT_DONE
    assert content(tmp_path / "other/run")["samples.jsonl"] == content(tmp_path / "one/run")["samples.jsonl"]


def test_runs_elsewhere_are_read_as_those_here_and_read_again_when_they_changed(model, tmp_path, capsys):
    folders = [tmp_path / "runs/one", tmp_path / "runs/two"]
    for seed, folder in enumerate(folders):
        assert generate(model, folder, seed=seed) == EXIT_DONE
        STORE.put(str(folder), "/bucket/runs/", recursive=True)
    capsys.readouterr()
    assert main(["report", "memory://bucket/runs/one", "--json", "--quiet"]) == EXIT_DONE
    there = capsys.readouterr().out
    assert main(["report", str(folders[0]), "--json", "--quiet"]) == EXIT_DONE
    assert json.loads(there) == json.loads(capsys.readouterr().out)
    assert main(["leaderboard", "a=memory://bucket/runs/one", str(folders[1]), "--json", "--quiet"]) != EXIT_USAGE
    copy = local_copy("memory://bucket/runs")
    assert {path.name for path in copy.iterdir()} == {"one", "two"}
    STORE.pipe("/bucket/runs/one/samples.jsonl", b"")
    STORE.rm("/bucket/runs/two/report.json")
    assert (local_copy("memory://bucket/runs") / "one/samples.jsonl").read_bytes() == b""
    assert not (copy / "two/report.json").exists()


def test_only_the_files_of_a_run_are_copied_and_none_to_another_place(model, tmp_path):
    assert generate(model, tmp_path / "run") == EXIT_DONE
    STORE.put(str(tmp_path / "run"), "/bucket/", recursive=True)
    for name in ("run/.bashrc", "run/deep/er/run.json", "run/../../run.json"):
        STORE.store[f"/bucket/{name}"] = fsspec.implementations.memory.MemoryFile(STORE, name, b"{}")
    copy = local_copy("memory://bucket/run")
    home = copy.parent
    assert {path.relative_to(home).parts[0] for path in home.rglob("*")} == {"run", "versions.json"}
    assert {path.name for path in copy.rglob("*")} <= set(remote_folder.FILES)


def test_another_run_there_and_a_longer_one_are_not_overwritten(model, tmp_path, capsys):
    sync = ("--sync", "memory://bucket")
    assert generate(model, tmp_path / "run", *sync) == EXIT_DONE
    before = stored("/bucket/run")
    assert generate(model, tmp_path / "other/run", *sync, seed=1) == EXIT_USAGE
    assert "holds another run: sampling.seed is 0 there, and 1 asked for" in capsys.readouterr().err
    shutil.rmtree(tmp_path / "other")
    assert generate(model, tmp_path / "other/run", seed=1) == EXIT_DONE
    assert generate(model, tmp_path / "other/run", *sync, seed=1) == EXIT_USAGE
    assert "memory://bucket/run holds another run: sampling.seed is 0 there" in capsys.readouterr().err
    lines = (tmp_path / "run/samples.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "run/samples.jsonl").write_text("".join(lines[:2]))
    assert generate(model, tmp_path / "run", *sync) == EXIT_USAGE
    assert "has more of this run than" in capsys.readouterr().err
    assert stored("/bucket/run") == before


def test_files_are_copied_while_a_run_is_written_and_after_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(remote_folder, "COPY_EVERY_S", 0.02)
    folder = tmp_path / "run"
    folder.mkdir()

    def work():
        (folder / "samples.jsonl").write_text("one\n")
        deadline = time.monotonic() + 20
        while stored("/bucket/run").get("samples.jsonl") != b"one\n" and time.monotonic() < deadline:
            time.sleep(0.01)
        assert stored("/bucket/run") == {"samples.jsonl": b"one\n"}
        (folder / "samples.jsonl").write_text("one\ntwo\n")
        (folder / "run.lock").write_text("pid 1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), mirrored(folder, "memory://bucket"):
        work()
    assert stored("/bucket/run") == {"samples.jsonl": b"one\ntwo\n"}
    assert "mirror" not in {thread.name for thread in threading.enumerate()}


def test_a_store_that_fails_loses_nothing_and_is_told_once(model, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(remote_folder, "COPY_EVERY_S", 0.02)

    def fail(*_, **__):
        raise PermissionError("no key")

    monkeypatch.setattr(type(STORE), "put_file", fail)
    assert generate(model, tmp_path / "run", "--sync", "memory://bucket") == EXIT_FAILURE
    said = capsys.readouterr().err
    assert "could not write memory://bucket/run/run.json: PermissionError: no key" in said
    assert said.count("the run continues") <= 1
    assert len((tmp_path / "run/samples.jsonl").read_text().splitlines()) == 6


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://nothing/here", "memory://nothing/here holds no run"),
        ("s3://bucket/run", "s3://bucket/run: Install s3fs to access S3"),
        ("nope://bucket/run", "nope://bucket/run: Protocol not known: nope"),
        ("https://user:secret@host/run", "a URL with a password in it ends up in logs"),
    ],
)
def test_a_url_with_nothing_behind_it_is_an_error_that_says_what_to_do(url, said, capsys):
    assert main(["report", url]) == EXIT_USAGE
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told


def test_what_writes_to_a_run_wants_it_here(capsys):
    with pytest.raises(SystemExit, match=str(EXIT_USAGE)):
        main(["execute", "memory://bucket/run"])
    assert "name a folder on this machine; --sync URL copies it" in capsys.readouterr().err
