"""Where what can be made or fetched again is kept."""

import os
from pathlib import Path


def cache_home() -> Path:
    """Folder for what can be made again: `$XDG_CACHE_HOME/codecrucible`, by default in `~/.cache`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "codecrucible"
