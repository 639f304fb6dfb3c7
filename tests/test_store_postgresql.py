"""The store on PostgreSQL: how statements are spelled there, its tables, and searches, beside those of SQLite."""

import random
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from postgresql import Cluster
from syndicate import store as stores
from syndicate.errors import SearchRefused
from syndicate.search import read, tokens
from syndicate.store import Entry, Filter, Store

statement = import_module("syndicate.store.postgresql.statements").statement
# In the common SQL; for PostgreSQL; the value that each place is.
SPELLED: list[tuple[str, str, tuple[int | str, ...]]] = [
    ("SELECT 1", "SELECT 1", ()),
    ("SELECT a FROM t WHERE b = ? AND c = ?", "SELECT a FROM t WHERE b = $1 AND c = $2", (0, 1)),
    ("VALUES (?, ?), (?, ?)", "VALUES ($1, $2), ($3, $4)", (0, 1, 2, 3)),
    ("SELECT ?2, ?1, ?2", "SELECT $1, $2, $1", (1, 0)),
    ("SELECT ?10, ?1", "SELECT $1, $2", (9, 0)),
    ("a = :name AND b = :other_1 AND c = :name", "a = $1 AND b = $2 AND c = $1", ("name", "other_1")),
    ("SELECT '?', ':a', ?", "SELECT '?', ':a', $1", (0,)),
    ("SELECT 'it''s ? :a', ?", "SELECT 'it''s ? :a', $1", (0,)),
    ("SELECT '', ?, ''", "SELECT '', $1, ''", (0,)),
    ("LIKE '%\"hub\": %'", "LIKE '%\"hub\": %'", ()),
    ("a::text = ? AND ?::bigint > b", "a::text = $1 AND $2::bigint > b", (0, 1)),
    ("CAST(:a AS TEXT) IS NULL", "CAST($1 AS TEXT) IS NULL", ("a",)),
    ("value ->> 0 = ? || 'x'", "value ->> 0 = $1 || 'x'", (0,)),
    ("a <= ? AND b != ?", "a <= $1 AND b != $2", (0, 1)),
    ("FROM a CROSS JOIN b", "FROM a CROSS JOIN b", ()),
    ("FROM a CROSS JOIN b WHERE c ON d", "FROM a CROSS JOIN b WHERE c ON d", ()),
    ("FROM a CROSS JOIN b ON b.x = a.x", "FROM a  JOIN b ON b.x = a.x", ()),
    ("FROM a CROSS JOIN b AS c USING (x)", "FROM a  JOIN b AS c USING (x)", ()),
    ("FROM a CROSS JOIN b CROSS JOIN c ON c.x = b.x", "FROM a CROSS JOIN b  JOIN c ON c.x = b.x", ()),
    ("FROM a CROSS JOIN b, c JOIN d ON e", "FROM a CROSS JOIN b, c JOIN d ON e", ()),
    (
        "FROM a CROSS JOIN (SELECT x FROM y JOIN z ON w) AS b ON b.x = ?",
        "FROM a  JOIN (SELECT x FROM y JOIN z ON w) AS b ON b.x = $1",
        (0,),
    ),
    ("(SELECT 1 FROM a CROSS JOIN b) JOIN c ON d", "(SELECT 1 FROM a CROSS JOIN b) JOIN c ON d", ()),
    ("FROM t INDEXED BY t_i WHERE a = ?", "FROM t   WHERE a = $1", (0,)),
    ("FROM t INDEXED BY t_i CROSS JOIN u ON v", "FROM t    JOIN u ON v", ()),
    ("WHERE +a IN (b) AND (+c OR +d)", "WHERE a IN (b) AND (c OR d)", ()),
    ("SELECT a + b, +c, 1 + ?", "SELECT a + b, c, 1 + $1", (0,)),
    ("coalesce(max(n), 0) + 1", "coalesce(max(n), 0) + 1", ()),
    ("indexed_by = ? AND crossing = joined", "indexed_by = $1 AND crossing = joined", (0,)),
]


@pytest.mark.parametrize(("sql", "spelled", "names"), SPELLED, ids=[row[0] for row in SPELLED])
def test_how_a_statement_is_spelled(sql: str, spelled: str, names: tuple[int | str, ...]) -> None:
    found = statement(sql)
    assert (" ".join(found.sql.split()), found.names) == (" ".join(spelled.split()), names)
    assert statement(sql) is found


