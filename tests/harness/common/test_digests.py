import hashlib
import os
import time

from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.harness.common.files import file_sha256, files_sha256

LARGE = b"weights" * 300_000


def settled(path, content):
    """`path`, written an hour ago."""
    path.write_bytes(content)
    then = time.time() - 3600
    os.utime(path, (then, then))
    return path


def test_a_digest_is_that_of_the_bytes_the_first_time_and_the_second(tmp_path):
    for content in (b"", b"small", LARGE):
        path = settled(tmp_path / "file", content)
        expected = hashlib.sha256(content).hexdigest()
        assert file_sha256(path) == file_sha256(path) == expected


def test_a_large_file_is_not_read_twice(tmp_path):
    path = settled(tmp_path / "file", LARGE)
    file_sha256(path)
    (entry,) = (cache_home() / "digests").glob("*.json")
    entry.write_text(entry.read_text().replace(hashlib.sha256(LARGE).hexdigest(), "remembered"))
    assert file_sha256(path) == "remembered"


def test_a_file_that_changed_is_read_again(tmp_path):
    path = settled(tmp_path / "file", LARGE)
    first = file_sha256(path)
    path.write_bytes(LARGE[::-1])
    assert file_sha256(path) != first


def test_a_file_that_has_just_been_written_is_not_remembered(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(LARGE)
    file_sha256(path)
    assert not (cache_home() / "digests").exists()


def test_a_broken_cache_entry_is_ignored(tmp_path):
    path = settled(tmp_path / "file", LARGE)
    first = file_sha256(path)
    (entry,) = (cache_home() / "digests").glob("*.json")
    entry.write_text("{")
    assert file_sha256(path) == first


def test_several_files_are_one_digest_of_names_and_contents(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    one = files_sha256({"a": tmp_path / "a", "b": tmp_path / "b"})
    assert one == files_sha256({"b": tmp_path / "b", "a": tmp_path / "a"})
    assert one != files_sha256({"a": tmp_path / "b", "b": tmp_path / "a"})
    lines = f"{hashlib.sha256(b'1').hexdigest()}  a\n{hashlib.sha256(b'2').hexdigest()}  b\n"
    assert one == hashlib.sha256(lines.encode()).hexdigest()
