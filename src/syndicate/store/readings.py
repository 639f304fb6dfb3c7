"""By what a source's last words were read, and the bytes that they were found in."""

import zlib
from collections.abc import Iterable, Sequence

from syndicate.model import Capture, Key, Release
from syndicate.store.codec import load
from syndicate.store.connection import Connection

_MOST = 200  # values of one statement


class Readings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, source: str, keys: Iterable[Key], unless: str | None = None) -> dict[Key, tuple[str, str | None]]:
        """The releases that these keys name and this source tells, with the hash of the bytes of its last words.

        Without those of which that was read by the reader `unless`.
        """
        kinds: dict[tuple[str, str], list[str]] = {}
        for key in keys:
            kinds.setdefault((key.kind, key.scope), []).append(key.value)
        found = dict[Key, tuple[str, str | None]]()
        for (kind, scope), values in kinds.items():
            for start in range(0, len(values), _MOST):
                part = values[start : start + _MOST]
                rows = self._rows(
                    "SELECT value, key.release, entry FROM key CROSS JOIN edition ON edition.release = key.release"  # noqa: S608 - only marks
                    f" WHERE kind = ? AND scope = ? AND value IN ({', '.join('?' * len(part))})"
                    " AND source = ? AND (reader IS NULL OR reader IS NOT ?)",
                    (kind, scope, *part, source, unless),
                )
                found |= {Key(kind, scope, value): (release, entry) for value, release, entry in rows}  # type: ignore[arg-type]  # as it was asked
        return found

    def of_entries(self, source: str, entries: Iterable[str]) -> dict[str, str]:
        """The releases of which these are the bytes of this source's last words, by the hash of the bytes."""
        found, sought = dict[str, str](), [*dict.fromkeys(entries)]
        for start in range(0, len(sought), _MOST):
            part = sought[start : start + _MOST]
            rows = self._rows(
                f"SELECT entry, release FROM edition WHERE entry IN ({', '.join('?' * len(part))}) AND source = ?",  # noqa: S608
                (*part, source),
            )
            found |= dict(rows)
        return found

    def last_bytes(self, source: str, releases: Iterable[str]) -> dict[str, str]:
        """Release → hash of the document in which this source said its last words of it, where that was kept."""
        found = dict[str, str]()
        for release in releases:
            for (digest,) in self._rows(
                "SELECT event.capture FROM event JOIN capture ON hash = event.capture"
                " WHERE release = ? AND source = ? ORDER BY number DESC LIMIT 1",
                (release, source),
            ):
                found[release] = digest
        return found

    def headlines(self, digest: str) -> tuple[Release, ...]:
        """Those that were first announced in this document and of which no more is known yet."""
        rows = self._rows(
            "SELECT data FROM release WHERE state = 'headline' AND id IN"
            " (SELECT release FROM event WHERE capture = ? AND verdict = 'new')",
            (digest,),
        )
        return tuple(load(data) for (data,) in rows)

    def bytes(self, digest: str) -> Capture | None:
        """A document as it was found."""
        for url, path, media_type, body in self._rows(
            "SELECT url, path, media_type, body FROM capture WHERE hash = ?", (digest,)
        ):
            return Capture(body=zlib.decompress(body), url=url, path=path, media_type=media_type, known=True)
        return None

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
