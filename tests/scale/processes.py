"""The processes of a cluster on this machine, and of a command that uses it."""

import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def running(arguments):
    """A process, killed at the end if it still runs."""
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def actors(cluster, name):
    """Process ids of the actors of a class on the nodes of this cluster, and of no other."""
    raylets = {each.process.pid for node in cluster.list_all_nodes() for each in node.all_processes["raylet"]}
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent in raylets and (folder / "cmdline").read_bytes().startswith(f"ray::{name}".encode()):
                found.add(int(folder.name))
    return found
