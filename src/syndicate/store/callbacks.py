"""What we have asked hubs to push, what they have pushed, and of which sources there is a hub to be asked."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from syndicate.model import Callback, Push
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection

_NAMES = [each.name for each in fields(Callback)]
_MOMENTS = ("due", "since", "until", "pushed")
_SELECT = f"SELECT {', '.join(_NAMES)} FROM callback"  # noqa: S608  # names of our own
_WRITTEN = [name for name in _NAMES if name != "id"]
_INSERT = f"INSERT INTO callback ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"  # noqa: S608
_COUNTED = ("pushes", "refused", "pushed")  # in requests: they are not written back from what was read before
_KEPT = [name for name in _WRITTEN if name not in _COUNTED]
_UPDATE = f"UPDATE callback SET {', '.join(f'{name} = ?' for name in _KEPT)} WHERE id = ?"  # noqa: S608


class Callbacks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_token(self, token: str) -> Callback | None:
        return next(self._found("token = ?", token), None)

    def of_source(self, source: str) -> tuple[Callback, ...]:
        """The oldest first."""
        return tuple(self._found("source = ? ORDER BY id", source))

    def get(self, identifier: int) -> Callback | None:
        return next(self._found("id = ?", identifier), None)

    def all(self) -> tuple[Callback, ...]:
        """Those of a source together."""
        return tuple(self._found("1 = 1 ORDER BY source, id"))

    def due(self, now: datetime, most: int) -> tuple[Callback, ...]:
        """Those for which there is something to do, who have waited for longest first."""
        return tuple(self._found("due <= ? ORDER BY due, id LIMIT ?", stamp(now), most))

    def active_since(self, source: str, now: datetime) -> datetime | None:
        """Since when it is pushed; None: it is not."""
        found = self._found("source = ? AND state = 'active' AND until > ?", source, stamp(now))
        return min((each.since for each in found if each.since), default=None)

    def save(self, callback: Callback) -> None:
        """All but what requests count."""
        with self._connection.transaction() as db:
            if callback.id:
                db.execute(_UPDATE, (*_values(callback, _KEPT), callback.id))
            else:
                db.execute(_INSERT, _values(callback, _WRITTEN))

    def drop(self, identifier: int) -> None:
        with self._connection.transaction() as db:
            db.execute("DELETE FROM callback WHERE id = ?", (identifier,))

    def refuse(self, callback: Callback) -> None:
        """Count a push that its hub has not signed."""
        with self._connection.transaction() as db:
            db.execute("UPDATE callback SET refused = refused + 1 WHERE id = ?", (callback.id,))

    def keep(self, callback: Callback, push: Push) -> None:
        """Until it is ingested (`taken`)."""

        def kept() -> None:
            at = stamp(push.at)
            self._connection.execute(
                "INSERT INTO push (source, at, media_type, coding, body) VALUES (?, ?, ?, ?, ?)",
                (callback.source, at, push.media_type, push.coding, push.body),
            )
            self._connection.execute(
                "UPDATE callback SET pushes = pushes + 1, pushed = ? WHERE id = ?", (at, callback.id)
            )

        self._connection.together(kept)

    def waiting(self, source: str) -> int:
        """How many pushes of a source are to be ingested."""
        (count,) = self._connection.execute("SELECT count(*) FROM push WHERE source = ?", (source,)).fetchone()
        return int(count)

    def pushed(self) -> list[str]:
        """The sources of which a push is to be ingested."""
        return [source for (source,) in self._connection.execute("SELECT DISTINCT source FROM push")]

    def next(self, source: str) -> Push | None:
        rows = self._connection.execute(
            "SELECT id, body, media_type, coding, at FROM push WHERE source = ? ORDER BY id LIMIT 1", (source,)
        )
        for identifier, body, media_type, coding, at in rows:
            return Push(id=identifier, body=body, media_type=media_type, coding=coding, at=moment(at))
        return None

    def taken(self, push: Push) -> None:
        """Not waiting for the disk: whoever reads it once more finds nothing new."""
        delete = "DELETE FROM push WHERE id = ?"
        self._connection.together(lambda: self._connection.execute(delete, (push.id,)), lasting=False)

    def tell(self, source: str) -> None:
        """Whether it is to be pushed is to be seen again. In the transaction that records why."""
        with self._connection.transaction() as db:
            db.execute("INSERT INTO hub_told VALUES (?) ON CONFLICT DO NOTHING", (source,))

    def told(self) -> list[str]:
        """Of whom that was said since they were last `heard`."""
        return [source for (source,) in self._connection.execute("SELECT source FROM hub_told ORDER BY source")]

    def heard(self, sources: Collection[str]) -> None:
        with self._connection.transaction() as db:
            these = "IN (SELECT value FROM json_each(?))"
            db.execute(f"DELETE FROM hub_told WHERE source {these}", (listed(sources),))  # noqa: S608

    def _found(self, where: str, *values: object) -> Iterator[Callback]:
        for row in self._connection.execute(f"{_SELECT} WHERE {where}", values).fetchall():
            yield _callback(row)


def _callback(row: Sequence[Any]) -> Callback:
    values = dict(zip(_NAMES, row, strict=True))
    said = {name: moment(values[name]) for name in _MOMENTS} | {"private": bool(values["private"])}
    return Callback(**(values | said))


def _values(callback: Callback, names: Sequence[str]) -> list[object]:
    found = [getattr(callback, name) for name in names]
    return [stamp(v) if isinstance(v, datetime) else int(v) if isinstance(v, bool) else v for v in found]
