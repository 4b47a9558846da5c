"""One HTML file that holds runs whole, with every problem and every sample, or a leaderboard of them.

What is covered: it opens from a disk without any network; one problem's samples are unpacked when they are looked at,
so that a large run opens at once.
What is not: trust. Names, prompts, completions and outputs are hostile; they are data in the file, never markup, and
the scripts show them as text alone. A content security policy lets no other script run and nothing be fetched.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import IO, Any

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
    "overview.js",
    "leaderboard.js",
    "problems.js",
    "sample_lists.js",
    "samples.js",
    "frame.js",
)
"""In the order in which they run; together they are one script."""


def write_page(file: IO[bytes], index: Mapping[str, Any], problems: Iterable[Mapping[str, Any]]) -> None:
    """Write the page.

    Args:
        file: Opened for writing.
        index: From `page_index`.
        problems: What is shown of each of its rows, in their order: `prompt`, `reference`, `tests`, `texts` (each text
            once) and `runs`, a list of samples for each run, whose texts are indices of `texts` or None.
    """
    file.write(_head(index).encode())
    for number, problem in enumerate(problems):
        packed = gzip.compress(json.dumps(problem).encode(), mtime=0)
        file.write(b'<script type="text/plain" id="p%d">%s</script>\n' % (number, base64.b64encode(packed)))
    file.write(b"</body>\n</html>\n")


def _head(index: Mapping[str, Any]) -> str:
    """A page but for what may follow its script, whose `index` is shown as text alone."""
    home = files("codecrucible.reports.page")
    style = (home / "page.css").read_text(encoding="utf-8")
    script = "".join((home / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    known = json.dumps(index).replace("<", "\\u003c")
    return _HEAD.format(policy=policy, style=style, index=known, script=script)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>codecrucible</title>
<style>{style}</style>
</head>
<body>
<header class="top"><b>codecrucible</b>
<nav aria-label="Pages"></nav>
<input type="search" id="search" placeholder="Search ids, code, errors, verdicts ( / )"
aria-label="Search problems and samples" autocomplete="off" spellcheck="false">
<button type="button" id="help" title="keyboard shortcuts">?<span class="unseen"> keys</span></button>
<button type="button" id="theme" title="light or dark"><span aria-hidden="true">◐</span>
<span class="unseen">light or dark</span></button></header>
<main id="main"></main>
<div id="said" role="status" class="unseen"></div>
<dialog id="keys"></dialog>
<script type="application/json" id="index">{index}</script>
<script>{script}</script>
"""
