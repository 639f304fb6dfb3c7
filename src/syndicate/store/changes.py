"""What was decided of releases, written: what is held of each from now on, and what was done to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from syndicate.model import Change, Changes, Edition, Release
from syndicate.revise import sketch
from syndicate.store.codec import Packed, as_blob, dump, dump_field, dump_memory, listed, stamp, words_of
from syndicate.store.connection import Connection, Values
from syndicate.store.history import Rows
from syndicate.store.identities import Identities
from syndicate.store.keys import Keys
from syndicate.store.recordings import Touched, touched
from syndicate.store.sketches import Sketched, Sketches
from syndicate.store.upsert import put
from syndicate.store.words import Said, Words
from syndicate.text import head

_PENDING = put("pending", ("release", "source", "until", "own", "words"), ("release", "source"))


class ChangeWriter:
    """In the transaction of `record`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._identities = Identities(connection)
        self._keys = Keys(connection)
        self._history = Rows(connection)
        self._words = Words(connection)
        self._sketches = Sketches(connection)

    def write(self, changes: Changes, now: datetime) -> Touched | None:
        """Returns what is otherwise by that, for those who have looked at it (`recordings`)."""
        begun = {change.release.id for change in changes.changes if change.begins}
        self._drop_edits(changes.reverted)
        self._put_edits({i: edits for i, edits in changes.edits.items() if i not in begun}, changes.over)
        self._yield_ids(changes.changes)
        said = self._put_words(changes.changes)
        moved = False
        for batch in _batches(changes.changes):
            moved |= self._write(batch, said, now)
            for old in batch[-1].absorbs:
                self._identities.absorb(old, batch[-1].release.id)
        self._put_edits({i: edits for i, edits in changes.edits.items() if i in begun}, changes.over)
        self._words.sweep(c.release.id for c in changes.changes if not c.is_first and any(_versions(c)))
        return touched(changes, moved=moved)

    def _put_words(self, changes: Sequence[Change]) -> Said:
        """What the rows hold of each version."""
        versions, packed = list[Release](), list[tuple[str, Packed]]()
        for change in changes:
            if found := [*_versions(change)]:
                words = words_of(change.release)
                versions += found
                packed += ((change.release.id, dump(version, change.release, words)) for version in found)
        kept = self._words.put(packed, {change.release.id for change in changes if change.is_first})
        return {id(version): each for version, each in zip(versions, kept, strict=True)}

    def _put_edits(self, changed: Mapping[str, Mapping[str, Any]], over: Mapping[str, Mapping[str, Any]]) -> None:
        for identifier, edits in changed.items():
            said = over.get(identifier, {})
            for field, value in edits.items():
                before = dump_field(field, said[field]) if field in said else None
                self._rows(
                    put("edit", ("release", "field", "value", "over"), ("release", "field")),
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

    def _write(self, changes: Sequence[Change], said: Said, now: datetime) -> bool:
        """Table by table, each in the order of the changes. Returns whether keys have changed their layer."""
        telling = [change for change in changes if change.tells]
        before = self._sketches.of({change.release.id for change in telling if not change.is_first})
        sketches = {c.release.id: Sketched(said[id(c.release)].words, {*sketch(c.release)}) for c in telling}
        self._put((change.release for change in telling), said, sketches)
        self._sketches.put(before, sketches)
        moved = self._keys.put(changes)
        self._part(changes)
        self._put_editions(changes, said)
        self._put_waiting(changes, said)
        self._keys.hear(changes)
        self._history.put(telling, said, now)
        return moved

    def _part(self, changes: Iterable[Change]) -> None:
        """What of a source is none of this any more."""
        for change in changes:
            if change.parted:
                pair = (change.release.id, change.parted)
                self._rows("DELETE FROM edition WHERE release = ? AND source = ?", pair)
                self._rows("INSERT INTO apart VALUES (?, ?) ON CONFLICT DO NOTHING", pair)

    def _put_waiting(self, changes: Iterable[Change], said: Said) -> None:
        """Versions that wait for their embargoes, and what of that waits no more: the last word of each source."""
        waiting = dict[tuple[str, str], Release | None]()
        for change in changes:
            if change.pending:
                waiting[change.release.id, change.pending.source or ""] = change.pending
            if change.waits_no_more and not change.is_first:
                waiting[change.release.id, change.waits_no_more] = None
        over = [pair for pair, version in waiting.items() if version is None]
        if over:
            columns = "value ->> 0, value ->> 1"
            self._rows(
                f"DELETE FROM pending WHERE (release, source) IN (SELECT {columns} FROM json_each(?))",  # noqa: S608
                (listed(over),),
            )
        for pair, version in waiting.items():
            if version:
                until = version.embargo.until if version.embargo else None
                self._rows(
                    _PENDING,
                    (*pair, stamp(until), *said[id(version)]),
                )

    def _put_editions(self, changes: Sequence[Change], said: Said) -> None:
        """What its sources say now of each, in its old place or as the last."""
        self._many(
            "INSERT INTO edition (release, source, priority, rank, own, words, memory, due, reader, entry)"
            " SELECT :release, :source, :priority, coalesce(max(rank), 0) + 1, :own, :words, :memory, :due, :reader,"
            " :entry FROM edition WHERE release = :release"
            " ON CONFLICT (release, source) DO UPDATE SET priority = excluded.priority, own = excluded.own,"
            " words = excluded.words, memory = excluded.memory, due = excluded.due, reader = excluded.reader,"
            " entry = excluded.entry",
            (
                {
                    "release": change.release.id,
                    "source": edition.source,
                    "priority": edition.priority,
                    **said[id(edition.said)]._asdict(),
                    "memory": dump_memory(edition.memory),
                    "due": stamp(edition.memory.due),
                    "reader": edition.said.reader,
                    "entry": edition.said.entry,
                }
                for change in changes
                for edition in _editions(change)
            ),
        )

    def _put(self, releases: Iterable[Release], said: Said, sketches: Mapping[str, Sketched]) -> None:
        self._many(
            "INSERT INTO release (id, atom_id, source, kicker, title, state, url, until, withdrawn, published, unseen,"
            " own, words, sketch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET atom_id = excluded.atom_id, source = excluded.source,"
            " kicker = excluded.kicker, title = excluded.title, state = excluded.state, url = excluded.url,"
            " until = excluded.until, withdrawn = excluded.withdrawn, published = excluded.published,"
            " unseen = excluded.unseen, own = excluded.own, words = excluded.words, sketch = excluded.sketch",
            (
                (
                    release.id,
                    release.atom_id,
                    release.source,
                    *head(release.kicker, release.title),
                    release.state,
                    release.url,
                    stamp(release.embargo.until) if release.embargo else None,
                    stamp(release.withdrawn),
                    stamp(release.published),
                    int(release.never_shown),
                    *said[id(release)],
                    as_blob(sketches[release.id].numbers),
                )
                for release in releases
            ),
        )

    def _many(self, sql: str, rows: Iterable[Values]) -> None:
        self._connection.executemany(sql, rows)

    def _rows(self, sql: str, values: Values) -> Iterable[tuple]:  # type: ignore[type-arg]  # rows of any shape
        return self._connection.execute(sql, values)


def _batches(changes: Iterable[Change]) -> Iterator[Sequence[Change]]:
    """What can be written table by table: a release is absorbed after what it becomes, and before what comes next."""
    batch = list[Change]()
    for change in changes:
        batch.append(change)
        if change.absorbs:
            yield batch
            batch = []
    if batch:
        yield batch


def _versions(change: Change) -> Iterator[Release]:
    """Those that are written into rows."""
    if change.tells:
        yield change.release
    yield from (edition.said for edition in _editions(change))
    if change.pending:
        yield change.pending


def _editions(change: Change) -> Iterator[Edition]:
    """What its sources say now."""
    yield from change.stands_again
    if change.edition:
        yield change.edition
