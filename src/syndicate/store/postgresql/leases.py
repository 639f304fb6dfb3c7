"""Leases: who does what, over all processes and machines, by the database's clock.

One has a holder and a number that grows with each. Its holder renews it in a thread of its own, and knows by the
monotonic clock when it ends: whoever was stopped and goes on has the old one in its hands, and does nothing with it.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from syndicate.errors import StoreUnusable
from syndicate.store.postgresql.driver import Found
from syndicate.store.postgresql.pool import Pool

_SLACK = 2.0  # seconds by which its end is earlier for us than for others: the way to the database and back
_TICK = 1.0  # seconds between two looks which are to be renewed, and between two tries to have one that is another's

# Two that make it at once are one too many for IF NOT EXISTS; the second finds it at its next try.
_TABLE = (
    'CREATE TABLE IF NOT EXISTS lease (kind TEXT COLLATE "C" NOT NULL, name TEXT COLLATE "C" NOT NULL,'
    " holder TEXT NOT NULL, number BIGINT NOT NULL, until TIMESTAMPTZ NOT NULL, said TEXT NOT NULL DEFAULT '',"
    " PRIMARY KEY (kind, name))"
)
# The key is written, too: so it waits for who has just found it to be theirs and records (`_STILL`), as a renewal,
# which is its holder's own, does not.
_TAKE = (
    "INSERT INTO lease (kind, name, holder, number, until, said)"
    " VALUES ($1, $2, $3, 1, clock_timestamp() + CAST($4 AS DOUBLE PRECISION) * interval '1 second', $5)"
    " ON CONFLICT (kind, name) DO UPDATE SET kind = excluded.kind, name = excluded.name, holder = excluded.holder,"
    " number = lease.number + 1, until = excluded.until, said = excluded.said"
    " WHERE lease.until < clock_timestamp() OR lease.holder = $6 RETURNING number"
)
# Also one that has run out, while the database was away: nobody has had it since, or its number were another.
_KEEP = (
    "UPDATE lease SET until = clock_timestamp() + mine.lasts * interval '1 second' FROM unnest(CAST($1 AS TEXT[]),"
    " CAST($2 AS TEXT[]), CAST($3 AS BIGINT[]), CAST($4 AS DOUBLE PRECISION[])) AS mine (kind, name, number, lasts)"
    " WHERE lease.kind = mine.kind AND lease.name = mine.name AND lease.number = mine.number"
    " RETURNING lease.kind, lease.name"
)
# One at a time, as it is mostly one: of a list the server believes that it is long, and plans for each anew.
STILL = "SELECT 1 FROM lease WHERE kind = $1 AND name = $2 AND number = $3 AND until >= clock_timestamp() FOR KEY SHARE"
# Not waiting for the disk, as taking and renewing do: where the server falls and has forgotten it, it ends by itself.
_LEAVE = (
    "WITH soon AS (SELECT set_config('synchronous_commit', 'off', true) AS is_off)"
    " UPDATE lease SET until = '-infinity', holder = '' FROM soon WHERE kind = $1 AND name = $2 AND number = $3"
)
_LAPSE = "UPDATE lease SET until = clock_timestamp() WHERE kind = $1 AND name = $2 AND number = $3"
_SAY = "UPDATE lease SET said = $4 WHERE kind = $1 AND name = $2 AND number = $3"
_OTHER = "SELECT holder, until >= clock_timestamp(), said FROM lease WHERE kind = $1 AND name = $2 AND holder != ''"


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


class Term(NamedTuple):
    """How long one lasts from each renewal on, and the time between two, in seconds."""

    lasts: float
    each: float


_USUAL = Term(30.0, 10.0)
# What everybody waits for is taken over within seconds.
_TERMS = {"clock": Term(10.0, 3.0), "publisher": Term(10.0, 3.0), "hub": Term(10.0, 3.0)}

Key = tuple[str, str]  # kind and name


class Lease(NamedTuple):
    """`until` and `renewed` by time.monotonic."""

    number: int
    until: float
    renewed: float
    said: str = ""


class Held(NamedTuple):
    """What a thread works under."""

    kind: str
    name: str
    number: int


class Said(NamedTuple):
    """Who has one, whether it still lasts, and what it has said with it."""

    holder: Holder
    lasts: bool
    said: str


def me() -> Holder:
    return Holder(socket.gethostname(), os.getpid())


def holder(said: str) -> Holder:
    machine, _, process = said.rpartition(" ")
    return Holder(machine, int(process))


def term(kind: str) -> Term:
    return _TERMS.get(kind, _USUAL)


def columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """As `unnest` wants them."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


