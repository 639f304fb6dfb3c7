"""The only database code. SQLite through sqlite-utils; speaks in the nouns of `model`.

store.transaction()     find → revise → classify → record, under one BEGIN IMMEDIATE
store.releases          find, get, resolve, list, revisions, editions, due, …
store.topics            feeds, their slots, what is dirty
store.sources           fetch states, files, quarantine
store.hosts             servers that asked to be left alone
store.links             corrections, related blocks
store.outputs           what we have written, media
store.wanted            pages of releases that are followed, walks to the old end
"""

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from syndicate import __version__
from syndicate.model import Capture, Change, Changes, Known, Release, Sought, Topic
from syndicate.store._claim import claim
from syndicate.store._codec import dump, moment, stamp
from syndicate.store._connection import Connection
from syndicate.store._known import known
from syndicate.store._lock import daemon_lock, running
from syndicate.store.alarms import Alarms
from syndicate.store.hosts import Hosts
from syndicate.store.links import Links
from syndicate.store.outputs import Outputs, Written
from syndicate.store.releases import Releases
from syndicate.store.sources import Sources
from syndicate.store.topics import ALL, Mark, TopicRow, Topics, tombstone
from syndicate.store.wanted import WantedPages
from syndicate.text import head

__all__ = ["ALL", "Mark", "Store", "TopicRow", "Written", "daemon_lock", "running", "tombstone"]

_MOVES = (
    "new",
    "completed",
    "corrected",
    "lifted",
    "restored",
)  # these take a new position where the release stands already


class _Move(NamedTuple):
    """A release and the feeds that it enters. Moves are sorted by their beginning: when, reverse place, id."""

    published: datetime
    place: int
    release: str
    feeds: frozenset[str]
    past: bool  # at the old end

    def after(self, earlier: "_Move | None", change: Change) -> "_Move":
        """One poll can say twice of a release where it is to stand: the last word counts, but news stays news."""
        if earlier is None or not earlier.feeds:
            return self
        return earlier if change.pending else self._replace(past=self.past and earlier.past)


class Store:
    """`tag` is the authority of minted ids, `page_size` the slots of the archive pages that close from now on."""

    def __init__(self, path: Path, *, tag: str = "127.0.0.1,2026", page_size: int = 50) -> None:
        self._connection = Connection(path)
        self.path = path
        self.releases = Releases(self._connection)
        self.topics = Topics(self._connection, tag=tag, page_size=page_size)
        self.sources = Sources(self._connection)
        self.hosts = Hosts(self._connection)
        self.alarms = Alarms(self._connection)
        self.outputs = Outputs(self._connection)
        self.links = Links(self._connection)
        self.wanted = WantedPages(self._connection)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            yield

    @contextmanager
    def claim(self, source: str) -> Iterator[bool]:
        """Whether this source is ours to ask, within the block: nobody else does then, in no thread and no process."""
        with claim(self.path, source) as mine:
            yield mine

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, sought: Sought) -> Known:
        """What is held of that. Call it in the transaction that records what is decided."""
        return known(self._connection, self.releases, sought)

    def record(self, changes: Changes, *, captures: Iterable[Capture] = (), now: datetime) -> None:
        """Write what was decided: releases, keys, editions, revisions, positions, and what is dirty by it.

        Within it, positions are given by (published, reverse document order) ascending, so that the first is on top;
        those of the past, which go downwards, the other way round.
        """
        with self._connection.transaction():
            moves: dict[str, _Move] = {}
            touched: set[str] = set()
            for index, change in enumerate(changes.changes):
                if change.keys:
                    self.releases.add_keys(change.release.id, change.keys)
                if change.verdict != "unchanged":
                    enters, past, concerned = self._record(change, changes.backfill, now)
                    touched |= concerned
                    move = _Move(change.release.published, -index, change.release.id, enters, past)
                    moves[move.release] = move.after(moves.get(move.release), change)
            self._place(moves.values(), now)
            self.topics.touch(sorted(touched), now)
            self._keep_captures(changes, captures, now)
            self._connection.db.execute(
                "INSERT INTO meta VALUES ('written', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
                (stamp(now),),
            )

    def _place(self, moves: Iterable["_Move"], now: datetime) -> None:
        for past, enter in ((False, self.topics.enter), (True, self.topics.enter_past)):
            for move in sorted((m for m in moves if m.feeds and m.past is past), reverse=past):
                held = self.releases.get(move.release)
                if held and held.visible:
                    for feed in sorted(move.feeds - self.topics.of(move.release)):
                        enter(move.release, feed, now)

    def last_write(self) -> datetime | None:
        """When something was last recorded, by the clock of that time."""
        row = self._connection.db.execute("SELECT value FROM meta WHERE name = 'written'").fetchone()
        return moment(row[0]) if row else None

    def _record(self, change: Change, backfill: bool, now: datetime) -> tuple[frozenset[str], bool, frozenset[str]]:
        """Write one release. Returns the feeds where it takes a position, whether at the old end, and all that change.

        A backfill moves nothing that stands; what it brought stays at the old end until something moves it. The end of
        an embargo is news, whoever tells of it.
        """
        release = change.release
        before = self.releases.get(release.id)
        lifted = bool(before and before.state == "embargoed")
        moves = release.visible and (lifted or (change.verdict in _MOVES and not backfill))
        past = (self.releases.is_past(release.id) and not moves) if before else backfill
        self.releases.put(release, takes_keys=change.verdict == "new", past=past)
        if change.edition:
            self.releases.put_edition(release.id, change.edition)
        db = self._connection.db
        if change.pending:
            until = change.pending.embargo.until if change.pending.embargo else None
            db.execute(
                "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?)",
                (release.id, change.pending.source or "", stamp(until), dump(change.pending)),
            )
            return frozenset(), past, frozenset()
        if change.edition:  # what waits goes when it is shown, or when its source says something else
            db.execute("DELETE FROM pending WHERE release = ? AND source = ?", (release.id, change.edition.source))
        self._put_revision(change, now)
        self.links.put_related(release, (head(r.topic, r.title) for r in release.related))
        self.links.put_correction(release)
        if not release.visible and not (before and before.visible):
            return frozenset(), past, frozenset()  # nothing public may tell of it
        standing = self.topics.of(release.id)
        # A withdrawn release keeps its slots, for the tombstone; one that is held has none.
        gone = standing if release.withdrawn else frozenset[str]()
        wanted = self._feeds(change, now) if release.visible else gone
        enters = wanted if moves else wanted - standing
        old_end = past or (backfill and bool(before and before.visible))
        concerned = wanted | standing
        if backfill and not gone:  # a head tells of a withdrawal wherever it was; of the past it tells nothing else
            concerned = self.topics.heads_with(release.id) | (frozenset() if old_end else enters)
        self.topics.leave(release.id, (standing - wanted) | (enters & standing), now)
        if release.withdrawn:
            self.topics.bury(release.id)
        self.topics.changed(release.id, now)
        self._mark(release, before)
        return enters, old_end, concerned

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
        linked = {*self.links.corrected_with(release.id)}
        for version in filter(None, (release, before)):
            linked |= {*self.links.relating(head(version.kicker, version.title))}
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
