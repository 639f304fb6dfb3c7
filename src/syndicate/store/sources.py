"""What we know of sources between two polls, and what of theirs could not be used."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from syndicate.model import Day, FetchState, FileState, Rejected
from syndicate.polling import CLOCK_AHEAD
from syndicate.store.callbacks import Callbacks
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.days import TODAY, end_day
from syndicate.store.hosts import Hosts
from syndicate.store.learnt import learnt_of, recalled
from syndicate.store.upsert import put

_MOMENTS = ("next_poll", "not_before", "last_attempt", "last_success")
_COLUMNS = ("etag", "last_modified", "hash", *_MOMENTS, "error", "failures", "gone")
_READ = ("id", *_COLUMNS, "paused", "day", "learnt")
_SELECT = f"SELECT {', '.join(_READ)} FROM source"  # noqa: S608  # names of our own
_WAITS = "SELECT id FROM source WHERE paused = 0 AND gone = 0"
_WRITTEN = ("id", *_COLUMNS, "learnt")
_UPSERT = (
    f"INSERT INTO source ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"  # noqa: S608
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _WRITTEN[1:])}"
)
# The same, and what came on a day: to what came on another one it is not added (`end_day` has kept that).
_OF_THE_DAY = "{0} = CASE source.day WHEN excluded.day THEN source.{0} ELSE 0 END + excluded.{0}"
_COUNTED = (
    f"INSERT INTO source ({', '.join((*_WRITTEN, *TODAY))}) VALUES ({', '.join('?' * len((*_WRITTEN, *TODAY)))})"  # noqa: S608
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in (*_WRITTEN[1:], 'day'))},"
    f" {', '.join(map(_OF_THE_DAY.format, TODAY[1:]))}"
)
# Finds rows, decides nothing: `polling.turn` does, and agrees (tests/test_polling_due.py).
_LATER = "coalesce(next_poll, '') > :now AND coalesce(last_attempt, '') < :soon"

_REJECTED = ("source", "place", "item", "reason", "at", "harmless")


class Quarantined(NamedTuple):
    """An item or a file of a source that could not be used; `harmless` where only a part of it was not understood."""

    source: str
    where: str
    reason: str
    at: datetime
    harmless: bool


class Agenda(NamedTuple):
    """`due`: what is known, without files, of those whose next poll has come. `later`: the others, and the `url` that
    their time was learnt of.
    """

    due: Mapping[str, FetchState]
    later: Mapping[str, str | None]


class Sources:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hosts = Hosts(connection)
        self._callbacks = Callbacks(connection)

    def state(self, source: str, *, files: bool = True) -> FetchState:
        """An empty one for a source that was never asked. `files=False` leaves out what can be long."""
        row = self._connection.execute(f"{_SELECT} WHERE id = ?", (source,)).fetchone()
        known = dict(self._files(source)) if files else {}
        return _state(row, known) if row else FetchState(source=source, files=known)

    def visit(self, host: str) -> None:
        """Directly before each request. NotOurs where another process asks it."""
        self._connection.visit(host)

    def states_of(self, sources: Iterable[str]) -> dict[str, FetchState]:
        """Of those of these that were ever asked, without files."""
        rows = self._connection.of(f"{_SELECT} WHERE id IN (SELECT value FROM json_each(?))", [*sources])  # noqa: S608  # ours
        return {state.source: state for state in map(_state, rows)}

    def states(self) -> dict[str, FetchState]:
        """What is known of each that was ever asked, without files."""
        return {state.source: state for state in map(_state, self._connection.execute(_SELECT))}

    def with_hub(self) -> dict[str, FetchState]:
        """What is known of each whose last document named one, without files."""
        rows = self._connection.execute(f"{_SELECT} WHERE learnt LIKE '%\"hub\": %'")
        return {state.source: state for state in map(_state, rows) if state.hub}

    def _files(self, source: str) -> Iterator[tuple[str, FileState]]:
        rows = self._connection.execute(
            "SELECT path, size, mtime_ns, hash, reason, companions, lost, again, reader FROM file WHERE source = ?"
            " ORDER BY path",
            (source,),
        )
        for path, size, mtime_ns, digest, reason, companions, lost, again, reader in rows:
            named = tuple((its, bytes_, mtime) for its, bytes_, mtime in json.loads(companions))
            yield (
                path,
                FileState(
                    path=path,
                    size=size,
                    mtime_ns=mtime_ns,
                    hash=digest,
                    reason=reason,
                    companions=named,
                    lost=lost,
                    again=moment(again),
                    reader=reader,
                ),
            )

    def save(self, state: FetchState, came: Day | None = None) -> None:
        """All but the files, and but `paused`: a person may have said so while the source was being asked.

        What `came` of it is added to what has come on that day.
        """
        values = (
            state.source,
            state.etag,
            state.last_modified,
            state.hash,
            stamp(state.next_poll),
            stamp(state.not_before),
            stamp(state.last_attempt),
            stamp(state.last_success),
            state.error,
            state.failures,
            int(state.gone),
            json.dumps(learnt_of(state)),
        )
        with self._connection.transaction() as db:
            if came and state.day and came.day != state.day:
                end_day(db, state.source, came.day)
            db.execute(_COUNTED if came else _UPSERT, (*values, *(came or ())))

    def begin(self, state: FetchState) -> None:
        """As `save`, for the time of a poll, but not waiting for the disk: it is to outlive the process alone."""
        self._connection.together(lambda: self.save(state), lasting=False)

    def pause(self, source: str) -> None:
        """Not asked until `resume`."""
        self._put(source, paused=1)
        self._callbacks.tell(source)

    def resume(self, source: str) -> None:
        """Asked again, at once: also one that was gone (410), or that sent us away after failures of its own."""
        self._put(source, paused=0, gone=0, next_poll=None)
        self._callbacks.tell(source)

    def hurry(self, source: str, until: datetime) -> None:
        """Its next poll is no later than that."""
        with self._connection.transaction() as db:
            db.execute("UPDATE source SET next_poll = ?1 WHERE id = ?2 AND next_poll > ?1", (stamp(until), source))

    def forget(self, source: str) -> None:
        """What is known of its polls, its files, its past and what could not be used; its releases stay.

        So do pages that were read: should it come back, no poll takes a full text back.
        """
        with self._connection.transaction() as db:
            for table, column in (
                ("source", "id"),
                ("file", "source"),
                ("document", "source"),
                ("rejected", "source"),
                ("alarm", "subject"),
                ("walk", "source"),
                ("walked", "source"),
                ("push", "source"),
                ("hub_told", "source"),
                ("source_day", "source"),
            ):
                db.execute(f"DELETE FROM {table} WHERE {column} = ?", (source,))  # noqa: S608  # names of our own
            db.execute("DELETE FROM wanted WHERE source = ? AND page IS NULL", (source,))

    def _put(self, source: str, **values: object) -> None:
        names = ", ".join(values)
        changed = ", ".join(f"{name} = excluded.{name}" for name in values)
        with self._connection.transaction() as db:
            db.execute(
                f"INSERT INTO source (id, {names}) VALUES (?{', ?' * len(values)})"  # noqa: S608 - names of our own
                f" ON CONFLICT (id) DO UPDATE SET {changed}",
                (source, *values.values()),
            )

    def save_files(self, source: str, before: FetchState, after: Iterable[FileState]) -> None:
        """Only those that differ from `before`; those that are no longer there go."""
        kept = {state.path: state for state in after}
        gone = sorted(before.files.keys() - kept.keys())
        with self._connection.transaction() as db:
            if gone:
                these = "IN (SELECT value FROM json_each(?))"
                db.execute(f"DELETE FROM file WHERE source = ? AND path {these}", (source, listed(gone)))  # noqa: S608
                db.execute(f"DELETE FROM rejected WHERE source = ? AND place {these}", (source, listed(gone)))  # noqa: S608
            db.executemany(
                "INSERT INTO file (source, path, size, mtime_ns, hash, reason, companions, lost, again, reader)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, path) DO UPDATE SET size = excluded.size,"
                " mtime_ns = excluded.mtime_ns, hash = excluded.hash, reason = excluded.reason,"
                " companions = excluded.companions, lost = excluded.lost, again = excluded.again,"
                " reader = excluded.reader",
                (
                    (
                        source,
                        state.path,
                        state.size,
                        state.mtime_ns,
                        state.hash,
                        state.reason,
                        json.dumps(state.companions),
                        state.lost,
                        stamp(state.again),
                        state.reader,
                    )
                    for state in kept.values()
                    if before.files.get(state.path) != state
                ),
            )

    def quarantine(
        self, source: str, places: Iterable[str], rejected: Iterable[tuple[str, Rejected, bool]], now: datetime
    ) -> None:
        """Replace what is known against these places (files, or "" for a feed): (place, what and why, harmless)."""
        with self._connection.transaction() as db:
            db.execute(
                "DELETE FROM rejected WHERE source = ? AND place IN (SELECT value FROM json_each(?))",
                (source, listed(places)),
            )
            db.executemany(
                put("rejected", _REJECTED, _REJECTED[:4]),
                (
                    (source, place, what.where, what.reason, stamp(now), int(harmless))
                    for place, what, harmless in rejected
                ),
            )

    def quarantined(self, source: str | None = None) -> tuple[Quarantined, ...]:
        rows = self._connection.execute(
            "SELECT source, item, reason, at, harmless FROM rejected"  # noqa: S608 - ours
            f" {'WHERE source = :source' if source else ''} ORDER BY source, place, item, reason",
            {"source": source} if source else {},
        )
        return tuple(
            Quarantined(source, item, reason, moment(at), bool(harmless)) for source, item, reason, at, harmless in rows
        )

    def due(self, now: datetime) -> Agenda:
        """Whose next poll has come."""
        rows = self._connection.execute(f"{_SELECT} WHERE NOT ({_LATER})", _times(now)).fetchall()
        later = self._connection.execute(
            f"SELECT id, learnt ->> 'configured' FROM source WHERE {_LATER}",  # noqa: S608
            _times(now),
        )
        return Agenda({row[0]: _state(row) for row in rows}, dict(later.fetchall()))

    def come(self, after: datetime | None, now: datetime) -> list[str]:
        """Those that are to be asked at once, and of which the next poll has come since `after` (None: ever), in order.

        By an index: it costs what it finds. Neither who was never asked, nor whose time a clock that was ahead has set:
        `due` finds them. Nor who is paused or gone.
        """
        at_once = self._connection.execute(f"{_WAITS} AND next_poll IS NULL")
        come = self._connection.execute(
            f"{_WAITS} AND next_poll > ? AND next_poll <= ? ORDER BY next_poll", (stamp(after) or "", stamp(now))
        )
        return [source for rows in (at_once, come) for (source,) in rows]

    def next_poll(self, source: str) -> datetime | None:
        """None: at once, or it was never asked."""
        row = self._connection.execute("SELECT next_poll FROM source WHERE id = ?", (source,)).fetchone()
        return moment(row[0]) if row else None

    def leave_alone(self, host: str, seconds: float, now: datetime) -> None:
        """For so long from now; a longer time that it asked for before goes on. What is not true now is forgotten.

        Hosts are named as they are dialled, with the port where that is not the usual one.
        """
        self._hosts.leave_alone(host, seconds, now)

    def resting(self, now: datetime) -> dict[str, datetime]:
        """The hosts that may not be asked yet, and until when."""
        return self._hosts.resting(now)


def _times(now: datetime) -> dict[str, str | None]:
    return {"now": stamp(now), "soon": stamp(now + CLOCK_AHEAD)}


def _state(row: Sequence[Any], files: Mapping[str, FileState] = MappingProxyType({})) -> FetchState:
    """Of a row of `_SELECT`."""
    values = dict(zip(_READ, row, strict=True))
    source, learnt = values.pop("id"), values.pop("learnt")
    values.update({name: moment(values[name]) for name in _MOMENTS})
    values |= {"gone": bool(values["gone"]), "paused": bool(values["paused"]), **recalled(json.loads(learnt))}
    return FetchState(source=source, files=files, **values)