class Leases:
    """Those of this process. `tick` counts seconds."""

    def __init__(self, pool: Pool, tick: Callable[[], float] = time.monotonic) -> None:
        self._pool = pool
        self._tick = tick
        self._guard = threading.Lock()
        self._held = dict[Key, Lease]()
        self._tried = dict[Key, float]()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """The table, which is there before all others."""
        if self._pool.asked("SELECT to_regclass('lease')", ()).fetchone()[0] is None:
            self._pool.asked(_TABLE, ())

    def take(self, kind: str, name: str, said: str = "") -> Lease | None:
        """None: another one has it, perhaps another thread. What was a process's that is dead is taken over."""
        with self._guard:
            if self._is_held(kind, name):
                return None
            lease = self._taken((kind, name), said, "")
            if lease is None:
                other = self.holder(kind, name)
                lease = self._taken((kind, name), said, str(other.holder)) if other and other.holder.is_dead else None
            return lease

    def kept(self, kind: str, name: str, said: str) -> Lease | None:
        """As `take`, for what is kept: ours, if it is that already. Another's is asked for once a second."""
        key, lease = (kind, name), self._held.get((kind, name))
        if lease and self.lasts(kind, name):
            return lease if lease.said == said else self._say(key, lease, said)
        now = self._tick()
        if now < self._tried.get(key, now):
            return None
        self._tried[key] = now + _TICK
        other = self.holder(kind, name)
        return None if other and other.lasts and not other.holder.is_dead else self.take(kind, name, said)

    def leave(self, kind: str, name: str) -> None:
        self._end(kind, name, _LEAVE)

    def lapse(self, kind: str, name: str) -> None:
        """It ends, and goes on to say who had it: as of one that was killed."""
        self._end(kind, name, _LAPSE)

    def _end(self, kind: str, name: str, how: str) -> None:
        with self._guard:
            lease = self._held.pop((kind, name), None)
        if lease:
            with suppress(StoreUnusable):  # it ends by itself
                self._pool.asked(how, (kind, name, lease.number))

    def lasts(self, kind: str, name: str) -> bool:
        """Is it still ours? To be looked at directly before what nobody else may do."""
        lease = self._held.get((kind, name))
        return lease is not None and self._tick() < lease.until

    def are(self, held: Iterable[Held]) -> bool:
        """Is each of these what it was?"""
        return all(
            self.lasts(each.kind, each.name) and self.number(each.kind, each.name) == each.number for each in held
        )

    def number(self, kind: str, name: str) -> int:
        """0: it is not ours."""
        lease = self._held.get((kind, name))
        return lease.number if lease else 0

    def holder(self, kind: str, name: str) -> Said | None:
        """Who had it last and has not given it back."""
        row = self._pool.asked(_OTHER, (kind, name)).fetchone()
        return Said(holder(row[0]), bool(row[1]), row[2]) if row else None

    def close(self, *, fallen: bool = False) -> None:
        """`fallen`: nobody has told this process to end, and what it was stays said."""
        self._over.set()
        for kind, name in [*self._held]:
            (self.lapse if fallen and kind == "run" else self.leave)(kind, name)

    def _taken(self, key: Key, said: str, before: str) -> Lease | None:
        """`before`: whose it may be besides."""
        began, lasts = self._tick(), term(key[0]).lasts
        row = self._pool.asked(_TAKE, (*key, str(me()), lasts, said, before)).fetchone()
        if row is None:
            return None
        lease = self._held[key] = Lease(row[0], began + lasts - _SLACK, began, said)
        if self._thread is None:
            self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)
            self._thread.start()
        return lease

    def _say(self, key: Key, lease: Lease, said: str) -> Lease:
        self._pool.asked(_SAY, (*key, lease.number, said))
        with self._guard:
            now = self._held[key] = self._held[key]._replace(said=said)
        return now

    def _is_held(self, kind: str, name: str) -> bool:
        """By this process: what has run out is not any more."""
        if (kind, name) in self._held and not self.lasts(kind, name):
            del self._held[kind, name]
        return (kind, name) in self._held

    def _renew(self) -> None:
        while not self._over.wait(_TICK):
            with suppress(StoreUnusable):  # they last, for a while
                self._renewed()

    def _renewed(self) -> None:
        began = self._tick()
        due = {key: lease for key, lease in [*self._held.items()] if began - lease.renewed >= term(key[0]).each}
        if not due:
            return
        rows = [(*key, lease.number, term(key[0]).lasts) for key, lease in due.items()]
        kept: Found = self._pool.asked(_KEEP, columns(rows, 4))
        ours = {(kind, name) for kind, name in kept}
        with self._guard:
            for key, lease in due.items():
                now = self._held.get(key)
                if now is None or now.number != lease.number:
                    continue
                if key in ours:
                    self._held[key] = now._replace(until=began + term(key[0]).lasts - _SLACK, renewed=began)
                else:
                    del self._held[key]  # it was taken over
