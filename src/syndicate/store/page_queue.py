"""Pages that complete releases, what they said when they were read, and how far walks to the old end have come."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from syndicate.model import Release
from syndicate.store.codec import dump_whole, listed, load_whole, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.queued import KnownPages, QueuedPage, key_of
from syndicate.store.recordings import Touched, pages_of
from syndicate.store.upsert import put
from syndicate.urls import canonical_url

_LOOKS = ("completed", "again", "gone")


class Counted(NamedTuple):
    """Pages of a source: not yet asked, read, and those that could not be read (and may be asked again).

    `failures`: pages that could not be read the last time, (address, why).
    """

    waiting: int
    read: int
    failed: int
    failures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a backfill has come: `next` is the page to go on with, None where the list has ended.

    `begun` is the source's address (canonical) at that time: of another one this is no walk.
    `pages` are those that were recorded, `entries` is a hash of what the last one listed, `repeats` how many before it
    listed the same.
    """

    source: str
    next: str | None
    begun: str = ""
    pages: int = 0
    entries: str = ""
    repeats: int = 0


NO_PAGES = Counted(0, 0, 0)
_FAILED = "SELECT source, said, error FROM wanted WHERE error IS NOT NULL AND gone IS NULL ORDER BY source, url"


class PageQueue:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source: str, releases: Iterable[Release]) -> KnownPages:
        """All that could be found for these releases of a source, in one statement."""
        releases = [*releases]
        names = {
            "url": {canonical_url(release.url) for release in releases if release.url},
            "entry": {value for release in releases if (value := key_of(release, "id"))},
            "words": {value for release in releases if (value := key_of(release, "hash"))},
        }
        if not any(names.values()):
            return KnownPages({})
        self._connection.decisions.look([pages_of(source)])
        each = " UNION ".join(
            "SELECT wanted.rowid FROM wanted"  # noqa: S608 - only our own words
            f" WHERE source = :source AND {name} IN (SELECT value FROM json_each(:{name}))"
            for name in names
        )
        rows = self._rows(
            f"SELECT * FROM wanted WHERE rowid IN ({each}) ORDER BY rowid",  # noqa: S608 - only our own words
            {"source": source, **{name: listed(sorted(values)) for name, values in names.items()}},
        )
        return KnownPages({row["url"]: _queued(row) for row in rows})

    def find(self, source: str, release: Release, listed: Collection[str] = frozenset()) -> QueuedPage | None:
        """What is known of a release's page (`KnownPages.find`)."""
        return self.known(source, (release,)).find(release, listed)

    def keep(self, pages: KnownPages) -> None:
        """What has become of them. In the transaction in which it is known that they are still as they were."""
        for row, moved in pages.changed:
            self.put(row, moved=moved)

    def put(self, row: QueuedPage, *, moved: QueuedPage | None = None) -> None:
        """Keep what is known now, under the address that its source says now; nothing under the one that it had."""
        said = row.said
        with self._connection.transaction() as db:
            if moved:
                old = (moved.said.source or "", canonical_url(moved.address))
                db.execute("DELETE FROM wanted WHERE source = ? AND url = ?", old)
            values = {
                "source": said.source or "",
                "url": canonical_url(row.address),
                "host": server(row.address),
                "entry": key_of(said, "id"),
                "words": key_of(said, "hash"),
                "published": stamp(said.published),
                "said": dump_whole(said),
                "page": dump_whole(row.page) if row.page else None,
                "etag": row.etag,
                "last_modified": row.last_modified,
                "hash": row.hash,
                "asked": stamp(row.asked),
                "due": stamp(row.due),
                "tries": row.tries,
                "error": row.error,
                "backfill": int(row.backfill),
                **{name: stamp(getattr(row, name)) for name in _LOOKS},
                "status": row.status,
            }
            db.execute(_put(tuple(values)), values)
            self._connection.decisions.wrote(Touched(frozenset([pages_of(said.source or "")])))

    def waiting(self, now: datetime, source: str | None = None) -> tuple[tuple[str, str], ...]:
        """(source, host) of the pages to be asked by now, those that wait longest first. Cheap: asked each second."""
        index, its = ("wanted_next", "source = ? AND") if source else ("wanted_due", "")
        rows = self._rows(
            f"SELECT source, host FROM wanted INDEXED BY {index} WHERE {its} due <= ? GROUP BY source, host"  # noqa: S608
            " ORDER BY min(due), source, host",
            *([source] if source else []),
            stamp(now),
        )
        return tuple((r["source"], r["host"]) for r in rows)

    def next(self, source: str, host: str, now: datetime) -> QueuedPage | None:
        """The page of this host that is due for longest; of several the oldest release's, so newer ones come on top."""
        # The index has all but the row itself.
        first = (
            "SELECT rowid FROM wanted WHERE source = ? AND host = ? AND due <= ?"
            " ORDER BY due, published, rowid DESC LIMIT 1"
        )
        return self._one(f"rowid = ({first})", source, host, stamp(now))

    def looks(self, now: datetime, source: str | None = None) -> tuple[tuple[str, str], ...]:
        """As `waiting`, of pages that were read and are to be looked at again by now."""
        index, its = ("wanted_looks", "source = ? AND") if source else ("wanted_again", "")
        rows = self._rows(
            f"SELECT source, host FROM wanted INDEXED BY {index} WHERE {its} again <= ? GROUP BY source, host"  # noqa: S608
            " ORDER BY min(again), source, host",
            *([source] if source else []),
            stamp(now),
        )
        return tuple((r["source"], r["host"]) for r in rows)

    def next_look(self, source: str, host: str, now: datetime) -> QueuedPage | None:
        """The newest release's page of those that are to be looked at again."""
        newest = (
            "SELECT rowid FROM wanted INDEXED BY wanted_looks WHERE source = ? AND host = ? AND again <= ?"
            " ORDER BY published DESC, rowid LIMIT 1"
        )
        return self._one(f"rowid = ({newest})", source, host, stamp(now))

    def asked_between(self, host: str, since: datetime, until: datetime) -> int:
        """How many pages of this host were asked last after that, and not by a clock that was ahead."""
        its = "host = ? AND asked > ? AND asked <= ?"
        (row,) = self._rows(f"SELECT count(*) AS n FROM wanted WHERE {its}", host, stamp(since), stamp(until))  # noqa: S608
        return int(row["n"])

    def gone(self, source: str) -> tuple[QueuedPage, ...]:
        """What was read, and is not there any more."""
        return self.gone_each().get(source, ())

    def gone_each(self) -> dict[str, tuple[QueuedPage, ...]]:
        """The same of each source that has any."""
        rows = self._rows("SELECT * FROM wanted WHERE gone IS NOT NULL ORDER BY source, gone, url")
        return {source: tuple(map(_queued, found)) for source, found in groupby(rows, itemgetter("source"))}

    def count_due(self, sources: Iterable[str], now: datetime) -> int:
        return sum(
            row["n"]
            for source in sources
            for row in self._rows(
                "SELECT count(*) AS n FROM wanted WHERE source = ? AND (due <= ? OR again <= ?)",
                source,
                *[stamp(now)] * 2,
            )
        )

    def counted(self, source: str) -> Counted:
        return self.counted_each().get(source, NO_PAGES)

    def counted_each(self) -> dict[str, Counted]:
        """Of each source that has any."""
        failures = defaultdict[str, list[tuple[str, str]]](list)
        for row in self._rows(_FAILED):
            failures[row["source"]].append((load_whole(row["said"]).url or "", str(row["error"])))
        return {
            row["source"]: Counted(row["waiting"], row["read"], row["failed"], tuple(failures[row["source"]]))
            for row in self._rows("SELECT source, waiting, read, failed FROM page_count ORDER BY source")
        }

    def walk(self, source: str) -> Walk | None:
        for row in self._rows("SELECT * FROM walk WHERE source = ?", source):
            return Walk(**row)
        return None

    def walked(self, source: str, url: str) -> bool:
        """Was this page of a list recorded already?"""
        return any(True for _ in self._rows("SELECT 1 FROM walked WHERE source = ? AND url = ?", source, url))

    def save_walk(self, walk: Walk, url: str) -> None:
        """The page at `url` (canonical) is recorded; in the transaction that does so."""
        with self._connection.transaction() as db:
            db.execute(
                put("walk", tuple(of := asdict(walk)), ("source",)),
                tuple(of.values()),
            )
            db.execute("INSERT INTO walked VALUES (?, ?) ON CONFLICT DO NOTHING", (walk.source, url))

    def forget_walk(self, source: str) -> None:
        """The next one begins at the first page."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM walk WHERE source = ?", (source,))
            db.execute("DELETE FROM walked WHERE source = ?", (source,))

    def _one(self, where: str, *values: object) -> QueuedPage | None:
        for row in self._rows(f"SELECT * FROM wanted WHERE {where} LIMIT 1", *values):  # noqa: S608 - only our own words
            return _queued(row)
        return None

    def _rows(self, sql: str, *values: Any) -> Iterable[dict[str, Any]]:
        rows = self._connection.execute(sql, values[0] if values and isinstance(values[0], dict) else values)
        names = [column[0] for column in rows.description]
        return (dict(zip(names, row, strict=True)) for row in rows)


def _queued(row: dict[str, Any]) -> QueuedPage:
    return QueuedPage(
        said=load_whole(row["said"]),
        page=load_whole(row["page"]) if row["page"] else None,
        etag=row["etag"],
        last_modified=row["last_modified"],
        hash=row["hash"],
        asked=moment(row["asked"]),
        due=moment(row["due"]),
        tries=row["tries"],
        error=row["error"],
        backfill=bool(row["backfill"]),
        status=row["status"],
        **{name: moment(row[name]) for name in _LOOKS},
    )


def server(url: str) -> str:
    """Of a clean address what `client.server_of` says of any: the store knows no client."""
    return urlsplit(url).netloc


@cache
def _put(columns: tuple[str, ...]) -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("source", "url"))
    return (
        f"INSERT INTO wanted ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"  # noqa: S608
        f" ON CONFLICT (source, url) DO UPDATE SET {changed}"
    )
