"""What the folder of feeds tells of the time after a backup, put into the store that was restored from it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection

Chain = dict[int | None, list[str]]  # the number of an archive page, None: the head → releases, the oldest first


class ReadBack:
    """In the transaction that puts it in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ids(self) -> dict[str, str]:
        """atom_id → id, of every release."""
        return dict(self._rows("SELECT atom_id, id FROM release"))

    def chains(self) -> dict[str, Chain]:
        """What stands where, by feed."""
        found = dict[str, Chain]()
        for feed, number, release in self._rows(
            "SELECT slot.topic, (SELECT number FROM page WHERE page.topic = slot.topic AND page.first <= position"
            " AND page.last >= position), release FROM slot ORDER BY slot.topic, position"
        ):
            found.setdefault(feed, {}).setdefault(number, []).append(release)
        return found

    def pages(self) -> dict[tuple[str, int], datetime]:
        """When each archive page last changed, by feed and number."""
        return {(feed, n): moment(at) for feed, n, at in self._rows("SELECT topic, number, updated FROM page")}

    def empty(self, feeds: Collection[str]) -> None:
        """Nothing stands there any more, and nothing ever did."""
        for table in ("slot", "page"):
            self._rows(f"DELETE FROM {table} WHERE topic IN (SELECT value FROM json_each(?))", listed(feeds))  # noqa: S608 - ours
        self._rows(
            "UPDATE topic SET last_position = 0, first_position = 0 WHERE id IN (SELECT value FROM json_each(?))",
            listed(feeds),
        )

    def untold(self, releases: Collection[str], now: datetime) -> None:
        """What sources said of these is of before: whoever speaks of one next speaks for the first time."""
        for table in ("edition", "pending"):
            self._rows(f"DELETE FROM {table} WHERE release IN (SELECT value FROM json_each(?))", listed(releases))  # noqa: S608 - ours
        self._rows(
            "UPDATE advance SET ended = coalesce(ended, ?2) WHERE release IN (SELECT value FROM json_each(?1))",
            listed(releases),
            stamp(now),
        )

    def as_told(self) -> None:
        """Nobody is told again what he has been told since; what is kept of documents is of before, so it goes."""
        for table in ("version", "notification", "document", "fragment"):
            self._rows(f"DELETE FROM {table}")  # noqa: S608 - ours
        self._rows("UPDATE webhook SET seen = coalesce((SELECT max(id) FROM happened), seen)")

    def _rows(self, sql: str, *values: Any) -> Iterable[Any]:
        return self._connection.execute(sql, values)
