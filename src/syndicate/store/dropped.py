"""What sources' rules have dropped: for a person to look at, so there is an end to it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from syndicate.model import Dropped
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import put

_MOST = 1_000  # of one source: the latest
_COLUMNS = "key, title, url, id, rule, source, at"


class DroppedEntries:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, source: str, found: Sequence[Dropped], now: datetime) -> int:
        """In the transaction that records their document. How many of them were not known."""
        if not found:
            return 0
        known = {
            key
            for (key,) in self._connection.execute(
                "SELECT dropped.key FROM json_each(?) AS asked"
                " CROSS JOIN dropped ON source = ? AND dropped.key = asked.value",
                (listed(each.key for each in found), source),
            )
        }
        self._connection.executemany(
            "INSERT INTO dropped (source, key, at, title, url, id, rule) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, key) DO UPDATE SET title = excluded.title, url = excluded.url, id = excluded.id,"
            " rule = excluded.rule",
            [(source, d.key, stamp(now), d.title, d.url, d.id, d.rule) for d in found],
        )
        new = {each.key for each in found} - known
        if new:
            self._connection.execute(
                "DELETE FROM dropped WHERE source = ? AND at < (SELECT at FROM dropped WHERE source = ?"
                " ORDER BY at DESC LIMIT 1 OFFSET ?)",
                (source, source, _MOST - 1),
            )
        return len(new)

    def forget(self, source: str, keys: Iterable[str]) -> None:
        """What goes by these names is dropped no more."""
        sought = listed(keys)
        self._connection.execute(
            "DELETE FROM dropped WHERE source = ? AND key IN (SELECT value FROM json_each(?))", (source, sought)
        )

    def list(self, sources: Collection[str]) -> Iterator[Dropped]:
        """Of these sources, the latest first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM dropped WHERE source IN (SELECT value FROM json_each(?))"  # noqa: S608 - ours
            " ORDER BY at DESC, source, title, key",
            (listed(sources),),
        )
        for key, title, url, own, rule, name, at in rows:
            yield Dropped(key, title, url, own, rule, name, moment(at))

    def count(self, sources: Collection[str]) -> int:
        (row,) = self._connection.execute(
            "SELECT count(*) FROM dropped WHERE source IN (SELECT value FROM json_each(?))", (listed(sources),)
        )
        return int(row[0])

    def expire(self, until: datetime) -> None:
        self._connection.execute("DELETE FROM dropped WHERE at < ?", (stamp(until),))

    def past(self, source: str, rules: str) -> datetime | None:
        """When something new has last got past these very rules, nearly."""
        rows = self._connection.execute("SELECT at FROM past_rules WHERE source = ? AND rules = ?", (source, rules))
        return next((moment(at) for (at,) in rows), None)

    def note_past(self, source: str, rules: str, now: datetime) -> None:
        self._connection.execute(put("past_rules", ("source", "rules", "at"), ("source",)), (source, rules, stamp(now)))
