"""Who asks a source just now: one at a time, over all threads and processes of this store.

A claim is a lock on one byte of a file beside the store, and ends with its process, however that ends. Such locks are a
process's (closing any handle of the file frees all of them), so its threads share one handle, and a list of their own.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.disk import why
from syndicate.errors import StoreUnusable

_guard = threading.Lock()
_held: dict[Path, tuple[int, set[int]]] = {}  # file → its handle, and what of it is claimed


@contextmanager
def claim(store: Path, source: str) -> Iterator[bool]:
    """Whether the source is ours to ask, within the block. Waits for nobody.

    `store` is resolved: there is one file beside it, by whichever name it is opened.
    """
    path = store.with_name(f"{store.name}.claims")
    place = int.from_bytes(hashlib.sha256(source.encode()).digest()[:7])
    if not _take(path, place):
        yield False
        return
    try:
        yield True
    finally:
        _leave(path, place)


def _take(path: Path, place: int) -> bool:
    with _guard:
        if path not in _held:
            _held[path] = (_opened(path), set())
        handle, claimed = _held[path]
        if place in claimed:
            return False
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):
            taken = False
        else:
            claimed.add(place)
            taken = True
        _close_if_unused(path)
        return taken


def _leave(path: Path, place: int) -> None:
    with _guard:
        handle, claimed = _held[path]
        claimed.discard(place)
        fcntl.lockf(handle, fcntl.LOCK_UN, 1, place)
        _close_if_unused(path)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreUnusable(f"{path}: cannot be written: {why(error)}") from error


def _close_if_unused(path: Path) -> None:
    handle, claimed = _held[path]
    if not claimed:
        os.close(handle)
        del _held[path]
