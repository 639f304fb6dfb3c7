"""What was done, for the journal of acts, and how much of that this store knows."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from syndicate.errors import StoreUnusable
from syndicate.model import Release
from syndicate.store.acts import KNOWS, Act, Journal, act_of, first, known_to, mark_of
from syndicate.store.codec import stamp
from syndicate.store.connection import Connection
from syndicate.store.upsert import put


class Later(NamedTuple):
    """What the journal has that the store does not know, and its last number. Not `whole`: there may have been more.
    `at`: when the last was done that it has at all; None: it has none.
    """

    acts: tuple[Act, ...]
    last: int
    whole: bool
    at: datetime | None = None


class Acts:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._none_waits = False  # surely: they are put in where a store is opened or restored, by nobody else

    def put(self, kind: str, data: Mapping[str, Any], now: datetime) -> None:
        """What is done in this transaction, in words that a store understands which has never seen the release."""
        if not self._connection.acts.quiet:
            self._connection.put_act(kind, stamp(now), data)

    def put_of_release(self, kind: str, release: Release, data: Mapping[str, Any], now: datetime) -> None:
        """The same, with all by which the release is known."""
        if self._connection.acts.quiet:
            return
        keys = self._connection.execute(
            "SELECT kind, scope, value FROM key WHERE release = ? ORDER BY kind, scope, value", (release.id,)
        )
        known = {"release": release.id, "atom_id": release.atom_id, "keys": [list(key) for key in keys]}
        self.put(kind, {**known, **data}, now)

    def last(self) -> int | None:
        """The last act that this store knows; None: an earlier program wrote it, which kept no journal."""
        return known_to(self._connection)

    def begin(self) -> None:
        """From now on a journal is kept. Cheap where it is already."""
        known, journal = self.last(), self._connection.journal
        told = journal.last()
        if known is None or told is None:
            with self._connection.transaction() as db:
                known = self.last()
                number = first(known, journal.last())
                db.execute(KNOWS, (str(number),))
                journal.begin(mark_of(db), number)
        elif told < known:  # power failed before it could be said
            journal.done(known)

    def later(self) -> Later:
        """In the journal, and not known here. StoreUnusable where it is another store's."""
        known, journal = self.last(), self._connection.journal
        told = journal.read()
        if told is None:
            return Later((), known or 0, whole=False)
        with self._connection.transaction() as db:
            mine = mark_of(db)
        if told.mark != mine:
            raise StoreUnusable(f"{journal.path}: is another store's journal of acts; take it away if that one is gone")
        acts = tuple(act for act in told.acts if act.id > (known or 0))
        at = datetime.fromisoformat(told.acts[-1].at) if told.acts else None
        last = max((known or 0, told.done, *(act.id for act in acts)))
        return Later(acts, last, whole=known is not None and told.since <= known, at=at)

    def is_behind(self) -> bool:
        """Does the journal tell of more than this store knows? So it is one of before, put back by hand."""
        told = self._connection.journal.last()
        return told is not None and told > (self.last() or 0)

    def caught_up(self, number: int) -> None:
        """All until this one are done here, too."""
        with self._connection.transaction() as db:
            db.execute(KNOWS, (str(number),))

    def kept_beside(self, store: Path) -> None:
        """The journal is that of the store at this place, whose place this one takes."""
        self._connection.journal = Journal(store)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What this thread does within stands in the journal already."""
        mine = self._connection.acts
        before, mine.quiet = mine.quiet, True
        try:
            yield
        finally:
            mine.quiet = before

    def known_as(self, act: Act) -> str | None:
        """The id of the release that it was done to, as this store has it: by its atom id, else by another key."""
        db, data = self._connection, act.data
        found = db.execute("SELECT id FROM release WHERE atom_id = ?", (data["atom_id"],)).fetchone()
        found = (
            found
            or db.execute(
                "SELECT release FROM json_each(?) AS told CROSS JOIN key ON kind = told.value ->> 0"
                " AND scope = told.value ->> 1 AND key.value = told.value ->> 2 WHERE kind != 'hash'"
                " ORDER BY told.key LIMIT 1",
                (json.dumps(data["keys"]),),
            ).fetchone()
        )
        return str(found[0]) if found else None

    def wait(self, act: Act) -> None:
        """For its release."""
        self._none_waits = False
        with self._connection.transaction() as db:
            db.execute(put("act", ("id", "data"), ("id",)), (act.id, json.dumps(act.line)))

    def waiting(self) -> tuple[Act, ...]:
        """In their order."""
        if self._none_waits:  # each publish asks
            return ()
        rows = self._connection.execute("SELECT data FROM act ORDER BY id").fetchall()
        self._none_waits = not rows
        return tuple(act_of(json.loads(data)) for (data,) in rows)

    def waits_no_more(self, act: Act) -> None:
        with self._connection.transaction() as db:
            db.execute("DELETE FROM act WHERE id = ?", (act.id,))
