"""What `crucible view` does, once its arguments are parsed."""

import sys
import tempfile
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.results.page_server import PageServer
from codecrucible.harness.results.pages import save_page
from codecrucible.harness.runs.folder import RunFolder


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
