"""What has become of releases: every version, what was done to them, and by which bytes."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from syndicate import __version__
from syndicate.model import Capture, Change, Changes, Release
from syndicate.store.codec import Row, listed, load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.words import Said


class Revision(NamedTuple):
    """A version of a release as it was recorded, and what a reader saw change."""

    number: int
    at: datetime
    verdict: str
    fields: tuple[str, ...]
    capture: str | None
    release: Release


class Event(NamedTuple):
    """One thing that was done to a release: new, corrected, lifted, withdrawn, …; `capture`: by which bytes."""

    at: datetime
    verdict: str
    fields: tuple[str, ...]
    capture: str | None


class Captured(NamedTuple):
    """Where and when bytes were found, and by which program; the bytes themselves may have had their time."""

    hash: str
    source: str
    at: datetime
    url: str | None
    path: str | None
    program: str


class History(NamedTuple):
    """The first first. `captures`: what made it, by hash of its bytes. `feeds`: where it stands now."""

    revisions: tuple[Revision, ...]
    events: tuple[Event, ...]
    captures: Mapping[str, Captured]
    feeds: tuple[str, ...]


def history(connection: Connection, release: str) -> History:
    rows = Rows(connection)
    revisions, events = rows.revisions(release), rows.events(release)
    digests = {r.capture for r in revisions if r.capture} | {e.capture for e in events if e.capture}
    captures = {found.hash: found for digest in sorted(digests) for found in rows.captures(digest)}
    return History(revisions, events, captures, rows.feeds(release))


def telling(changes: Changes, captures: Iterable[Capture]) -> Iterator[Capture]:
    """Those that made or changed a release."""
    hashes = {change.capture for change in changes.changes if change.verdict != "unchanged"}
    return (capture for capture in captures if hashes and capture.hash in hashes)


def packed(changes: Changes, captures: Iterable[Capture]) -> tuple[Capture, ...]:
    """What of these will be kept, as it will be: before the turn to write, which others wait for."""
    return tuple(replace(each, packed=zlib.compress(each.body)) for each in telling(changes, captures))


class Rows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revisions(self, identifier: str) -> tuple[Revision, ...]:
        rows = self._rows(
            "SELECT number, at, verdict, fields, capture, release.id, release.atom_id,"
            " coalesce(revision.own, release.own), words.body FROM revision"
            " JOIN release ON release.id = revision.release JOIN words ON words.id = revision.words"
            " WHERE revision.release = ? ORDER BY number",
            (identifier,),
        )
        return tuple(
            Revision(number, moment(at), verdict, tuple(filter(None, fields.split(","))), capture, load(Row(*row)))
            for number, at, verdict, fields, capture, *row in rows
        )

    def events(self, identifier: str) -> tuple[Event, ...]:
        rows = self._rows(
            "SELECT at, verdict, fields, capture FROM event WHERE release = ? ORDER BY number", (identifier,)
        )
        return tuple(
            Event(moment(at), verdict, tuple(filter(None, fields.split(","))), c) for at, verdict, fields, c in rows
        )

    def captures(self, digest: str) -> Iterator[Captured]:
        for source, at, url, path, program in self._rows(
            "SELECT source, at, url, path, program FROM capture WHERE hash = ?", (digest,)
        ):
            yield Captured(digest, source, moment(at), url, path, program)

    def feeds(self, release: str) -> tuple[str, ...]:
        rows = self._rows("SELECT topic FROM slot WHERE release = ? ORDER BY topic", (release,))
        return tuple(feed for (feed,) in rows)

    def put(self, changes: Sequence[Change], said: Said, now: datetime) -> None:
        """What was done, always; and the version, where it is another or the same with new facts."""
        told = [(c.release, (stamp(now), c.verdict, ",".join(c.fields), c.capture)) for c in changes]
        if told:
            self._rows(
                "INSERT INTO event (release, at, verdict, fields, capture) SELECT value ->> 0,"
                " value ->> 1, value ->> 2, value ->> 3,"
                " value ->> 4 FROM json_each(?) ORDER BY key",
                (listed((release.id, *what) for release, what in told),),
            )
        last = {release.id: release for release, _ in told}  # NULL: as the release's, until that is another
        self._connection.executemany(
            "INSERT INTO revision (release, number, at, verdict, fields, capture, own, words)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, number) DO UPDATE SET own = excluded.own,"
            " words = excluded.words, capture = coalesce(excluded.capture, revision.capture)",
            (
                (release.id, release.revision, *what, None if last[release.id] is release else kept.own, kept.words)
                for release, what in told
                for kept in (said[id(release)],)
            ),
        )

    def keep(self, changes: Changes, captures: Iterable[Capture], now: datetime) -> None:
        """The bytes that made or changed a release, once per hash."""
        for capture in telling(changes, captures):
            self.keep_bytes(changes.source or "", capture, now)

    def keep_bytes(self, source: str, capture: Capture, now: datetime) -> None:
        """These ones, whatever they make of a release."""
        self._connection.execute(
            "INSERT INTO capture VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE"
            " SET at = excluded.at, body = excluded.body WHERE length(capture.body) = 0 AND length(excluded.body) > 0",
            (
                capture.hash,
                source,
                stamp(now),
                capture.url,
                capture.path,
                capture.media_type,
                f"syndicate/{__version__}",
                zlib.compress(capture.body) if capture.packed is None else capture.packed,
            ),
        )

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)
