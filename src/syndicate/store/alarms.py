"""What a person should look at, until it is no longer so."""

from datetime import datetime
from typing import NamedTuple

from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection

OF_SOURCES = (
    "guard",
    "silent",
    "fewer",
    "encoding",
    "dates",
    "selector",
    "page selector",
    "rules",
    "new rules",
    "expression",
)


class Alarm(NamedTuple):
    """What of `subject` (a source, a release or nothing) needs a person.

    `kind`: clock, render, reload, newsroom (its token was where it may be kept), suspended
    (its token, by a restore), hub (another one, which is told of
    nothing), or a kind of job that fails (publish, lift, settle, expire, repair); of a source: guard (too much would be
    withdrawn at once), silent, fewer (entries than usual), encoding, dates, selector, page selector, rules
    (they drop everything), new rules (they would have dropped all that is held), expression (one of them takes too
    long).
    """

    kind: str
    subject: str
    text: str
    at: datetime


class Alarms:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[Alarm, ...]:
        rows = self._connection.execute("SELECT kind, subject, text, at FROM alarm ORDER BY kind, subject")
        return tuple(Alarm(kind, subject, text, moment(at)) for kind, subject, text, at in rows)

    def ring(self, kind: str, subject: str, text: str, now: datetime) -> None:
        with self._connection.transaction() as db:
            db.execute(
                "INSERT INTO alarm VALUES (?, ?, ?, ?) ON CONFLICT (kind, subject) DO UPDATE SET text = excluded.text",
                (kind, subject, text, stamp(now)),
            )

    def since(self, kind: str, subject: str) -> datetime | None:
        """When it began to ring; None: it does not."""
        rows = self._connection.execute("SELECT at FROM alarm WHERE kind = ? AND subject = ?", (kind, subject))
        return next((moment(at) for (at,) in rows), None)

    def of(self, source: str) -> dict[str, datetime]:
        """What rings for this source, and since when."""
        rows = self._connection.execute(
            "SELECT kind, at FROM alarm WHERE kind IN (SELECT value FROM json_each(?)) AND subject = ? ORDER BY kind",
            (listed(OF_SOURCES), source),
        )
        return {kind: moment(at) for kind, at in rows}

    def end(self, kind: str, subject: str) -> None:
        if self.since(kind, subject) is None:
            return  # nothing to write: this is asked each second
        with self._connection.transaction() as db:
            db.execute("DELETE FROM alarm WHERE kind = ? AND subject = ?", (kind, subject))
