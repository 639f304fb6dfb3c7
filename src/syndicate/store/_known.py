"""All that a document could concern, looked up before it is decided on."""

from collections.abc import Iterable, Sequence

from syndicate.model import Key, Known, Release
from syndicate.revise import atom_ids, may_be_alike, sketch
from syndicate.store._connection import Connection
from syndicate.store.releases import Releases
from syndicate.text import head


def known(
    connection: Connection, releases: Releases, incoming: Iterable[Release], keys: Iterable[Key], tag: str
) -> Known:
    """Call it in the transaction that records what is decided. `keys`: of what a source takes back."""
    look = _Look(connection)
    for key in keys:
        look.up(key)
    for release in incoming:
        for key in release.keys:
            look.up(key)
            if key.kind == "url":
                look.up(Key("url", release.source or "", key.value))  # split off for this source
        look.up_head(head(release.kicker, release.title))
        look.up_atom_ids(release, tag)
        look.up_words(release)
    ids = {*look.by_key.values(), *(i for found in look.by_head.values() for i in found)}
    ids |= {i for found in look.alike.values() for i in found}
    return Known(
        by_key=look.by_key,
        by_head=look.by_head,
        by_atom_id=look.by_atom_id,
        releases={i: held for i in ids if (held := releases.get(i))},
        editions={i: releases.editions(i) for i in ids},
        edits={i: edits for i in ids if (edits := releases.edits(i))},
        alike=look.alike,
        apart=look.apart(),
    )


class _Look:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.by_key: dict[Key, str] = {}
        self.by_head: dict[tuple[str, str], tuple[str, ...]] = {}
        self.by_atom_id: dict[str, str] = {}
        self.alike: dict[Key, tuple[str, ...]] = {}

    def up(self, key: Key) -> None:
        for (found,) in self._rows("SELECT release FROM key WHERE kind = ? AND scope = ? AND value = ?", key):
            self.by_key[key] = found

    def up_head(self, at: tuple[str, str]) -> None:
        kicker, title = at
        rows = self._rows("SELECT id FROM release WHERE title = ? AND kicker = ? ORDER BY rowid", (title, kicker))
        self.by_head[at] = tuple(i for (i,) in rows)

    def up_atom_ids(self, release: Release, tag: str) -> None:
        """Those that it could be given, up to the first that is free."""
        for atom_id in atom_ids(release, tag):
            held = [found for (found,) in self._rows("SELECT id FROM release WHERE atom_id = ?", (atom_id,))]
            if not held:
                return
            self.by_atom_id[atom_id] = held[0]

    def up_words(self, release: Release) -> None:
        """Releases with much the same text; only for one that nothing else knows."""
        if release.headline or any(key in self.by_key for key in release.keys):
            return
        values = sketch(release)
        if not values:
            return
        rows = self._rows(
            f"SELECT release, count(*) FROM sketch WHERE value IN ({', '.join('?' * len(values))})"  # noqa: S608 - only marks
            " GROUP BY release ORDER BY 2 DESC, release LIMIT 5",
            values,
        )
        found = tuple(i for i, common in rows if may_be_alike(common))
        if found:
            self.alike[release.keys[-1]] = found

    def apart(self) -> frozenset[tuple[str, str]]:
        return frozenset((release, source) for release, source in self._rows("SELECT release, source FROM apart", ()))

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
