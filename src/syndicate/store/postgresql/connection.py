"""PostgreSQL: a transaction has a connection of its thread's own; what is asked outside of one takes any."""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import psycopg

from syndicate.errors import StoreUnusable
from syndicate.store.acts import NoJournal
from syndicate.store.connection import PATIENCE, Connection, Values
from syndicate.store.locks import noted
from syndicate.store.machines import Heard, Machine, Waiting
from syndicate.store.postgresql import machines
from syndicate.store.postgresql.address import Address, address
from syndicate.store.postgresql.driver import Found, executed, is_gone, keepable, told
from syndicate.store.postgresql.holding import Holding, lost
from syndicate.store.postgresql.indexes import TextSearch
from syndicate.store.postgresql.leases import STILL, Held, Leases
from syndicate.store.postgresql.listening import Listening
from syndicate.store.postgresql.pool import MOST, Pool, Raw
from syndicate.store.postgresql.statements import statement
from syndicate.store.postgresql.tables import bring_up_to_date

_T = TypeVar("_T")
# One writes at a time, over all processes: BEGIN IMMEDIATE. The transaction's number tells what became of it where the
# answer to its COMMIT is lost.
_LOCK = "SELECT pg_current_xact_id()::text, pg_advisory_xact_lock(hashtext('syndicate'), hashtext(current_schema()))"
# Who was stopped within one keeps all others from writing: so many milliseconds.
_STOPPED = 20_000
_UNDER_WAY, _LOOK = 60.0, 0.1  # seconds that a COMMIT whose answer was lost is looked after, and between two looks
_NUMBERED = (
    "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND is_identity = 'YES' ORDER BY 1"
)


def opened(url: str, patience: float, *, make: bool, most: int = MOST) -> "PostgreSQL":
    return PostgreSQL(address(url), patience, make=make, most=most)


class _OfThread(threading.local):
    """`raw`: the connection of the transaction under way. `number`: its own, where it writes."""

    raw: Raw | None = None
    number: str | None = None
    lent: ExitStack | None = None


