"""What a program may leave behind in files: the folders that it can write to, emptied after each one."""

import os

from sandbox.image import confine

#: All of them; the policy mounts these two, and the rest of the container is read-only.
WRITABLE = ("/tmp", "/dev/shm")  # noqa: S108 - the container's own


def remove(uid: int) -> int:
    """Empty the writable folders of all that `uid` left, when no process of it is alive; the number of files.

    Raises:
        OSError: if something cannot be removed. The worker ends of it, and its container with it.
    """
    return sum(confine.empty_folder(folder, uid) for folder in WRITABLE if _holds_anything(folder))


def _holds_anything(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return any(entries)
