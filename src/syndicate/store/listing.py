"""Releases in a row, the newest first: read as they are asked for, and their words only where they are."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from syndicate.model import Release, State
from syndicate.placement import ALL
from syndicate.store.codec import Row, inflate, listed, load_once, moment
from syndicate.store.connection import Connection
from syndicate.store.words import OF_RELEASES, WITH_WORDS

_HIDDEN = "state IN ('embargoed', 'held', 'withdrawn')"


class Line(NamedTuple):
    """What a list shows of a release."""

    id: str
    published: datetime
    state: State
    title: str


class Listing:
    """Those in one of `states` (all, if there are none), of a topic, told by a source.

    A topic is that of every release which is classified so, whoever sees it; `all` has those that readers see.
    """

    def __init__(
        self, connection: Connection, states: Sequence[State] = (), topic: str | None = None, source: str | None = None
    ) -> None:
        self._connection = connection
        self._states, self._topic, self._source = states, topic, source

    def __len__(self) -> int:
        if self._topic not in (None, ALL):
            return sum(1 for _ in self._own("release.id"))
        where, values = self._where()
        if self._source is None and self._topic is None:
            ((number,),) = self._rows(f"SELECT coalesce(sum(number), 0) FROM release_count WHERE {where}", values)  # noqa: S608
        else:
            ((number,),) = self._rows(f"SELECT count(*) FROM release WHERE {where}", values)  # noqa: S608 - ours
        return int(number)

    def lines(self) -> Iterator[Line]:
        for own, identifier, published, state in self._own("release.id, published, state"):
            yield Line(identifier, moment(published), state, own["title"])

    def __iter__(self) -> Iterator[Release]:
        where, values = self._where()
        for row in self._rows(
            f"SELECT {OF_RELEASES} FROM release {WITH_WORDS} WHERE {where} ORDER BY published DESC, release.id",  # noqa: S608
            values,
        ):
            release = load_once(Row(*row))
            if self._topic in (None, ALL, *release.topics):
                yield release

    def _own(self, columns: str) -> Iterator[Sequence[Any]]:
        """(own fields, columns …) of each."""
        where, values = self._where()
        sql = f"SELECT own, {columns} FROM release WHERE {where} ORDER BY published DESC, release.id"  # noqa: S608 - ours
        for own, *found in self._rows(sql, values):
            said = json.loads(inflate(own))
            if self._topic in (None, ALL, *said.get("topics", ())):
                yield said, *found

    def _where(self) -> tuple[str, list[object]]:
        where, values = ["1"], list[object]()
        if self._states:
            where.append("state IN (SELECT value FROM json_each(?))")
            values.append(listed(self._states))
        if self._topic == ALL:
            where.append("state IN ('public', 'headline')")
        elif self._topic is not None:
            where.append(f"(release.id IN (SELECT release FROM slot WHERE topic = ?) OR {_HIDDEN})")  # noqa: S608
            values.append(self._topic)
        if self._source is not None:
            where.append(
                "release.id IN (SELECT release FROM edition WHERE source = ?"
                " UNION SELECT id FROM release WHERE source = ?)"
            )
            values += [self._source, self._source]
        return " AND ".join(where), values

    def _rows(self, sql: str, values: Sequence[object]) -> Any:
        return self._connection.db.conn.execute(sql, values)
