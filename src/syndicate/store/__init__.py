"""The only database code. SQLite through sqlite-utils; speaks in the nouns of `model`.

store.transaction()     find → revise → classify → record, under one BEGIN IMMEDIATE
store.releases          find, get, resolve, list, revisions, editions, due, …
store.topics            feeds, their slots, what is dirty
store.sources           fetch states, files, quarantine
store.outputs           what we have written, media
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from syndicate import __version__
from syndicate.model import Capture, Change, Changes, Key, Known, Release, Topic
from syndicate.store._codec import dump, moment, stamp
from syndicate.store._connection import Connection
from syndicate.store._known import known
from syndicate.store._lock import daemon_lock, running
from syndicate.store.alarms import Alarms
from syndicate.store.outputs import Outputs, Written
from syndicate.store.releases import Releases
from syndicate.store.sources import Sources
from syndicate.store.topics import ALL, Mark, TopicRow, Topics, tombstone
from syndicate.text import head

__all__ = ["ALL", "Mark", "Store", "TopicRow", "Written", "daemon_lock", "running", "tombstone"]

_MOVES = (
    "new",
    "completed",
    "corrected",
    "lifted",
    "restored",
)  # these take a new position where the release stands already


class Store:
    """`tag` is the authority of minted ids, `page_size` the slots of the archive pages that close from now on."""

    def __init__(self, path: Path, *, tag: str = "127.0.0.1,2026", page_size: int = 50) -> None:
        self._connection = Connection(path)
        self.path = path
        self._tag = tag
        self.releases = Releases(self._connection)
        self.topics = Topics(self._connection, tag=tag, page_size=page_size)
        self.sources = Sources(self._connection)
        self.alarms = Alarms(self._connection)
        self.outputs = Outputs(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, incoming: Iterable[Release], keys: Iterable[Key] = (), *, tag: str | None = None) -> Known:
        """All that these could concern. Call it in the transaction that records what is decided.

        `keys` are of what a source takes back, `tag` is the authority of the ids that its new releases get.
        """
        return known(self._connection, self.releases, incoming, keys, tag or self._tag)

    def record(self, changes: Changes, *, captures: Iterable[Capture] = (), now: datetime) -> None:
        """Write what was decided: releases, keys, editions, revisions, positions, and what is dirty by it.

        Within it, positions are given by (published, reverse document order) ascending, so that the first is on top.
        """
        with self._connection.transaction():
            moves: dict[tuple[str, str], tuple[datetime, int]] = {}  # (release, feed) → its place among the moves
            touched: set[str] = set()
            for index, change in enumerate(changes.changes):
                if change.keys:
                    self.releases.add_keys(change.release.id, change.keys)
                if change.verdict != "unchanged":
                    enters, concerned = self._record(change, now)
                    moves |= {(change.release.id, feed): (change.release.published, -index) for feed in enters}
                    touched |= concerned
            for (release, feed), _ in sorted(moves.items(), key=lambda move: (move[1], move[0])):
                # One poll can say twice of a release where it is to stand, or that it is to stand nowhere after all.
                held = self.releases.get(release)
                if held and held.visible and feed not in self.topics.of(release):
                    self.topics.enter(release, feed, now)
            self.topics.touch(sorted(touched), now)
            self._keep_captures(changes, captures, now)
            self._connection.db.execute(
                "INSERT INTO meta VALUES ('written', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (stamp(now),),
            )

    def last_write(self) -> datetime | None:
        """When something was last recorded, by the clock of that time."""
        row = self._connection.db.execute("SELECT value FROM meta WHERE name = 'written'").fetchone()
        return moment(row[0]) if row else None

    def _record(self, change: Change, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
        """Write one release. Returns the feeds where it takes a new position, and all whose readers see a change."""
        release = change.release
        before = self.releases.get(release.id)
        self.releases.put(release, takes_keys=change.verdict == "new")
        if change.edition:
            self.releases.put_edition(release.id, change.edition)
        db = self._connection.db
        if change.pending:
            until = change.pending.embargo.until if change.pending.embargo else None
            db.execute(
                "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?)",
                (release.id, change.pending.source or "", stamp(until), dump(change.pending)),
            )
            return frozenset(), frozenset()
        if change.edition:  # what waits goes when it is shown, or when its source says something else
            db.execute("DELETE FROM pending WHERE release = ? AND source = ?", (release.id, change.edition.source))
        self._put_revision(change, now)
        self.topics.put_related(release, (head(r.topic, r.title) for r in release.related))
        self.releases.put_correction(release)
        if not release.visible and not (before and before.visible):
            return frozenset(), frozenset()  # nothing public may tell of it
        standing = self.topics.of(release.id)
        # A withdrawn release keeps its slots, for the tombstone; one that is held has none.
        gone = standing if release.withdrawn else frozenset[str]()
        wanted = self._feeds(change, now) if release.visible else gone
        enters = wanted if change.verdict in _MOVES and release.visible else wanted - standing
        self.topics.leave(release.id, (standing - wanted) | (enters & standing), now)
        if release.withdrawn:
            self.topics.bury(release.id)
        self.topics.changed(release.id, now)
        self._mark(release, before)
        return enters, wanted | standing

    def _feeds(self, change: Change, now: datetime) -> frozenset[str]:
        """Where it is to stand; feeds that there were not yet are made."""
        for topic, _ in change.reasons:
            self.topics.create(topic, now)
        self.topics.create(Topic(ALL, ALL), now)
        return frozenset({ALL, *(topic.id for topic, _ in change.reasons)})

    def _mark(self, release: Release, before: Release | None) -> None:
        """Its page, the site's index, and whoever links to it where that link appears, goes or leads elsewhere."""
        self.topics.mark("release", release.id)
        self.topics.mark("site")
        place = (release.visible, release.url, release.title, release.kicker)
        if before and place == (before.visible, before.url, before.title, before.kicker):
            return
        linked = {*self.releases.corrected_with(release.id)}
        for version in filter(None, (release, before)):
            linked |= {*self.topics.relating(head(version.kicker, version.title))}
        for other in sorted(linked):
            self.topics.mark_standing(other)

    def _put_revision(self, change: Change, now: datetime) -> None:
        """What was done, always; and the version, where it is another or the same with new facts."""
        release = change.release
        self._connection.db.execute(
            "INSERT INTO event (release, at, verdict, fields, capture) VALUES (?, ?, ?, ?, ?)",
            (release.id, stamp(now), change.verdict, ",".join(change.fields), change.capture),
        )
        self._connection.db.execute(
            "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, number) DO UPDATE SET"
            " data = excluded.data, capture = coalesce(excluded.capture, capture)",
            (
                release.id,
                release.revision,
                stamp(now),
                change.verdict,
                ",".join(change.fields),
                change.capture,
                dump(release),
            ),
        )

    def _keep_captures(self, changes: Changes, captures: Iterable[Capture], now: datetime) -> None:
        """The bytes that made or changed a release, once per hash."""
        telling = {change.capture for change in changes.changes if change.verdict != "unchanged"}
        for capture in captures if telling else ():
            if capture.hash in telling:
                self._connection.db.execute(
                    "INSERT OR IGNORE INTO capture VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        capture.hash,
                        changes.source or "",
                        stamp(now),
                        capture.url,
                        capture.path,
                        capture.media_type,
                        f"syndicate/{__version__}",
                        zlib.compress(capture.body),
                    ),
                )
