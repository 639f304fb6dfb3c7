"""Servers that asked to be left alone: a Retry-After is the whole server's, whichever source it was told."""

from datetime import datetime, timedelta

from syndicate.polling import believed
from syndicate.store.codec import moment, stamp
from syndicate.store.connection import Connection


class Hosts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def leave_alone(self, name: str, seconds: float, now: datetime) -> None:
        with self._connection.transaction() as db:
            for host, until in db.execute("SELECT name, not_before FROM host").fetchall():
                if not believed(moment(until), now):
                    db.execute("DELETE FROM host WHERE name = ?", (host,))
            db.execute(
                "INSERT INTO host VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
                " SET not_before = excluded.not_before WHERE excluded.not_before > host.not_before",
                [name, stamp(now + timedelta(seconds=seconds))],
            )

    def resting(self, now: datetime) -> dict[str, datetime]:
        rows = self._connection.execute("SELECT name, not_before FROM host WHERE not_before > ?", (stamp(now),))
        found = {name: moment(until) for name, until in rows}
        return {name: until for name, until in found.items() if believed(until, now)}
