"""One executor for all tests that need the engine."""

import pytest


@pytest.fixture(scope="session")
def executor(engine):
    from sandbox import DockerExecutor
    from sandbox.images import build

    build()
    with DockerExecutor() as executor:
        yield executor


@pytest.fixture(scope="session")
def languages(executor):
    """The executor, with the images of all languages built."""
    from sandbox.images import build
    from sandbox.languages import FAMILIES

    for family in FAMILIES.values():
        build(family=family)
    return executor
