"""The connection: our own, one per thread, with the pragmas that many readers and one writer need."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from syndicate.errors import StoreError
from syndicate.store._migrations import migrations

_BUSY_MS = 30_000


class Connection:
    """A database file, opened once per thread. `transaction` is the only way to write."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        try:
            with self.transaction() as db:
                migrations.apply(db)
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreError(f"{path}: cannot be used as the store: {error}") from error

    @property
    def db(self) -> Database:
        """This thread's database."""
        if not hasattr(self._local, "db"):
            try:
                # One thread uses it, another closes it at the end.
                raw = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
            except sqlite3.OperationalError as error:
                raise StoreError(f"{self.path}: cannot be opened: {error}") from error
            with self._guard:
                self._opened.append(raw)
            raw.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("PRAGMA synchronous = FULL")
            raw.execute("PRAGMA foreign_keys = ON")
            self._local.db = Database(raw)
        db: Database = self._local.db
        return db

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """BEGIN IMMEDIATE … COMMIT: what is read is still so when it is written. Nested calls join the outer one."""
        db = self.db
        if db.conn.in_transaction:
            yield db
            return
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise

    def close(self) -> None:
        with self._guard:
            for raw in self._opened:
                raw.close()
            self._opened.clear()
        self._local = threading.local()
