"""What has become of releases: every version, what was done to them, and by which bytes."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate import __version__
from syndicate.model import Capture, Change, Changes, Release
from syndicate.store.codec import dump, load, moment, stamp
from syndicate.store.connection import Connection


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


class History:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revisions(self, identifier: str) -> tuple[Revision, ...]:
        """Every recorded version, the first first."""
        rows = self._rows(
            "SELECT number, at, verdict, fields, capture, data FROM revision WHERE release = ? ORDER BY number",
            (identifier,),
        )
        return tuple(
            Revision(number, moment(at), verdict, tuple(filter(None, fields.split(","))), capture, load(data))
            for number, at, verdict, fields, capture, data in rows
        )

    def events(self, identifier: str) -> tuple[Event, ...]:
        """What was done to it, the first first."""
        rows = self._rows(
            "SELECT at, verdict, fields, capture FROM event WHERE release = ? ORDER BY number", (identifier,)
        )
        return tuple(
            Event(moment(at), verdict, tuple(filter(None, fields.split(","))), c) for at, verdict, fields, c in rows
        )

    def capture(self, digest: str) -> tuple[str, datetime, str | None, str | None, str] | None:
        """Where and when bytes were found: (source, at, url, path, program)."""
        for source, at, url, path, program in self._rows(
            "SELECT source, at, url, path, program FROM capture WHERE hash = ?", (digest,)
        ):
            return source, moment(at), url, path, program
        return None

    def put(self, change: Change, now: datetime) -> None:
        """What was done, always; and the version, where it is another or the same with new facts."""
        release = change.release
        told = (stamp(now), change.verdict, ",".join(change.fields), change.capture)
        self._rows(
            "INSERT INTO event (release, at, verdict, fields, capture) VALUES (?, ?, ?, ?, ?)", (release.id, *told)
        )
        self._rows(
            "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (release, number) DO UPDATE SET"
            " data = excluded.data, capture = coalesce(excluded.capture, capture)",
            (release.id, release.revision, *told, dump(release)),
        )

    def keep(self, changes: Changes, captures: Iterable[Capture], now: datetime) -> None:
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

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
