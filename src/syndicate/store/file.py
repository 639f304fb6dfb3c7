"""A store in a file of SQLite, seen from outside, before it is opened: `sqlite:///PATH`."""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from syndicate import disk
from syndicate.disk import is_within, real_path
from syndicate.errors import StoreError, StoreUnusable
from syndicate.store import locks
from syndicate.store.codec import moment
from syndicate.store.driver import FULL, READ_ONLY, corrupt, told
from syndicate.store.peeked import Peeked

_SAME = {os.strerror(errno.ENOSPC): FULL, os.strerror(errno.EROFS): READ_ONLY}
_SQLITE = re.compile(r"sqlite:///([^?#\0:]+)")


def path_of(url: str) -> Path:
    """The database file. StoreError where the address names none."""
    found = _SQLITE.fullmatch(url)
    if found is None:
        raise StoreError(f'"{url.partition(":")[0]}:…" is no address of a store')
    return Path(found[1])


def located(url: str, folder: Path) -> str:
    """The same store by an address that holds from everywhere: `sqlite:///s.db` lies in that folder."""
    return f"sqlite:///{folder / path_of(url)}"


def lies_in(url: str, folder: Path) -> bool:
    """Is the store below this folder, and would be published with it?"""
    return is_within(path_of(url), folder)


def exists(url: str) -> bool:
    return path_of(url).exists()


def shown(url: str) -> str:
    """As people are told of it."""
    return str(path_of(url))


def running(url: str) -> str | None:
    """The process of the daemon that runs on this store; None where there is none. Asks, and takes nothing."""
    return locks.running(path_of(url))


def cut_off(url: str) -> str | None:
    """The process of what ran here last, if nobody told it to end; None: one runs, or it ended well."""
    return locks.cut_off(path_of(url))


def unwritable(url: str) -> str | None:
    """Why it cannot be written, or not be made, found by looking and without opening it; None where it can."""
    return unwritable_file(path_of(url))


def unwritable_file(path: Path) -> str | None:
    """As `unwritable`. SQLite writes beside its file, too."""
    if os.path.lexists(path) and not os.path.isfile(path):
        return "is no file"
    if os.path.exists(path) and not os.access(path, os.W_OK):
        return READ_ONLY
    reason = disk.unwritable(path.parent)
    # What the driver says of the same: it is told once, whoever finds it.
    known = next((said for told, said in _SAME.items() if reason and reason.startswith(told)), None)
    return known or (f"nothing can be written beside it: {reason}" if reason else None)


def peeked(url: str) -> Peeked | None:
    """Without opening it, as one that may not be whole yet: nothing is made beside it. None where it is no store."""
    path = real_path(path_of(url))  # beside which SQLite's log is, also of a link
    if not path.is_file():  # a pipe would be waited for
        return None
    beside, file = os.path.exists(f"{path}-wal"), fingerprint(url)
    try:
        address = f"{path.as_uri()}?mode=ro{'' if beside else '&immutable=1'}"
        with closing(sqlite3.connect(address, uri=True)) as raw:
            facts = dict(raw.execute("SELECT name, value FROM meta WHERE name IN ('mark', 'written')").fetchall())
    except (OSError, sqlite3.Error):
        return None
    return Peeked(facts.get("mark"), moment(facts["written"]) if "written" in facts else None, file)


def tried_out(url: str, *, whole: bool = False, patience: float = 2.0) -> None:
    """StoreUnusable where what lies there cannot be written, or is kept locked for longer than `patience` (seconds).

    With `whole`, also where a page of it is not what it should be: that reads all of it. Nothing is changed, or made.
    """
    path = path_of(url)
    if reason := unwritable_file(path):
        raise StoreUnusable(f"{path}: {reason}")
    if not path.exists():
        return
    try:
        address = f"{path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=patience)) as raw:
            found = raw.execute("PRAGMA quick_check(1)").fetchone()[0] if whole else "ok"
            if found != "ok":
                raise corrupt()
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("ROLLBACK")
    except sqlite3.Error as error:
        raise told(path, error) from error


def fingerprint(url: str) -> tuple[int, ...]:
    """What tells the file there from another, and from itself as it was. Empty: there is none."""
    return fingerprint_of(path_of(url))


def fingerprint_of(path: Path) -> tuple[int, ...]:
    """As `fingerprint`."""
    try:
        found = os.stat(path)
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns)


def said(url: str) -> tuple[str, ...]:
    """What a daemon that runs has to say of a store which could not carry it, a line each."""
    return locks.said(path_of(url))


def are_one(url: str, other: str) -> bool:
    """Do both addresses name one file, by whichever names?"""
    return is_one_file(path_of(url), path_of(other))


def is_one_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:  # there is none yet
        return real_path(one) == real_path(other)


def key(url: str) -> str:
    """By which one process knows it again, by whichever name."""
    return str(real_path(path_of(url)))


@contextmanager
def daemon_lock(url: str, *, runs: bool = True) -> Iterator[locks.Say]:
    """StoreLocked, which names the other process, where one runs on this store already. See `said`, and `cut_off`."""
    with locks.daemon_lock(made(url), runs=runs) as say:
        yield say


def made(url: str) -> Path:
    """The database file, with its folder; StoreUnusable where that cannot be."""
    path = path_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnusable(f"{path}: its folder cannot be made: {error.strerror}; see `[store] url`") from error
    return path
