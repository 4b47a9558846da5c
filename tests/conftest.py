"""What every test may ask for."""

import os
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from codecrucible.benchmarks import benchmark_names


@pytest.fixture
def begin():
    """`subprocess.Popen`, whose processes and pipes are gone at the end of the test, however it ends."""
    with ExitStack() as started:

        def begin_process(command, **options):
            process = started.enter_context(subprocess.Popen(command, **options))
            started.callback(process.kill)
            return process

        yield begin_process


@pytest.fixture(scope="session")
def engine():
    """Skip where no container engine answers; in CI fail, because a skipped sandbox test proves nothing."""
    from codecrucible.sandbox import SandboxError
    from codecrucible.sandbox.docker.engine import connect

    try:
        connect().close()
    except SandboxError as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the sandbox tests: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def executor(engine):
    """One executor for all tests that need the engine."""
    from codecrucible.sandbox import DockerExecutor
    from codecrucible.sandbox.docker.images import build

    build()
    with DockerExecutor() as executor:
        yield executor


@pytest.fixture(scope="session")
def public_data():
    """Folder of the data files that are not shipped. Skip where none is given; in CI fail."""
    folder = os.environ.get("CRUCIBLE_DATA")
    if not folder:
        reason = "CRUCIBLE_DATA names no folder of data files; see docs/benchmarks.md"
        if os.environ.get("CI"):
            pytest.fail(f"CI must run the tests on public data: {reason}")
        pytest.skip(reason)
    return Path(folder)


@pytest.fixture(params=[name for name in benchmark_names() if not name.startswith("livecodebench")])
def benchmark_name(request):
    """Name of each benchmark in turn; those that are not shipped need `public_data`. LiveCodeBench's is nobody's."""
    if request.param not in ("humaneval", "starter"):
        request.getfixturevalue("public_data")
    return request.param


#: Families whose images every run of the suite builds. The others are many gigabytes: see `image_of`.
BUILT_ALWAYS = ("python", "script", "node", "gcc", "typescript", "php", "perl")


@pytest.fixture(scope="session")
def languages(executor):
    """The executor, with the images of `BUILT_ALWAYS` built."""
    from codecrucible.sandbox.docker.images import build
    from codecrucible.sandbox.languages import FAMILIES

    for name in BUILT_ALWAYS:
        build(family=FAMILIES[name])
    return executor


@pytest.fixture(scope="session")
def image_of(engine):
    """Function that sees to the image of a language.

    It builds the image if it is one of `BUILT_ALWAYS`, or if CRUCIBLE_ALL_LANGUAGES is set. Any other that is not
    there skips the test, with the command that builds it.
    """
    from codecrucible.benchmarks.sources.image_files import image_files
    from codecrucible.sandbox import ImageMissing
    from codecrucible.sandbox.docker.images import build, find
    from codecrucible.sandbox.languages import FAMILIES, RUNTIMES

    def see_to(language):
        family = FAMILIES[RUNTIMES[language].family]
        if family.name in BUILT_ALWAYS or os.environ.get("CRUCIBLE_ALL_LANGUAGES"):
            build(family=family, data=image_files)
            return
        try:
            find(family=family)
        except ImageMissing as error:
            pytest.skip(str(error))

    return see_to


@pytest.fixture(scope="module")
def lone_executor(executor):
    """One container, so that what follows a program runs where it ran."""
    from codecrucible.sandbox import DockerExecutor

    with DockerExecutor(workers=1) as lone:
        yield lone


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium. Skip where there is none; in CI fail."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        reason = "no chromium and chromedriver: apt-get install chromium chromium-driver"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1300,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chromium = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chromium
    chromium.quit()
