"""One executor for all tests that need the engine."""

import pytest


@pytest.fixture(scope="session")
def executor(engine):
    from sandbox import DockerExecutor
    from sandbox.images import build

    build()
    with DockerExecutor() as executor:
        yield executor
