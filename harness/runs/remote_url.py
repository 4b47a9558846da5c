"""What on a command line is a run folder that lies elsewhere."""

import re

_URL = re.compile(r"[a-z][a-z0-9+.-]*://")


class RemoteRun(str):
    """URL of a run folder, or of a folder that holds some."""

    __slots__ = ()


def is_url(text: str) -> bool:
    """Whether `text` is a URL and no path."""
    return bool(_URL.match(text))