def test_values_are_taken_by_their_places_or_names_and_a_truth_is_a_number() -> None:
    assert statement("?2 ?1 ?2").bound(("a", True)) == [1, "a"]
    assert statement(":b :a :b").bound({"a": None, "b": False, "c": 3}) == [0, None]
    with pytest.raises(IndexError):
        statement("? ?").bound(("a",))


# What only one of them has: of SQLite what it has for itself, the index of searches and the steps; of PostgreSQL the
# like, and leases.
ONLY_SQLITE = ("sqlite_", "_sqlite_", "public_index", "private_index")
ONLY_POSTGRESQL = {"migration", "lease", "sqlite_sequence"}
COLUMNS = {("release", "rowid"), ("wanted", "rowid"), ("public_entry", "found"), ("private_entry", "found")}
INDEXES = {"public_found", "private_found"}
ENGINE = "procrastinate_"  # what carries jobs has tables of its own there


@pytest.fixture
def both(tmp_path: Path, server: Cluster) -> Iterator[tuple[Store, Store]]:
    """An empty store of each kind."""
    with (
        stores.of_file(tmp_path / "one.db") as one,
        stores.open(server.store(tmp_path / "other.db")) as other,
    ):
        yield one, other


def test_there_are_the_same_tables_and_columns(both: tuple[Store, Store]) -> None:
    mine, theirs = tables_of_sqlite(both[0]), tables_of_postgresql(both[1])
    assert theirs.keys() - mine.keys() == ONLY_POSTGRESQL
    for name, columns in mine.items():
        there = [each for each in theirs[name] if (name, each[0]) not in COLUMNS]
        assert (name, there) == (name, columns)
    more = {(name, each[0]) for name in mine for each in theirs[name]} - {
        (name, each[0]) for name, columns in mine.items() for each in columns
    }
    assert more == COLUMNS


# (name, is it text, a number or bytes, may it be NULL, its place in the primary key) of each column, in their order.
Columns = list[tuple[str, str, bool, int]]
KINDS = {"TEXT": "text", "INTEGER": "bigint", "BLOB": "bytea", "text": "text", "bigint": "bigint", "bytea": "bytea"}


def tables_of_sqlite(store: Store) -> dict[str, Columns]:
    db = store._connection
    rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    names = [name for (name,) in rows if not name.startswith(ONLY_SQLITE)]
    return {
        name: [
            (column, KINDS[kind], not (needed or place), place)
            for _, column, kind, needed, _, place in db.execute(f"PRAGMA table_info({name})")
        ]
        for name in names
    }


def tables_of_postgresql(store: Store) -> dict[str, Columns]:
    found, db = dict[str, Columns](), store._connection
    for table, column, kind, free, place in db.execute(
        "SELECT relname, attname, format_type(atttypid, NULL), NOT attnotnull,"
        " coalesce(array_position(CAST(conkey AS SMALLINT[]), attnum), 0) FROM pg_class"
        " JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped"
        " LEFT JOIN pg_constraint ON conrelid = pg_class.oid AND contype = 'p'"
        " WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)"
        f" AND relname NOT LIKE '{ENGINE}%' ORDER BY relname, attnum"
    ):
        found.setdefault(table, []).append((column, KINDS.get(kind, kind), free, place))
    return found


def test_there_are_the_same_indexes(both: tuple[Store, Store]) -> None:
    one, other = (store._connection for store in both)
    mine = one.execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name NOT LIKE '#_%' ESCAPE '#'"
    )
    theirs = other.execute(
        "SELECT relname FROM pg_class JOIN pg_index ON indexrelid = oid WHERE relkind = 'i'"
        " AND relnamespace = CAST(current_schema() AS regnamespace)"
        " AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
    )
    ours = {name for (name,) in theirs if not name.startswith((ENGINE, f"idx_{ENGINE}"))}
    assert ours - INDEXES == {name for (name,) in mine}


def test_what_names_a_release_is_the_same(both: tuple[Store, Store]) -> None:
    one, other = both
    assert one._connection.referring() == other._connection.referring() != []


