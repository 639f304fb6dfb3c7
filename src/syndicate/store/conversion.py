"""A store of before its texts stood once, brought to that: in steps, for it may be gigabytes.

A step is a transaction over a few releases: what their rows hold is written as `own` and words, read back, and goes
from `data` where it is the same. Wherever a process ends in between, what is done is done, and the next one goes on.
Until all is, nothing else works: a program of before refuses the store, this one converts first.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlite_utils import Database

from syndicate.errors import StoreUnusable
from syndicate.store.codec import IDS, LONG, OWN, Row, as_json, deflate, hash_of, whole

Told = Callable[[int, int], object]  # how many releases are done, of how many
PAGE_SIZE = 8192  # bytes: two or three releases' words fill a page, where one of 4096 has room for one
STEP = 200  # releases of one transaction
_TABLES = {"release": ("id", "id"), "edition": ("release", "source"), "pending": ("release", "source")}
_TABLES |= {"revision": ("release", "number")}


def nobody(done: int, of: int) -> None:
    """Is told of it."""


class Converted(Protocol):
    """A connection."""

    path: Path

    @property
    def db(self) -> Database: ...
    def transaction(self) -> AbstractContextManager[object]: ...


def convert(connection: Converted, told: Told) -> None:
    """All that is not yet. Several processes may do so at once. StoreUnusable where something is not read back."""
    ((total,),) = connection.db.execute("SELECT count(*) FROM release").fetchall()
    last, done = 0, 0
    while True:
        with connection.transaction():
            db = connection.db
            step = db.execute(
                "SELECT rowid, id, atom_id FROM release WHERE rowid > ? AND data != '' ORDER BY rowid LIMIT ?",
                (last, STEP),
            ).fetchall()
            for _, identifier, atom_id in step:
                convert_release(connection.path, db, identifier, atom_id)
        if not step:
            return
        if not last:  # those before it are done
            ((done,),) = connection.db.execute("SELECT count(*) FROM release WHERE rowid < ?", step[0][:1]).fetchall()
        last, done = step[-1][0], done + len(step)
        told(done, total)


def convert_release(path: Path, db: Database, identifier: str, atom_id: str) -> None:
    """One release's rows, its own first."""
    numbers, first = dict[bytes, int](), dict[str, Any]()
    for table, (column, place) in _TABLES.items():
        rows = db.execute(f"SELECT {place}, data FROM {table} WHERE {column} = ?", (identifier,)).fetchall()  # noqa: S608 - ours
        for at, data in rows:
            said = {"id": "", "atom_id": "", **json.loads(data)}
            first = first or {"id": identifier, "atom_id": atom_id, **_words_of(said)}
            own, words = _parts(said, first)
            if words not in numbers:
                cursor = db.execute(
                    "INSERT INTO words (release, hash, body) VALUES (?, ?, ?)",
                    (identifier, hash_of(words), deflate(words)),
                )
                numbers[words] = int(cursor.lastrowid or 0)
            here = f"{column} = ? AND {place} = ?"
            db.execute(
                f"UPDATE {table} SET own = ?, words = ?, data = '' WHERE {here}",  # noqa: S608 - ours
                (deflate(own), numbers[words], identifier, at),
            )
            ((kept, body),) = db.execute(
                f"SELECT own, (SELECT body FROM words WHERE id = {table}.words) FROM {table} WHERE {here}",  # noqa: S608 - ours
                (identifier, at),
            ).fetchall()
            if json.loads(whole(Row(identifier, atom_id, kept, body))) != said:
                raise StoreUnusable(f"{path}: {table} {identifier} {at} is not read back as it was: please report it")


def _parts(said: dict[str, Any], first: dict[str, Any]) -> tuple[bytes, bytes]:
    """(own, words). Where it has the text of the `first`: its words, and as own also what is another."""
    own = {name: value for name, value in said.items() if name in OWN}
    same = said.keys() >= first.keys() and all(said.get(name) == first.get(name) for name in LONG)
    other = {name: said[name] for name in (said if same else IDS) if name not in OWN and said[name] != first.get(name)}
    return as_json(own | other), as_json(_words_of(first if same else said))


def _words_of(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in OWN and name not in IDS}


def checked(db: Database) -> None:
    """Every row has been converted and its words are there. In the transaction in which the old form goes."""
    for table in _TABLES:
        ((lost,),) = db.execute(
            f"SELECT count(*) FROM {table} LEFT JOIN words ON words.id = {table}.words"  # noqa: S608 - ours
            f" WHERE data != '' OR {table}.own IS NULL OR words.id IS NULL"
        ).fetchall()
        if lost:
            raise StoreUnusable(f"{lost} rows of {table} are not converted: please report it")


def shrink(connection: Converted, _: Told) -> None:
    """Give back the room that the old form had, where there is room for the copy and nobody else has the store."""
    raw = connection.db.conn
    ((free,), (pages,), (size,)) = (
        raw.execute(f"PRAGMA {of}").fetchone() for of in ("freelist_count", "page_count", "page_size")
    )
    needed = 2 * (pages - free) * size
    if free * 4 < pages or shutil.disk_usage(connection.path.parent).free < needed:
        return
    with suppress(StoreUnusable):  # another process reads it, or the disk for temporary files is full: it stays large
        if raw.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",):
            raw.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            raw.execute("VACUUM")
    with suppress(StoreUnusable):
        raw.execute("PRAGMA journal_mode = WAL")
