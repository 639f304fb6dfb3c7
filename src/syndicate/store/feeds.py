"""Topics' feeds: what stands in them, what links to what, and what has to be rendered again."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Changes, Release, Tombstone
from syndicate.placement import Kind, Outline, Placement, Standing
from syndicate.store.bounds import Pages
from syndicate.store.codec import load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.links import Links, links
from syndicate.store.positions import Positions


class TopicRow(NamedTuple):
    id: str
    title: str
    atom_id: str
    updated: datetime
    entries: int
    newest: datetime | None


class Head(NamedTuple):
    releases: tuple[Release, ...]
    older: int | None  # the number of the page next to it: the newest closed one, else the newest of the past


class ArchivePage(NamedTuple):
    number: int
    older: int | None  # its neighbours' numbers
    newer: int | None
    updated: datetime
    releases: tuple[Release, ...]
    tombstones: tuple[Tombstone, ...]


class Mark(NamedTuple):
    """Something to render again: kind is release, page, topic or site. Cleared by generation: no later one is lost."""

    generation: int
    kind: Kind
    id: str


def tombstone(release: Release) -> Tombstone:
    """What is left of a withdrawn release: nothing of its words."""
    when = release.withdrawn or release.updated
    return Tombstone(release.id, release.atom_id, when, release.published, release.reason)


class Feeds:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages = Pages(connection)
        self._positions = Positions(connection)

    def list(self) -> tuple[TopicRow, ...]:
        """Every feed that ever was, `all` included, by id."""
        rows = self._execute(
            "SELECT id, title, atom_id, updated,"
            " (SELECT count(*) FROM slot WHERE slot.topic = topic.id AND shown = 1),"
            # The newest stands in the head, so the archive need not be read for it; else the last that came.
            " coalesce((SELECT max(published) FROM slot JOIN release ON release.id = slot.release"
            " WHERE slot.topic = topic.id AND shown = 1 AND position > max(0, coalesce("
            "  (SELECT max(last) FROM page WHERE page.topic = topic.id), 0))),"
            " (SELECT published FROM slot JOIN release ON release.id = slot.release"
            " WHERE slot.topic = topic.id AND shown = 1 ORDER BY position DESC LIMIT 1))"
            " FROM topic ORDER BY id",
            (),
        )
        return tuple(
            TopicRow(i, title, atom, moment(at), count, moment(new)) for i, title, atom, at, count, new in rows
        )

    def head(self, topic: str) -> Head:
        """What stands above the last closed page, newest position first; and the archive page next to it."""
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release WHERE topic = ? AND position > ?"
            " AND state IN ('public', 'headline') ORDER BY position DESC",
            (topic, self._pages.closed_to(topic)),
        )
        return Head(tuple(load(data) for (data,) in rows), self._pages.next_to_head(topic))

    def tombstones(self, topic: str, since: datetime) -> tuple[Tombstone, ...]:
        """Of what was withdrawn from this feed after `since`, wherever it stood, the last first."""
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release WHERE topic = ? AND shown = 0"
            " AND withdrawn > ? ORDER BY withdrawn DESC, position DESC",
            (topic, stamp(since)),
        )
        return tuple(tombstone(load(data)) for (data,) in rows)

    def archive(self, topic: str, number: int) -> ArchivePage:
        """A page of the archive: what stands on it, newest position first, without the emptied slots."""
        bounds = self._pages.get(topic, number)
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release"
            " WHERE topic = ? AND position BETWEEN ? AND ? ORDER BY position DESC",
            (topic, bounds.first, bounds.last),
        )
        standing = [load(data) for (data,) in rows]
        return ArchivePage(
            number,
            bounds.older,
            bounds.newer,
            bounds.updated,
            tuple(release for release in standing if release.visible),
            tuple(tombstone(release) for release in standing if release.withdrawn),
        )

    def closed(self, topic: str) -> dict[int, datetime]:
        """The numbers of the archive pages, in their order, and when each last changed."""
        return self._pages.numbers(topic)

    def links(self, releases: Iterable[Release]) -> Links:
        """Who is linked from and to these."""
        return links(self._connection, [*releases])

    def outline(self) -> Outline:
        pages = {feed: list[int]() for (feed,) in self._execute("SELECT id FROM topic ORDER BY id", ())}
        for feed, number in self._execute("SELECT topic, number FROM page ORDER BY topic, number", ()):
            pages[feed].append(number)
        return Outline(pages={feed: tuple(numbers) for feed, numbers in pages.items()})

    def withdrawn(self, after: datetime, until: datetime) -> frozenset[str]:
        """The feeds from which something was withdrawn in this time."""
        rows = self._execute(
            "SELECT DISTINCT topic FROM release JOIN slot ON slot.release = release.id"
            " WHERE withdrawn > ? AND withdrawn <= ?",
            (stamp(after), stamp(until)),
        )
        return frozenset(feed for (feed,) in rows)

    def standing(self, changes: Changes) -> Standing:
        """What stands where, as far as the changes could concern it. Call it in the transaction that records them."""
        return self._positions.standing(changes)

    def write(self, placement: Placement, now: datetime) -> None:
        """The rows that were decided. Call it in the transaction in which it was found what they were decided on."""
        self._positions.write(placement, now)

    def marks(self) -> tuple[Mark, ...]:
        """What is dirty, the oldest mark first; but an archive page before the newer one that links to it."""
        rows = self._execute(
            "SELECT generation, kind, id FROM dirty LEFT JOIN page ON kind = 'page'"
            " AND topic = rtrim(rtrim(id, '0123456789'), '/')"
            " AND number = CAST(substr(id, length(rtrim(id, '0123456789')) + 1) AS INTEGER)"
            " ORDER BY first, generation",
            (),
        )
        return tuple(Mark(*row) for row in rows)

    def clear(self, marks: Iterable[Mark]) -> None:
        """Only where nothing has marked it again since."""
        for mark in marks:
            self._execute("DELETE FROM dirty WHERE generation = ?", (mark.generation,))

    def _execute(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> sqlite3.Cursor:
        return self._connection.db.conn.execute(sql, values)
