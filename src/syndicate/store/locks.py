"""Who may run: one daemon per store.

Its lock lies beside the database and ends with its process, however that ends. The file stays, and says of the process
that it runs until it has ended and somebody knows: what is said to run and has no lock was killed, lost its power, or
fell by a fault of its own when nobody looked.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

from syndicate.disk import beside, why
from syndicate.errors import StoreError, StoreLocked

Say = Callable[[Iterable[str]], None]
_BLOCK = 4096  # bytes of a file that the least of disks gives it at once
_RUNS = "runs"  # stands after the number of a process; earlier programs left that there whatever they ended by
_SECOND = 1.0
_held = dict[int, bytes]()  # locks of this process, and what is to stand there when it ends
_elsewhere = dict[object, Callable[[], object]]()  # the same, of which no file tells, and what says that elsewhere
_ending = threading.RLock()  # a handle that is closed may be another file's


def _taken(handle: int, how: int = fcntl.LOCK_EX) -> bool:
    """Tried for a moment: `running` may be asking just now."""
    for _ in range(10):
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)
        else:
            return True
    return False


def running(store: Path) -> str | None:
    """The process of the daemon that runs on this store; None where there is none. Asks, and takes nothing."""
    lines, taken = _looked(store)
    return _process(lines) if taken else None


def cut_off(store: Path) -> str | None:
    """The process of what ran here last, if nobody told it to end; None: one runs, or it ended well."""
    lines, taken = _looked(store)
    return _process(lines) if lines and lines[0].endswith(f" {_RUNS}") and not taken else None


def let_go() -> None:
    """This process ends as it was told to, whatever it has locked."""
    with _ending:
        for handle, last in _held.items():
            _put(handle, last)
        for act in [*_elsewhere.values()]:
            # In a thread: whoever is interrupted by the signal may have what this waits for.
            ending = threading.Thread(target=act, daemon=True)
            ending.start()
            ending.join(_SECOND)


def fell() -> None:
    """This process ends by a fault of its own, and nobody looks: whatever it has locked goes on to say that it runs."""
    with _ending:
        _held.clear()
        _elsewhere.clear()


@contextmanager
def noted(ends: Callable[[], object]) -> Iterator[Callable[[], bool]]:
    """For a lock that is no file. What it is given says whether this process has not fallen.

    `ends` says elsewhere that it has ended as it was told to, within the block; it raises nothing.
    """
    mine = object()
    _elsewhere[mine] = ends
    try:
        yield lambda: mine in _elsewhere
    finally:
        _elsewhere.pop(mine, None)


@contextmanager
def kept_away(store: Path) -> Iterator[None]:
    """StoreLocked, or no daemon runs there within the block: for who may only read what lies there, and makes nothing.

    Who runs there, with more rights or by another mount, has made a lock.
    """
    handle = _opened(store)
    if handle is None:
        if os.path.lexists(_beside(store)):
            raise StoreError(f"{_beside(store)}: cannot be read, so nobody can tell who runs there; see who owns it")
        yield
        return
    try:
        if not _taken(handle, fcntl.LOCK_SH):
            raise _runs_already(store, handle)
        yield
    finally:
        os.close(handle)


def said(store: Path) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    lines, taken = _looked(store)
    return tuple(lines[1:]) if taken else ()


def _looked(store: Path) -> tuple[list[str], bool]:
    """The lines of its lock, and whether somebody has it."""
    handle = _opened(store)
    if handle is None:
        return [], False
    try:
        # A shared lock is had by all who ask, but not beside the daemon's own; it ends with this handle. What is read
        # under it was written by nobody who runs.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _lines(handle), True
    else:
        return _lines(handle), False
    finally:
        os.close(handle)


def _beside(store: Path) -> Path:
    return beside(store, ".lock")


def _opened(store: Path) -> int | None:
    """To look at; None: there is none, or no file. A pipe would let nobody go on."""
    try:
        handle = os.open(_beside(store), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return None
    if S_ISREG(os.fstat(handle).st_mode):
        return handle
    os.close(handle)
    return None


def _process(lines: Iterable[str]) -> str:
    return next(iter(lines), "").partition(" ")[0] or "unknown"


def _lines(handle: int) -> list[str]:
    return _bytes(handle).decode(errors="replace").splitlines()


def _runs_already(store: Path, handle: int) -> StoreLocked:
    return StoreLocked(f"{store}: another syndicate is running on this store (process {_process(_lines(handle))})")


def _bytes(handle: int) -> bytes:
    """None of a pipe, or what else stands in its place."""
    with suppress(OSError):
        if S_ISREG(os.fstat(handle).st_mode):
            return os.pread(handle, _BLOCK, 0)
    return b""


def _put(handle: int, words: bytes) -> None:
    """In place, where also a full disk has room: the file is never empty in between, and keeps its block."""
    with suppress(OSError):  # it is no file
        os.pwrite(handle, words, 0)
        os.ftruncate(handle, len(words))


@contextmanager
def daemon_lock(store: Path, *, runs: bool = True) -> Iterator[Say]:
    """StoreLocked, which names the other process, where one runs on this store already.

    What it is given says further lines there. When the block ends, also by an exception (of which whoever began it is
    told), the process is no more said to run. Not `runs`: it only keeps daemons away, and what stood there is put back.
    """
    path = _beside(store)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {why(error)}") from error
    try:
        if not _taken(handle):
            raise _runs_already(store, handle)
        process = str(os.getpid())
        last = f"{process}\n".encode() if runs else _bytes(handle)
        me = f"{process} {_RUNS}" if runs else process

        def say(lines: Iterable[str]) -> None:
            _put(handle, "".join(f"{' '.join(line.split())}\n" for line in (me, *lines)).encode()[:_BLOCK])

        _held[handle] = last
        say(())
        yield say
    finally:
        with _ending:
            if handle in _held:
                _put(handle, _held.pop(handle))
            os.close(handle)
