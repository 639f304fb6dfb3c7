"""Topics' feeds: their slots, and what has to be rendered again."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.model import Release, Tombstone, Topic
from syndicate.placement import NewFeed
from syndicate.store.bounds import Pages
from syndicate.store.codec import load, moment, stamp
from syndicate.store.connection import Connection


class TopicRow(NamedTuple):
    id: str
    title: str
    atom_id: str
    updated: datetime
    entries: int
    newest: datetime | None


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
    kind: str
    id: str


def tombstone(release: Release) -> Tombstone:
    """What is left of a withdrawn release: nothing of its words."""
    when = release.withdrawn or release.updated
    return Tombstone(release.id, release.atom_id, when, release.published, release.reason)


class Topics:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pages = Pages(connection)

    def get(self, identifier: str) -> TopicRow | None:
        return next((row for row in self.list(identifier)), None)

    def list(self, identifier: str | None = None) -> tuple[TopicRow, ...]:
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
            " FROM topic WHERE ? IS NULL OR id = ? ORDER BY id",
            (identifier, identifier),
        )
        return tuple(
            TopicRow(i, title, atom, moment(at), count, moment(new)) for i, title, atom, at, count, new in rows
        )

    def head(self, topic: str) -> tuple[Release, ...]:
        """What stands above the last closed page, newest position first."""
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release WHERE topic = ? AND position > ?"
            " AND state IN ('public', 'headline') ORDER BY position DESC",
            (topic, self._pages.closed_to(topic)),
        )
        return tuple(load(data) for (data,) in rows)

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

    def next_to_head(self, topic: str) -> int | None:
        """The number of the archive page next to the head: the newest closed one, else the newest of the past."""
        return self._pages.next_to_head(topic)

    def of(self, release: str) -> frozenset[str]:
        """The feeds that a release stands in now."""
        return frozenset(i for (i,) in self._execute("SELECT topic FROM slot WHERE release = ?", (release,)))

    def create(self, feed: NewFeed, now: datetime) -> None:
        self._execute("INSERT INTO topic (id, title, atom_id, updated) VALUES (?, ?, ?, ?)", (*feed, stamp(now)))

    def rename(self, old: str, topic: Topic) -> None:
        """A feed under a new id: its atom:id, its positions and its pages are the same."""
        self._execute("PRAGMA defer_foreign_keys = ON", ())
        for table in ("slot", "page"):
            self._execute(f"UPDATE {table} SET topic = ? WHERE topic = ?", (topic.id, old))  # noqa: S608 - our own names
        self._execute("UPDATE topic SET id = ?, title = ? WHERE id = ?", (topic.id, topic.title, old))
        self._execute("DELETE FROM dirty WHERE kind IN ('topic', 'page') AND (id = ? OR id LIKE ?)", (old, f"{old}/%"))
        self._execute("UPDATE published SET owner = ? WHERE kind = 'topic' AND owner = ?", (topic.id, old))
        self._execute(
            "UPDATE published SET owner = ? || substr(owner, ?) WHERE kind = 'page' AND owner LIKE ?",
            (topic.id, len(old) + 1, f"{old}/%"),
        )
        self.mark("topic", topic.id)
        self._execute(
            "INSERT OR REPLACE INTO dirty (kind, id) SELECT 'page', topic || '/' || number FROM page WHERE topic = ?",
            (topic.id,),
        )

    def date(self, topic: str, updated: datetime, pages: Mapping[int, datetime]) -> None:
        """When the feed and its archive pages, by number, were last changed: as another store published them."""
        self._execute("UPDATE topic SET updated = ? WHERE id = ?", (stamp(updated), topic))
        for number, at in pages.items():
            self._execute("UPDATE page SET updated = ? WHERE topic = ? AND number = ?", (stamp(at), topic, number))

    def expire(self, now: datetime, spans: Iterable[timedelta]) -> None:
        """Mark the feeds where a tombstone or a notice has had its time since the last look."""
        row = self._execute("SELECT value FROM meta WHERE name = 'expired'", ()).fetchone()
        before = moment(row[0]) if row else now
        for span in spans:
            self._execute(
                "INSERT OR REPLACE INTO dirty (kind, id) SELECT DISTINCT 'topic', topic FROM release"
                " JOIN slot ON slot.release = release.id WHERE withdrawn > ? AND withdrawn <= ?",
                (stamp(before - span), stamp(now - span)),
            )
        self._execute("INSERT OR REPLACE INTO meta VALUES ('expired', ?)", (stamp(now),))

    def mark(self, kind: str, identifier: str = "") -> None:
        self._execute("INSERT OR REPLACE INTO dirty (kind, id) VALUES (?, ?)", (kind, identifier))

    def mark_all(self) -> None:
        """Everything is to be rendered again: the program, the site or the topics are not what they were."""
        self._execute("INSERT OR REPLACE INTO dirty (kind, id) SELECT 'topic', id FROM topic", ())
        self._execute("INSERT OR REPLACE INTO dirty (kind, id) SELECT 'page', topic || '/' || number FROM page", ())
        self._execute(
            "INSERT OR REPLACE INTO dirty (kind, id) SELECT 'release', id FROM release"
            " WHERE state IN ('public', 'headline') OR id IN (SELECT owner FROM published WHERE kind = 'release')",
            (),
        )
        self.mark("site")

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
