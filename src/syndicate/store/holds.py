"""Who holds which version of feeds' documents: numbers by what agents call themselves, nothing of a client."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from syndicate.model import Copies, Given, Hold
from syndicate.store.codec import listed, moment, stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import put

_COLUMNS = "document, agent, version, generation, n, plain, last, fetched, subscribers, whole"
_DAY = timedelta(days=1)


class Holds:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, copies: Iterable[Copies]) -> dict[Copies, dict[str, Hold]]:
        """What is held of these, by what the ETag of each version says."""
        return _by_copies(
            self._connection.execute(
                f"SELECT {_COLUMNS} FROM json_each(?) AS asked CROSS JOIN holds"  # noqa: S608 - ours
                " ON document = asked.value ->> 0 AND agent = asked.value ->> 1",
                (listed(copies),),
            )
        )

    def within(self, documents: Collection[str]) -> dict[Copies, dict[str, Hold]]:
        """What is held of these documents, by whomever."""
        return _by_copies(
            self._connection.of(
                f"SELECT {_COLUMNS} FROM json_each(?) AS asked CROSS JOIN holds ON document = asked.value"  # noqa: S608 - ours
                " ORDER BY document, agent, version",
                documents,
            )
        )

    def of_product(self, document: str, product: str, digits: str) -> tuple[tuple[Copies, Hold], ...]:
        """Who holds this version of a document under a name that begins so, the last that was seen first."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM holds WHERE document = ? AND agent >= ? AND agent < ? AND version = ?"  # noqa: S608 - ours
            " ORDER BY last DESC, agent",
            (document, product, f"{product}\U0010ffff", digits),
        )
        return tuple((Copies(row[0], row[1]), _hold(row)) for row in rows)

    def put(self, changed: Mapping[Copies, Mapping[str, Hold | None]]) -> int:
        """These rows from now on; None: no longer. In a transaction; how many there are."""
        gone = [(*copies, digits) for copies, rows in changed.items() for digits, row in rows.items() if row is None]
        now = [_row(copies, row) for copies, rows in changed.items() for row in rows.values() if row]
        if gone:
            self._connection.executemany("DELETE FROM holds WHERE document = ? AND agent = ? AND version = ?", gone)
        if now:
            self._connection.executemany(
                put("holds", _COLUMNS.split(", "), ("document", "agent", "version")),
                now,
            )
        return len(gone) + len(now)

    def admit(self, agents: Collection[str], most: int, now: datetime) -> frozenset[str]:
        """Which of these names are told apart: known ones, and as many new ones as are left of a day's `most`.

        In a transaction.
        """
        known = {
            name
            for (name,) in self._connection.of(
                "SELECT name FROM json_each(?) AS asked CROSS JOIN holder ON name = asked.value", agents
            )
        }
        new = sorted({*agents} - known)
        if new:
            ((today,),) = self._connection.execute("SELECT count(*) FROM holder WHERE since > ?", (stamp(now - _DAY),))
            new = new[: max(0, most - today)]
            self._connection.executemany(
                "INSERT INTO holder (name, since) VALUES (?, ?)", [(name, stamp(now)) for name in new]
            )
        return frozenset(known).union(new)

    def expire(self, until: datetime, most: int) -> None:
        """What was last seen before goes, and what is more than the newest `most`; names of which nothing is held."""
        self._connection.execute("DELETE FROM holds WHERE last < ?", (stamp(until),))
        self._connection.execute(
            "DELETE FROM holds WHERE last < (SELECT last FROM holds ORDER BY last DESC LIMIT 1 OFFSET ?)", (most - 1,)
        )
        self._connection.execute(
            "DELETE FROM holder WHERE since < ? AND name NOT IN (SELECT agent FROM holds)", (stamp(until),)
        )

    def with_many(self, most: int, limit: int) -> dict[Copies, dict[str, Hold]]:
        """Some of those where there are more than so many versions of a document and an agent."""
        found = self._connection.execute(
            "SELECT document, agent FROM holds GROUP BY document, agent HAVING count(*) > ? LIMIT ?", (most, limit)
        )
        return self.of([Copies(*row) for row in found.fetchall()])

    def borders(self) -> tuple[int, ...]:
        """The generations from which on corrections and withdrawals are shown."""
        rows = self._connection.execute(
            "SELECT DISTINCT generation FROM happened WHERE kind IN ('corrected', 'withdrawn') ORDER BY 1"
        )
        return tuple(number for (number,) in rows)


def _by_copies(rows: Iterable[Any]) -> dict[Copies, dict[str, Hold]]:
    found = dict[Copies, dict[str, Hold]]()
    for copies, each in groupby(rows, lambda row: Copies(row[0], row[1])):
        found.setdefault(copies, {}).update((hold.given.digits, hold) for hold in map(_hold, each))
    return found


def _hold(row: Any) -> Hold:
    _, _, digits, generation, n, plain, last, fetched, subscribers, whole = row
    return Hold(Given(digits, generation), n, plain, moment(last), moment(fetched), subscribers, bool(whole))


def _row(copies: Copies, hold: Hold) -> tuple[object, ...]:
    of = (*copies, *hold.given, hold.n, hold.plain)
    return (*of, stamp(hold.last), stamp(hold.fetched), hold.subscribers, int(hold.whole))
