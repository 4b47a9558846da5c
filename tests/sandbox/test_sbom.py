"""The bill of materials of an image names what is in it, and is CycloneDX."""

import json
import os
import subprocess
from importlib.metadata import version

import pytest

from codecrucible.harness.cli import sandbox as commands
from codecrucible.harness.cli.main import main
from codecrucible.harness.common.errors import EXIT_DONE, EXIT_USAGE
from codecrucible.sandbox.docker.engine import OURS
from codecrucible.sandbox.docker.images import SCANNER_DISTRIBUTIONS, find

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("executor")]


def ours():
    """Containers of this process."""
    command = ["docker", "ps", "--all", "--quiet", "--filter", f"label={OURS}.owner.pid={os.getpid()}"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_the_bill_of_materials_is_cyclonedx_and_names_every_package_of_the_image(capsys):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    before = ours()
    assert main(["sandbox", "sbom"]) == EXIT_DONE
    assert ours() <= before, "a container is left"
    text = capsys.readouterr().out
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    (image,) = json.loads(text)["components"]
    assert image["version"] == find().id
    held = {component["purl"] for component in image["components"]}
    ask = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n"]
    command = ["docker", "run", "--rm", "--network", "none", find().id, *ask]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    installed = {line.split()[0] for line in listed if line.split()[1] == "ii"}
    assert {component["name"] for component in image["components"] if "pkg:deb/" in component["purl"]} == installed
    for name in SCANNER_DISTRIBUTIONS:
        assert any(url.lower() == f"pkg:pypi/{name}@{version(name)}".lower() for url in held), name


def test_without_its_library_the_bill_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(commands, "find_spec", lambda name: None)
    assert main(["sandbox", "sbom"]) == EXIT_USAGE
    assert "pip install 'codecrucible[sbom]'" in capsys.readouterr().err
