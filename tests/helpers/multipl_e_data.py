"""MultiPL-E's files, for the tests that need them."""

import os
from pathlib import Path

import pytest


def require_data():
    """Skip where the files are not at hand; in CI fail, because a skipped test proves nothing."""
    folder = os.environ.get("CRUCIBLE_DATA")
    if folder and (Path(folder) / "multipl-e").is_dir():
        return
    if os.environ.get("CI"):
        pytest.fail("CI must have the data: CRUCIBLE_DATA names no folder that holds multipl-e")
    pytest.skip("CRUCIBLE_DATA names no folder that holds multipl-e")
