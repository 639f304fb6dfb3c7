"""What releases are known by: each key names one. Those of what nobody has seen are in a layer of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from syndicate.model import Key, Release
from syndicate.revise import keys_in_store, unseen
from syndicate.store.connection import Connection


class Keys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, release: Release, *, takes: bool) -> None:
        """The release's own keys; `takes`: from whoever had them, a URL or a file is used again."""
        self._change_layer(release)
        for key in keys_in_store(release, release.keys):
            self._name(key, release.id, takes=takes)

    def add(self, release: Release, keys: Iterable[Key]) -> None:
        """It is known by these besides; a path names it from now on, the others where they name none yet."""
        for key in keys_in_store(release, keys):
            self._name(key, release.id, takes=key.kind == "path")

    def unseen_files(self, source: str) -> frozenset[str]:
        """The paths of what nobody has seen."""
        return frozenset(
            path
            for (path,) in self._rows(
                "SELECT value FROM key WHERE kind = 'path' AND scope = ?1 AND NOT EXISTS (SELECT 1 FROM key AS seen"
                " WHERE seen.kind = 'path' AND seen.scope = ?2 AND seen.value = key.value)",
                (hidden(source), source),
            )
        )

    def _change_layer(self, release: Release) -> None:
        """What it is known by besides, as one that readers know, or as one that nobody has seen."""
        scope = hidden(release.source)
        there = "scope != ?" if release.never_shown else "scope = ?"
        self._rows(
            f"UPDATE OR IGNORE key SET scope = ? WHERE release = ? AND {there} AND kind IN ('id', 'path')",  # noqa: S608 - ours
            (scope if release.never_shown else release.source or "", release.id, scope),
        )
        self._rows(f"DELETE FROM key WHERE release = ? AND {there}", (release.id, scope))  # noqa: S608 - ours

    def _name(self, key: Key, release: str, *, takes: bool) -> None:
        """The key names this release; unless it `takes` it, only where it names none."""
        free = "INSERT INTO key (kind, scope, value, release) VALUES (?, ?, ?, ?) ON CONFLICT (kind, scope, value) DO "
        moved = "UPDATE SET release = excluded.release, unheard = 0, named = named + (release != excluded.release)"
        self._rows(free + (moved if takes else "NOTHING"), (*key, release))

    def _rows(self, sql: str, values: Sequence[object]) -> Any:
        return self._connection.db.conn.execute(sql, values)


def hidden(source: str | None) -> str:
    """The scope of the keys of what nobody has seen of this source."""
    return unseen(Key("id", "", ""), source).scope
