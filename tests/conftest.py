"""What every test may ask for."""

import os

import pytest


@pytest.fixture(scope="session")
def engine():
    """Skip where no container engine answers; in CI fail, because a skipped sandbox test proves nothing."""
    from sandbox import SandboxError
    from sandbox.engine import connect

    try:
        connect().close()
    except SandboxError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the sandbox tests: {error}")
        pytest.skip(str(error))