WORDS = ("wald", "waldbrand", "waldweg", "im", "in", "und", "klinik", "kliniken", "2026", "x", "東京", "oel", "a")
FEEDS = ("urn:wald", "urn:klinik", "urn:amt")


def text(chance: random.Random) -> list[str]:
    return tokens(" ".join(chance.choices(WORDS, k=chance.choice((1, 3, 8, 40)))))


def query(chance: random.Random, said: Sequence[str]) -> str:
    """Of words, beginnings, phrases of what is there or not, and what is not to be there."""
    parts = list[str]()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(said))
        phrase = said[at : at + chance.randint(1, 4)] if chance.random() < 0.7 else chance.choices(WORDS, k=2)
        word = chance.choice(WORDS)
        word = chance.choice((word, word[:4], f'"{" ".join(phrase)}"', "-".join(phrase)))
        parts.append(f"-{word}" if parts and chance.random() < 0.3 else word)
    return " ".join(parts)


def asked(store: Store, words: str, only: Filter) -> list[Any]:
    """The positions of what is found."""
    indexes = store._connection.indexes
    its = indexes.asked("public")
    rows = store._connection.execute(
        f"SELECT entry.position FROM {its.rows} WHERE {its.matches} ORDER BY {its.position} DESC",
        (indexes.expression(read(words), import_module("syndicate.store.search")._filed(only)),),
    )
    return [position for (position,) in rows]


def put(both: Sequence[Store], entries: Sequence[Entry], gone: Sequence[str] = ()) -> None:
    for store in both:
        with store.transaction():
            store.search.publish(entries, gone)


def entry(number: int, said: Sequence[str], chance: random.Random, *, is_held: bool = False) -> Entry:
    feeds = tuple(sorted(chance.sample(FEEDS, chance.randint(0, 2))))
    key = chance.randbytes(8)
    return Entry(f"r{number}", number + 1, key, " ".join(said), feeds, chance.choice((2025, 2026)), is_held)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_is_the_same(seed: int, both: tuple[Store, Store]) -> None:
    chance = random.Random(seed)
    texts = [text(chance) for _ in range(120)]
    put(both, [entry(number, said, chance) for number, said in enumerate(texts)])
    for number in chance.sample(range(120), 30):  # what is otherwise since
        texts[number] = text(chance)
        put(both, [entry(number, texts[number], chance, is_held=True)])
    put(both, [], [f"r{number}" for number in chance.sample(range(120), 20)])
    found = 0
    for _ in range(150):
        words = query(chance, chance.choice(texts))
        only = Filter(tuple(chance.sample(FEEDS, chance.choice((0, 0, 1, 2)))), chance.choice((None, None, 2025, 2026)))
        try:
            read(words)
        except SearchRefused:
            continue
        one, other = (asked(store, words, only) for store in both)
        assert (words, only, one) == (words, only, other)
        found += bool(one)
    assert found > 40


OFTEN = [
    ('"und n0"', True),
    ('"y2026 und n299 im"', True),
    ('"n1499 im y2026"', True),
    ("n1499-im", True),
    ("n1499-y", False),
    ('"im n1499"', False),
    ('"und im"', False),
    ('und -"im n1499"', True),
    ('und -"n1499 im"', False),
]


def test_a_word_that_comes_again_and_again_is_found_wherever_it_stands(both: tuple[Store, Store]) -> None:
    """Of each word PostgreSQL keeps 256 places."""
    chance = random.Random(1)
    said = [word for number in range(1500) for word in ("und", f"n{number}", "im", "y2026")]
    put(both, [entry(0, said, chance)])
    for words, found in OFTEN:
        assert [(words, asked(store, words, Filter())) for store in both] == [(words, [1] * found)] * 2
    for year in (2025, 2026):
        one, other = (asked(store, "und", Filter(year=year)) for store in both)
        assert one == other


def test_more_than_a_row_of_the_index_can_hold_is_found_by_its_beginning(both: tuple[Store, Store]) -> None:
    """16,000 words of 64 letters, of four bytes each."""
    said = [chr(0x20000 + number % 40_000) * 60 + f"{number:04}" for number in range(16_000)]
    put(both, [entry(0, said, random.Random(1))])
    assert asked(both[1], said[0], Filter()) == asked(both[0], said[0], Filter()) == [1]
