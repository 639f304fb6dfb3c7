"""What is searched in: tokens of what readers see, and apart from them those of what only operators may find.

What is taken out of an index is told by the tokens that were put in: they stand beside it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from syndicate.placement import ALL
from syndicate.search import Query
from syndicate.store.codec import deflate, inflate, listed, moment
from syndicate.store.connection import Connection, Rows
from syndicate.store.feeds import Shown, row_shown
from syndicate.store.indexes import Index, Indexes, Row
from syndicate.store.states import HIDDEN, VISIBLE
from syndicate.store.words import OF_RELEASES, WITH_WORDS

_STEP = 200  # releases at once


class Standing(NamedTuple):
    """A release as it is now: where it stands in the feed of everything, if it does, and the atom ids of its feeds.

    `key`: of what its row in the index of what readers see was made, None where it has none.
    """

    shown: Shown
    position: int | None
    feeds: tuple[str, ...]
    key: bytes | None


class Entry(NamedTuple):
    """What the index of what readers see is to have of a release: `said` are tokens, with a blank between each.

    `feeds` are their atom ids; `is_held`: it has something of it already.
    """

    release: str
    position: int
    key: bytes
    said: str
    feeds: tuple[str, ...]
    year: int
    is_held: bool

    @property
    def row(self) -> tuple[int, str]:
        filed = (*map(_of_feed, self.feeds), _of_year(self.year))
        return self.position, f"{self.said}\n{' '.join(filed)}"


class Found(NamedTuple):
    """A release that readers see. `position`: in the feed of everything."""

    release: str
    position: int
    published: datetime


class Filter(NamedTuple):
    """What else is asked of what is found: it stands in one of these feeds (by their atom ids), is of this year."""

    feeds: tuple[str, ...] = ()
    year: int | None = None


class Search:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._indexes = connection.indexes

    def standing(self, releases: Collection[str]) -> tuple[Standing, ...]:
        """Those of these that there are, in their order."""
        rows = self._rows(
            f"SELECT release.published, {OF_RELEASES}, whole.position, entry.key,"  # noqa: S608 - ours
            " (SELECT group_concat(topic.atom_id, ' ') FROM slot CROSS JOIN topic ON topic.id = slot.topic"
            "  WHERE slot.release = release.id)"
            f" FROM json_each(:releases) AS asked CROSS JOIN release ON release.id = asked.value {WITH_WORDS}"
            " LEFT JOIN slot AS whole ON whole.release = release.id AND whole.topic = :all"
            " LEFT JOIN public_entry AS entry ON entry.release = release.id",
            {"releases": listed(releases), "all": ALL},
        )
        found = {
            (shown := row_shown(row)).id: Standing(shown, position, tuple(sorted((feeds or "").split(" "))), key)
            for *row, position, key, feeds in rows
        }
        return tuple(found[release] for release in dict.fromkeys(releases) if release in found)

    def publish(self, entries: Collection[Entry], gone: Collection[str]) -> None:
        """The rows that are otherwise, and those that go. In a transaction, that of what has been published."""
        before = self._before("public", [*(entry.release for entry in entries if entry.is_held), *gone])
        now = {entry.release: entry.row for entry in entries}
        keys = [(entry.key, entry.release) for entry in entries if before.get(entry.release) == now[entry.release]]
        fresh = [entry for entry in entries if before.get(entry.release) != now[entry.release]]
        left = {release: row for release, row in before.items() if row != now.get(release)}
        self._take_out("public", left.values())
        self._many("UPDATE public_entry SET key = ? WHERE release = ?", keys)
        self._many(
            "INSERT INTO public_entry (position, release, key, tokens) VALUES (?, ?, ?, ?)",
            [(entry.position, entry.release, entry.key, deflate(now[entry.release][1].encode())) for entry in fresh],
        )
        self._put_in("public", [now[entry.release] for entry in fresh])

    def found(self, query: Query, only: Filter, *, limit: int) -> tuple[Found, ...]:
        """What readers see, the newest position first. It costs what the first of them cost."""
        asked = self._indexes.asked("public")
        rows = self._rows(
            f"SELECT entry.release, entry.position, published FROM {asked.rows}"  # noqa: S608 - ours
            f" CROSS JOIN release ON release.id = entry.release AND {VISIBLE}"
            f" WHERE {asked.matches} ORDER BY {asked.position} DESC LIMIT ?",
            (self._indexes.expression(query, _filed(only)), limit),
        )
        return tuple(Found(release, position, moment(published)) for release, position, published in rows)

    def feeds_of(self, releases: Collection[str]) -> dict[str, int]:
        """How many of these stand in which feed."""
        rows = self._rows(
            "SELECT topic, count(*) FROM json_each(?) CROSS JOIN slot ON slot.release = value GROUP BY topic"
            " ORDER BY topic",
            (listed(releases),),
        )
        return dict(rows)

    def newest(self, feed: str, limit: int) -> tuple[Found, ...]:
        """What stands in a feed, the newest position of that feed first."""
        rows = self._rows(
            "SELECT slot.release, whole.position, published FROM slot"  # noqa: S608 - ours
            f" CROSS JOIN release ON release.id = slot.release AND {VISIBLE}"
            " CROSS JOIN slot AS whole ON whole.release = slot.release AND whole.topic = ?"
            " WHERE slot.topic = ? AND slot.shown = 1 ORDER BY slot.position DESC LIMIT ?",
            (ALL, feed, limit),
        )
        return tuple(Found(release, position, moment(published)) for release, position, published in rows)

    def shown(self, releases: Sequence[str]) -> tuple[Shown, ...]:
        """These, in their order, as far as readers see them."""
        rows = self._rows(
            f"SELECT published, {OF_RELEASES} FROM json_each(?) AS asked"  # noqa: S608 - ours
            f" CROSS JOIN release ON release.id = asked.value {WITH_WORDS} WHERE {VISIBLE} ORDER BY asked.key",
            (listed(releases),),
        )
        return tuple(map(row_shown, rows))

    def keep_private(self, said: Mapping[str, str | None]) -> None:
        """What operators alone find, by release; None: nothing any more. In the transaction that records it."""
        before = self._before("private", said)
        same = {i for i, (_, tokens) in before.items() if tokens == f"{said[i]}\n"}
        self._take_out("private", [row for i, row in before.items() if i not in same])
        fresh = {i: f"{tokens}\n" for i, tokens in said.items() if tokens is not None and i not in same}
        for release, tokens in fresh.items():
            row = self._rows(
                "INSERT INTO private_entry (release, tokens) VALUES (?, ?) RETURNING position",
                (release, deflate(tokens.encode())),
            )
            self._put_in("private", [(row.fetchone()[0], tokens)])

    def apart(self, after: str, sources: Collection[str]) -> tuple[Shown, ...]:
        """Some of what readers do not see, or not whole, as it is of these sources; by their ids, `after` this one."""
        rows = self._rows(
            f"SELECT published, {OF_RELEASES} FROM release {WITH_WORDS}"  # noqa: S608 - ours
            f" WHERE (+{HIDDEN} OR source IN (SELECT value FROM json_each(?))) AND release.id > ?"
            " ORDER BY release.id LIMIT ?",
            (listed(sources), after, _STEP),
        )
        return tuple(map(row_shown, rows))

    def _before(self, index: Index, releases: Collection[str]) -> dict[str, tuple[int, str]]:
        """(position, tokens) of those that have a row."""
        rows = self._connection.of(
            f"SELECT release, position, tokens FROM json_each(?) CROSS JOIN {index}_entry ON release = value",  # noqa: S608
            releases,
        )
        return {release: (position, inflate(tokens).decode()) for release, position, tokens in rows}

    def _take_out(self, index: Index, rows: Collection[Row]) -> None:
        if rows:
            self._indexes.take_out(index, [*rows])
            self._many(f"DELETE FROM {index}_entry WHERE position = ?", [(position,) for position, _ in rows])  # noqa: S608

    def _put_in(self, index: Index, rows: Sequence[Row]) -> None:
        if rows:
            self._indexes.put_in(index, rows)

    def _many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self._connection.executemany(sql, rows)

    def _rows(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> Rows:
        return self._connection.execute(sql, values)


def _filed(only: Filter) -> list[list[str]]:
    return [*([[*map(_of_feed, only.feeds)]] if only.feeds else ()), *([[_of_year(only.year)]] if only.year else ())]


def _of_feed(atom_id: str) -> str:
    """By which a feed's releases are found. A renamed one keeps its atom id."""
    return f"f{blake2b(atom_id.encode(), digest_size=8).hexdigest()}"


def _of_year(year: int) -> str:
    return f"y{year}"


def anywhere(indexes: Indexes) -> str:
    """SELECT the releases in which operators find what is asked for, whoever else sees them; it takes that twice."""
    public, private = indexes.asked("public"), indexes.asked("private")
    return (
        f"SELECT entry.release FROM {public.rows} WHERE {public.matches}"  # noqa: S608 - ours
        f" UNION SELECT entry.release FROM {private.rows} WHERE {private.matches}"
    )
