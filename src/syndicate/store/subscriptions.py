"""Who subscribes to which head, who has still to say that he means it, and what another hub was told.

`document` is the path of a head. Secrets stand here as they are: a signature needs them, and the file is its owner's.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.done import Acts
from syndicate.store.upsert import put

_COLUMNS = (
    "id, document, topic, callback, host, secret, since, expires, delivered, last, retry, slow, failing, failures,"
    " reason"
)
_PENDING = "id, document, callback, mode, topic, host, secret, lease, token, client, version, tries"

_PINGED = put("pinged", ("document", "version", "hub"), ("document",))


class Subscription(NamedTuple):
    """`topic`: the head's address as the subscriber wrote it. `delivered`: the version that he has; 0: we know of none.

    `last`: when he took a push; `failing`: since when none reaches him, `failures` times, and `reason` why not;
    `retry`: not before. `slow`: he took long over the last one.
    """

    id: int
    document: str
    topic: str
    callback: str
    host: str
    secret: str
    since: datetime
    expires: datetime
    delivered: int
    last: datetime | None
    retry: datetime | None
    slow: bool
    failing: datetime | None
    failures: int
    reason: str


class Pending(NamedTuple):
    """What somebody has asked for: `mode` subscribe or unsubscribe; or `denied`, of which he is told.

    `version`: of the head, when he asked. `client`: from which address. `id` 0: it is not stored yet.
    """

    id: int
    document: str
    callback: str
    mode: str
    topic: str
    host: str
    secret: str
    lease: timedelta
    token: str
    client: str
    version: int
    tries: int = 0


class Behind(NamedTuple):
    """A head of which somebody has an older version than this one, the latest."""

    document: str
    version: int


class Brought(NamedTuple):
    """What came of a push of this version. `reason` why it failed, empty where it did not; `retry`: not before."""

    id: int
    version: int
    slow: bool = False
    reason: str = ""
    retry: datetime | None = None


class Reached(NamedTuple):
    """A subscriber's host, the generation of the version that he has (None: it is no longer known), when he took it."""

    host: str
    generation: int | None
    last: datetime | None


