"""One HTML file that holds runs whole, with every problem and every sample, or a leaderboard of them.

What is covered: it opens from a disk without any network; one problem's samples are unpacked when they are looked at,
so that a large run opens at once.
What is not: trust. Names, prompts, completions and outputs are hostile; they are data in the file, never markup, and
the scripts show them as text alone. A content security policy lets no other script run and nothing be fetched.
"""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from codecrucible.reports.page.document import document
from codecrucible.reports.page.index import Failure, PageCandidate, PageProblem, PageRun, page_index

__all__ = ["Failure", "PageCandidate", "PageProblem", "PageRun", "page_index", "write_page"]

_SCRIPTS = (
    "common.js",
    "words.js",
    "safe_text.js",
    "table.js",
    "plots.js",
    "code.js",
    "problem_data.js",
    "tables.js",
    "overview.js",
    "leaderboard.js",
    "problems.js",
    "sample_lists.js",
    "samples.js",
    "frame.js",
)

_BODY = """<header class="top"><b>codecrucible</b>
<nav aria-label="Pages"></nav>
<input type="search" id="search" placeholder="Search ids, code, errors, verdicts ( / )"
aria-label="Search problems and samples" autocomplete="off" spellcheck="false">
<button type="button" id="help" title="keyboard shortcuts">?<span class="unseen"> keys</span></button>
<button type="button" id="theme" title="light or dark"><span aria-hidden="true">◐</span>
<span class="unseen">light or dark</span></button></header>
<main id="main"></main>
<div id="said" role="status" class="unseen"></div>
<dialog id="keys"></dialog>
"""


def write_page(file: IO[bytes], index: Mapping[str, Any], problems: Iterable[Mapping[str, Any]]) -> None:
    """Write the page.

    Args:
        file: Opened for writing.
        index: From `page_index`.
        problems: What is shown of each of its rows, in their order: `prompt`, `reference`, `tests`, `texts` (each text
            once) and `runs`, a list of samples for each run, whose texts are indices of `texts` or None.
    """
    file.write(document(index, body=_BODY, scripts=_SCRIPTS).encode())
    for number, problem in enumerate(problems):
        packed = gzip.compress(json.dumps(problem).encode(), mtime=0)
        file.write(b'<script type="text/plain" id="p%d">%s</script>\n' % (number, base64.b64encode(packed)))
    file.write(b"</body>\n</html>\n")
