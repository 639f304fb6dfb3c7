"""Who may run: one daemon per store.

Its lock lies beside the database and ends with its process, however that ends. The file stays, and names the process
until that has ended as it was told to: what is named there and has no lock was killed, or lost its power.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

from syndicate.disk import why
from syndicate.errors import StoreError, StoreLocked

Say = Callable[[Iterable[str]], None]
_BLOCK = 4096  # bytes of a file that the least of disks gives it at once
_RUNS = "runs"  # stands after the number of a process; earlier programs left that there whatever they ended by
_held = set[int]()  # locks of this process


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
    return None if lines is None else _process(lines)


def cut_off(store: Path) -> str | None:
    """The process of a daemon that ran here, and was killed or failed; None: one runs, or it ended as it was told."""
    handle = _opened(store)
    if handle is None:
        return None
    try:
        lines = _lines(handle)
    finally:
        os.close(handle)
    named = bool(lines) and lines[0].endswith(f" {_RUNS}")
    return _process(lines) if named and _daemon(store) is None else None


def let_go() -> None:
    """This process ends as it was told to, whatever it has locked."""
    for handle in _held:
        with suppress(OSError):
            os.ftruncate(handle, 0)


def said(store: Path) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    return tuple(_daemon(store) or ())[1:]


def _daemon(store: Path) -> list[str] | None:
    """The lines of its lock; None: nobody has it."""
    handle = _opened(store)
    if handle is None:
        return None
    try:
        # A shared lock is had by all who ask, but not beside the daemon's own; it ends with this handle.
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _lines(handle)
    finally:
        os.close(handle)
    return None


def _beside(store: Path) -> Path:
    return store.with_name(f"{store.name}.lock")


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
    return os.pread(handle, _BLOCK, 0).decode(errors="replace").splitlines()


@contextmanager
def daemon_lock(store: Path, *, runs: bool = True) -> Iterator[Say]:
    """StoreLocked, which names the other process, where one runs on this store already.

    What it is given says further lines there: in place, where also a full disk has room. Where the block fails, the
    process stays named, if it `runs`: one that only keeps daemons away has told a person of it.
    """
    path = _beside(store)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {why(error)}") from error
    try:
        if not _taken(handle):
            other = _process(_lines(handle))
            raise StoreLocked(f"{store}: another syndicate is running on this store (process {other})")

        me = f"{os.getpid()} {_RUNS}" if runs else str(os.getpid())

        def say(lines: Iterable[str]) -> None:
            words = "".join(f"{' '.join(line.split())}\n" for line in (me, *lines)).encode()[:_BLOCK]
            with suppress(OSError):
                os.pwrite(handle, words, 0)
                os.ftruncate(handle, len(words))

        say(())
        _held.add(handle)
        yield say
        runs = False  # any more
    finally:
        if not runs and handle in _held:
            with suppress(OSError):  # it is no file
                os.ftruncate(handle, 0)
        _held.discard(handle)
        os.close(handle)
