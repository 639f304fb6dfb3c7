"""Numbers of longer texts, by which near-identical ones are found; a release's row has its own, for when they go.

In the tree they stand for the words that they were worked out of (`words`), which are named in fewer bytes.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from syndicate.store.codec import listed, numbers
from syndicate.store.connection import Connection

_PAIR = "CAST(value ->> 0 AS BIGINT), CAST(value ->> 1 AS BIGINT)"


class Sketched(NamedTuple):
    """The words of a release, and their numbers."""

    words: int
    numbers: set[int]

    @property
    def pairs(self) -> set[tuple[int, int]]:
        return {(number, self.words) for number in self.numbers}


class Sketches:
    """In the transaction of `record`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, releases: Collection[str]) -> dict[str, Sketched]:
        """As their rows have them."""
        if not releases:
            return {}
        rows = self._rows(
            "SELECT id, words, sketch FROM release WHERE id IN (SELECT value FROM json_each(?))", releases
        )
        return {release: Sketched(words, numbers(blob)) for release, words, blob in rows}

    def put(self, before: Mapping[str, Sketched], now: Mapping[str, Sketched]) -> None:
        """What is other than before, of the releases of now."""
        was = {pair for release in now if release in before for pair in before[release].pairs}
        is_now = {pair for sketched in now.values() for pair in sketched.pairs}
        self._drop(was - is_now)
        if come := sorted(is_now - was):
            self._rows(f"INSERT INTO sketch SELECT {_PAIR} FROM json_each(?)", come)  # noqa: S608 - ours

    def drop(self, release: str) -> None:
        """Before its row."""
        self._drop({pair for sketched in self.of([release]).values() for pair in sketched.pairs})

    def _drop(self, pairs: Collection[tuple[int, int]]) -> None:
        if pairs:
            self._rows(f"DELETE FROM sketch WHERE (value, words) IN (SELECT {_PAIR} FROM json_each(?))", pairs)  # noqa: S608 - ours

    def _rows(self, sql: str, values: Collection[object]) -> Any:
        return self._connection.execute(sql, (listed(values),))
