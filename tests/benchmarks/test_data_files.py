"""Data files by their content: from the user's folder, from the cache, from a server, and never another content."""

import gzip
import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from codecrucible.benchmarks import BenchmarkDataAbsent, BenchmarkDataError
from codecrucible.benchmarks.cache_folder import cache_home
from codecrucible.benchmarks.sources import data_files
from codecrucible.benchmarks.sources.data_files import PINNED, Access, DataFile, read_data_file

CONTENT = b'{"task_id": 1}\n' * 1000
FILE = DataFile(
    path="mine/mine.jsonl",
    url="http://127.0.0.1:9/mine.jsonl",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size_bytes=len(CONTENT),
)


@pytest.fixture
def given(tmp_path, monkeypatch):
    """The user's folder, empty, with a cache folder of the test's own."""
    monkeypatch.setenv("CRUCIBLE_DATA", str(tmp_path / "given"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "given" / "mine").mkdir(parents=True)
    return tmp_path / "given"


@pytest.fixture
def server():
    """A server on this machine: `answers` holds the body of each path, `asked` the paths that were asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            body, length = self.server.answers.get(self.path, (None, 0))
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(length))
            self.end_headers()
            if body is not None:
                self.wfile.write(body)
            if self.path == "/stalled":
                self.wfile.flush()
                self.server.ended.wait()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked, server.ended = {}, [], threading.Event()
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.ended.set()
        server.shutdown()
        thread.join()


def published(server, name, body, length=None):
    server.answers[name] = (body, len(body) if length is None else length)
    return replace(FILE, url=server.url + name)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_file_of_the_users_folder_is_read_plain_or_gzipped_and_nothing_is_downloaded(given, server, zipped):
    file = published(server, "/mine.jsonl", CONTENT)
    (given / ("mine/mine.jsonl.gz" if zipped else "mine/mine.jsonl")).write_bytes(
        gzip.compress(CONTENT) if zipped else CONTENT
    )
    assert read_data_file(file).content == CONTENT
    assert server.asked == []


@pytest.mark.parametrize("zipped", [False, True])
def test_what_is_nowhere_is_downloaded_once_and_then_in_the_cache(given, server, zipped):
    name = "/a/mine.jsonl.gz" if zipped else "/a/mine.jsonl"
    file = published(server, name, gzip.compress(CONTENT) if zipped else CONTENT)
    assert read_data_file(file).content == CONTENT
    assert read_data_file(file, Access(download=False)).content == CONTENT
    assert server.asked == [name]
    assert (cache_home() / "data" / "mine" / "mine.jsonl").read_bytes() == CONTENT


def test_without_a_folder_of_the_users_the_cache_is_enough(given, server, monkeypatch):
    monkeypatch.delenv("CRUCIBLE_DATA")
    file = published(server, "/mine.jsonl", CONTENT)
    assert read_data_file(file) == read_data_file(replace(file, url="http://127.0.0.1:9/gone"))


@pytest.mark.parametrize("damaged", [b"", CONTENT[:-1], CONTENT + b"x"])
def test_a_damaged_file_in_the_cache_is_fetched_again(given, server, damaged):
    file = published(server, "/mine.jsonl", CONTENT)
    read_data_file(file)
    cached = cache_home() / "data" / "mine" / "mine.jsonl"
    cached.write_bytes(damaged)
    with pytest.raises(BenchmarkDataAbsent):
        read_data_file(file, Access(download=False))
    assert read_data_file(file).content == CONTENT
    assert cached.read_bytes() == CONTENT


@pytest.mark.parametrize("body", [b"other", CONTENT[:-1], CONTENT + b"x"])
def test_another_content_is_refused_wherever_it_comes_from_and_is_not_kept(given, server, body):
    file = published(server, "/mine.jsonl", body)
    with pytest.raises(BenchmarkDataError, match=FILE.sha256):
        read_data_file(file)
    assert not cache_home().exists()
    (given / "mine/mine.jsonl").write_bytes(body)
    with pytest.raises(BenchmarkDataError, match="is not the file that scores are defined on") as raised:
        read_data_file(published(server, "/mine.jsonl", CONTENT))
    assert hashlib.sha256(body).hexdigest() in str(raised.value)
    assert str(given / "mine/mine.jsonl") in str(raised.value)


def test_no_more_is_unpacked_than_the_file_has(given, server):
    bomb = gzip.compress(bytes(65 << 20))
    with pytest.raises(BenchmarkDataError, match="has over 15000 bytes"):
        read_data_file(published(server, "/mine.jsonl.gz", bomb))
    (given / "mine/mine.jsonl.gz").write_bytes(bomb)
    for access in (PINNED, Access(unpinned="")):
        with pytest.raises(BenchmarkDataError, match="has over 67108864 bytes"):
            read_data_file(FILE, access)


def test_gzip_that_is_none_is_an_error_with_the_path(given):
    (given / "mine/mine.jsonl.gz").write_bytes(CONTENT)
    with pytest.raises(BenchmarkDataError, match=r"cannot read the data file .*mine\.jsonl\.gz"):
        read_data_file(FILE)


@pytest.mark.parametrize("cause", ["refused", "404", "cut short", "stalled", "damaged gzip"])
def test_a_download_that_fails_says_what_to_do(given, server, cause, monkeypatch):
    monkeypatch.setattr(data_files, "_TIMEOUT_S", 0.2)
    file = {
        "refused": FILE,
        "404": replace(FILE, url=server.url + "/nothing"),
        "cut short": published(server, "/short", CONTENT[:99], length=len(CONTENT)),
        "stalled": published(server, "/stalled", CONTENT[:99], length=len(CONTENT)),
        "damaged gzip": published(server, "/short.gz", gzip.compress(CONTENT)[:-9]),
    }[cause]
    expected = BenchmarkDataError if cause == "cut short" else BenchmarkDataAbsent
    with pytest.raises(expected) as raised:
        read_data_file(file)
    assert file.url in str(raised.value)
    if expected is BenchmarkDataAbsent:
        assert "set CRUCIBLE_DATA to the folder that holds mine/mine.jsonl (or mine/mine.jsonl.gz)" in str(raised.value)


def test_a_cache_that_cannot_be_written_is_no_obstacle(given, server, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert read_data_file(published(server, "/mine.jsonl", CONTENT)).content == CONTENT


def test_another_content_in_the_users_folder_is_taken_only_where_its_digest_is_accepted(given):
    other = CONTENT + b"more"
    digest = hashlib.sha256(other).hexdigest()
    (given / "mine/mine.jsonl").write_bytes(other)
    for accepted in ("", digest[:12]):
        data = read_data_file(FILE, Access(unpinned=accepted))
        assert (data.content, data.sha256, data.pinned) == (other, digest, False)
    with pytest.raises(BenchmarkDataError, match=f"has sha256 {digest}.*begins with 0123456789ab"):
        read_data_file(FILE, Access(unpinned="0123456789ab"))
    (given / "mine/mine.jsonl").write_bytes(CONTENT)
    assert read_data_file(FILE, Access(unpinned="")).pinned


def test_another_content_is_never_taken_from_elsewhere_than_the_users_folder(given, server):
    with pytest.raises(BenchmarkDataError, match="is not the file that scores are defined on"):
        read_data_file(published(server, "/mine.jsonl", b"other"), Access(unpinned=""))
