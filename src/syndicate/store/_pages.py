"""Where a feed's archive pages begin and end, and how they hang together (semantics: Position, head and archive).

Positions above 0 are given upwards, those of the past downwards from −1, so the chain is in the order of the bounds,
whatever the pages' numbers. A page's bounds are stored when it closes; at the old end, where it grows, when it begins.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate.store._codec import moment, stamp
from syndicate.store._connection import Connection


class Bounds(NamedTuple):
    """A page's positions, and the numbers of its neighbours; `newer` is None beside the head."""

    first: int
    last: int
    updated: datetime
    older: int | None
    newer: int | None


class Pages:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, topic: str, number: int) -> Bounds:
        ((first, last, updated, older, newer),) = self._execute(
            "SELECT first, last, updated,"
            " (SELECT number FROM page WHERE topic = this.topic AND last < this.last ORDER BY last DESC LIMIT 1),"
            " (SELECT number FROM page WHERE topic = this.topic AND last > this.last ORDER BY last LIMIT 1)"
            " FROM page AS this WHERE topic = ? AND number = ?",
            (topic, number),
        ).fetchall()
        return Bounds(first, last, moment(updated), older, newer)

    def next_to_head(self, topic: str) -> int | None:
        """The number of the page that the head's prev-archive leads to."""
        row = self._execute("SELECT number FROM page WHERE topic = ? ORDER BY last DESC LIMIT 1", (topic,)).fetchone()
        return row and int(row[0])

    def closed_to(self, topic: str) -> int:
        """The last position below the head."""
        ((last,),) = self._execute("SELECT max(last) FROM page WHERE topic = ?", (topic,)).fetchall()
        return max(last or 0, 0)

    def holding(self, release: str, topic: str | None = None) -> tuple[tuple[str, int], ...]:
        """(topic, number) of the pages that a release stands on."""
        rows = self._execute(
            "SELECT page.topic, number FROM slot JOIN page ON page.topic = slot.topic AND first <= position AND last ="
            " (SELECT min(last) FROM page AS next WHERE next.topic = slot.topic AND next.last >= position)"
            " WHERE release = ?1 AND (?2 IS NULL OR slot.topic = ?2)",
            (release, topic),
        )
        return tuple((found, number) for found, number in rows)

    def hang(self, topic: str, first: int, last: int, now: datetime) -> int:
        """A new page, under the topic's next number."""
        ((number,),) = self._execute(
            "INSERT INTO page SELECT :topic, coalesce(max(number), 0) + 1, :first, :last, :now FROM page"
            " WHERE topic = :topic RETURNING number",
            {"topic": topic, "first": first, "last": last, "now": stamp(now)},
        ).fetchall()
        return int(number)

    def touch(self, pages: Iterable[tuple[str, int]], now: datetime) -> None:
        """These have changed for a reader: their `updated` moves on, never back."""
        for topic, number in pages:
            self._execute(
                "UPDATE page SET updated = max(updated, ?) WHERE topic = ? AND number = ?", (stamp(now), topic, number)
            )

    def _execute(self, sql: str, values: Sequence[object] | dict[str, object]) -> sqlite3.Cursor:
        return self._connection.db.conn.execute(sql, values)
