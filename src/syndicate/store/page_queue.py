"""Pages that complete releases, what they said when they were read, and how far walks to the old end have come."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from syndicate.model import Release
from syndicate.store.codec import dump, load, moment, stamp
from syndicate.store.connection import Connection
from syndicate.text import canonical_url

_LOOKS = ("completed", "again", "gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedPage:
    """A release's page. `said` is what its feed or list says, `page` what the page said, once it was read.

    `due`: when the page is asked (again), None where there is nothing to ask. `error` says why it could not be read;
    without `due`, it was given up. `backfill`: it is of the past. What was read is looked at `again`, by the rule of
    `polling.again`, counted from `completed`; `gone`: since when it is not there (`status`: 404 or 410).
    """

    said: Release
    page: Release | None = None
    etag: str | None = None
    last_modified: str | None = None
    hash: str | None = None  # of the body that was read
    asked: datetime | None = None  # the last time, whatever came of it
    due: datetime | None = None
    tries: int = 0  # that failed, one after the other
    error: str | None = None
    backfill: bool = False
    completed: datetime | None = None
    again: datetime | None = None
    gone: datetime | None = None
    status: int | None = None

    @property
    def address(self) -> str:
        return self.said.url or ""


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


class PageQueue:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, source: str, release: Release, listed: Collection[str] = frozenset()) -> QueuedPage | None:
        """What is known of a release's page: by its address, else by the entry's own id or words at an earlier one.

        `listed`: the addresses (canonical) of all entries of its document. What has one of them has not moved, so equal
        words do not make it this one's.
        """
        names = {"url": canonical_url(release.url or ""), "entry": _key(release, "id"), "words": _key(release, "hash")}
        rows = (
            (name, self._one(f"source = ? AND {name} = ?", source, value)) for name, value in names.items() if value
        )
        found = (row for name, row in rows if row and (name != "words" or canonical_url(row.address) not in listed))
        return next(found, None)

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
                "entry": _key(said, "id"),
                "words": _key(said, "hash"),
                "published": stamp(said.published),
                "said": dump(said),
                "page": dump(row.page) if row.page else None,
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
            db.table("wanted").upsert(values, pk=("source", "url"))

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

    def asked_since(self, host: str, since: datetime) -> int:
        """How many pages of this host were asked last after that."""
        (row,) = self._rows("SELECT count(*) AS n FROM wanted WHERE host = ? AND asked > ?", host, stamp(since))
        return int(row["n"])

    def gone(self, source: str) -> tuple[QueuedPage, ...]:
        """What was read, and is not there any more."""
        rows = self._rows("SELECT * FROM wanted WHERE source = ? AND gone IS NOT NULL ORDER BY gone, url", source)
        return tuple(_queued(row) for row in rows)

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
        (row,) = self._rows(
            "SELECT total(page IS NULL AND error IS NULL) AS waiting, total(page IS NOT NULL) AS read,"
            " total(page IS NULL AND error IS NOT NULL) AS failed FROM wanted WHERE source = ?",
            source,
        )
        failures = self._rows(
            "SELECT said, error FROM wanted WHERE source = ? AND error IS NOT NULL AND gone IS NULL ORDER BY url",
            source,
        )
        told = tuple((load(r["said"]).url or "", str(r["error"])) for r in failures)
        return Counted(int(row["waiting"]), int(row["read"]), int(row["failed"]), told)

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
            db.table("walk").upsert(asdict(walk), pk="source")
            db.execute("INSERT OR IGNORE INTO walked VALUES (?, ?)", (walk.source, url))

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
        named = values[0] if values and isinstance(values[0], dict) else values
        return self._connection.db.query(sql, named)


def _queued(row: dict[str, Any]) -> QueuedPage:
    return QueuedPage(
        said=load(row["said"]),
        page=load(row["page"]) if row["page"] else None,
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


def _key(release: Release, kind: str) -> str | None:
    return next((key.value for key in release.keys if key.kind == kind), None)
