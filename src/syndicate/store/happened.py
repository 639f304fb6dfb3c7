"""What has happened to releases, as a publish has shown it: for whoever is to be told of each."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from syndicate.placement import ALL, Announced, Happening, Stand
from syndicate.store.announced import COLUMNS, announce_all
from syndicate.store.bounds import CLOSED_TO
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import over

_COLUMNS = "id, kind, release, revision, at, topics, generation"


class Happened(NamedTuple):
    """`id` grows. `at`: when the publish began that showed it; `topics`: ids, of then.

    `generation`: a version of a document (`Version.generation`) with at least this one shows it.
    """

    id: int
    kind: Happening
    release: str
    revision: int
    at: datetime
    topics: tuple[str, ...]
    generation: int


class Happenings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, last: int, *, limit: int = 1_000) -> tuple[Happened, ...]:
        """What came after the row of this id (0: all that is kept), the oldest first."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM happened WHERE id > ? ORDER BY id LIMIT ?", (last, limit))  # noqa: S608 - ours
        return tuple(map(_happened, rows))

    def of(self, release: str) -> tuple[Happened, ...]:
        """What is kept of this release, the oldest first."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM happened WHERE release = ? ORDER BY id", (release,))  # noqa: S608 - ours
        return tuple(map(_happened, rows))

    def lately(self, kinds: Collection[Happening], since: datetime, limit: int) -> tuple[str, ...]:
        """The last releases to which something of these kinds has happened since, the last first, each once."""
        rows = self._rows(
            "SELECT release FROM happened WHERE at >= ?2 AND kind IN (SELECT value FROM json_each(?1))"
            " GROUP BY release ORDER BY max(id) DESC LIMIT ?3",
            (listed(kinds), stamp(since), limit),
        )
        return tuple(release for (release,) in rows)

    def last(self) -> int:
        """The id of the newest row; 0 where nothing has happened."""
        ((last,),) = self._rows("SELECT coalesce(max(id), 0) FROM happened", ())
        return int(last)

    def before(self, releases: Collection[str]) -> dict[str, tuple[Announced | None, Stand]]:
        """What was last announced of each of these, and where it stands now."""
        rows = self._connection.of(
            "SELECT asked.value, announced.state, revision, updated, position,"  # noqa: S608 - ours
            f" {CLOSED_TO.format('?2')} FROM json_each(?1) AS asked"
            " LEFT JOIN announced ON announced.release = asked.value"
            " LEFT JOIN slot ON slot.release = asked.value AND slot.topic = ?2",
            releases,
            ALL,
        )
        return {
            release: (Announced(state, revision, moment(updated)) if state else None, Stand(position, closed_to))
            for release, state, revision, updated, position, closed_to in rows
        }

    def announce(self, told: Mapping[str, Announced]) -> None:
        """From now on. In the transaction of the publish that has shown it."""
        if told:
            self._rows(
                "INSERT INTO announced (release, state, revision, updated) SELECT value ->> 0, value ->> 1,"  # noqa: S608
                f" CAST(value ->> 2 AS BIGINT), value ->> 3 FROM json_each(?) WHERE true {over(COLUMNS, COLUMNS[:1])}",
                (listed((i, each.state, each.revision, stamp(each.updated)) for i, each in told.items()),),
            )

    def announce_all(self) -> None:
        """What readers see by now has been told: an archive that was taken over happens to nobody."""
        announce_all(self._connection)

    def put(self, rows: Collection[tuple[Happening, str, int, tuple[str, ...], int]], now: datetime) -> None:
        """(kind, release, revision, topics, generation), in their order; in that transaction as well."""
        if rows:
            self._rows(
                "INSERT INTO happened (kind, release, revision, at, topics, generation) SELECT value ->> 0,"
                " value ->> 1, CAST(value ->> 2 AS BIGINT), ?2, value ->> 3, CAST(value ->> 4 AS BIGINT)"
                " FROM json_each(?1) ORDER BY key",
                (listed((*told, listed(topics), number) for *told, topics, number in rows), stamp(now)),
            )

    def expire(self, until: datetime) -> None:
        """What happened before that goes."""
        self._rows("DELETE FROM happened WHERE at < ?", (stamp(until),))

    def _rows(self, sql: str, values: tuple[object, ...]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)


def _happened(row: tuple) -> Happened:  # type: ignore[type-arg]
    number, kind, release, revision, at, topics, generation = row
    return Happened(number, kind, release, revision, moment(at), tuple(json.loads(topics)), generation)
