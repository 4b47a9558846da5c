"""An engine of a test's own, beside the machine's."""

import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from codecrucible.sandbox.docker.images import find


class OwnEngine:
    """containerd and dockerd with folders and sockets of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        config = folder / "containerd.toml"
        config.write_text(
            f'version = 2\nroot = "{folder}/containerd-root"\nstate = "{folder}/containerd-state"\n'
            f'[grpc]\naddress = "{folder}/containerd.sock"\n'
        )
        self._containerd = self._start("containerd", "--config", str(config))
        self.start()

    def _start(self, *command):
        with (self.folder / "engine.log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def start(self):
        (self.folder / "pid").unlink(missing_ok=True)
        self._dockerd = self._start(
            # In a network of its own: without one an engine takes the machine's bridge away from the other engine.
            *("unshare", "--net", "dockerd", "--host", self.host, "--containerd", f"{self.folder}/containerd.sock"),
            *("--data-root", f"{self.folder}/data", "--exec-root", f"{self.folder}/exec"),
            *("--pidfile", f"{self.folder}/pid", "--bridge=none", "--iptables=false", "--ip6tables=false"),
        )
        for _ in range(240):
            asked = subprocess.run(["docker", "--host", self.host, "version"], capture_output=True, check=False)
            if asked.returncode == 0:
                return
            time.sleep(0.25)
        pytest.fail((self.folder / "engine.log").read_text()[-2000:])

    def kill(self):
        self._dockerd.kill()
        self._dockerd.wait()

    def close(self):
        for process in (self._dockerd, self._containerd):
            process.terminate()
            process.wait(60)


@contextmanager
def own_engine():
    """An empty engine, which `DOCKER_HOST` names during the block."""
    if os.getuid() != 0 or not shutil.which("dockerd") or not shutil.which("containerd"):
        pytest.skip("starting an engine of its own takes root, dockerd and containerd")
    # Not below pytest's own folder, whose later clean-up would meet what an engine keeps.
    folder = Path(tempfile.mkdtemp(prefix="engine"))
    engine = OwnEngine(folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DOCKER_HOST", engine.host)
            yield engine
    finally:
        engine.close()
        for line in Path("/proc/mounts").read_text().splitlines():
            if f"{folder}/" in line:
                subprocess.run(["umount", line.split()[1]], check=True)
        shutil.rmtree(folder)


@contextmanager
def own_engine_with_the_image():
    """As `own_engine`, with the machine's image for Python."""
    image = find().tag
    machines = os.environ.get("DOCKER_HOST")
    with own_engine() as engine:
        environment = {name: value for name, value in os.environ.items() if name != "DOCKER_HOST"}
        environment |= {"DOCKER_HOST": machines} if machines else {}
        with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE, env=environment) as save:
            subprocess.run(["docker", "--host", engine.host, "load"], stdin=save.stdout, check=True)
        yield engine
