"""Releases in a row, the newest first: read as they are asked for, and their words only where they are."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from syndicate.model import VISIBLE as SEEN
from syndicate.model import Release, State
from syndicate.placement import ALL
from syndicate.search import Query
from syndicate.store.codec import Row, inflate, listed, load_once, moment
from syndicate.store.connection import Connection
from syndicate.store.search import anywhere
from syndicate.store.states import HIDDEN, VISIBLE
from syndicate.store.words import OF_RELEASES, WITH_WORDS


class Line(NamedTuple):
    """What a list shows of a release."""

    id: str
    published: datetime
    state: State
    title: str


class Listing:
    """Those in one of `states` (all, if there are none), of a topic, told by a source, in which words are found.

    A topic is that of what readers see in its feed, and of what is classified so and nobody sees; `all` has those that
    readers see.
    """

    def __init__(
        self,
        connection: Connection,
        states: Sequence[State] = (),
        topic: str | None = None,
        source: str | None = None,
        query: Query | None = None,
    ) -> None:
        self._connection = connection
        self._states, self._source, self._query = states, source, query
        self._topic = None if topic == ALL else topic
        self._only = VISIBLE if topic == ALL else "1 = 1"

    def __len__(self) -> int:
        if self._topic is not None:  # what nobody sees stands in no feed: of that alone the own fields have to be read
            return self._count("release", VISIBLE) + sum(1 for _ in self._own("release.id", hidden=True))
        if self._source is None and self._query is None:
            return self._count("release_count", number="coalesce(sum(number), 0)")
        return self._count("release")

    def lines(self) -> Iterator[Line]:
        for own, identifier, published, state in self._own("release.id, published, state"):
            yield Line(identifier, moment(published), state, own["title"])

    def __iter__(self) -> Iterator[Release]:
        for row in self._ordered(OF_RELEASES, words=WITH_WORDS):
            release = load_once(Row(*row))
            if release.visible or self._topic in (None, *release.topics):
                yield release

    def _own(self, columns: str, *, hidden: bool = False) -> Iterator[Sequence[Any]]:
        """(own fields, columns …) of each."""
        for own, seen, *found in self._ordered(f"own, {VISIBLE}, {columns}", hidden=hidden):
            said = json.loads(inflate(own).decode())
            if seen or self._topic in (None, *said.get("topics", ())):
                yield said, *found

    def _count(self, table: str, of: str = "1 = 1", number: str = "count(*)") -> int:
        where, values = self._where(of)
        ((found,),) = self._rows(f"SELECT {number} FROM {table} WHERE {where}", values)  # noqa: S608 - ours
        return int(found)

    def _ordered(self, columns: str, *, words: str = "", hidden: bool = False) -> Iterator[Any]:
        """By the dates, so that the first are there at once and nothing is kept to be sorted; little is hidden."""
        hidden = hidden or bool(self._states and {*SEEN}.isdisjoint(self._states))
        index, of = ("release_state", HIDDEN) if hidden else ("release_published", "1 = 1")
        where, values = self._where(of)
        sql = (
            f"SELECT {columns} FROM release INDEXED BY {index} {words}"  # noqa: S608 - ours
            f" WHERE {where} ORDER BY published DESC, release.id"
        )
        return iter(self._rows(sql, values))

    def _where(self, of: str) -> tuple[str, list[object]]:
        where, values = [of, self._only], list[object]()
        if self._states:
            where.append("state IN (SELECT value FROM json_each(?))")
            values.append(listed(self._states))
        if self._topic is not None:
            where.append(f"(release.id IN (SELECT release FROM slot WHERE topic = ?) OR {HIDDEN})")  # noqa: S608 - ours
            values.append(self._topic)
        if self._source is not None:
            where.append(
                "release.id IN (SELECT release FROM edition WHERE source = ?"
                " UNION SELECT id FROM release WHERE source = ?)"
            )
            values += [self._source, self._source]
        if self._query is not None:
            where.append(f"release.id IN ({anywhere(self._connection.indexes)})")
            values += [self._connection.indexes.expression(self._query)] * 2
        return " AND ".join(where), values

    def _rows(self, sql: str, values: Sequence[object]) -> Any:
        return self._connection.execute(sql, values)
