"""One daemon per store: a lock beside the database that ends with its process, however that ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import StoreError, StoreLocked


@contextmanager
def daemon_lock(store: Path) -> Iterator[None]:
    """StoreLocked, which names the other process, where one runs on this store already."""
    path = store.with_name(f"{store.name}.lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = os.read(handle, 100).decode(errors="replace").strip() or "unknown"
            raise StoreLocked(f"{store}: another syndicate is running on this store (process {other})") from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
