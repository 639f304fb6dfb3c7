"""What is kept of each source's last document, so that only what is new in the next one is read."""

import json
from collections.abc import Collection, Iterable, Sequence

from syndicate.model import Key, LastDocument, Piece
from syndicate.store.codec import listed
from syndicate.store.connection import Connection
from syndicate.store.keys import hidden
from syndicate.store.upsert import put


class Documents:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last(self, source: str) -> LastDocument | None:
        for reader, head, pieces in self._rows("SELECT reader, head, pieces FROM document WHERE source = ?", (source,)):
            return LastDocument(reader, head, tuple(_piece(*values) for values in json.loads(pieces)))
        return None

    def keep(self, source: str, document: LastDocument | None) -> None:
        """In the transaction that records what it says. None: the next one is read as a whole."""
        if document is None:
            self.drop([source])
            return
        pieces = json.dumps([_row(piece) for piece in document.pieces], separators=(",", ":"))
        self._rows(
            put("document", ("source", "reader", "head", "pieces"), ("source",)),
            (source, document.reader, document.head, pieces),
        )

    def drop(self, sources: Collection[str]) -> None:
        """The next document of each is read as a whole."""
        self._rows("DELETE FROM document WHERE source IN (SELECT value FROM json_each(?))", (listed(sources),))

    def signed(self, source: str, entries: Iterable[str]) -> frozenset[tuple[str, str]]:
        """(entry, reader) of this source's last words that are signed by these entries, and of which nothing waits."""
        return frozenset(
            self._rows(
                "SELECT entry, reader FROM json_each(?) CROSS JOIN edition ON entry = json_each.value"
                " WHERE source = ? AND due IS NULL AND reader IS NOT NULL",
                (listed(entries), source),
            )
        )

    def standing(self, source: str, keys: Collection[Key]) -> frozenset[Key]:
        """Those of these keys that name a release which is not withdrawn, or could: as its atom id."""
        found = set[Key]()
        for kind in {key.kind for key in keys}:
            values = listed(key.value for key in keys if key.kind == kind)
            rows = self._rows(
                "SELECT key.value FROM json_each(?) CROSS JOIN key ON key.value = json_each.value"
                " JOIN release ON release.id = key.release"
                " WHERE kind = ? AND scope IN ('', ?, ?) AND withdrawn IS NULL"
                " UNION SELECT atom_id FROM json_each(?) CROSS JOIN release ON atom_id = json_each.value"
                " WHERE withdrawn IS NULL AND release.source IS NULL",
                (values, kind, source, hidden(source), values),
            )
            named = {value for (value,) in rows}
            found |= {key for key in keys if key.kind == kind and key.value in named}
        return frozenset(found)

    def names(self, releases: Collection[str]) -> frozenset[Key]:
        """The ids and addresses that these releases are known by."""
        if not releases:
            return frozenset()
        rows = self._rows(
            "SELECT key.kind, key.scope, key.value FROM json_each(?) CROSS JOIN key ON key.release = json_each.value"
            " WHERE key.kind IN ('id', 'url')",
            (listed(releases),),
        )
        return frozenset(Key(*row) for row in rows)

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)


def _row(piece: Piece) -> list[object]:
    row: list[object] = [piece.digest, piece.names, piece.told, piece.gone]
    return [*row, 1] if piece.dropped else row


def _piece(digest: str | None, names: list[str], told: str | None, gone: list[str] | None, dropped: int = 0) -> Piece:
    return Piece(digest, tuple(names), told, Key(*gone) if gone else None, bool(dropped))  # type: ignore[arg-type]  # as it was kept
