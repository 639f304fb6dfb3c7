"""What has reached the disk, and whether a folder can be written.

The latter is found by writing in it: rights, mounts, quotas and a full disk tell themselves.
"""

import ctypes
import errno
import os
import tempfile
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_MANY = 60  # files: one release is published in half as many
_AT_ONCE = 8  # files on their way to the disk: those that come together share a write of its journal
_syncfs = getattr(ctypes.CDLL(None), "syncfs", None)  # of Linux
_ROOM = 256 * 1024  # bytes: what a small publish or a transaction takes


# What mends it, by what the system says (errno).
_REMEDIES = {
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room, or give this user more of it (quota)",
    errno.EROFS: "mount it read-write (`dmesg` says why it is not), or open it to the service (`ReadWritePaths=`)",
    errno.EACCES: "see who owns it",
    errno.EPERM: "see who owns it",
    errno.EIO: "see to the disk (`dmesg`)",
    errno.ESTALE: "see to its server",
    errno.ENOTDIR: "see what stands where a folder is to be",
    errno.EMFILE: "allow more open files (`ulimit -n`), and start again",
}


def why(error: OSError) -> str:
    """In the system's words, and what mends it."""
    remedy = _REMEDIES.get(error.errno or 0)
    return "; ".join(filter(None, (error.strerror or str(error), remedy)))


def mends(text: str) -> str:
    """What mends that which a message says in the system's words; empty: nobody knows."""
    return next((remedy for code, remedy in _REMEDIES.items() if os.strerror(code) in text), "")


def real_path(path: Path) -> Path:
    """Where it leads to. A link that leads to itself stays what it is: whoever opens it is told."""
    return Path(os.path.realpath(path))


def is_within(path: Path, folder: Path) -> bool:
    """Does the one lie in the other, or is it that, by whichever names?"""
    return real_path(path).is_relative_to(real_path(folder))


def beside(path: Path, end: str) -> Path:
    """The file of that ending which lies with it: one for each, by whichever name it is meant."""
    real = real_path(path)
    return real.with_name(f"{real.name}{end}")


def unwritable(folder: Path) -> str | None:
    """Why nothing can be written there, or where it is to be made; None where it can. Leaves nothing behind."""
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    if not os.path.isdir(folder):
        return f"{folder} is no folder; take it away, and it is made anew"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return why(error)
    return None


def reach_disk(files: Collection[str | Path], directory: Path) -> None:
    """What is written in these files. Of many, their whole disk at once, where the system can: that takes less."""
    if len(files) > _MANY and _syncfs is not None:
        handle = os.open(directory, os.O_RDONLY)
        try:
            if _syncfs(handle) == 0:
                return
        finally:
            os.close(handle)
    sync_all(files)


def sync_all(paths: Collection[str | Path]) -> None:
    """Files, or the renames within folders. One after the other takes six times as long, nearly all of it waiting."""
    if len(paths) < 2:
        for path in paths:
            _sync(path)
        return
    with ThreadPoolExecutor(min(len(paths), _AT_ONCE), thread_name_prefix="sync") as threads:
        for _ in threads.map(_sync, paths):
            pass  # the first that fails is raised


def _sync(path: str | Path) -> None:
    """A file, or the renames within a folder, reach the disk."""
    if not os.path.exists(path):
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
