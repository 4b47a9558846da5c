"""Containers of a process, from outside."""

from codecrucible.sandbox.docker.engine import OURS, connect


def containers_of(pid):
    client = connect()
    try:
        found = client.containers(all=True, filters={"label": f"{OURS}.owner.pid={pid}"})
        return {container["Id"] for container in found}
    finally:
        client.close()


def kill(container):
    client = connect()
    try:
        client.kill(container)
    finally:
        client.close()
