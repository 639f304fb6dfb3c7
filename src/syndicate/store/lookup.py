"""All that a document could concern, found for whoever decides on it."""

from collections.abc import Iterable, Mapping, Sequence

from syndicate.model import Key, Known, Sought
from syndicate.store.connection import Connection
from syndicate.store.releases import Releases

_MOST_ALIKE = 5  # releases whose text has something in common with one that is sought: the nearest


def known(connection: Connection, releases: Releases, sought: Sought) -> Known:
    """Call it in the transaction that records what is decided."""
    look = _Look(connection)
    by_key, names = look.keys(sought.keys)
    by_head = {at: look.head(*at) for at in sorted(sought.heads)}
    by_atom_id = look.atom_ids(sought.atom_ids)
    alike = look.alike(sought.sketches)
    ids = {*by_key.values(), *by_atom_id.values(), *(i for found in by_head.values() for i in found)}
    ids |= {i for found in alike.values() for i, _ in found}
    return Known(
        by_key=by_key,
        keys={i: look.kinds(i) for i in ids},
        names=names,
        by_head={at: found for at, found in by_head.items() if found},
        by_atom_id=by_atom_id,
        releases={i: held for i in ids if (held := releases.get(i))},
        editions={i: releases.editions(i) for i in ids},
        edits={i: edits for i in ids if (edits := releases.edits(i))},
        pending={i: pending for i in ids if (pending := releases.waits(i))},
        alike=alike,
        apart=look.apart(),
    )


class _Look:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keys(self, sought: Iterable[Key]) -> tuple[dict[Key, str], dict[Key, int]]:
        by_key, names = dict[Key, str](), dict[Key, int]()
        for key in sought:
            for release, named in self._rows(
                "SELECT release, named FROM key WHERE kind = ? AND scope = ? AND value = ?", key
            ):
                by_key[key] = release
                if named > 1:
                    names[key] = named
        return by_key, names

    def kinds(self, release: str) -> dict[str, int]:
        rows = self._rows("SELECT kind, count(*) FROM key WHERE release = ? GROUP BY kind", (release,))
        return dict(rows)

    def head(self, kicker: str, title: str) -> tuple[str, ...]:
        rows = self._rows("SELECT id FROM release WHERE title = ? AND kicker = ? ORDER BY rowid", (title, kicker))
        return tuple(i for (i,) in rows)

    def atom_ids(self, sought: Iterable[str]) -> dict[str, str]:
        rows = ((a, self._rows("SELECT id FROM release WHERE atom_id = ?", (a,))) for a in sought)
        return {atom_id: found for atom_id, held in rows for (found,) in held}

    def alike(self, sketches: Mapping[Key, Sequence[int]]) -> dict[Key, tuple[tuple[str, int], ...]]:
        found = {}
        for key, values in sketches.items():
            rows = self._rows(
                f"SELECT release, count(*) FROM sketch JOIN release ON release.id = sketch.release"  # noqa: S608 - only marks
                f" WHERE NOT unseen AND value IN ({', '.join('?' * len(values))})"
                f" GROUP BY release ORDER BY 2 DESC, release LIMIT {_MOST_ALIKE}",
                values,
            )
            if near := tuple((release, common) for release, common in rows):
                found[key] = near
        return found

    def apart(self) -> frozenset[tuple[str, str]]:
        return frozenset((release, source) for release, source in self._rows("SELECT release, source FROM apart", ()))

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
