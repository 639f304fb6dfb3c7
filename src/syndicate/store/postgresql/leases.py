"""Leases: who does what, over all processes and machines, by the database's clock.

One has a holder and a number that grows with each. Its holder renews it in a thread of its own, and knows by the
monotonic clock when it ends: whoever was stopped and goes on has the old one in its hands, and does nothing with it.
"""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from syndicate.errors import StoreUnusable
from syndicate.store.codec import listed
from syndicate.store.postgresql.pool import Pool
from syndicate.store.postgresql.statements import Statement, statement

LASTS = 30.0  # seconds from each renewal on
_EACH = 10.0  # seconds between two
_SLACK = 2.0  # seconds by which its end is earlier for us than for others: the way to the database and back

# Two that make it at once are one too many for IF NOT EXISTS; the second finds it at its next try.
_TABLE = (
    'CREATE TABLE IF NOT EXISTS lease (kind TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,'
    " holder TEXT NOT NULL, number BIGINT NOT NULL, until TIMESTAMPTZ NOT NULL, PRIMARY KEY (kind, name))"
)
_TAKE = statement(
    "INSERT INTO lease (kind, name, holder, number, until)"
    " VALUES (?1, ?2, ?3, 1, clock_timestamp() + CAST(?4 AS DOUBLE PRECISION) * interval '1 second')"
    " ON CONFLICT (kind, name) DO UPDATE SET holder = excluded.holder, number = lease.number + 1,"
    " until = excluded.until WHERE lease.until < clock_timestamp() OR lease.holder = ?5 RETURNING number"
)
# Also one that has run out, while the database was away: nobody has had it since, or its number were another.
_KEEP = statement(
    "UPDATE lease SET until = clock_timestamp() + CAST(?2 AS DOUBLE PRECISION) * interval '1 second'"
    " FROM json_each(?1) AS mine WHERE kind = mine.value ->> 0 AND name = mine.value ->> 1"
    " AND number = CAST(mine.value ->> 2 AS BIGINT) RETURNING kind, name"
)
_LEAVE = statement("UPDATE lease SET until = '-infinity', holder = '' WHERE kind = ? AND name = ? AND number = ?")
_LAPSE = statement("UPDATE lease SET until = '-infinity' WHERE kind = ? AND name = ? AND number = ?")
_OTHER = statement("SELECT holder, until >= clock_timestamp() FROM lease WHERE kind = ? AND name = ? AND holder != ''")


class Holder(NamedTuple):
    """A process of a machine."""

    machine: str
    process: int

    def __str__(self) -> str:
        return f"{self.machine} {self.process}"

    @property
    def is_here(self) -> bool:
        return self.machine == socket.gethostname()

    @property
    def is_dead(self) -> bool:
        """It ran here, and does not any more."""
        if not self.is_here:
            return False
        try:
            os.kill(self.process, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False


class Lease(NamedTuple):
    number: int
    until: float  # by time.monotonic


def me() -> Holder:
    return Holder(socket.gethostname(), os.getpid())


def holder(said: str) -> Holder:
    machine, _, process = said.rpartition(" ")
    return Holder(machine, int(process))


class Leases:
    """Those of this process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._guard = threading.Lock()
        self._held = dict[tuple[str, str], Lease]()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """The table, which is there before all others."""
        if self._pool.asked("SELECT to_regclass('lease')", ()).fetchone()[0] is None:
            self._pool.asked(_TABLE, ())

    @contextmanager
    def held(self, kind: str, name: str) -> Iterator[bool]:
        """Whether it is ours, within the block. Waits for nobody."""
        if self.take(kind, name) is None:
            yield False
            return
        try:
            yield True
        finally:
            self.leave(kind, name)

    def take(self, kind: str, name: str) -> Lease | None:
        """None: another one has it, perhaps another thread. What was a process's that is dead is taken over."""
        with self._guard:
            if self._is_held(kind, name):
                return None
            other = self.holder(kind, name)
            before = str(other[0]) if other and other[0].is_dead else ""
            began = time.monotonic()
            row = self._pool.asked(_TAKE.sql, _TAKE.bound((kind, name, str(me()), LASTS, before))).fetchone()
            if row is None:
                return None
            lease = self._held[kind, name] = Lease(row[0], began + LASTS - _SLACK)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
                self._thread.start()
            return lease

    def leave(self, kind: str, name: str) -> None:
        self._end(kind, name, _LEAVE)

    def lapse(self, kind: str, name: str) -> None:
        """It ends, and goes on to say who had it: as of one that was killed."""
        self._end(kind, name, _LAPSE)

    def _end(self, kind: str, name: str, how: Statement) -> None:
        with self._guard:
            lease = self._held.pop((kind, name), None)
        if lease:
            with suppress(StoreUnusable):  # it ends by itself
                self._pool.asked(how.sql, how.bound((kind, name, lease.number)))

    def lasts(self, kind: str, name: str) -> bool:
        """Is it still ours? To be looked at directly before what nobody else may do."""
        lease = self._held.get((kind, name))
        return lease is not None and time.monotonic() < lease.until

    def holder(self, kind: str, name: str) -> tuple[Holder, bool] | None:
        """Who had it last and has not given it back, and whether it still lasts."""
        row = self._pool.asked(_OTHER.sql, _OTHER.bound((kind, name))).fetchone()
        return (holder(row[0]), bool(row[1])) if row else None

    def close(self) -> None:
        self._over.set()
        for kind, name in [*self._held]:
            self.leave(kind, name)

    def _is_held(self, kind: str, name: str) -> bool:
        """By this process: what has run out is not any more."""
        if (kind, name) in self._held and not self.lasts(kind, name):
            del self._held[kind, name]
        return (kind, name) in self._held

    def _renew(self) -> None:
        while not self._over.wait(_EACH):
            with suppress(StoreUnusable):  # they last, for a while
                self._renewed()

    def _renewed(self) -> None:
        mine = [(kind, name, lease.number) for (kind, name), lease in [*self._held.items()]]
        if not mine:
            return
        began = time.monotonic()
        kept = self._pool.asked(_KEEP.sql, _KEEP.bound((listed(mine), LASTS)))
        with self._guard:
            for kind, name in kept:
                if lease := self._held.get((kind, name)):
                    self._held[kind, name] = lease._replace(until=began + LASTS - _SLACK)
