"""A copy of a store that may be in use: taken of one moment, looked through before it counts, and there whole or not.

SQLite's backup API copies it in steps, within a read transaction: in WAL mode nobody who writes waits for that, and
what is written meanwhile does not make it begin anew. What is copied is one file, without a log beside it.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from syndicate.disk import sync_all, why
from syndicate.errors import BackupError, StoreUnusable
from syndicate.store.codec import moment
from syndicate.store.conversion import Told, nobody
from syndicate.store.driver import told as said_of
from syndicate.store.file import is_one_file

_STEP = 512  # pages: a few megabytes, after which it is told how far it is
_BESIDE = (
    "",
    "-wal",
    "-shm",
    "-journal",
    ".lock",
    ".claims",
    ".acts",
)  # what belongs to a store, by the end of its name
_WAIT = 5000  # milliseconds for another process that opens or closes it
_THERE = "is there already; name another file, or say --force"
_OURS = frozenset({"_sqlite_migrations", "meta", "release"})  # tables of every schema


class Copied(NamedTuple):
    """What is known of a store by looking through it: by what its folder of feeds knows it (None: it has published
    nothing yet), when something was last recorded, the names of its migrations, its bytes.
    """

    mark: str | None
    written: datetime | None
    migrations: frozenset[str]
    size: int


def copy(path: Path, to: Path, *, force: bool = False, told: Told = nobody) -> Copied:
    """The store `path`, as it is at this moment, as the file `to`: its owner's alone, on the disk when this returns.

    Nothing stands at `to` before it has been looked through, and nothing of it is left where it fails. BackupError
    where it cannot be written there: also where something is there already (`force` puts this in its place), or what
    belongs to the store itself. StoreUnusable where that cannot be read. `told`: pages that are done, of how many.
    """
    if not os.path.lexists(path):
        raise StoreUnusable(f"{path}: there is no store")
    if belongs_to(to, path):
        raise BackupError(f"{to}: belongs to the store itself; name another file, best on another disk")
    return filled(to, lambda part: take(path, part, told), force=force, said=path)


def filled(to: Path, fill: Callable[[Path], object], *, force: bool = False, said: Path | None = None) -> Copied:
    """A file that is filled beside its place, looked through, and then has its name. BackupError as from `copy`."""
    _check(to, force=force)
    part = _begun(to)
    try:
        fill(part)
        found = examined(part, said=said)
        sync_all([part])
        _name(part, to, force=force)
    finally:
        for end in ("", "-journal", "-wal", "-shm", ".lock", ".acts"):
            with suppress(OSError):
                os.unlink(f"{part}{end}")
    sync_all([to.parent])
    return found


def take(path: Path, to: Path, told: Told = nobody, *, rests: bool = False) -> None:
    """What the store holds, into the empty file `to`. It is not looked through, and may not have reached the disk.

    `rests`: nobody writes it, as a backup; nothing is left beside it.
    """
    with closing(_of_one_moment(path, rests=rests)) as source, closing(_opened(to, "mode=rw")) as target:
        try:
            source.backup(target, pages=_STEP, progress=lambda _, left, of: told(of - left, of))
            target.execute("PRAGMA journal_mode = DELETE")  # one file, that can be read from wherever it lies
        except sqlite3.Error as error:
            if _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise said_of(path, error) from error
            raise BackupError(str(said_of(to, error))) from error


def examined(path: Path, *, said: Path | None = None) -> Copied:
    """What a copy of a store is, looked through page by page. StoreUnusable where it is damaged, or none of ours.

    `said`: what it is a copy of, and is as it is: that is named then.
    """
    named = said or path
    with closing(_opened(path, "mode=ro")) as raw:
        try:
            tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            faults = [text for (text,) in raw.execute("PRAGMA integrity_check(3)")]
            if faults != ["ok"]:
                raise StoreUnusable(f"{named}: is damaged ({'; '.join(' '.join(f.split()) for f in faults)})")
            if not tables >= _OURS:
                raise StoreUnusable(f"{named}: is an SQLite database, but no store of syndicate")
            facts = dict(raw.execute("SELECT name, value FROM meta WHERE name IN ('mark', 'written')").fetchall())
            applied = frozenset(name for (name,) in raw.execute("SELECT name FROM _sqlite_migrations"))
        except sqlite3.Error as error:
            raise said_of(named, error) from error
    return Copied(facts.get("mark"), moment(facts.get("written")), applied, path.stat().st_size)


def belongs_to(path: Path, store: Path) -> bool:
    """Is it the store's file, by whatever name, or one that is kept beside it?"""
    return any(is_one_file(path, store.with_name(f"{store.name}{end}")) for end in _BESIDE)


def _check(to: Path, *, force: bool) -> None:
    if os.path.lexists(to) and not os.path.isfile(to):
        raise BackupError(f"{to}: is no file")
    if os.path.lexists(to) and not force:
        raise BackupError(f"{to}: {_THERE}")


def _begun(to: Path) -> Path:
    """An empty file beside it, its owner's alone."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{to.name}.", suffix=".part", dir=to.parent)
    except OSError as error:
        raise BackupError(f"{to}: cannot be written: {why(error)}") from error
    os.close(handle)
    return Path(name)


def _name(part: Path, to: Path, *, force: bool) -> None:
    """Whole and at once; without `force` never in the place of another, also not of one that came meanwhile."""
    try:
        if force:
            os.replace(part, to)
            return
        try:
            os.link(part, to)
        except FileExistsError:
            raise BackupError(f"{to}: {_THERE}") from None
        except OSError:  # a disk that knows no second names
            _check(to, force=False)
            os.rename(part, to)
    except OSError as error:
        raise BackupError(f"{to}: cannot be written: {error.strerror}") from error


def _of_one_moment(path: Path, *, rests: bool) -> sqlite3.Connection:
    """What is read of it is as it is now, until it is closed."""
    raw = _opened(path, "mode=ro&immutable=1" if rests and not os.path.exists(f"{path}-wal") else "mode=ro")
    try:
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        raw.close()
        raise said_of(path, error) from error
    return raw


def _opened(path: Path, how: str) -> sqlite3.Connection:
    """Never makes a file."""
    try:
        raw = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", isolation_level=None, uri=True)
        raw.execute(f"PRAGMA busy_timeout = {_WAIT}")
    except sqlite3.Error as error:
        raise said_of(path, error) from error
    return raw


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