class Subscriptions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._acts = Acts(connection)

    # --- who has still to say so ---

    def ask(self, pending: Pending, now: datetime) -> None:
        """In the place of what was asked for the same head and callback before."""
        with self._connection.transaction():
            self._do("DELETE FROM verification WHERE document = ? AND callback = ?", *pending[1:3])
            self._do(
                "INSERT INTO verification (document, callback, mode, topic, host, secret, lease, token,"
                " client, version, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *pending[1:7],
                int(pending.lease.total_seconds()),
                *pending[8:11],
                stamp(now),
            )

    def pending(self, now: datetime) -> tuple[Pending, ...]:
        """Whom to ask now: those first who were not asked yet, and of them who has waited longest."""
        rows = self._do(f"SELECT {_PENDING} FROM verification WHERE retry <= ? ORDER BY retry, id", stamp(now))  # noqa: S608 - ours
        return tuple(map(_pending, rows))

    def settle(self, pending: Pending) -> None:
        """It was answered, or is given up. In a transaction."""
        self._do("DELETE FROM verification WHERE id = ?", pending.id)

    def try_later(self, pending: Pending, until: datetime) -> None:
        with self._connection.transaction():
            self._do("UPDATE verification SET tries = tries + 1, retry = ? WHERE id = ?", stamp(until), pending.id)

    def confirm(self, pending: Pending, now: datetime) -> None:
        """He means it: begun, renewed or ended. A renewal keeps what he has, and who has answered can be reached."""
        with self._connection.transaction():
            self.settle(pending)
            if pending.mode == "unsubscribe":
                self._do("DELETE FROM subscription WHERE document = ? AND callback = ?", *pending[1:3])
                return
            self._do(
                "INSERT INTO subscription (document, topic, callback, host, secret, since, expires, delivered)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document, callback) DO UPDATE SET"
                " topic = excluded.topic, secret = excluded.secret, expires = excluded.expires, retry = '',"
                " failing = NULL, failures = 0, reason = ''",
                pending.document,
                pending.topic,
                pending.callback,
                pending.host,
                pending.secret,
                stamp(now),
                stamp(now + pending.lease),
                pending.version,
            )

    # --- how many there are ---

    def has(self, document: str, callback: str) -> bool:
        sql = "SELECT EXISTS (SELECT 1 FROM subscription WHERE document = ? AND callback = ?)"
        return self._number(sql, document, callback) > 0

    def count(self, most: int) -> int:
        """Subscriptions, and what waits to become one; of more than `most` it says no more than that."""
        return sum(
            self._number(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT ?) AS first", most + 1)  # noqa: S608 - ours
            for table in ("subscription", "verification")
        )

    def counts(self) -> tuple[int, int]:
        """How many there are, and how many of them take nothing just now."""
        ((each, failing),) = self._do("SELECT count(*), count(failing) FROM subscription")
        return each, failing

    def of_host(self, host: str) -> int:
        return self._number("SELECT count(*) FROM subscription WHERE host = ?", host)

    def waiting(self, client: str) -> int:
        """What this client has asked for and nobody has confirmed."""
        return self._number("SELECT count(*) FROM verification WHERE client = ?", client)

    def waits_since(self, client: str) -> datetime | None:
        """When this client has asked for what has waited longest of that."""
        ((text,),) = self._do("SELECT min(at) FROM verification WHERE client = ?", client)
        found: datetime | None = moment(text)
        return found

    # --- who is to be told ---

    def behind(self) -> tuple[Behind, ...]:
        """The heads of which somebody has not the latest version. One look at each head that has subscribers."""
        rows = self._do(
            "WITH RECURSIVE head (document) AS (SELECT min(document) FROM subscription UNION ALL SELECT"
            " (SELECT min(document) FROM subscription WHERE document > head.document) FROM head"
            " WHERE document IS NOT NULL) SELECT head.document, version.id FROM head CROSS JOIN version"
            " ON version.document = head.document AND superseded IS NULL WHERE EXISTS (SELECT 1 FROM subscription"
            " WHERE document = head.document AND delivered < version.id) ORDER BY head.document"
        )
        return tuple(Behind(*row) for row in rows)

    def due(self, behind: Behind, now: datetime) -> tuple[Subscription, ...]:
        """Who has an older one and may be told now."""
        rows = self._do(
            f"SELECT {_COLUMNS} FROM subscription WHERE document = ? AND delivered < ? AND retry <= ? AND expires > ?"  # noqa: S608 - ours
            " ORDER BY delivered, id",
            *behind,
            stamp(now),
            stamp(now),
        )
        return tuple(map(_subscription, rows))

    def catch_up(self, behind: Behind, delivered: int) -> None:
        """Who has that version is to be told of nothing that this one shows."""
        with self._connection.transaction():
            self._do(
                "UPDATE subscription SET delivered = ? WHERE document = ? AND delivered = ?",
                behind.version,
                behind.document,
                delivered,
            )

    def next_push(self) -> datetime | None:
        """When the first one that failed may be tried again."""
        ((text,),) = self._do("SELECT min(retry) FROM subscription WHERE retry != ''")
        found: datetime | None = moment(text)
        return found

    def next_question(self) -> datetime | None:
        """When the first one may be asked again who did not answer."""
        ((text,),) = self._do("SELECT min(retry) FROM verification")
        return moment(text or None)

    def pushed(self, outcomes: Collection[Brought], now: datetime) -> None:
        """In a transaction."""
        self._each(
            "UPDATE subscription SET delivered = CASE WHEN delivered < ?1 THEN ?1 ELSE delivered END,"
            " slow = ?2, last = ?3, retry = '', failing = NULL, failures = 0, reason = '' WHERE id = ?4",
            [(each.version, int(each.slow), stamp(now), each.id) for each in outcomes if not each.reason],
        )
        self._each(
            "UPDATE subscription SET slow = ?, retry = ?, failing = coalesce(failing, ?), failures = failures + 1,"
            " reason = ? WHERE id = ?",
            [
                (int(each.slow), stamp(each.retry or now), stamp(now), each.reason, each.id)
                for each in outcomes
                if each.reason
            ],
        )

    def end(self, subscriptions: Collection[int]) -> None:
        with self._connection.transaction():
            self._do(
                "DELETE FROM subscription WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each(?))",
                listed(subscriptions),
            )

    def drop(self, subscriptions: Sequence[Subscription], now: datetime) -> None:
        """End these, and let each be told so."""
        with self._connection.transaction():
            self.end([each.id for each in subscriptions])
            for each in subscriptions:
                told = (each.document, each.callback, "denied", each.topic, each.host, "", timedelta(), "", "", 0)
                self.ask(Pending(0, *told), now)
                self._acts.put("drop", {"document": each.document, "callback": each.callback}, now)

    def expire(self, now: datetime) -> int:
        """Those whose lease has ended go; how many. Nothing is written where there are none."""
        if not self._number("SELECT EXISTS (SELECT 1 FROM subscription WHERE expires <= ?)", stamp(now)):
            return 0
        with self._connection.transaction() as db:
            return db.execute("DELETE FROM subscription WHERE expires <= ?", (stamp(now),)).rowcount

    def list(self) -> tuple[Subscription, ...]:
        """By head, then by callback."""
        rows = self._do(f"SELECT {_COLUMNS} FROM subscription ORDER BY document, callback")  # noqa: S608 - ours
        return tuple(map(_subscription, rows))

    def reached(self, documents: Collection[str]) -> tuple[Reached, ...]:
        """What the subscribers of these heads have."""
        rows = self._do(
            "SELECT host, version.generation, last FROM json_each(?) AS head CROSS JOIN subscription"
            " ON subscription.document = head.value LEFT JOIN version ON version.id = delivered",
            listed(documents),
        )
        return tuple(Reached(host, generation, moment(last)) for host, generation, last in rows)

    # --- what another hub was told ---

    def unpinged(self, hub: str, documents: Collection[str]) -> tuple[Behind, ...]:
        """Those of these heads of whose latest version this hub was not told."""
        rows = self._do(
            "SELECT version.document, version.id FROM json_each(?) AS head CROSS JOIN version"
            " ON version.document = head.value AND superseded IS NULL LEFT JOIN pinged"
            " ON pinged.document = version.document AND hub = ? WHERE coalesce(pinged.version, 0) < version.id"
            " ORDER BY head.key",
            listed(documents),
            hub,
        )
        return tuple(Behind(*row) for row in rows)

    def pinged(self, hub: str, told: Iterable[Behind]) -> None:
        """In a transaction."""
        self._each(_PINGED, [(*t, hub) for t in told])

    def _number(self, sql: str, *values: object) -> int:
        ((number,),) = self._do(sql, *values)
        return int(number)

    def _do(self, sql: str, *values: object) -> Iterable[Any]:
        return self._connection.execute(sql, values)

    def _each(self, sql: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            self._connection.executemany(sql, rows)


def _subscription(row: tuple[Any, ...]) -> Subscription:
    *told, since, expires, delivered, last, retry, slow, failing, failures, reason = row
    times = (moment(since), moment(expires), delivered, moment(last), moment(retry or None))
    return Subscription._make((*told, *times, bool(slow), moment(failing), failures, reason))


def _pending(row: tuple[Any, ...]) -> Pending:
    *told, lease, token, client, version, tries = row
    return Pending._make((*told, timedelta(seconds=lease), token, client, version, tries))