class PostgreSQL(Connection):
    """`patience`: for how many seconds others that write, and a server that is not there, are waited for.

    `make`: where there are no tables, make them. `most`: connections.
    """

    is_shared = True

    def __init__(self, address: Address, patience: float = PATIENCE, *, make: bool = True, most: int = MOST) -> None:
        super().__init__(address.name, NoJournal())
        self.name, self.url = address.name, address.url
        self._pool = Pool(address, patience, most)
        self._own = _OfThread()
        self.indexes = TextSearch(self)
        self.leases = Leases(self._pool)
        self._noted = ExitStack()
        self._stands = self._noted.enter_context(noted(partial(machines.leave, self.leases)))
        self._holding = Holding(self.leases)
        try:
            bring_up_to_date(self, make=make)
        except BaseException:
            self.close()
            raise

    def execute(self, sql: str, values: Values = ()) -> Found:
        meant = statement(sql)
        return self._executed(meant.sql, meant.bound(values))

    def executemany(self, sql: str, rows: Iterable[Values]) -> None:
        raw, meant = self._own.raw, statement(sql)
        if raw is None:
            with self.transaction():
                self.executemany(sql, rows)
            return
        try:
            with psycopg.RawCursor(raw) as cursor:
                cursor.executemany(meant.sql, [[*map(keepable, meant.bound(row))] for row in rows])
        except psycopg.Error as error:
            raise self._told(error) from error

    def script(self, statements: str) -> None:
        """PostgreSQL's own, as they are."""
        if self._own.raw is None:
            raise RuntimeError("tables are made in a transaction")
        try:
            self._own.raw.execute(statements)
        except psycopg.Error as error:
            raise self._told(error) from error

    @property
    def in_transaction(self) -> bool:
        return self._own.raw is not None

    def patiently(self, action: Callable[[], _T]) -> _T:
        return action() if self.in_transaction else self._pool.patiently(action)

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        self._pool.patiently(lambda: self._start("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        try:
            yield
        finally:
            with suppress(StoreUnusable):  # there is nothing to lose
                self.execute("ROLLBACK")

    @property
    def version(self) -> object:
        return self.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()

    @property
    def size(self) -> int:
        return int(self.execute("SELECT pg_database_size(current_database())").fetchone()[0])

    @property
    def lost(self) -> bool:
        return False  # a server that is not there says so itself

    def try_out(self, *, whole: bool) -> None:
        """Its pages are the server's to look after."""

    def defer_keys(self) -> None:
        self.execute("SET CONSTRAINTS ALL DEFERRED")

    @contextmanager
    def uncounted(self, table: str) -> Iterator[None]:
        """A counter that is written for each row has as many versions, and each is looked through for the next."""
        self.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        self.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else it is still to be looked at, and cannot be altered
        self.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def number_on(self) -> None:
        for table, column in self.execute(_NUMBERED).fetchall():
            self.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false)"  # noqa: S608 - ours
                f" FROM {table}"
            )

    def referring(self) -> list[tuple[str, str]]:
        rows = self.execute(
            "SELECT conrelid::regclass::text, attname FROM pg_constraint JOIN pg_attribute"
            " ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f' AND confrelid = 'release'::regclass"
            " ORDER BY 1, 2"
        )
        return rows.fetchall()

    @contextmanager
    def claim(self, source: str, place: Callable[[], str | None]) -> Iterator[bool]:
        with self._holding.claim(source, place) as mine:
            yield mine

    @contextmanager
    def at(self, host: str) -> Iterator[bool]:
        with self._holding.at(host) as mine:
            yield mine

    @contextmanager
    def role(self, kind: str) -> Iterator[bool]:
        if self.aside:
            self.leases.leave(kind, "")
            yield False
            return
        with self._holding.role(kind, self.said) as mine:
            yield mine

    def number(self, kind: str) -> int:
        return self.leases.number(kind, "")

    def visit(self, host: str) -> None:
        self._holding.visit(host)

    def check(self) -> None:
        self._holding.check()

    def skew(self) -> timedelta:
        before = datetime.now(UTC)
        theirs: datetime = self._executed("SELECT clock_timestamp()", ()).fetchone()[0]
        return theirs - (before + (datetime.now(UTC) - before) / 2)

    def machines(self) -> tuple[Machine, ...]:
        return machines.machines(self._pool)

    def jobs(self) -> Waiting:
        return machines.jobs(self._pool)

    def here(self, kind: str, said: str) -> None:
        machines.here(self._pool, self.leases, kind, said)

    def said_by(self, kind: str) -> tuple[str, str] | None:
        found = machines.said(self.leases, kind)
        return (str(found.holder), found.said) if found else None

    def listen(self, heard: Callable[[Heard], object]) -> AbstractContextManager[object]:
        return closing(Listening(self.url, heard))

    def _under(self) -> tuple[Held, ...]:
        return self._holding.under

    def _assure(self, held: Collection[Held]) -> None:
        """By our own clock and by the database's. Until the end of the transaction nobody takes them over."""
        if not (self.leases.are(held) and all(self._executed(STILL, [*each]).fetchone() for each in sorted({*held}))):
            raise lost(held)

    def wait_for_others(self, seconds: float) -> None:
        self._pool.patience = seconds

    def close(self) -> None:
        self.leases.close(fallen=not self._stands())
        self._noted.close()
        self._end()
        self._pool.close()

    def _begin(self, *, lasting: bool) -> None:
        begin = f"BEGIN; SET LOCAL lock_timeout = {round(self._pool.patience * 1000)}"
        begin += f"; SET LOCAL idle_in_transaction_session_timeout = {_STOPPED}"
        begin += "" if lasting else "; SET LOCAL synchronous_commit = off"
        found = self._pool.patiently(lambda: self._start(f"{begin}; {_LOCK}"))
        self._own.number = found.fetchone()[0]

    def _commit(self) -> None:
        number = self._own.number
        try:
            self.execute("COMMIT")
        except StoreUnusable as error:
            if not is_gone(error.__cause__) or not self._is_committed(number):
                raise

    def _is_committed(self, number: str | None) -> bool:
        """What became of it where nobody answered. Until the server has seen that nobody listens it is under way."""
        ask, became, ends = "SELECT pg_xact_status($1::xid8)", None, time.monotonic() + _UNDER_WAY
        while time.monotonic() < ends and (became := self._executed(ask, [number]).fetchone()[0]) == "in progress":
            time.sleep(_LOOK)
        return bool(became == "committed")

    def _start(self, begin: str) -> Found:
        """A transaction of this thread, on a connection of its own. Where it cannot be begun, there is none."""
        for last in (False, True):
            lent = ExitStack()
            raw = lent.enter_context(self._pool.lent())
            try:
                found = executed(raw, begin, ())
            except psycopg.Error as error:
                lent.close()  # and the connection with it, that is within one which has failed
                if last or not is_gone(error):
                    raise told(self.name, error) from error
                self._pool.forget()  # the server was restarted since
            else:
                self._own.raw, self._own.lent = raw, lent
                return found
        raise AssertionError("the second try returns or raises")

    def _executed(self, sql: str, values: list[object] | tuple[()]) -> Found:
        raw = self._own.raw
        if raw is None:
            return self.patiently(lambda: self._pool.asked(sql, values))
        try:
            return executed(raw, sql, values)
        except psycopg.Error as error:
            raise self._told(error) from error
        finally:
            if sql in ("COMMIT", "ROLLBACK") or raw.closed:
                self._end()

    def _told(self, error: psycopg.Error) -> StoreUnusable:
        if is_gone(error):
            self._end()
        return told(self.name, error)

    def _end(self) -> None:
        """This thread is in no transaction any more."""
        lent, self._own.raw, self._own.lent, self._own.number = self._own.lent, None, None, None
        if lent:
            lent.close()
