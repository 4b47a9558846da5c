"""A page of runs, served to the browsers of this machine alone."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


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
