"""What came of sources day by day: how often they were asked, how often in vain, what was new.

Of today it stands in the row that each poll writes anyway (`Sources.save`); a day that is over goes where those before
are with the first poll of the next one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from syndicate.model import Day
from syndicate.store.codec import listed
from syndicate.store.connection import Connection

KEPT = timedelta(days=40)

TODAY = ("day", "day_polls", "day_failures", "day_new", "day_corrected", "day_withdrawn")
_PAST = ("day", "polls", "failures", "new", "corrected", "withdrawn")
_OF = (
    f"SELECT source, {', '.join(_PAST)} FROM source_day"  # noqa: S608  # names of our own
    " WHERE source IN (SELECT value FROM json_each(:these)) AND day >= :since"
    f" UNION ALL SELECT id, {', '.join(TODAY)} FROM source"
    " WHERE id IN (SELECT value FROM json_each(:these)) AND day >= :since ORDER BY 1, 2"
)
_ALL = (
    f"SELECT {', '.join(_PAST)} FROM source_day WHERE source = '' AND day >= :since"  # noqa: S608
    f" UNION ALL SELECT day, {', '.join(f'sum({name})' for name in TODAY[1:])} FROM source"
    " WHERE day >= :since GROUP BY day ORDER BY 1"
)
# The source's own day, before another one is written there; also for all of them. A clock that goes back over midnight
# ends a day twice: what there is of it is added up.
_END = (
    f"INSERT INTO source_day SELECT whose, {', '.join(TODAY)} FROM source"  # noqa: S608
    " CROSS JOIN (SELECT '' AS whose UNION ALL SELECT ?1) AS pair ON true"
    " WHERE source.id = ?1 AND day NOT IN ('', ?2) ON CONFLICT (source, day) DO UPDATE SET"
    f" {', '.join(f'{name} = source_day.{name} + excluded.{name}' for name in _PAST[1:])}"
)


def end_day(conn: Any, source: str, next: str) -> None:
    """What came of it until now is of the past, unless it is of that day. In the transaction that counts the next."""
    conn.execute(_END, (source, next))


class Days:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, sources: Collection[str], since: str) -> Mapping[str, tuple[Day, ...]]:
        """Of each of these that was asked from that day on: its days, the oldest first."""
        rows = self._connection.execute(_OF, {"these": listed(sources), "since": since})
        return {source: _days(row[1:] for row in each) for source, each in groupby(rows, itemgetter(0))}

    def all(self, since: str) -> tuple[Day, ...]:
        """The same of all sources together, also of those that are there no more."""
        return _days(self._connection.execute(_ALL, {"since": since}))

    def expire(self, now: datetime) -> None:
        """What is too old to be looked at goes."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM source_day WHERE day < ?", ((now - KEPT).date().isoformat(),))


def _days(rows: Iterable[Sequence[Any]]) -> tuple[Day, ...]:
    """A day that a clock went back to is in two rows: they are added up."""
    found = dict[str, tuple[int, ...]]()
    for day, *came in rows:
        found[day] = tuple(map(sum, zip(found.get(day, (0,) * len(came)), came, strict=True)))
    return tuple(Day(day, *came) for day, came in found.items())
