"""No engine, no image: refused with the command that mends it, and nothing ever runs on the host instead."""

import subprocess
import sys

import pytest

from sandbox import DockerExecutor, EngineUnavailable, ImageMissing
from sandbox.engine import is_abandoned
from sandbox.images import REPOSITORY, expected_tag, removable
from sandbox.languages import FAMILIES


def test_without_an_engine_nothing_starts_and_the_message_says_how(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    with pytest.raises(EngineUnavailable, match="sudo systemctl start docker"):
        DockerExecutor()


@pytest.mark.docker
def test_without_the_image_nothing_starts_and_the_message_says_how(engine, monkeypatch):
    monkeypatch.setattr("sandbox.images.REPOSITORY", "codecrucible-no-such-image")
    with pytest.raises(ImageMissing, match="run `crucible sandbox build`"):
        DockerExecutor()


def test_the_tag_is_the_same_each_time():
    assert expected_tag() == expected_tag()
    assert expected_tag().startswith("codecrucible-sandbox:")


def test_a_container_is_abandoned_only_if_its_process_is_known_to_be_dead():
    labels = {"codecrucible.owner.host": "here", "codecrucible.owner.pid": "999999999"}
    assert is_abandoned(labels, "here")
    assert not is_abandoned(labels, "elsewhere")
    assert not is_abandoned({**labels, "codecrucible.owner.pid": "1"}, "here")
    assert not is_abandoned({}, "here")


def test_importing_the_package_imports_no_client():
    source = "import sandbox, sys; sys.exit('docker' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0


def test_pruning_keeps_the_image_of_every_family_unless_all_are_to_go():
    current = [expected_tag(family) for family in FAMILIES.values()]
    older = [f"{REPOSITORY}:0123", f"{REPOSITORY}:script-0123"]
    assert removable([*current, *older]) == older
    assert removable([*current, *older], all_images=True) == [*current, *older]
