"""By what a source's last words were read, and the bytes that they were found in."""

import zlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from syndicate.model import Capture, Key, Release
from syndicate.store.codec import Row, listed, load, stamp
from syndicate.store.connection import Connection
from syndicate.store.decisions import things
from syndicate.store.recordings import Touched
from syndicate.store.words import OF_RELEASES, RELEASES


class Readings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, source: str, keys: Iterable[Key]) -> frozenset[str]:
        """The releases that these keys name and this source tells."""
        rows = self._rows(
            "SELECT key.release FROM json_each(?) AS sought CROSS JOIN key"
            " ON key.kind = sought.value ->> 0 AND key.scope = sought.value ->> 1"
            " AND key.value = sought.value ->> 2"
            " CROSS JOIN edition ON edition.release = key.release AND edition.source = ?",
            (listed(keys), source),
        )
        return frozenset(release for (release,) in rows)

    def of_entries(self, source: str, entries: Iterable[str]) -> dict[str, str]:
        """The releases of which these are the bytes of this source's last words, by the hash of the bytes."""
        sought = frozenset(entries)

        def ask() -> tuple[dict[str, str], Touched]:
            rows = self._rows(
                "SELECT entry, release FROM edition WHERE entry IN (SELECT value FROM json_each(?)) AND source = ?",
                (listed(sought), source),
            )
            return dict(rows), things(sought)

        return self._connection.decisions.told(("entries", source, sought), ask)

    def last_bytes(self, source: str, releases: Collection[str]) -> dict[str, str]:
        """Release → hash of the document in which this source said its last words of it, where that was kept."""
        if not releases:
            return {}
        rows = self._rows(
            "SELECT asked.value, (SELECT CASE WHEN length(body) > 0 THEN hash END FROM event JOIN capture"
            " ON hash = event.capture WHERE release = asked.value AND source = ? ORDER BY number DESC LIMIT 1)"
            " FROM json_each(?) AS asked",
            (source, listed(releases)),
        )
        return {release: digest for release, digest in rows if digest}

    def headlines(self, digest: str) -> tuple[Release, ...]:
        """Those that were first announced in this document and of which no more is known yet."""
        rows = self._rows(
            f"SELECT {OF_RELEASES} FROM {RELEASES} WHERE state = 'headline' AND release.id IN"  # noqa: S608 - ours
            " (SELECT release FROM event WHERE capture = ? AND verdict = 'new')",
            (digest,),
        )
        return tuple(load(Row(*row)) for row in rows)

    def bytes(self, digest: str) -> Capture | None:
        """A document as it was found; None where it was not kept, or has had its time."""
        for url, path, media_type, body in self._rows(
            "SELECT url, path, media_type, body FROM capture WHERE hash = ? AND length(body) > 0", (digest,)
        ):
            return Capture(body=zlib.decompress(body), url=url, path=path, media_type=media_type, known=True)
        return None

    def forget_bytes(self, before: datetime, most: int) -> int:
        """Of what was found before that: how many bodies went, `most` of them at once. The rows stay, for `history`.

        Not the last document of a source, of which its server says that it has not changed since; nor what was read
        before programs left fingerprints, until it has been read again.
        """
        old = (
            "SELECT hash FROM capture AS kept WHERE length(body) > 0 AND at < ?"
            " AND NOT EXISTS (SELECT 1 FROM source WHERE source.id = kept.source AND source.hash = kept.hash)"
            " AND NOT EXISTS (SELECT 1 FROM edition WHERE edition.source = kept.source AND edition.reader IS NULL)"
            " ORDER BY at LIMIT ?"
        )
        columns = "hash, source, at, url, path, media_type, program"
        # Not by an UPDATE: in SQLite a row that shrinks keeps its page for itself, and what comes stands elsewhere.
        gone = self._rows(f"DELETE FROM capture WHERE hash IN ({old}) RETURNING {columns}", (stamp(before), most))  # noqa: S608 - ours
        rows = [(*row, b"") for row in gone]
        self._connection.executemany(f"INSERT INTO capture ({columns}, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - ours
        return len(rows)

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)
