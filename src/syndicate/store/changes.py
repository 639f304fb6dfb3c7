"""What was decided of releases, written: what is held of each from now on, and what was done to it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from syndicate.model import Change, Changes, Edition, Release
from syndicate.revise import sketch
from syndicate.store.codec import dump, dump_field, dump_memory, stamp
from syndicate.store.connection import Connection
from syndicate.store.history import Rows
from syndicate.store.identities import Identities
from syndicate.store.keys import Keys
from syndicate.text import head


class ChangeWriter:
    """In the transaction of `record`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._identities = Identities(connection)
        self._keys = Keys(connection)
        self._history = Rows(connection)

    def write(self, changes: Changes, now: datetime) -> None:
        begun = {change.release.id for change in changes.changes if change.begins}
        self._drop_edits(changes.reverted)
        self._put_edits({i: edits for i, edits in changes.edits.items() if i not in begun}, changes.over)
        self._yield_ids(changes.changes)
        for change in changes.changes:
            self._write(change, now)
            for old in change.absorbs:
                self._identities.absorb(old, change.release.id)
        self._put_edits({i: edits for i, edits in changes.edits.items() if i in begun}, changes.over)

    def _put_edits(self, changed: Mapping[str, Mapping[str, Any]], over: Mapping[str, Mapping[str, Any]]) -> None:
        for identifier, edits in changed.items():
            said = over.get(identifier, {})
            for field, value in edits.items():
                before = dump_field(field, said[field]) if field in said else None
                self._rows(
                    "INSERT OR REPLACE INTO edit (release, field, value, over) VALUES (?, ?, ?, ?)",
                    (identifier, field, dump_field(field, value), before),
                )

    def _drop_edits(self, reverted: Mapping[str, Iterable[str]]) -> None:
        for identifier, fields in reverted.items():
            for field in fields:
                self._rows("DELETE FROM edit WHERE release = ? AND field = ?", (identifier, field))

    def _yield_ids(self, changes: Iterable[Change]) -> None:
        """What nobody has seen gets other ids, or becomes what is shown. Before anything is written."""
        for change in changes:
            for old, yielding in change.yields:
                self._identities.rename(old, yielding)
            if change.was:
                self._identities.rename(change.was, change.release)
                self._rows("DELETE FROM key WHERE release = ?", (change.release.id,))

    def _write(self, change: Change, now: datetime) -> None:
        release = change.release
        self._keys.add(release, change.keys)
        if change.tells:
            self._put(release)
            self._keys.put(release, takes=change.begins)  # a URL or a file is used again
        self._put_editions(change)
        if change.heard:
            self._rows(
                "UPDATE key SET unheard = 0 WHERE release = ? AND kind = 'path' AND scope = ?",
                (release.id, change.heard),
            )
        if change.leaves_unheard:
            self._rows("UPDATE key SET unheard = 1 WHERE release = ? AND kind = 'path'", (release.id,))
        if change.tells:
            self._history.put(change, now)

    def _put_editions(self, change: Change) -> None:
        """What its sources say now, each in its old place or as the last; and what of that waits."""
        identifier = change.release.id
        if change.parted:
            self._rows("DELETE FROM edition WHERE release = ? AND source = ?", (identifier, change.parted))
            self._rows("INSERT OR IGNORE INTO apart VALUES (?, ?)", (identifier, change.parted))
        for edition in (*change.stands_again, *([change.edition] if change.edition else [])):
            self._put_edition(identifier, edition)
        if change.pending:
            until = change.pending.embargo.until if change.pending.embargo else None
            self._rows(
                "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, ?)",
                (identifier, change.pending.source or "", stamp(until), dump(change.pending)),
            )
        if change.waits_no_more:
            self._rows("DELETE FROM pending WHERE release = ? AND source = ?", (identifier, change.waits_no_more))

    def _put_edition(self, identifier: str, edition: Edition) -> None:
        self._rows(
            "INSERT INTO edition (release, source, priority, rank, data, memory, due, reader, entry)"
            " SELECT :release, :source, :priority, coalesce(max(rank), 0) + 1, :data, :memory, :due, :reader, :entry"
            " FROM edition WHERE release = :release"
            " ON CONFLICT (release, source) DO UPDATE SET priority = excluded.priority, data = excluded.data,"
            " memory = excluded.memory, due = excluded.due, reader = excluded.reader, entry = excluded.entry",
            {
                "release": identifier,
                "source": edition.source,
                "priority": edition.priority,
                "data": dump(edition.said),
                "memory": dump_memory(edition.memory),
                "due": stamp(edition.memory.due),
                "reader": edition.said.reader,
                "entry": edition.said.entry,
            },
        )

    def _put(self, release: Release) -> None:
        kicker, title = head(release.kicker, release.title)
        self._rows(
            "INSERT INTO release (id, atom_id, source, kicker, title, state, url, until, withdrawn, published, unseen,"
            " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET source = excluded.source, kicker = excluded.kicker,"
            " title = excluded.title, state = excluded.state, url = excluded.url,"
            " until = excluded.until, withdrawn = excluded.withdrawn, published = excluded.published,"
            " unseen = excluded.unseen, data = excluded.data",
            (
                release.id,
                release.atom_id,
                release.source,
                kicker,
                title,
                release.state,
                release.url,
                stamp(release.embargo.until) if release.embargo else None,
                stamp(release.withdrawn),
                stamp(release.published),
                int(release.never_shown),
                dump(release),
            ),
        )
        self._rows("DELETE FROM sketch WHERE release = ?", (release.id,))
        self._connection.db.conn.executemany(
            "INSERT OR IGNORE INTO sketch VALUES (?, ?)", ((value, release.id) for value in sketch(release))
        )

    def _rows(self, sql: str, values: Sequence[object] | dict[str, object]) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.db.conn.execute(sql, values)
