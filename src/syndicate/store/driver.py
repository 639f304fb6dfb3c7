"""The driver: all that it raises leaves here as a StoreError, from the statement and from rows that are read later."""

import functools
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from syndicate.errors import StoreUnusable

_P = ParamSpec("_P")
_T = TypeVar("_T")
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PAUSE = 0.02  # seconds between two tries, on the average

FULL = "the disk is full; make room: what was stored is still there"
READ_ONLY = "may only be read; see who owns the file and its folder, and how the disk is mounted"
# By the primary result code (https://www.sqlite.org/rescode.html): what is wrong, and what to do.
_FAULTS = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked; see which one (`fuser {path}`), end it or try again later",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked; see which one (`fuser {path}`), end it or try again later",
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: "may not be opened; see who owns the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened; see whether its folder is there, and who owns it and the file",
    sqlite3.SQLITE_IOERR: "the disk fails ({error}); see to the disk, then start again",
    sqlite3.SQLITE_CORRUPT: "is damaged ({error}); stop the daemon: `syndicate restore --force PATH` puts a backup"
    " back; docs/backup.md has what to do without one, and what can be saved of the file",
    sqlite3.SQLITE_NOTADB: "cannot be used as the store, it is no SQLite database; see `[store] url` in config.toml",
    sqlite3.SQLITE_NOMEM: "needs more memory than there is; end what else needs it, then start again",
}
_OTHER = "cannot do what was asked ({error}); that is a fault of this program: please report it"


def told(path: Path, error: sqlite3.Error) -> StoreUnusable:
    """The driver's error as ours, in one line: the file, the fault, the remedy."""
    fault = code(error)
    if fault == sqlite3.SQLITE_IOERR and _is_full(path):
        fault = sqlite3.SQLITE_FULL  # of the files beside it SQLite says no more than that they fail
    remedy = _FAULTS.get(fault, _OTHER)
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        remedy = "is closed: the program ends"
    return StoreUnusable(f"{path}: {remedy.format(path=path, error=' '.join(str(error).split()))}")


def _is_full(path: Path) -> bool:
    try:
        return os.statvfs(path.parent).f_bavail == 0
    except OSError:
        return False


def corrupt() -> sqlite3.DatabaseError:
    """As the driver raises it where it comes upon that by itself."""
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


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


def is_busy(error: StoreUnusable) -> bool:
    """Does another process keep it locked? Then it is worth while to try again."""
    return code(error.__cause__) in _BUSY and not is_past(error)


def is_damage(error: BaseException) -> bool:
    """Is the file not what it was? What can still be read of it says nothing of the rest."""
    return isinstance(error, StoreUnusable) and code(error.__cause__) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_past(error: StoreUnusable) -> bool:
    """Are rows still read of a moment that has passed? On this connection nothing can be written then, ever."""
    return getattr(error.__cause__, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY_SNAPSHOT


def code(error: BaseException | None) -> int:
    """The primary result code; 0 where the driver itself refuses."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


_execute = _telling(sqlite3.Cursor.execute)


class _Cursor(sqlite3.Cursor):
    def execute(self, *arguments: Any) -> Any:
        """Within a transaction nothing is tried again by itself: what is asked belongs to what was asked before."""
        raw: Raw = self.connection  # type: ignore[assignment]  # ours
        if raw.in_transaction:
            return _execute(self, *arguments)
        return raw.patiently(lambda: _execute(self, *arguments))

    executemany = _telling(sqlite3.Cursor.executemany)
    fetchone = _telling(sqlite3.Cursor.fetchone)
    fetchmany = _telling(sqlite3.Cursor.fetchmany)
    fetchall = _telling(sqlite3.Cursor.fetchall)

    @_telling
    def __next__(self) -> Any:
        return super().__next__()


class Raw(sqlite3.Connection):
    """One thread uses it, another may close it at the end: never within a statement, which would crash the process."""

    path: Path
    patience = 0.0  # seconds of waiting for another process that keeps the file locked
    lasting = True  # a commit waits for the disk (PRAGMA synchronous)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_use = threading.RLock()

    def patiently(self, action: Callable[[], _T]) -> _T:
        """Do it, again and again while another process keeps the store locked, but not for ever."""
        end = time.monotonic() + self.patience
        while True:
            try:
                return action()
            except StoreUnusable as error:
                if not is_busy(error) or time.monotonic() > end:
                    raise
                time.sleep(random.uniform(0, 2 * _PAUSE))  # noqa: S311 - no secret; two that wait are not to march in step

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
