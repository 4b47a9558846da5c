"""Pages served to the browsers of this machine alone."""

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from codecrucible.harness.common.errors import UsageError


class LocalServer(ThreadingHTTPServer):
    """Serves on 127.0.0.1.

    Args:
        handler: Answers a request.
        port: 0 for a free one.

    Raises:
        UsageError: the port cannot be had.
    """

    daemon_threads = True

    def __init__(self, handler: "type[LocalHandler]", port: int) -> None:
        try:
            super().__init__(("127.0.0.1", port), handler)
        except OSError as error:
            raise UsageError(
                f"cannot listen on port {port} of 127.0.0.1 ({error.strerror}); give another --port, or none for a "
                "free one"
            ) from None

    @property
    def url(self) -> str:
        """Where the server is."""
        return f"http://127.0.0.1:{self.server_address[1]}/"

    @property
    def names(self) -> frozenset[str]:
        """What this machine is called in a request; a name that somebody else made point to it is none of these."""
        return frozenset(f"{name}:{self.server_address[1]}" for name in ("127.0.0.1", "localhost"))


class LocalHandler(BaseHTTPRequestHandler):
    """Answers requests of this machine."""

    server: LocalServer

    def is_for_here(self) -> bool:
        """Whether the request is for a name of this machine."""
        return self.headers["Host"] in self.server.names

    def begin(self, status: int, kind: str, length: int) -> None:
        """Send everything that stands before a body of so many bytes; no other page may frame or read it."""
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(length))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Requests are not worth a line."""


class PageServer(LocalServer):
    """Serves one file.

    Args:
        page: The file.
        port: 0 for a free one.
    """

    def __init__(self, page: Path, port: int) -> None:
        super().__init__(_PageHandler, port)
        self.page = page


class _PageHandler(LocalHandler):
    server: PageServer

    def do_GET(self) -> None:
        if self.path != "/" or not self.is_for_here():
            self.send_error(404)
            return
        self.begin(200, "text/html", self.server.page.stat().st_size)
        with self.server.page.open("rb") as file:
            shutil.copyfileobj(file, self.wfile)
