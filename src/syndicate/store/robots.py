"""The robots.txt of servers, as they answered last."""

import zlib
from datetime import datetime

from syndicate.polling import RobotsState
from syndicate.store.codec import moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import put


class RobotsFiles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, origin: str) -> RobotsState | None:
        rows = self._connection.execute("SELECT asked, body, unreachable, error FROM robots WHERE origin = ?", [origin])
        for asked, packed, unreachable, error in rows:
            body = zlib.decompress(packed) if packed is not None else None
            return RobotsState(origin, moment(asked), body, moment(unreachable), error)
        return None

    def put(self, state: RobotsState) -> None:
        body = zlib.compress(state.body) if state.body is not None else None
        with self._connection.transaction() as db:
            db.execute(
                put("robots", ("origin", "asked", "body", "unreachable", "error"), ("origin",)),
                (state.origin, stamp(state.asked), body, stamp(state.unreachable), state.error),
            )

    def expire(self, until: datetime, most: int) -> None:
        """Those that nobody has asked since, and of the others all but the last ones: a source may name any server."""
        with self._connection.transaction() as db:
            db.execute("DELETE FROM robots WHERE asked < ?", (stamp(until),))
            db.execute(
                "DELETE FROM robots WHERE asked < (SELECT asked FROM robots ORDER BY asked DESC LIMIT 1 OFFSET ?)",
                (most - 1,),
            )
