"""How a release that nobody has seen gives way: to other ids, or into one that readers know (semantics: Embargo)."""

from collections.abc import Iterable, Sequence
from typing import Any

from syndicate.model import Release
from syndicate.store.codec import without_ids
from syndicate.store.connection import Connection
from syndicate.store.sketches import Sketches
from syndicate.store.upsert import put


class Identities:
    """The old id and atom id stay aliases for commands."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sketches = Sketches(connection)

    def meant_by(self, name: str) -> tuple[str, ...]:
        """The release that had this id or atom id once."""
        return tuple(i for (i,) in self._rows("SELECT release FROM alias WHERE name = ?", (name,)))

    def rename(self, old: str, release: Release) -> None:
        """`old` is `release` from now on. In the transaction of `record`, before what takes its ids is written."""
        ((before,),) = self._rows("SELECT atom_id FROM release WHERE id = ?", (old,))
        self._connection.defer_keys()
        self._rows("UPDATE release SET id = ?, atom_id = ? WHERE id = ?", (release.id, release.atom_id, old))
        for table, column in self._referring():
            self._rows(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (release.id, old))  # noqa: S608 - our names
        for table, place in (("edition", "source"), ("pending", "source"), ("revision", "number")):
            self._say_the_same(table, place, release.id)
        self._alias(release.id, [(old, release.id), (before, release.atom_id)])

    def absorb(self, old: str, into: str) -> None:
        """`old` is the release `into` from now on; what a person changed of it and was done to it are that one's."""
        ((before,),) = self._rows("SELECT atom_id FROM release WHERE id = ?", (old,))
        self._rows("UPDATE event SET release = ? WHERE release = ?", (into, old))
        self._rows(
            "INSERT INTO edit (release, field, value, over)"
            " SELECT ?, field, value, over FROM edit WHERE release = ? AND field != 'embargo'"
            " ON CONFLICT DO NOTHING",
            (into, old),
        )
        self._rows(
            "INSERT INTO apart SELECT ?, source FROM apart WHERE release = ? ON CONFLICT DO NOTHING", (into, old)
        )
        self._rows("UPDATE correction SET corrects = ?1 WHERE corrects = ?2 AND release != ?1", (into, old))
        self._rows("UPDATE alias SET release = ? WHERE release = ?", (into, old))
        for table, column in self._referring():
            self._rows(f"DELETE FROM {table} WHERE {column} = ?", (old,))  # noqa: S608 - our names
        self._sketches.drop(old)
        self._rows("DELETE FROM release WHERE id = ?", (old,))
        self._alias(into, [(old, into), (before, None)])

    def _say_the_same(self, table: str, place: str, release: str) -> None:
        """No row of it says other ids of it than its own."""
        rows = self._rows(f"SELECT {place}, own FROM {table} WHERE release = ? AND own IS NOT NULL", (release,))  # noqa: S608
        for at, own in rows.fetchall():
            if (same := without_ids(own)) != own:
                self._rows(f"UPDATE {table} SET own = ? WHERE release = ? AND {place} = ?", (same, release, at))  # noqa: S608

    def _alias(self, release: str, names: Iterable[tuple[str, str | None]]) -> None:
        for name, now in names:
            if name != now:
                self._rows(put("alias", ("name", "release"), ("name",)), (name, release))

    def _referring(self) -> list[tuple[str, str]]:
        """(table, column) of whatever names a release."""
        return self._connection.referring()

    def _rows(self, sql: str, values: Sequence[object] = ()) -> Any:
        return self._connection.execute(sql, values)
