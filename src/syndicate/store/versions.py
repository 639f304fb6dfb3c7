"""The versions of feeds' documents that readers have been given, known again by what their ETag says."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from syndicate.model import ETAG_DIGITS
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection

MOST = 500  # versions of a document

_COLUMNS = "id, document, hash, at, superseded, positions, closed, generation"
_OF_EACH = "json_each(?1) AS row"
_SUPERSEDE = (
    f"UPDATE version SET superseded = ?2 FROM {_OF_EACH} WHERE superseded IS NULL"  # noqa: S608 - ours
    " AND document = value ->> 0 AND hash != value ->> 1 AND CAST(value ->> 3 AS BIGINT) = 0"
)
_PUT = (
    "INSERT INTO version (document, hash, generation, positions, closed, at)"  # noqa: S608 - ours
    f" SELECT value ->> 0, value ->> 1, CAST(value ->> 2 AS BIGINT), value ->> 4,"
    f" CAST(value ->> 5 AS BIGINT), ?2 FROM {_OF_EACH} WHERE true"
    " ORDER BY key ON CONFLICT (document) WHERE superseded IS NULL DO UPDATE SET hash = excluded.hash,"
    " generation = excluded.generation, positions = excluded.positions, closed = excluded.closed"
)
_END = "UPDATE version SET superseded = ?2 WHERE superseded IS NULL AND document IN (SELECT value FROM json_each(?1))"
_EXPIRE = "DELETE FROM version WHERE superseded < ?"
_TOO_MANY = (  # counted in the index
    "DELETE FROM version WHERE id IN (SELECT each.id FROM"
    " (SELECT document FROM version GROUP BY document HAVING count(*) > ?1) AS many CROSS JOIN version AS each"
    " ON each.document = many.document WHERE each.id <= (SELECT id FROM version WHERE document = many.document"
    " ORDER BY id DESC LIMIT 1 OFFSET ?1))"
)


class Version(NamedTuple):
    """A document as it was published at `at`, until it was `superseded` (None: it is the latest). `id` grows.

    `hash` are the digits of its ETag, before `-gzip` where it has that. `positions`: the digests of what stood in a
    head (`documents.digests`), in their order; None of an archive page, and where nobody knows. `closed`: the archive
    page next to that head. `generation`: all that was marked up to that number is in it (`Mark.generation`).
    """

    id: int
    document: str
    hash: str
    at: datetime
    superseded: datetime | None
    positions: str | None
    closed: int | None
    generation: int


class Made(NamedTuple):
    """A document as it has been published just now. `again`: nothing that it shows has changed since the last one."""

    document: str
    hash: str
    generation: int
    again: bool = False
    positions: str | None = None
    closed: int | None = None


class Versions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, document: str, digits: str) -> Version | None:
        """The last version of this document that had this hash; None: we know of none."""
        rows = self._rows("document = ? AND hash = ? ORDER BY id DESC LIMIT 1", (document, digits))
        return next(iter(rows), None)

    def get(self, number: int) -> Version | None:
        """Of this id; None: there is none, or it has gone."""
        return next(iter(self._rows("id = ?", (number,))), None)

    def latest(self, document: str) -> Version | None:
        """What is published now."""
        return next(iter(self._rows("document = ? AND superseded IS NULL", (document,))), None)

    def since(self, document: str, version: int) -> tuple[Version, ...]:
        """What came of this document after the version of this id, the oldest first."""
        return tuple(self._rows("document = ? AND id > ? ORDER BY id", (document, version)))

    def as_of(self, document: str, moment: datetime, other: str) -> Version | None:
        """What was published of this document at that time, or before, with another hash than that."""
        where = "document = ? AND at <= ? AND hash != ? ORDER BY id DESC LIMIT 1"
        rows = self._rows(where, (document, stamp(moment), other))
        return next(iter(rows), None)

    def first_since(self, documents: Collection[str], moment: datetime) -> int:
        """The generation of the first version of these that was published then or later.

        0 where all that are known were: what was before is not.
        """
        rows = self._connection.of(
            "SELECT min(at) < ?2, min(CASE WHEN at >= ?2 THEN generation END) FROM json_each(?1) AS asked"
            " CROSS JOIN version ON document = asked.value",
            documents,
            stamp(moment),
        )
        known, first = next(iter(rows), (0, 0))
        return int(first or 0) if known else 0

    def superseded_at(self, moment: datetime) -> tuple[str, ...]:
        """The documents of which the publish that began then made another version."""
        rows = self._connection.execute(
            "SELECT DISTINCT document FROM version WHERE superseded = ? ORDER BY document", (stamp(moment),)
        )
        return tuple(document for (document,) in rows)

    def hashes(self, documents: Collection[str]) -> dict[str, str]:
        """Of these, what is published now."""
        rows = self._connection.execute(
            "SELECT document, hash FROM json_each(?) CROSS JOIN version ON document = value AND superseded IS NULL",
            (listed(documents),),
        )
        return dict(rows)

    def last(self) -> int:
        """The id of the last version of whatever document."""
        row = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'version'").fetchone()
        return int(row[0]) if row else 0

    def documents_since(self, number: int) -> tuple[str, ...]:
        """Those of which there is a later version than the one of this id."""
        rows = self._connection.execute("SELECT DISTINCT document FROM version WHERE id > ?", (number,))
        return tuple(document for (document,) in rows)

    def put(self, made: Collection[Made], now: datetime) -> None:
        """What has been published: a row where it is another than the last one, else that knows it is so still.

        One that was made again takes the place of the last one: who held that is not to be told of it. In the
        transaction that says what was written.
        """
        if not made:
            return
        rows = listed(
            (m.document, m.hash[:ETAG_DIGITS], m.generation, int(m.again), m.positions, m.closed) for m in made
        )
        at = stamp(now)
        self._do((_SUPERSEDE, (rows, at)), (_PUT, (rows, at)))

    def end(self, documents: Collection[str], now: datetime) -> None:
        """What is published no longer has no version after its last one."""
        if documents:
            self._do((_END, (listed(documents), stamp(now))))

    def expire(self, until: datetime) -> None:
        """What was superseded before that goes, and of each document what is more than the newest MOST."""
        self._do((_EXPIRE, (stamp(until),)), (_TOO_MANY, (MOST,)))

    def _rows(self, where: str, values: tuple[object, ...]) -> Iterable[Version]:
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM version WHERE {where}", values)  # noqa: S608 - ours
        return (
            Version(number, document, digits, moment(at), moment(superseded), positions, closed, generation)
            for number, document, digits, at, superseded, positions, closed, generation in found
        )

    def _do(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        with self._connection.transaction() as db:
            for sql, values in statements:
                db.execute(sql, values)
