"""What is to be sent to each webhook, in the order in which it happened: a row for each event and hook.

A hook that is new hears of nothing that happened before. What it is to hear of is written with how far it was looked
(`queue`), and is there until it was taken (`took`) or its time is over: a kill loses nothing, and doubles no more than
what was under way. Their addresses stand here as they are: the file is its owner's.
"""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection


class Queued(NamedTuple):
    """An event for a hook. `key` is the same for each hook and at each try. An alarm's has no `release`, and its `text`
    is JSON.
    """

    id: int
    url: str
    key: str
    event: str
    release: str
    revision: int
    at: datetime
    topics: tuple[str, ...]
    text: str


class Hook(NamedTuple):
    """`seen`: the last of what happened that was looked at for it. `failing`: since when it takes nothing, `failures`
    times, and `reason` why not; `retry`: not before. `lost`: how many events had their time meanwhile.
    """

    url: str
    seen: int
    retry: datetime | None
    failing: datetime | None
    failures: int
    reason: str
    lost: int


class Webhooks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self) -> tuple[Hook, ...]:
        rows = self._rows("SELECT url, seen, retry, failing, failures, reason, lost FROM webhook ORDER BY url")
        return tuple(
            Hook(url, seen, moment(retry), moment(failing), failures, reason, lost)
            for url, seen, retry, failing, failures, reason, lost in rows
        )

    def queued(self) -> int:
        """How much waits to be sent, to all of them."""
        ((number,),) = self._rows("SELECT count(*) FROM notification")
        return int(number)

    def waiting(self) -> dict[str, int]:
        """How many events each has still to hear of; nothing of one that has heard all."""
        return dict(self._rows("SELECT url, count(*) FROM notification GROUP BY url ORDER BY url"))

    def keep(self, urls: Collection[str], last: int) -> None:
        """These hooks and no others; a new one hears of what comes after the row `last`. In a transaction."""
        self._do("DELETE FROM webhook WHERE url NOT IN (SELECT value FROM json_each(?))", listed(urls))
        self._do("DELETE FROM notification WHERE url NOT IN (SELECT value FROM json_each(?))", listed(urls))
        self._do(
            "INSERT INTO webhook (url, seen) SELECT value, CAST(?2 AS BIGINT) FROM json_each(?1) WHERE true"
            " ON CONFLICT DO NOTHING",
            listed(urls),
            last,
        )

    def queue(self, queued: Iterable[Queued], seen: int) -> None:
        """For each hook all that happened up to this row; 0: what did not happen to a release. In a transaction."""
        rows = [(q.url, q.key, q.event, q.release, q.revision, stamp(q.at), listed(q.topics), q.text) for q in queued]
        self._do(
            "INSERT INTO notification (url, key, event, release, revision, at, topics, text) SELECT value ->> 0,"
            " value ->> 1, value ->> 2, value ->> 3, CAST(value ->> 4 AS BIGINT), value ->> 5, value ->> 6, value ->> 7"
            " FROM json_each(?) ORDER BY key",
            listed(rows),
        )
        if seen:
            self._do("UPDATE webhook SET seen = ? WHERE seen < ?", seen, seen)

    def due(self, now: datetime) -> tuple[Queued, ...]:
        """The first of each hook that may be asked now."""
        rows = self._rows(
            "SELECT first.id, first.url, key, event, release, revision, at, topics, text FROM webhook"
            " JOIN notification AS first ON first.id = (SELECT min(id) FROM notification WHERE url = webhook.url)"
            " WHERE retry <= ? ORDER BY webhook.url",
            stamp(now),
        )
        return tuple(
            Queued(number, url, key, event, release, revision, moment(at), tuple(json.loads(topics)), text)
            for number, url, key, event, release, revision, at, topics, text in rows
        )

    def next(self) -> datetime | None:
        """When the first that something waits for may be asked again."""
        ((retry,),) = self._rows(
            "SELECT min(retry) FROM webhook WHERE retry != ''"
            " AND EXISTS (SELECT 1 FROM notification WHERE notification.url = webhook.url)"
        )
        return moment(retry) if retry else None

    def took(self, url: str, number: int) -> None:
        """It has this one. In a transaction."""
        self._do("DELETE FROM notification WHERE id = ?", number)
        self._do(
            "UPDATE webhook SET retry = '', failing = NULL, failures = 0, reason = '', lost = 0"
            " WHERE url = ? AND failures + lost > 0",
            url,
        )

    def failed(self, url: str, reason: str, retry: datetime, now: datetime) -> None:
        """It is tried again. In a transaction."""
        self._do(
            "UPDATE webhook SET retry = ?, failing = coalesce(failing, ?), failures = failures + 1, reason = ?"
            " WHERE url = ?",
            stamp(retry),
            stamp(now),
            reason,
            url,
        )

    def give_up(self, url: str, until: datetime) -> int:
        """What happened before that is sent no more: how many. In a transaction."""
        cursor = self._connection.execute("DELETE FROM notification WHERE url = ? AND at < ?", (url, stamp(until)))
        self._do("UPDATE webhook SET lost = lost + ? WHERE url = ?", cursor.rowcount, url)
        return int(cursor.rowcount)

    def _rows(self, sql: str, *values: object) -> Any:
        return self._connection.execute(sql, values)

    def _do(self, sql: str, *values: object) -> None:
        self._connection.execute(sql, values)
