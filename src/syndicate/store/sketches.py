"""Numbers of longer texts, by which near-identical ones are found; a release's row has its own, for when they go."""

from collections.abc import Collection, Mapping
from typing import Any

from syndicate.store.codec import listed, numbers
from syndicate.store.connection import Connection

_PAIR = "json_extract(value, '$[0]'), json_extract(value, '$[1]')"
Numbers = Mapping[str, set[int]]  # by release


class Sketches:
    """In the transaction of `record`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, releases: Collection[str]) -> dict[str, set[int]]:
        """As their rows have them."""
        if not releases:
            return {}
        rows = self._rows("SELECT id, sketch FROM release WHERE id IN (SELECT value FROM json_each(?))", releases)
        return {release: numbers(blob) for release, blob in rows}

    def put(self, before: Numbers, now: Numbers) -> None:
        """What is other than before, of the releases of now."""
        none = set[int]()
        gone = [(n, release) for release in now for n in before.get(release, none) - now[release]]
        come = [(n, release) for release in now for n in now[release] - before.get(release, none)]
        if gone:
            self._rows(f"DELETE FROM sketch WHERE (value, release) IN (SELECT {_PAIR} FROM json_each(?))", gone)  # noqa: S608 - ours
        if come:
            self._rows(f"INSERT INTO sketch SELECT {_PAIR} FROM json_each(?)", come)  # noqa: S608 - ours

    def rename(self, old: str, now: str) -> None:
        """After its row."""
        found = self.of([now])
        self.put({old: found.get(now, set())}, {old: set()})
        self.put({}, found)

    def drop(self, release: str) -> None:
        """Before its row."""
        self.put(self.of([release]), {release: set()})

    def _rows(self, sql: str, values: Collection[object]) -> Any:
        return self._connection.db.conn.execute(sql, (listed(values),))
