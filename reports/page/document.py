"""An HTML file with a style and scripts of ours, and data that the scripts show as text alone."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any


def document(
    index: Mapping[str, Any], *, body: str, scripts: Sequence[str], styles: Sequence[str] = (), connects: bool = False
) -> str:
    """A page but for its end, so that data may follow its script.

    Args:
        index: What the scripts find in the element `index`; nothing in it is markup.
        body: Markup of ours that stands before it.
        scripts: Names of files, in the order in which they run; together they are one script.
        styles: Names of files, behind those that every page has.
        connects: Whether the scripts may ask the server that the page is from; nothing else is ever asked.
    """
    home = files("codecrucible.reports.page")
    style = "".join((home / name).read_text(encoding="utf-8") for name in ("page.css", *styles))
    script = "".join((home / name).read_text(encoding="utf-8") for name in scripts)
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; "
        "form-action 'none'" + ("; connect-src 'self'" if connects else "")
    )
    known = json.dumps(index).replace("<", "\\u003c")
    return _PAGE.format(policy=policy, style=style, body=body, index=known, script=script)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


_PAGE = """<!doctype html>
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
{body}<script type="application/json" id="index">{index}</script>
<script>{script}</script>
"""
