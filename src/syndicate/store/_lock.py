"""One daemon per store: a lock beside the database that ends with its process, however that ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import StoreError, StoreLocked


def _taken(handle: int) -> bool:
    """Tried for a moment: `running` may be asking just now."""
    for _ in range(10):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def running(store: Path) -> str | None:
    """The process of the daemon that runs on this store; None where there is none. Asks, and takes nothing."""
    try:
        handle = os.open(store.with_name(f"{store.name}.lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # A shared lock is had by all who ask, but not beside the daemon's own; it ends with this handle.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.read(handle, 100).decode(errors="replace").strip() or "unknown"
    finally:
        os.close(handle)
    return None


@contextmanager
def daemon_lock(store: Path) -> Iterator[None]:
    """StoreLocked, which names the other process, where one runs on this store already."""
    path = store.with_name(f"{store.name}.lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        if not _taken(handle):
            other = os.read(handle, 100).decode(errors="replace").strip() or "unknown"
            raise StoreLocked(f"{store}: another syndicate is running on this store (process {other})")
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
