"""A file is written whole or not at all, and a lock has one owner that is alive."""

import os
import subprocess
import sys
from contextlib import suppress

import pytest

from codecrucible.harness.common.files import AlreadyLocked, drop_torn_line, locked, write_atomically, written_whole

HOLDS_THE_LOCK = (
    "import sys, time; from pathlib import Path;"
    "from codecrucible.harness.common.files import locked;"
    "lock = locked(Path(sys.argv[1]), wait=False); lock.__enter__(); print('held', flush=True); time.sleep(60)"
)


def test_a_file_whose_writing_fails_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = tmp_path / "report.json"
    write_atomically(path, "old")
    with suppress(ZeroDivisionError), written_whole(path) as part:
        part.write_text("new, but only in pa")
        _ = 1 / 0
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_is_there_already_is_not_written_again(tmp_path):
    path = tmp_path / "report.json"
    write_atomically(path, "text")
    before = path.stat().st_ino
    write_atomically(path, "text")
    assert path.stat().st_ino == before
    write_atomically(path, "other")
    assert path.stat().st_ino != before


@pytest.mark.parametrize(("content", "kept"), [(b"a\nb", b"a\n"), (b"a\n", b"a\n"), (b"a", b""), (b"", b"")])
def test_what_stands_after_the_last_newline_is_cut_off(tmp_path, content, kept):
    path = tmp_path / "samples.jsonl"
    path.write_bytes(content)
    drop_torn_line(path)
    assert path.read_bytes() == kept


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_a_lock_is_held_against_another_process_until_that_is_killed(tmp_path, kind):
    path = tmp_path / "lock"
    if kind == "folder":
        path.mkdir()
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        for _ in range(2):  # asking does not take the owner's name away
            with pytest.raises(AlreadyLocked) as refusal, locked(path, wait=False):
                pass
            assert str(refusal.value).startswith(f"pid {owner.pid} on " if kind == "file" else "an unknown process")
        owner.kill()
        with locked(path, wait=True):
            if kind == "file":
                assert path.read_text().startswith(f"pid {os.getpid()} on ")
