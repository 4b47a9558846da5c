"""A page of runs, served to the browsers of this machine alone."""

import shutil
import sys
import tempfile
from argparse import Namespace
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness.errors import EXIT_DONE
from harness.pages import save_page
from harness.run_folder import RunFolder


def view(options: Namespace) -> int:
    """Serve the page of some runs on 127.0.0.1 until Ctrl-C."""
    folders = [RunFolder(path) for path in options.folders]
    with tempfile.TemporaryDirectory(prefix="codecrucible-") as home:
        page = Path(home) / "page.html"
        save_page(page, folders)
        with PageServer(page, options.port) as server:
            print(server.url, flush=True)
            print("serving until Ctrl-C", file=sys.stderr)
            with suppress(KeyboardInterrupt):
                server.serve_forever()
    return EXIT_DONE


class PageServer(ThreadingHTTPServer):
    """Serves one file on 127.0.0.1.

    Args:
        page: The file.
        port: 0 for a free one.
    """

    daemon_threads = True

    def __init__(self, page: Path, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.page = page

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def is_its_name(self, host: str | None) -> bool:
        """Whether a request is for this machine; a name that somebody else made point to it is not."""
        return host in {f"{name}:{self.server_address[1]}" for name in ("127.0.0.1", "localhost")}


class _Handler(BaseHTTPRequestHandler):
    server: PageServer

    def do_GET(self) -> None:
        if self.path != "/" or not self.server.is_its_name(self.headers["Host"]):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(self.server.page.stat().st_size))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        with self.server.page.open("rb") as file:
            shutil.copyfileobj(file, self.wfile)

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line."""
