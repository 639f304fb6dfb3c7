"""Newsrooms with access of their own: what they may read, and when they last did. No token is kept, only its hash."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hmac import compare_digest

from syndicate.errors import StoreError
from syndicate.model import Newsroom
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection

_COLUMNS = "name, topics, embargoed, made, used, suspended, revoked"


class Newsrooms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[Newsroom, ...]:
        """Every one, by name; also those that were revoked, until their name is given anew."""
        return tuple(_newsroom(row) for row in self._rows(f"SELECT {_COLUMNS} FROM newsroom ORDER BY name", ()))  # noqa: S608 - ours

    def by_token(self, digest: bytes) -> Newsroom | None:
        """Whose token has this SHA-256, whatever has become of it but a revocation. Found by an index, then compared
        in constant time.
        """
        rows = self._rows(f"SELECT token, {_COLUMNS} FROM newsroom WHERE token = ?", (digest,))  # noqa: S608 - ours
        return next((_newsroom(row) for token, *row in rows if compare_digest(token, digest)), None)

    def add(self, newsroom: Newsroom, digest: bytes) -> None:
        """StoreError where there is one of this name that is not revoked."""
        with self._connection.transaction():
            if any(each.name == newsroom.name and not each.revoked for each in self.list()):
                raise StoreError(f"there is a newsroom {newsroom.name} already; `newsrooms revoke` frees its name")
            self._rows(
                "INSERT OR REPLACE INTO newsroom (name, token, topics, embargoed, made) VALUES (?, ?, ?, ?, ?)",
                (newsroom.name, digest, json.dumps(newsroom.topics), int(newsroom.embargoed), stamp(newsroom.made)),
            )

    def revoke(self, name: str, now: datetime) -> None:
        """Its token counts for nothing from now on, in any process."""
        with self._connection.transaction():
            self._rows(
                "UPDATE newsroom SET token = NULL, revoked = coalesce(revoked, ?) WHERE name = ?", (stamp(now), name)
            )

    def suspend(self, now: datetime) -> None:
        """All of them, until a person confirms each: after a restore that may have lost revocations."""
        with self._connection.transaction():
            self._rows("UPDATE newsroom SET suspended = coalesce(suspended, ?) WHERE revoked IS NULL", (stamp(now),))

    def confirm(self, names: Iterable[str]) -> None:
        """They may go on."""
        with self._connection.transaction():
            self._rows(
                "UPDATE newsroom SET suspended = NULL WHERE name IN (SELECT value FROM json_each(?))", (listed(names),)
            )

    def used(self, name: str, at: datetime) -> None:
        """It was let in."""
        with self._connection.transaction():
            self._rows("UPDATE newsroom SET used = max(coalesce(used, ''), ?) WHERE name = ?", (stamp(at), name))

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)


def _newsroom(row: Sequence[str]) -> Newsroom:
    name, topics, embargoed, made, used, suspended, revoked = row
    return Newsroom(
        name=name,
        topics=tuple(json.loads(topics)),
        embargoed=bool(embargoed),
        made=moment(made),
        used=moment(used),
        suspended=moment(suspended),
        revoked=moment(revoked),
    )
