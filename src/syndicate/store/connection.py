"""The connection: our own, one per thread, with the pragmas that many readers and one writer need."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from syndicate.errors import StoreMissing, StoreUnusable
from syndicate.store.acts import Journal, journalled
from syndicate.store.codec import listed
from syndicate.store.conversion import PAGE_SIZE
from syndicate.store.decisions import Decisions
from syndicate.store.driver import Raw, corrupt, is_past, told
from syndicate.store.turns import Turns, Unit, turns
from syndicate.store.upgrade import NOBODY, Upgrade, bring_up_to_date

_T = TypeVar("_T")
_BUSY_SECONDS = 5.0  # of one statement: another process that opens or closes the store holds up readers, too
PATIENCE = 120.0  # seconds of waiting for another process that writes
_MOST = 32  # units that share a commit, …
_LONGEST = 0.05  # … and seconds after which none is taken on any more: nobody waits long for the others

_LOST = (
    "its file was deleted or replaced under the running program: what comes now would be lost, so nothing is asked and"
    " nothing published; put the file back, and the daemon goes on by itself; or stop it, and `syndicate restore` a"
    " backup"
)


class ActsOfThread(threading.local):
    """`done`: what its transaction has done so far. `quiet`: that stands in the journal already."""

    quiet = False

    def __init__(self) -> None:
        self.done: list[tuple[str, str, Mapping[str, Any]]] = []


class Connection:
    """A database file, opened once per thread. `transaction` is the only way to write.

    `patience`: for how many seconds another process that writes is waited for. `make`: where there is none, make one.
    `told`: what comes of a store of an earlier program, which may take minutes.
    """

    def __init__(self, path: Path, patience: float = PATIENCE, *, make: bool = True, told: Upgrade = NOBODY) -> None:
        self.path = path
        self._patience = patience
        self._turns = turns(path)
        self.decisions = Decisions(self)
        self.journal = Journal(path)
        self.acts = ActsOfThread()
        self._file = _file_of(path, make=make)
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        try:
            bring_up_to_date(self, told)
        except BaseException:
            self.close()
            raise

    @property
    def db(self) -> Database:
        """This thread's database."""
        if not hasattr(self._local, "db"):
            self._local.db = Database(self._open(), execute_plugins=False)
        db: Database = self._local.db
        return db

    def of(self, sql: str, sought: Collection[object], *more: object) -> Iterable[Any]:
        """The rows of a statement that has all these as its first value, for its `json_each`. Nothing for nothing."""
        return self.db.conn.execute(sql, (listed(sought), *more)) if sought else ()

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """BEGIN IMMEDIATE … COMMIT: what is read is still so when it is written. Nested calls join the outer one.

        One thread of this process at a time, in the order in which they came; another process is waited for.
        """
        if self.is_within():
            yield self.db
            return
        with self._turns.turn(), self._written():
            yield self.db  # not before: another one may have been opened for it

    def together(self, unit: Callable[[], _T], *, lasting: bool = True) -> _T:
        """What `unit` returns, called within a transaction that it may share with those of other threads.

        All of them are written by one commit, in the order in which they came; another thread may call it. One that
        raises is undone alone, and raises here. It may be called again, where nothing of the first time was written.
        Without `lasting`, the commit does not wait for the disk: it outlives the process, but no loss of power.
        """
        if self.is_within():
            return unit()
        mine, queue = Unit(unit, self, lasting=lasting), self._turns
        while not mine.settled:
            with queue.turn(mine) as has_turn:
                if has_turn:
                    self._lead(mine, queue)
        return mine.outcome()

    def looked(self, look: Callable[[], _T]) -> _T:
        """What `look` returns, of the file as it is at one moment. It writes nothing."""
        raw = self.db.conn
        if raw.in_transaction:
            return look()
        raw.execute("BEGIN")
        try:
            return look()
        finally:
            with suppress(StoreUnusable):  # there is nothing to lose
                raw.execute("ROLLBACK")

    def look_through(self) -> None:
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

    def generation(self) -> str:
        """Another one as soon as something is recorded, or marked to be rendered, by whomever."""
        row = self.db.conn.execute(
            "SELECT (SELECT value FROM meta WHERE name = 'recorded'), (SELECT value FROM meta WHERE name = 'advanced'),"
            " (SELECT seq FROM sqlite_sequence WHERE name = 'dirty')"
        ).fetchone()
        return " ".join(map(str, row))

    def put_act(self, kind: str, at: str, data: Mapping[str, Any]) -> None:
        """Into the journal, before the transaction is committed that this one records."""
        if not self.is_within():
            raise RuntimeError("an act is journalled in the transaction that records it")
        self.acts.done.append((kind, at, data))

    def is_within(self) -> bool:
        """Is this thread in a transaction that writes? None is begun where it decides."""
        if self.decisions.under_way:
            raise RuntimeError("nothing is written while it is decided")
        return bool(self.db.conn.in_transaction)

    def _lead(self, first: Unit[_T], queue: Turns) -> None:
        """Do it, and those of the threads that come next. What is not settled after that is tried again."""
        done: list[Unit[Any]] = [first]
        with ExitStack() as followers:
            try:
                with self._written(lasting=first.lasting):
                    first.do()
                    for unit in () if first.failed else self._following(first, queue, followers):
                        self._do_apart(unit)
                        done.append(unit)
                        if not self.db.conn.in_transaction:  # the disk is full, say: nothing of them is there any more
                            unit.settle()
                            return
                    if first.failed and self.db.conn.in_transaction:
                        self.db.conn.execute("ROLLBACK")
            except StoreUnusable as error:
                for unit in done:
                    unit.settle(error)
            for unit in done:
                unit.settle()

    def _do_apart(self, unit: Unit[Any]) -> None:
        """Undone alone where it fails."""
        raw = self.db.conn
        raw.execute("SAVEPOINT unit")
        before = len(self.acts.done)
        unit.do()
        if raw.in_transaction:
            if unit.failed:
                raw.execute("ROLLBACK TO unit")
                del self.acts.done[before:]
            raw.execute("RELEASE unit")

    def _following(self, first: Unit[_T], queue: Turns, followers: ExitStack) -> Iterator[Unit[Any]]:
        end = time.monotonic() + _LONGEST
        for _ in range(_MOST - 1):
            following = followers.enter_context(queue.follower(first)) if time.monotonic() < end else None
            if following is None:
                return
            yield following

    @contextmanager
    def _written(self, *, lasting: bool = True) -> Iterator[None]:
        """BEGIN IMMEDIATE … COMMIT, of whoever has the turn."""
        self._be_there()
        raw = self._begun(lasting=lasting)
        try:
            yield
            if raw.in_transaction:
                acts = self.acts.done
                last = journalled(self.db.conn, self.journal, acts) if acts else None
                raw.patiently(lambda: raw.execute("COMMIT"))
                if last is not None:
                    self.journal.done(last)
        finally:
            self.acts.done.clear()
            if raw.in_transaction:
                with suppress(StoreUnusable):  # what went wrong before is what is to be told
                    raw.execute("ROLLBACK")

    def _begun(self, *, lasting: bool) -> Raw:
        raw: Raw = self.db.conn  # type: ignore[assignment]  # ours
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
            return self._begun(lasting=lasting)
        return raw

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
            # rw: it never makes a file, not even where ours was taken away just now.
            address = f"{self.path.absolute().as_uri()}?mode=rw"
            raw = sqlite3.connect(address, isolation_level=None, check_same_thread=False, factory=Raw, uri=True)
        except sqlite3.Error as error:
            raise told(self.path, error) from error
        raw.path, raw.patience = self.path, self._patience
        with self._guard:
            self._opened.append(raw)
        raw.execute(f"PRAGMA busy_timeout = {round(min(self._patience, _BUSY_SECONDS) * 1000)}")
        raw.execute(f"PRAGMA page_size = {PAGE_SIZE}")  # of a file that is empty yet
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA foreign_keys = ON")
        return raw


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
