"""Who may write: one daemon per store, one thread at a time.

The daemon's lock lies beside the database and ends with its process, however that ends. Threads of one process stand in
a queue of their own: SQLite's busy handler is not fair, and starves one of them behind the others' transactions.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
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


class _Queue:
    """A lock that is had in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        self._wait()
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self) -> None:
        mine = threading.Lock()
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()  # until it is handed on
        except BaseException:  # Ctrl-C: whoever stands behind us is not to wait for ever
            with self._guard:
                waits = mine in self._waiting
                if waits:
                    self._waiting.remove(mine)
            if not waits:
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_queues: dict[Path, _Queue] = {}


def writers_turn(store: Path) -> AbstractContextManager[None]:
    """Held by the one thread of this process that writes; the others wait, and come in the order of their asking.

    Whoever has it must not ask again: a transaction within another joins that.
    """
    return _queues.setdefault(store.resolve(), _Queue()).turn()  # by whichever name the store is opened
