"""What is said of releases, each once: rows of `release`, `edition`, `revision` and `pending` refer to it.

Words are of one release. Those to which none of its rows refers any more are swept with the change that left them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from syndicate.model import Edition
from syndicate.store.codec import Packed, Row, deflate, hash_of, listed, load, load_memory
from syndicate.store.connection import Connection

LOADED = "release.id, release.atom_id, {0}.own, words.body"  # of the table {0}: what `codec.Row` is made of
WITH_WORDS = "CROSS JOIN words ON words.id = release.words"
RELEASES = f"release {WITH_WORDS}"
OF_RELEASES = LOADED.format("release")


def said_in(table: str) -> str:
    """SELECT … FROM of a `Row` of what stands in that table, for a condition to follow."""
    return (
        f"SELECT {LOADED.format(table)} FROM {table} JOIN release ON release.id = {table}.release"  # noqa: S608 - ours
        f" JOIN words ON words.id = {table}.words"
    )


EDITIONS = (
    f"SELECT edition.source, priority, memory, {LOADED.format('edition')} FROM edition"  # noqa: S608 - ours
    " JOIN release ON release.id = edition.release JOIN words ON words.id = edition.words"
)


def edition(row: Sequence[Any]) -> tuple[str, Edition]:
    """Of a row of EDITIONS: the release, and what a source says of it."""
    source, priority, memory, *said = row
    return said[0], Edition(source=source, priority=priority, said=load(Row(*said)), memory=load_memory(memory))


class Kept(NamedTuple):
    """What stands in a row for a release."""

    own: bytes
    words: int


Said = Mapping[int, Kept]  # by the identity of a version: equal ones may have been read by other readers


class Words:
    """In the transaction of `record`, after the releases have their ids."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, said: Sequence[tuple[str, Packed]], new: Collection[str] = ()) -> Iterator[Kept]:
        """For each (release, what a row of it says), in their order; words that are new are written.

        `new`: releases of which there is nothing yet.
        """
        if not said:
            return iter(())
        places = [(release, hash_of(packed.words)) for release, packed in said]
        held = "SELECT release, hash, id FROM words WHERE release IN (SELECT value FROM json_each(?))"
        of = {release for release, _ in places}.difference(new)
        rows = self._rows(held, (listed(of),)) if of else ()
        numbers = {(release, digest): number for release, digest, number in rows}
        fresh = {at: packed.words for at, (_, packed) in zip(places, said, strict=True) if at not in numbers}
        put = "INSERT INTO words (release, hash, body) VALUES (?, ?, ?) RETURNING id"
        numbers |= {at: self._rows(put, (*at, deflate(words))).fetchone()[0] for at, words in fresh.items()}
        return (Kept(packed.own, numbers[at]) for at, (_, packed) in zip(places, said, strict=True))

    def sweep(self, releases: Iterable[str]) -> None:
        """Of these, what no row of theirs refers to any more."""
        if of := sorted({*releases}):
            referring = " AND ".join(
                f"NOT EXISTS (SELECT 1 FROM {table} WHERE {column} = words.release AND {table}.words = words.id)"  # noqa: S608 - ours
                for table, column in (
                    ("release", "id"),
                    ("edition", "release"),
                    ("revision", "release"),
                    ("pending", "release"),
                )
            )
            self._rows(
                f"DELETE FROM words WHERE release IN (SELECT value FROM json_each(?)) AND {referring}",  # noqa: S608 - ours
                (listed(of),),
            )

    def _rows(self, sql: str, values: Sequence[object]) -> Any:
        return self._connection.execute(sql, values)
