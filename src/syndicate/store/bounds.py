"""Where a feed's archive pages begin and end, and how they hang together (semantics: Position, head and archive).

Positions above 0 are given upwards, those of the past downwards from −1, so the chain is in the order of the bounds,
whatever the pages' numbers. A page's bounds are stored when it closes; at the old end, where it grows, when it begins.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate.store.codec import moment
from syndicate.store.connection import Connection, Rows

# The last position below the head of a topic, as SQL has it of each row: what stands above it stands in the head.
CLOSED_TO = "coalesce((SELECT max(last) FROM page WHERE page.topic = {} AND last > 0), 0)"


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

    def next_to_head(self, topic: str) -> tuple[int | None, int]:
        """The number of the page that the head's prev-archive leads to; and the last position below the head."""
        sql = "SELECT number, last FROM page WHERE topic = ? ORDER BY last DESC LIMIT 1"
        for number, last in self._execute(sql, (topic,)):
            return number, max(last, 0)
        return None, 0

    def closed_since(self, topic: str, number: int | None) -> int:
        """How many pages above 0 there are that are newer than the one of this number, None: how many at all."""
        ((count,),) = self._execute(
            "SELECT count(*) FROM page WHERE topic = :topic AND last > 0 AND last > coalesce("
            "(SELECT last FROM page WHERE topic = :topic AND number = :number), 0)",
            {"topic": topic, "number": number},
        ).fetchall()
        return int(count)

    def highest(self, topic: str) -> int:
        """The highest number of a page; 0 where there is none."""
        ((number,),) = self._execute("SELECT max(number) FROM page WHERE topic = ?", (topic,)).fetchall()
        return number or 0

    def groups(self, topic: str, size: int, numbers: range) -> dict[int, datetime]:
        """When pages of these numbers last changed, `size` of them to a group, by the group's number from 1 on."""
        rows = self._execute(
            "SELECT (number - 1) / :size + 1, max(updated) FROM page WHERE topic = :topic"
            " AND number >= :first AND number < :end GROUP BY 1 ORDER BY 1",
            {"topic": topic, "size": size, "first": numbers.start, "end": numbers.stop},
        )
        return {group: moment(updated) for group, updated in rows}

    def _execute(self, sql: str, values: Sequence[object] | dict[str, object]) -> Rows:
        return self._connection.execute(sql, values)
