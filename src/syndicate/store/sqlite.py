"""SQLite: a file that each thread has opened for itself, with the pragmas that many readers and one writer need."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from syndicate.disk import real_path
from syndicate.errors import StoreMissing, StoreUnusable
from syndicate.search import Query, Term
from syndicate.store.acts import Journal
from syndicate.store.claims import claim
from syndicate.store.connection import PATIENCE, Connection, Values
from syndicate.store.conversion import PAGE_SIZE
from syndicate.store.driver import Raw, corrupt, is_past, told
from syndicate.store.file import unwritable_file
from syndicate.store.indexes import Asked, Index, Row
from syndicate.store.upgrade import NOBODY, Upgrade, bring_up_to_date

_T = TypeVar("_T")
_BUSY_SECONDS = 5.0  # of one statement: another process that opens or closes the store holds up readers, too

_LOST = (
    "its file was deleted or replaced under the running program: what comes now would be lost, so nothing is asked and"
    " nothing published; put the file back, and the daemon goes on by itself; or stop it, and `syndicate restore` a"
    " backup"
)


class SQLite(Connection):
    """A database file, opened once per thread. `db` is this thread's, for what sqlite-utils does with it.

    `patience`: for how many seconds another process that writes is waited for. `make`: where there is none, make one.
    `told`: what comes of a store of an earlier program, which may take minutes.
    """

    how = "mode=rw"  # it never makes a file, not even where ours was taken away just now

    def __init__(self, path: Path, patience: float = PATIENCE, *, make: bool = True, told: Upgrade = NOBODY) -> None:
        super().__init__(str(real_path(path)), Journal(path))
        self.path, self.name = path, str(path)
        self.indexes = _Indexes(self)
        self._patience = patience
        self._real = real_path(path)
        self._file = _file_of(path, make=make)
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        try:
            self._upgrade(told)
        except BaseException:
            self.close()
            raise

    def _upgrade(self, told: Upgrade) -> None:
        bring_up_to_date(self, told)

    @property
    def db(self) -> Database:
        if not hasattr(self._local, "db"):
            self._local.db = Database(self._open(), execute_plugins=False)
        db: Database = self._local.db
        return db

    @property
    def _raw(self) -> Raw:
        raw: Raw = self.db.conn  # type: ignore[assignment]  # ours
        return raw

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        return self.db.conn.execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Values]) -> sqlite3.Cursor:
        return self.db.conn.executemany(sql, rows)

    @property
    def in_transaction(self) -> bool:
        return bool(self.db.conn.in_transaction)

    def patiently(self, action: Callable[[], _T]) -> _T:
        return self._raw.patiently(action)

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        raw = self.db.conn
        raw.execute("BEGIN")
        try:
            yield
        finally:
            with suppress(StoreUnusable):  # there is nothing to lose
                raw.execute("ROLLBACK")

    def try_out(self, *, whole: bool) -> None:
        if reason := unwritable_file(self.path):
            raise StoreUnusable(f"{self.path}: {reason}")
        if whole:
            self._look_through()

    def _look_through(self) -> None:
        """StoreUnusable where a page of the file is not what it should be, as it lies there now."""
        raw = self._open()  # which remembers none of the pages
        try:
            (found,) = raw.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            with self._guard:
                self._opened.remove(raw)
            raw.close()
        if found != "ok":
            error = corrupt()
            raise told(self.path, error) from error

    @property
    def version(self) -> tuple[int, int]:
        (number,) = self.execute("PRAGMA data_version").fetchone()
        return threading.get_ident(), number

    @property
    def size(self) -> int:
        """With what is not yet written back into the file."""
        parts = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(part.stat().st_size for part in parts if part.exists())

    def defer_keys(self) -> None:
        self.execute("PRAGMA defer_foreign_keys = ON")

    def uncounted(self, table: str) -> AbstractContextManager[None]:
        return nullcontext()  # they cost little

    def number_on(self) -> None:
        """A row that comes has a number after the highest one by itself."""

    def referring(self) -> list[tuple[str, str]]:
        rows = self.execute(
            "SELECT m.name, f.'from' FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f"
            " WHERE m.type = 'table' AND f.'table' = 'release' ORDER BY 1, 2"
        )
        return rows.fetchall()

    @contextmanager
    def claim(self, source: str, place: Callable[[], str | None]) -> Iterator[bool]:
        with claim(self._real, source) as mine:
            yield mine

    def _begin(self, *, lasting: bool) -> None:
        self._be_there()
        raw = self._raw
        if raw.lasting is not lasting:
            raw.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
            raw.lasting = lasting
        try:
            raw.execute("BEGIN IMMEDIATE")
        except StoreUnusable as error:
            if not is_past(error):
                raise
            # Somebody up the stack has not read all rows of what he asked: he may go on with them, where they are.
            self._local.db = Database(self._open(), execute_plugins=False)
            self._begin(lasting=lasting)

    def _commit(self) -> None:
        self.patiently(lambda: self.execute("COMMIT"))

    def rest(self) -> None:
        """One file, with no log beside it: nobody writes it any more."""
        self.execute("PRAGMA journal_mode = DELETE")

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

    def wait_for_others(self, seconds: float) -> None:
        """As `patience` at the begin, from now on."""
        self._patience = seconds
        with self._guard:
            for raw in self._opened:
                raw.patience = seconds  # type: ignore[attr-defined]  # ours

    def _open(self) -> sqlite3.Connection:
        self._be_there()
        try:
            address = f"{self.path.absolute().as_uri()}?{self.how}"
            raw = sqlite3.connect(address, isolation_level=None, check_same_thread=False, factory=Raw, uri=True)
        except sqlite3.Error as error:
            raise told(self.path, error) from error
        raw.path, raw.patience = self.path, self._patience
        with self._guard:
            self._opened.append(raw)
        raw.execute(f"PRAGMA busy_timeout = {round(min(self._patience, _BUSY_SECONDS) * 1000)}")
        self._make_ready(raw)
        return raw

    def _make_ready(self, raw: sqlite3.Connection) -> None:
        """To be written."""
        raw.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a file that is empty yet
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")


def _file_of(path: Path, *, make: bool) -> tuple[int, int]:
    """What the file is known by. One that is made is its owner's alone; what SQLite puts beside it takes that over."""
    try:
        if make:
            # Never one that is there: to close a handle of it would free the locks that this process has on it.
            os.close(os.open(real_path(path), os.O_RDWR | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL, 0o600))
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


