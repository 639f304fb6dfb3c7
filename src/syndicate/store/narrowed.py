"""The feed of everything, narrowed to some topics: its own pages, with what of these stands on them."""

from collections.abc import Collection, Mapping
from typing import Literal

from syndicate.placement import ALL
from syndicate.store.bounds import Pages
from syndicate.store.codec import listed
from syndicate.store.connection import Connection, Rows
from syndicate.store.feeds import Head, row_shown
from syndicate.store.states import VISIBLE
from syndicate.store.words import OF_RELEASES, WITH_WORDS

_LOWEST = -(2**62)  # below all positions
_NEXT = 64  # pages that are looked into before it is asked where a topic stands at all


class Narrowed:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages = Pages(connection)

    def standing_in(self, releases: Collection[str], topics: Collection[str]) -> frozenset[str]:
        """Those of these releases that stand, or have their tombstone, in one of these feeds."""
        rows = self._connection.of(
            "SELECT DISTINCT release FROM json_each(?) AS sought CROSS JOIN slot ON slot.release = sought.value"
            " WHERE topic IN (SELECT value FROM json_each(?))",
            releases,
            listed(topics),
        )
        return frozenset(release for (release,) in rows)

    def above(self, topics: Collection[str], least: int) -> int:
        """Of the feed of everything, of these topics alone: the position above which is its head.

        That is a page's border, down to which so many stand there, or all that there are.
        """
        closed_to = self._pages.next_to_head(ALL)[1]
        ((position, first),) = self._execute(
            "SELECT position, (SELECT first FROM page WHERE topic = :all AND last >= position ORDER BY last LIMIT 1)"
            " FROM (SELECT (SELECT slot.position FROM json_each(:topics) AS sought CROSS JOIN slot AS other"
            " ON other.topic = sought.value AND other.shown = 1 AND other.position >= coalesce("
            "(SELECT position FROM slot AS nth WHERE nth.topic = sought.value AND shown = 1"
            " ORDER BY position DESC LIMIT 1 OFFSET :more), :lowest)"
            " CROSS JOIN slot ON slot.release = other.release AND slot.topic = :all"
            " GROUP BY slot.position ORDER BY slot.position DESC LIMIT 1 OFFSET :more) AS position) AS found",
            {"all": ALL, "topics": listed(topics), "more": least - 1, "lowest": _LOWEST},
        )
        if position is None:
            return _LOWEST
        return closed_to if first is None or first > closed_to else int(first) - 1

    def head(self, topics: Collection[str], above: int) -> Head:
        """What stands above that position in the feed of everything, of these topics alone; and the page below it."""
        rows = self._execute(
            f"SELECT published, {OF_RELEASES} FROM (SELECT DISTINCT slot.release, slot.position"  # noqa: S608 - ours
            " FROM json_each(:topics) AS sought"
            " CROSS JOIN slot AS other ON other.topic = sought.value AND other.shown = 1"
            " CROSS JOIN slot ON slot.release = other.release AND slot.topic = :all AND slot.position > :above"
            ") AS found"
            f" CROSS JOIN release ON release.id = found.release {WITH_WORDS} WHERE {VISIBLE}"
            " ORDER BY found.position DESC",
            {"all": ALL, "topics": listed(topics), "above": above},
        )
        return Head(tuple(map(row_shown, rows)), self._beside(above + 1, "<", topics))

    def neighbours(self, number: int, topics: Collection[str], above: int) -> tuple[int | None, int | None]:
        """Of an archive page of everything, the next ones on which something of these topics stands: (older, newer).

        `above`: where its head begins.
        """
        bounds = self._pages.get(ALL, number)
        newer = self._beside(bounds.last, ">", topics) if bounds.last < above else None
        if newer is not None and self._pages.get(ALL, newer).first > above:
            newer = None
        return self._beside(bounds.first, "<", topics), newer

    def _beside(self, position: int, side: Literal["<", ">"], topics: Collection[str]) -> int | None:
        """The first page on that side: among the next ones, else by what stands in those topics' own feeds."""
        order, nearest = ("DESC", "max") if side == "<" else ("", "min")
        values = {"all": ALL, "position": position, "topics": listed(topics), "most": _NEXT}
        for sql in (
            "SELECT number FROM (SELECT number, first, last FROM page WHERE topic = :all"  # noqa: S608 - ours
            f" AND last {side} :position ORDER BY last {order} LIMIT :most) AS next WHERE EXISTS ("
            "SELECT 1 FROM slot CROSS JOIN slot AS other ON other.release = slot.release"
            " AND other.topic IN (SELECT value FROM json_each(:topics))"
            " WHERE slot.topic = :all AND slot.position BETWEEN next.first AND next.last)"
            f" ORDER BY last {order} LIMIT 1",
            f"SELECT number FROM (SELECT {nearest}(slot.position) AS nearest FROM json_each(:topics) AS sought"  # noqa: S608
            " CROSS JOIN slot AS other ON other.topic = sought.value"
            " CROSS JOIN slot ON slot.release = other.release AND slot.topic = :all"
            f" WHERE slot.position {side} :position) AS next CROSS JOIN page ON topic = :all AND last >= nearest"
            " ORDER BY last LIMIT 1",
        ):
            for (number,) in self._execute(sql, values):
                return int(number)
        return None

    def _execute(self, sql: str, values: Mapping[str, object]) -> Rows:
        return self._connection.execute(sql, values)
