"""Topics' feeds: their slots, and what has to be rendered again."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from syndicate.model import Release, Tombstone, Topic
from syndicate.paginate import closing
from syndicate.store._codec import load, moment, stamp
from syndicate.store._connection import Connection
from syndicate.text import tag_uri

ALL = "all"


class TopicRow(NamedTuple):
    id: str
    title: str
    atom_id: str
    updated: datetime
    entries: int
    newest: datetime | None


class ArchivePage(NamedTuple):
    number: int
    newest: int  # the number of the newest closed page of this feed
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
    def __init__(self, connection: Connection, *, tag: str, page_size: int) -> None:
        self._connection = connection
        self._tag = tag
        self._page_size = page_size

    def get(self, identifier: str) -> TopicRow | None:
        return next((row for row in self.list(identifier)), None)

    def list(self, identifier: str | None = None) -> tuple[TopicRow, ...]:
        """Every feed that ever was, `all` included, by id."""
        rows = self._execute(
            "SELECT id, title, atom_id, updated,"
            " (SELECT count(*) FROM slot WHERE slot.topic = topic.id AND shown = 1),"
            # The newest stands in the head, so the archive need not be read for it.
            " (SELECT max(published) FROM slot JOIN release ON release.id = slot.release WHERE slot.topic = topic.id"
            " AND shown = 1 AND position > (SELECT coalesce(max(last), 0) FROM page WHERE page.topic = topic.id))"
            " FROM topic WHERE ? IS NULL OR id = ? ORDER BY id",
            (identifier, identifier),
        )
        return tuple(
            TopicRow(i, title, atom, moment(at), count, moment(new)) for i, title, atom, at, count, new in rows
        )

    def head(self, topic: str) -> tuple[Release, ...]:
        """What stands above the last closed page, newest position first."""
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release WHERE topic = :topic"
            " AND position > (SELECT coalesce(max(last), 0) FROM page WHERE topic = :topic)"
            " AND state IN ('public', 'headline') ORDER BY position DESC",
            {"topic": topic},
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
        """A closed page: what stands on it, newest position first, without the emptied slots."""
        ((first, last, updated, newest),) = self._execute(
            "SELECT first, last, updated, (SELECT max(number) FROM page WHERE topic = :topic) FROM page"
            " WHERE topic = :topic AND number = :number",
            {"topic": topic, "number": number},
        ).fetchall()
        rows = self._execute(
            "SELECT data FROM slot JOIN release ON release.id = slot.release"
            " WHERE topic = ? AND position BETWEEN ? AND ? ORDER BY position DESC",
            (topic, first, last),
        )
        standing = [load(data) for (data,) in rows]
        return ArchivePage(
            number,
            newest,
            moment(updated),
            tuple(release for release in standing if release.visible),
            tuple(tombstone(release) for release in standing if release.withdrawn),
        )

    def last_page(self, topic: str) -> int:
        """The number of the newest closed page, 0 where there is none."""
        ((number,),) = self._execute("SELECT coalesce(max(number), 0) FROM page WHERE topic = ?", (topic,)).fetchall()
        return int(number)

    def of(self, release: str) -> frozenset[str]:
        """The feeds that a release stands in now."""
        return frozenset(i for (i,) in self._execute("SELECT topic FROM slot WHERE release = ?", (release,)))

    def create(self, topic: Topic, now: datetime) -> None:
        """A feed for a topic that has none yet; its atom:id stays for good."""
        self._execute(
            "INSERT INTO topic (id, title, atom_id, updated) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (topic.id, topic.title, tag_uri(self._tag, "feed", topic.id), stamp(now)),
        )

    def leave(self, release: str, topics: Iterable[str], now: datetime) -> None:
        """Empty its slots in these feeds; they stay empty, so that no page shifts."""
        for topic in topics:
            self._touch_pages(self._pages(release, topic), now)
            self._execute("DELETE FROM slot WHERE release = ? AND topic = ?", (release, topic))

    def changed(self, release: str, now: datetime) -> None:
        """Its words have changed where it stands."""
        self._touch_pages(self._pages(release), now)

    def mark_standing(self, release: str) -> None:
        """What it links to has changed: its page and every feed that holds it may have other bytes."""
        self.mark("release", release)
        for topic, number in self._pages(release):
            self.mark("page", f"{topic}/{number}")
        for topic in self.of(release):
            self.mark("topic", topic)

    def _pages(self, release: str, topic: str | None = None) -> tuple[tuple[str, int], ...]:
        """The closed pages that hold it."""
        rows = self._execute(
            "SELECT page.topic, number FROM slot JOIN page"
            " ON page.topic = slot.topic AND position BETWEEN first AND last"
            " WHERE release = :release AND (:topic IS NULL OR slot.topic = :topic)",
            {"release": release, "topic": topic},
        )
        return tuple((found, number) for found, number in rows)

    def _touch_pages(self, pages: Iterable[tuple[str, int]], now: datetime) -> None:
        for topic, number in pages:
            self._execute(
                "UPDATE page SET updated = max(updated, ?) WHERE topic = ? AND number = ?", (stamp(now), topic, number)
            )
            self.mark("page", f"{topic}/{number}")

    def bury(self, release: str) -> None:
        """Its slots keep a tombstone from now on."""
        self._execute("UPDATE slot SET shown = 0 WHERE release = ?", (release,))

    def enter(self, release: str, topic: str, now: datetime) -> None:
        """The topic's next position, and its page closed where one is full by that."""
        ((position,),) = self._execute(
            "UPDATE topic SET last_position = last_position + 1 WHERE id = ? RETURNING last_position", (topic,)
        ).fetchall()
        self._execute("INSERT INTO slot (topic, position, release) VALUES (?, ?, ?)", (topic, position, release))
        ((number, closed_to),) = self._execute(
            "SELECT coalesce(max(number), 0), coalesce(max(last), 0) FROM page WHERE topic = ?", (topic,)
        ).fetchall()
        for first, last in closing(position, closed_to, self._page_size):
            number += 1
            self._execute("INSERT INTO page VALUES (?, ?, ?, ?, ?)", (topic, number, first, last, stamp(now)))
            # Its older neighbour gains the link to it.
            for dirty in (number - 1, number):
                if dirty:
                    self.mark("page", f"{topic}/{dirty}")

    def touch(self, topics: Iterable[str], now: datetime) -> None:
        """These feeds have changed for a reader: their `updated` moves on, never back."""
        for topic in topics:
            self._execute("UPDATE topic SET updated = max(updated, ?) WHERE id = ?", (stamp(now), topic))
            self.mark("topic", topic)

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
        """What is dirty, the oldest mark first."""
        return tuple(
            Mark(*row) for row in self._execute("SELECT generation, kind, id FROM dirty ORDER BY generation", ())
        )

    def clear(self, marks: Iterable[Mark]) -> None:
        """Only where nothing has marked it again since."""
        for mark in marks:
            self._execute("DELETE FROM dirty WHERE generation = ?", (mark.generation,))

    def put_related(self, release: Release, heads: Iterable[tuple[str, str]]) -> None:
        """What a release relates to, by folded (kicker, title)."""
        self._execute("DELETE FROM related WHERE release = ?", (release.id,))
        for kicker, title in heads:
            self._execute("INSERT OR IGNORE INTO related VALUES (?, ?, ?)", (release.id, title, kicker))

    def relating(self, head: tuple[str, str]) -> tuple[str, ...]:
        """The visible releases whose related block names this head."""
        kicker, title = head
        rows = self._execute(
            "SELECT release FROM related CROSS JOIN release ON release.id = related.release"
            " WHERE related.title = ? AND related.kicker = ? AND state IN ('public', 'headline') ORDER BY release",
            (title, kicker),
        )
        return tuple(i for (i,) in rows)

    def withdrawn_heads(self, release: str) -> frozenset[tuple[str, str]]:
        """Folded (kicker, title) of its related entries that name a release which was withdrawn."""
        rows = self._execute(
            "SELECT related.kicker, related.title FROM related CROSS JOIN release"
            " ON release.title = related.title AND release.kicker = related.kicker"
            " WHERE related.release = ? GROUP BY 1, 2 HAVING min(state = 'withdrawn')",
            (release,),
        )
        return frozenset((kicker, title) for kicker, title in rows)

    def links(self, releases: Iterable[Release]) -> dict[tuple[str, str], tuple[str, str | None]]:
        """Folded (kicker, title) of their related entries → (id, URL) of the release that we show ourselves."""
        found = {}
        for release in (release for release in releases if release.related):
            # CROSS JOIN: from the few related rows to the releases, never through all that have a state.
            rows = self._execute(
                "SELECT related.kicker, related.title, id, url FROM related CROSS JOIN release"
                " ON release.title = related.title AND release.kicker = related.kicker"
                " WHERE related.release = ? AND state IN ('public', 'headline') ORDER BY release.rowid DESC",
                (release.id,),
            )
            found.update({(kicker, title): (identifier, url) for kicker, title, identifier, url in rows})
        return found

    def _execute(self, sql: str, values: Sequence[object] | Mapping[str, object]) -> sqlite3.Cursor:
        return self._connection.db.conn.execute(sql, values)
