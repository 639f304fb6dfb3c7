"""The pieces of entries, as they stand in documents: made once, kept while the release stands in a head."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from syndicate.placement import ALL
from syndicate.store.connection import Connection

_ROWS = 100  # written by one statement


class Fragment(NamedTuple):
    """`key`: of what it was made. `fault`: why it may stand in no document, empty where it may."""

    release: str
    form: str
    key: bytes
    body: bytes
    fault: str = ""


class Fragments:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def kept(self, releases: Collection[str], forms: Iterable[str]) -> list[Fragment]:
        """What is kept of these releases in these forms, whatever it was made of."""
        rows = self._execute(
            "SELECT release, form, key, body, fault FROM fragment WHERE release IN (SELECT value FROM json_each(?))"
            " AND form IN (SELECT value FROM json_each(?))",
            (json.dumps([*releases]), json.dumps([*forms])),
        )
        return [Fragment(*row) for row in rows]

    def keep(self, fragments: Sequence[Fragment]) -> None:
        for start in range(0, len(fragments), _ROWS):
            rows = fragments[start : start + _ROWS]
            places = ", ".join(["(?, ?, ?, ?, ?)"] * len(rows))
            self._execute(f"INSERT OR REPLACE INTO fragment VALUES {places}", [value for row in rows for value in row])  # noqa: S608 - only marks

    def in_heads(self, releases: Collection[str]) -> frozenset[str]:
        """Those of these releases that stand in the head of some feed."""
        if not releases:
            return frozenset()
        rows = self._execute(
            "SELECT DISTINCT slot.release FROM json_each(?) CROSS JOIN slot ON slot.release = value WHERE position >"
            " max(0, coalesce((SELECT max(last) FROM page WHERE page.topic = slot.topic), 0))",
            (json.dumps([*releases]),),
        )
        return frozenset(release for (release,) in rows)

    def drop(self, releases: Collection[str]) -> None:
        """Of what nobody sees any more."""
        if releases:
            self._execute(
                "DELETE FROM fragment WHERE release IN (SELECT value FROM json_each(?))", (json.dumps([*releases]),)
            )

    def drop_all(self) -> None:
        self._execute("DELETE FROM fragment", ())

    def left_heads(self, topic: str, numbers: Sequence[int], mapped: Iterable[str], full: int) -> None:
        """Drop what stands on these archive pages and in no head.

        The forms that are `mapped` stay of what stands on a page of everything that is numbered above `full`.
        """
        self._execute(
            "DELETE FROM fragment WHERE release IN ("
            " SELECT slot.release FROM json_each(:numbers) CROSS JOIN page ON page.topic = :topic AND number = value"
            " CROSS JOIN slot ON slot.topic = page.topic AND position BETWEEN first AND last)"
            " AND NOT EXISTS (SELECT 1 FROM slot WHERE slot.release = fragment.release AND position >"
            " max(0, coalesce((SELECT max(last) FROM page WHERE page.topic = slot.topic), 0)))"
            " AND (form NOT IN (SELECT value FROM json_each(:mapped)) OR NOT EXISTS ("
            " SELECT 1 FROM slot CROSS JOIN page ON page.topic = slot.topic AND position BETWEEN first AND last"
            " WHERE slot.release = fragment.release AND slot.topic = :all AND number > :full))",
            {
                "topic": topic,
                "numbers": json.dumps([*numbers]),
                "mapped": json.dumps([*mapped]),
                "all": ALL,
                "full": full,
            },
        )

    def _execute(self, sql: str, values: Sequence[object] | dict[str, object]) -> sqlite3.Cursor:
        return self._connection.db.conn.execute(sql, values)
