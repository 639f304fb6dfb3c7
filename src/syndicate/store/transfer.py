"""A store copied into another one, of whichever kind: table by table, and looked through before it can be used.

Each table is one transaction: whoever begins again goes on with the first one that is not yet the same. Until all are,
the target says so to whoever opens it.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from sqlite_utils import Database

from syndicate.errors import StoreError, StoreUnusable
from syndicate.store.codec import inflate
from syndicate.store.connection import Connection
from syndicate.store.file import is_one_file
from syndicate.store.indexes import Index
from syndicate.store.migrations import migrations
from syndicate.store.upsert import put

_STEP = 500  # rows that are read at once
_MARK = "copying"  # in `meta`, until all is the same
_NOT_OURS = ("_sqlite_migrations", "sqlite_sequence")
_FIRST = ("release", "topic")  # others refer to these
_LAST = ("meta", "release_count", "page_count")  # triggers count in these, and say what of the whole is so
_APART = {"meta": "name NOT IN ('copying', 'before')"}  # what of a table is a store's own
_INDEXES: tuple[Index, ...] = ("public", "private")
_SEQUENCES = ("SELECT name, seq FROM sqlite_sequence ORDER BY name", ("name", "seq"))

Told = Callable[[str, int, int], object]  # the table, how many are done, of how many


class Table(NamedTuple):
    """`columns`: with the number of a row, where its order counts and it has no other."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Transferred(NamedTuple):
    """`rows`: how many there are; `tables`: how many of them were copied, and were not the same already."""

    rows: int
    tables: int


@cache
def tables() -> tuple[Table, ...]:
    """Those of a store of this program, each after what it refers to."""
    db = Database(memory=True, execute_plugins=False)
    migrations.apply(db)
    found = {name: _table(db, name) for name in db.table_names() if not _is_within(name)}
    db.close()
    others = [name for name in found if name not in (*_FIRST, *_LAST)]
    return tuple(found[name] for name in (*_FIRST, *others, *_LAST))


def is_unfinished(connection: Connection) -> str | None:
    """What a store is the unfinished copy of; None: it is whole."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (_MARK,)).fetchone()
    return str(row[0]) if row else None


def transfer(source: Connection, target: Connection, told: Told = lambda *_: None) -> Transferred:
    """All that the one holds, of one moment. With the locks of both.

    StoreError where the target holds another store; StoreUnusable where what was written is not what was read.
    """
    if (other := is_unfinished(source)) is not None:
        raise StoreError(f"{source.name}: is itself an unfinished copy of {other}")
    with source.one_moment():
        _begin(source, target)
        copied = rows = 0
        for at, table in enumerate(tables()):
            told(table.name, at, len(tables()))
            said = _digest(source, table)
            if _digest(target, table) != said:
                _copy(source, target, table)
                copied += 1
                if _digest(target, table) != said:
                    raise StoreUnusable(f"{target.name}: {table.name} is not read back as it was: please report it")
            rows += said[0]
        _finish(source, target)
    told("", len(tables()), len(tables()))
    return Transferred(rows, copied)


def _begin(source: Connection, target: Connection) -> None:
    """Into an empty store, or one that an earlier try has begun."""
    before = is_unfinished(target)
    if before is None and target.execute("SELECT count(*) FROM meta WHERE name IN ('mark', 'recorded')").fetchone()[0]:
        raise StoreError(f"{target.name}: holds a store already; name an empty one")
    if before is not None and not _is_one(before, source.name):
        raise StoreError(f"{target.name}: is an unfinished copy of {before}; name an empty one")
    with target.transaction() as db:
        db.execute(put("meta", ("name", "value"), ("name",)), (_MARK, source.name))


def _is_one(before: str, name: str) -> bool:
    """Is it the store that was begun with? A file's by whichever name of it."""
    return before == name or is_one_file(Path(before), Path(name))


def _copy(source: Connection, target: Connection, table: Table) -> None:
    where = f" WHERE {_APART[table.name]}" if table.name in _APART else ""
    with target.transaction() as db, db.uncounted(table.name):
        db.defer_keys()
        db.execute(f"DELETE FROM {table.name}{where}")  # noqa: S608 - ours
        places = ", ".join("?" * len(table.columns))
        write = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places})"  # noqa: S608 - ours
        rows = _rows(source, table)
        while part := [*islice(rows, _STEP)]:
            db.executemany(write, part)


def _finish(source: Connection, target: Connection) -> None:
    """What stands in no table of its own: what triggers have counted, the indexes of searches, the numbers to come."""
    sql, columns = _SEQUENCES
    entries = source.execute("SELECT entries, id FROM topic").fetchall()
    numbers = source.execute(sql).fetchall()
    with target.transaction() as db:
        db.executemany("UPDATE topic SET entries = ? WHERE id = ?", entries)
        for index in _INDEXES:
            db.indexes.empty(index)
            rows = _searched(source, index)
            while part := [*islice(rows, _STEP)]:
                db.indexes.put_in(index, part)
        db.execute("DELETE FROM sqlite_sequence")
        db.executemany(f"INSERT INTO sqlite_sequence ({', '.join(columns)}) VALUES (?, ?)", numbers)  # noqa: S608 - ours
        db.number_on()
    for table in tables():
        if _digest(source, table) != _digest(target, table):
            raise StoreUnusable(f"{target.name}: {table.name} is not as it was: please report it")
    source.check()
    with target.transaction() as db:
        db.execute("DELETE FROM meta WHERE name = ?", (_MARK,))


def _searched(source: Connection, index: Index) -> Iterator[tuple[int, str]]:
    table = next(each for each in tables() if each.name == f"{index}_entry")
    place, tokens = (table.columns.index(name) for name in ("position", "tokens"))
    return ((row[place], inflate(row[tokens]).decode()) for row in _rows(source, table))


def _digest(connection: Connection, table: Table) -> tuple[int, bytes]:
    """How many rows, and what they say."""
    count, found = 0, blake2b(digest_size=20)
    for row in _rows(connection, table):
        count += 1
        found.update(json.dumps([v.hex() if isinstance(v, bytes) else v for v in row], ensure_ascii=False).encode())
    return count, found.digest()


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[Any]]:
    """In the order of their numbers where they have such, else of their keys: some at a time."""
    order = ("rowid",) if "rowid" in table.columns else table.key
    places = [table.columns.index(name) for name in order]
    columns, by = ", ".join(table.columns), ", ".join(order)
    own = _APART.get(table.name, "1 = 1")
    after: tuple[Any, ...] = ()
    while True:
        where = f"{own} AND ({by}) > ({', '.join('?' * len(order))})" if after else own
        sql = f"SELECT {columns} FROM {table.name} WHERE {where} ORDER BY {by} LIMIT {_STEP}"  # noqa: S608 - ours
        rows = connection.execute(sql, after).fetchall()
        yield from rows
        if len(rows) < _STEP:
            return
        after = tuple(rows[-1][place] for place in places)


def _table(db: Database, name: str) -> Table:
    told = db.execute(f"SELECT name, pk FROM pragma_table_info('{name}')").fetchall()  # noqa: S608 - ours
    columns = tuple(column for column, _ in told)
    key = tuple(column for column, place in sorted(told, key=lambda row: row[1]) if place)
    numbered = name in ("release", "wanted")
    return Table(name, ("rowid", *columns) if numbered else columns, key)


def _is_within(name: str) -> bool:
    return name in _NOT_OURS or name.startswith(("public_index", "private_index"))
