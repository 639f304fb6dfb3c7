"""Newsrooms with access of their own: what they may read, and when they last did. No token is kept, only its hash."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hmac import compare_digest
from typing import NamedTuple

from syndicate.errors import StoreError
from syndicate.model import Newsroom
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.done import Acts

_COLUMNS = "name, topics, embargoed, made, used, suspended, revoked"

_LATEST = ", ".join(
    f"{name} = CASE WHEN excluded.{name} > newsroom_fetch.{name} THEN excluded.{name} ELSE newsroom_fetch.{name} END"
    for name in ("at", "generation", "event")
)


class Recorded(NamedTuple):
    """The numbers of the last mark and of the last that was done to a release: both only grow."""

    generation: int
    event: int


class Fetched(NamedTuple):
    at: datetime
    recorded: Recorded


class Done(NamedTuple):
    number: int  # as `Recorded.event`
    verdict: str
    at: datetime


class Newsrooms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._acts = Acts(connection)

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
            self._rows("DELETE FROM newsroom_fetch WHERE newsroom = ?", (newsroom.name,))
            self._rows("DELETE FROM newsroom WHERE name = ?", (newsroom.name,))
            self._rows(
                "INSERT INTO newsroom (name, token, topics, embargoed, made) VALUES (?, ?, ?, ?, ?)",
                (newsroom.name, digest, json.dumps(newsroom.topics), int(newsroom.embargoed), stamp(newsroom.made)),
            )

    def revoke(self, name: str, now: datetime) -> None:
        """Its token counts for nothing from now on, in any process."""
        with self._connection.transaction():
            self._rows(
                "UPDATE newsroom SET token = NULL, revoked = coalesce(revoked, ?) WHERE name = ?", (stamp(now), name)
            )
            self._acts.put("revoke", {"newsroom": name}, now)

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
            self._rows("UPDATE newsroom SET used = ?1 WHERE name = ?2 AND coalesce(used, '') < ?1", (stamp(at), name))

    def recorded(self) -> Recorded:
        """How much is recorded now."""
        ((generation, event),) = self._rows(
            "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'dirty'), 0),"
            " coalesce((SELECT max(number) FROM event), 0)",
            (),
        )
        return Recorded(generation, event)

    def fetched(self, name: str, document: str, at: datetime, recorded: Recorded) -> None:
        """It was given this document of its own with no less than that, or told that it has it still."""
        with self._connection.transaction():
            self._rows(
                "INSERT INTO newsroom_fetch (newsroom, document, at, generation, event) VALUES (?, ?, ?, ?, ?)"  # noqa: S608
                f" ON CONFLICT (newsroom, document) DO UPDATE SET {_LATEST}",
                (name, document, stamp(at), *recorded),
            )

    def fetches(self) -> dict[str, dict[str, Fetched]]:
        """What each last fetched, by its name and the document's."""
        found = dict[str, dict[str, Fetched]]()
        for name, document, at, *recorded in self._rows(
            "SELECT newsroom, document, at, generation, event FROM newsroom_fetch ORDER BY newsroom, document", ()
        ):
            found.setdefault(name, {})[document] = Fetched(moment(at), Recorded(*recorded))
        return found

    def done(self, release: str) -> tuple[Done, ...]:
        """What was done to a release, in its order."""
        rows = self._rows("SELECT number, verdict, at FROM event WHERE release = ? ORDER BY number", (release,))
        return tuple(Done(number, verdict, moment(at)) for number, verdict, at in rows)

    def forget_fetches(self, until: datetime) -> None:
        """What was last fetched before. In a transaction."""
        self._rows("DELETE FROM newsroom_fetch WHERE at < ?", (stamp(until),))

    def _rows(self, sql: str, values: Sequence[object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)


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
