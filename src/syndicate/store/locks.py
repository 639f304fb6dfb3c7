"""Who may write: one daemon per store, one thread at a time.

The daemon's lock lies beside the database and ends with its process, however that ends. Threads of one process stand in
a queue of their own: SQLite's busy handler is not fair, and starves one of them behind the others' transactions.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from syndicate.errors import StoreError, StoreLocked

Say = Callable[[Iterable[str]], None]
_BLOCK = 4096  # bytes of a file that the least of disks gives it at once


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
    lines = _daemon(store)
    return None if lines is None else next(iter(lines), "") or "unknown"


def said(store: Path) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    return tuple(_daemon(store) or ())[1:]


def _daemon(store: Path) -> list[str] | None:
    """The lines of its lock; None: nobody has it."""
    try:
        handle = os.open(store.with_name(f"{store.name}.lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # A shared lock is had by all who ask, but not beside the daemon's own; it ends with this handle.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _lines(handle)
    finally:
        os.close(handle)
    return None


def _lines(handle: int) -> list[str]:
    return os.pread(handle, _BLOCK, 0).decode(errors="replace").splitlines()


@contextmanager
def daemon_lock(store: Path) -> Iterator[Say]:
    """StoreLocked, which names the other process, where one runs on this store already.

    What it is given says further lines there: in place, where also a full disk has room.
    """
    path = store.with_name(f"{store.name}.lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        if not _taken(handle):
            other = next(iter(_lines(handle)), "unknown")
            raise StoreLocked(f"{store}: another syndicate is running on this store (process {other})")

        def say(lines: Iterable[str]) -> None:
            words = "".join(f"{' '.join(line.split())}\n" for line in (str(os.getpid()), *lines)).encode()[:_BLOCK]
            with suppress(OSError):
                os.pwrite(handle, words, 0)
                os.ftruncate(handle, len(words))

        say(())
        yield say
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

    def waiting(self) -> int:
        with self._guard:
            return len(self._waiting)

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
    return _queue(store).turn()


def waiting(store: Path) -> int:
    """How many threads of this process wait for their turn to write."""
    return _queue(store).waiting()


def _queue(store: Path) -> _Queue:
    return _queues.setdefault(store.resolve(), _Queue())  # by whichever name the store is opened