class _Indexes:
    """FTS5 (https://www.sqlite.org/fts5.html), fed with tokens, without the texts: its rowids are the positions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self, index: Index) -> Asked:
        rows = f"{index}_index CROSS JOIN {index}_entry AS entry ON entry.position = {index}_index.rowid"
        return Asked(rows, f"{index}_index MATCH ?", f"{index}_index.rowid")

    def put_in(self, index: Index, rows: Sequence[Row]) -> None:
        self._connection.executemany(
            f"INSERT INTO {index}_index (rowid, said, filed) VALUES (?, ?, ?)",  # noqa: S608 - ours
            [(position, *tokens.split("\n")) for position, tokens in rows],
        )

    def take_out(self, index: Index, rows: Sequence[Row]) -> None:
        """It has no text, so what is taken out of it is told by the tokens that were put in."""
        self._connection.executemany(
            f"INSERT INTO {index}_index ({index}_index, rowid, said, filed) VALUES ('delete', ?, ?, ?)",  # noqa: S608 - ours
            [(position, *tokens.split("\n")) for position, tokens in rows],
        )

    def empty(self, index: Index) -> None:
        self._connection.execute(f"INSERT INTO {index}_index ({index}_index) VALUES ('delete-all')")  # noqa: S608 - ours

    def expression(self, query: Query, filed: Sequence[Sequence[str]] = ()) -> str:
        """Of tokens, which hold no sign of its language (section 3 of the page above)."""
        wanted = " AND ".join(map(_phrase, query.wanted))
        unwanted = " OR ".join(map(_phrase, query.unwanted))
        said = f"said : ({wanted})" + (f" NOT (said : ({unwanted}))" if unwanted else "")
        return " AND ".join((f"({said})", *(f"(filed : ({' OR '.join(each)}))" for each in filed)))


def _phrase(term: Term) -> str:
    return f'"{" ".join(term.tokens)}"{" *" if term.beginning else ""}'
