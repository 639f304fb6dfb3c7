"""The connection: our own, one per thread, with the pragmas that many readers and one writer need.

All that its driver raises leaves here as a StoreError, from the statement itself and from the rows that are read later.
"""

import functools
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlite_utils import Database

from syndicate.errors import StoreMissing, StoreUnusable
from syndicate.store.locks import writers_turn
from syndicate.store.migrations import KNOWN, migrations

_P = ParamSpec("_P")
_T = TypeVar("_T")
_BUSY_SECONDS = 5.0  # of one statement: another process that opens or closes the store holds up readers, too
PATIENCE = 120.0  # seconds of waiting for another process that writes
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PAUSE = 0.02  # seconds between two tries, on the average

# By the primary result code (https://www.sqlite.org/rescode.html): what is wrong, and what to do.
_FAULTS = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked; see which one (`fuser {path}`), end it or try again later",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked; see which one (`fuser {path}`), end it or try again later",
    sqlite3.SQLITE_FULL: "the disk is full; make room: what was stored is still there",
    sqlite3.SQLITE_READONLY: "may only be read; see who owns the file and its folder, and how the disk is mounted",
    sqlite3.SQLITE_PERM: "may not be opened; see who owns the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; see whether its folder is there and this user may write in it",
    sqlite3.SQLITE_IOERR: "the disk fails ({error}); see to the disk, then start again",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}); put a backup in its place, or what `sqlite3 {path} .recover` saves",
    sqlite3.SQLITE_NOTADB: "cannot be used as the store, it is no SQLite database; see `[store] url` in config.toml",
    sqlite3.SQLITE_NOMEM: "needs more memory than there is; end what else needs it, then start again",
}
_LOST = (
    "its file was deleted or replaced under the running program: what comes now would be lost, so nothing is asked and"
    " nothing published; put the file or a backup back, and start again"
)
_OTHER = "cannot do what was asked ({error}); that is a fault of this program: please report it"


def told(path: Path, error: sqlite3.Error) -> StoreUnusable:
    """The driver's error as ours, in one line: the file, the fault, the remedy."""
    remedy = _FAULTS.get(_code(error), _OTHER)
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        remedy = "is closed: the program ends"
    return StoreUnusable(f"{path}: {remedy.format(path=path, error=' '.join(str(error).split()))}")


def _telling(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """A cursor's method that raises the driver's errors as ours."""

    @functools.wraps(method)
    def told_as_ours(*arguments: _P.args, **named: _P.kwargs) -> _T:
        cursor: Any = arguments[0]
        try:
            with cursor.connection.in_use:
                return method(*arguments, **named)
        except sqlite3.Error as error:
            raise told(cursor.connection.path, error) from error

    return told_as_ours


def _code(error: BaseException | None) -> int:
    """The primary result code; 0 where the driver itself refuses."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


class _Cursor(sqlite3.Cursor):
    execute = _telling(sqlite3.Cursor.execute)
    executemany = _telling(sqlite3.Cursor.executemany)
    fetchone = _telling(sqlite3.Cursor.fetchone)
    fetchmany = _telling(sqlite3.Cursor.fetchmany)
    fetchall = _telling(sqlite3.Cursor.fetchall)

    @_telling
    def __next__(self) -> Any:
        return super().__next__()


class _Raw(sqlite3.Connection):
    """One thread uses it, another may close it at the end: never within a statement, which would crash the process."""

    path: Path

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_use = threading.RLock()

    def close(self) -> None:
        with self.in_use:
            super().close()

    def cursor(self, factory: Any = _Cursor) -> Any:
        try:
            return super().cursor(factory)
        except sqlite3.Error as error:
            raise told(self.path, error) from error

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor().execute(*arguments)  # type: ignore[no-any-return]

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        return self.cursor().executemany(*arguments)  # type: ignore[no-any-return]


class Connection:
    """A database file, opened once per thread. `transaction` is the only way to write.

    `patience`: for how many seconds another process that writes is waited for. `make`: where there is none, make one.
    """

    def __init__(self, path: Path, patience: float = PATIENCE, *, make: bool = True) -> None:
        self.path = path
        self._patience = patience
        self._file = _file_of(path, make=make)
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        try:
            if migrations.pending(self.db):  # not for each command that only looks: another process may be writing
                with self.transaction() as db:
                    migrations.apply(db)
            self._know_all()
        except BaseException:
            self.close()
            raise

    @property
    def db(self) -> Database:
        """This thread's database."""
        if not hasattr(self._local, "db"):
            self._local.db = Database(self._open())
        db: Database = self._local.db
        return db

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """BEGIN IMMEDIATE … COMMIT: what is read is still so when it is written. Nested calls join the outer one.

        One thread of this process at a time, in the order in which they came; another process is waited for.
        """
        db = self.db
        if db.conn.in_transaction:
            yield db
            return
        with writers_turn(self.path):
            self._be_there()
            self._patiently(lambda: db.conn.execute("BEGIN IMMEDIATE"))
            try:
                yield db
                db.conn.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    with suppress(StoreUnusable):  # what went wrong before is what is to be told
                        db.conn.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._guard:
            for raw in self._opened:
                raw.close()
            self._opened.clear()
        self._local = threading.local()

    @property
    def lost(self) -> bool:
        """Was its file taken away under our hands, or another one put in its place?"""
        return _identity(self.path) != self._file

    def _be_there(self) -> None:
        """What is written to a file that has no name any more is gone when the program ends."""
        if self.lost:
            raise StoreUnusable(f"{self.path}: {_LOST}")

    def _open(self) -> sqlite3.Connection:
        self._be_there()
        try:
            # rw: it never makes a file, not even where ours was taken away just now.
            address = f"{self.path.absolute().as_uri()}?mode=rw"
            raw = sqlite3.connect(address, isolation_level=None, check_same_thread=False, factory=_Raw, uri=True)
        except sqlite3.Error as error:
            raise told(self.path, error) from error
        raw.path = self.path
        with self._guard:
            self._opened.append(raw)
        raw.execute(f"PRAGMA busy_timeout = {round(min(self._patience, _BUSY_SECONDS) * 1000)}")
        self._patiently(lambda: raw.execute("PRAGMA journal_mode = WAL"))
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        return raw

    def _know_all(self) -> None:
        later = {migration.name for migration in migrations.applied(self.db)} - KNOWN
        if later:
            raise StoreUnusable(
                f"{self.path}: was last written by a newer version of syndicate ({', '.join(sorted(later))});"
                " install that, or put a backup of before in its place"
            )

    def _patiently(self, action: Callable[[], object]) -> None:
        """Do it, again and again while another process keeps the store locked, but not for ever."""
        end = time.monotonic() + self._patience
        while True:
            try:
                action()
            except StoreUnusable as error:
                if _code(error.__cause__) not in _BUSY or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0, 2 * _PAUSE))  # noqa: S311 - no secret; two that wait are not to march in step
            else:
                return


def _file_of(path: Path, *, make: bool) -> tuple[int, int]:
    """What the file is known by. One that is made is its owner's alone; what SQLite puts beside it takes that over."""
    try:
        if make:
            # Never one that is there: to close a handle of it would free the locks that this process has on it.
            os.close(os.open(path.resolve(), os.O_RDWR | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        pass  # it is there, or SQLite tells better what is wrong
    if not make and not os.path.lexists(path):
        raise StoreMissing(f"{path}: there is no store; `syndicate run` makes it")
    return _identity(path)


def _identity(path: Path) -> tuple[int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return (0, 0)
    return found.st_dev, found.st_ino
