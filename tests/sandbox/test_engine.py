"""No engine, no image: refused with the command that mends it, and nothing ever runs on the host instead."""

import os
import subprocess
import sys
import time

import pytest

from codecrucible.sandbox import DockerExecutor, EngineUnavailable, ImageMissing
from codecrucible.sandbox.docker.engine import (
    connect,
    is_abandoned,
    least_used_cores,
    owner_labels,
    placing,
    remove_container,
)
from codecrucible.sandbox.docker.images import REPOSITORY, expected_tag, find, removable
from codecrucible.sandbox.languages import FAMILIES


def test_without_an_engine_nothing_starts_and_the_message_says_how(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    with pytest.raises(EngineUnavailable, match="sudo systemctl start docker"):
        DockerExecutor()


@pytest.mark.docker
def test_without_the_image_nothing_starts_and_the_message_says_how(engine, monkeypatch):
    monkeypatch.setattr("codecrucible.sandbox.docker.images.REPOSITORY", "codecrucible-no-such-image")
    with pytest.raises(ImageMissing, match="run `crucible sandbox build`"):
        DockerExecutor()


def test_the_tag_is_the_same_each_time():
    assert expected_tag() == expected_tag()
    assert expected_tag().startswith("codecrucible-sandbox:")


def test_a_container_is_abandoned_only_if_its_process_is_known_to_be_dead():
    ours = owner_labels()
    assert not is_abandoned(ours)
    assert is_abandoned({**ours, "codecrucible.owner.pid": "999999999"})
    assert is_abandoned({**ours, "codecrucible.owner.born": "1"}), "the number was given to another process"
    assert not is_abandoned({**ours, "codecrucible.owner.host": "elsewhere", "codecrucible.owner.pid": "999999999"})
    assert not is_abandoned({})


@pytest.mark.docker
def test_what_a_dead_run_left_is_removed_when_the_next_begins_and_what_a_live_one_has_is_not(executor):
    client = connect()
    left, alive = (
        client.create_container(find(client).id, "true", labels=labels)["Id"]
        for labels in ({**owner_labels(), "codecrucible.owner.born": "1"}, owner_labels())
    )
    try:
        with DockerExecutor(workers=1):
            there = {each["Id"] for each in client.containers(all=True, filters={"label": "codecrucible"})}
    finally:
        for container in (left, alive):
            remove_container(client, container)
        client.close()
    assert left not in there
    assert alive in there


@pytest.mark.docker
def test_cores_with_fewer_containers_come_first(executor):
    client = connect()
    made = []
    try:
        made.extend(
            client.create_container(find(client).id, "true", labels=owner_labels(core))["Id"]
            for core in ("4001", "4001", "4000")
        )
        cores = least_used_cores(client, 4002)
    finally:
        for container in made:
            remove_container(client, container)
        client.close()
    assert sorted(cores, key=int) == [str(core) for core in range(4002)]
    assert cores.index("3999") < cores.index("4000") < cores.index("4001")


def test_cores_are_chosen_one_process_after_the_other_and_one_that_was_stopped_is_not_waited_for(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("codecrucible.sandbox.docker.engine._PLACING_S", 0.5)
    waited = []
    with placing():
        begin = time.monotonic()
        with placing():
            waited.append(time.monotonic() - begin)
    assert waited[0] > 0.5
    monkeypatch.setattr("codecrucible.sandbox.docker.engine._PLACING_S", 60)
    begin = time.monotonic()
    with placing():
        waited.append(time.monotonic() - begin)
    assert waited[1] < 30


@pytest.mark.docker
def test_a_container_is_on_the_core_that_was_chosen_for_it(executor, monkeypatch):
    last = str(executor.describe()["engine"]["cores"] - 1)
    monkeypatch.setattr("codecrucible.sandbox.docker.engine.least_used_cores", lambda _client, _count: [last, "0"])
    client = connect()
    filters = {"label": [f"codecrucible.cores={last}", f"codecrucible.owner.pid={os.getpid()}"]}
    before = {each["Id"] for each in client.containers(filters=filters)}
    with DockerExecutor(workers=1):
        (placed,) = [each for each in client.containers(filters=filters) if each["Id"] not in before]
        assert client.inspect_container(placed["Id"])["HostConfig"]["CpusetCpus"] == last
    client.close()


def test_importing_the_package_imports_no_client():
    source = "import codecrucible.sandbox, sys; sys.exit('docker' in sys.modules or 'requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", source], check=False).returncode == 0


def test_pruning_keeps_the_image_of_every_family_unless_all_are_to_go():
    current = [expected_tag(family) for family in FAMILIES.values()]
    older = [f"{REPOSITORY}:0123", f"{REPOSITORY}:script-0123"]
    assert removable([*current, *older]) == older
    assert removable([*current, *older], all_images=True) == [*current, *older]
