"""What every executor does, the real one and the shipped fake."""

import pytest
from executor_contract import contract

from codecrucible.sandbox import Ending, Execution, ScriptedExecutor


def scripted():
    def script(job):
        return Execution(ending=Ending.COMPLETED if "x * 2" in job.program else Ending.ASSERTION)

    return ScriptedExecutor(script)


def real():
    from codecrucible.sandbox import DockerExecutor

    return DockerExecutor(workers=1)


@pytest.fixture(params=[scripted, pytest.param(real, marks=pytest.mark.docker)], ids=lambda make: make.__name__)
def fresh(request):
    if request.param is real:
        request.getfixturevalue("executor")  # skips without an engine, and has the image built
    with request.param() as fresh:
        yield fresh


globals().update(contract())
