"""What a program may leave behind in files: the folders that it can write to, emptied after each one."""

import os
from collections.abc import Collection

from . import confine

#: All of them; the policy mounts these two, and the rest of the container is read-only.
WRITABLE = ("/tmp", "/dev/shm")  # noqa: S108 - the container's own


def remove(uid: int, kept: Collection[str] = ()) -> int:
    """Empty the writable folders of all that `uid` left, when no process of it is alive; the number of files.

    Args:
        uid: Whose files.
        kept: Names in the first folder that stay, because they are somebody else's.

    Raises:
        OSError: if something cannot be removed. The worker ends of it, and its container with it.
    """
    scratch, shared = WRITABLE
    removed = confine.empty_folder(scratch, uid, kept) if _holds_anything(scratch) else 0
    return removed + (confine.empty_folder(shared, uid) if _holds_anything(shared) else 0)


def keep_for_others(uid: int) -> None:
    """Let every program read and execute what `uid` left in the scratch folder, and none change it.

    Raises:
        OSError: if something there is not fit for it, such as a folder that is closed.
    """
    scratch, shared = WRITABLE
    confine.make_read_only(scratch, uid)
    confine.empty_folder(shared, uid)


def _holds_anything(folder: str) -> bool:
    with os.scandir(folder) as entries:
        return any(entries)
