"""What `crucible view` does, once its arguments are parsed."""

import sys
import tempfile
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from codecrucible.harness.cli.groups import groups_of, refuse_lone_group
from codecrucible.harness.common.errors import EXIT_DONE
from codecrucible.harness.results.field import named_folder
from codecrucible.harness.results.page_server import PageServer
from codecrucible.harness.results.pages import save_page
from codecrucible.harness.results.report import benchmark_of, current_report
from codecrucible.reports.views.group_page import group_tables


def view(options: Namespace) -> int:
    """Serve the page of some runs on 127.0.0.1 until Ctrl-C."""
    refuse_lone_group(options)
    folders = [named_folder(given) for given in options.folders]
    groups = []
    if options.by:
        reports = [current_report(folder, benchmark_of(folder.manifest)) for folder in folders]
        groups = group_tables(groups_of(reports, options.by, against=options.against))
    with tempfile.TemporaryDirectory(prefix="codecrucible-") as home:
        page = Path(home) / "page.html"
        save_page(page, folders, groups=groups)
        with PageServer(page, options.port) as server:
            print(server.url, flush=True)
            print("serving until Ctrl-C", file=sys.stderr)
            with suppress(KeyboardInterrupt):
                server.serve_forever()
    return EXIT_DONE
