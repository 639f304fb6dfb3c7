"""What is kept of a source's last document, and by which statements it is asked whether that still stands."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders import make_release
from syndicate import store as stores
from syndicate.model import Change, Changes, Edition, Key, LastDocument, Memory, Piece, Waiting
from syndicate.placement import Placement
from syndicate.store import Store
from worlds import NOW

LAST = LastDocument(
    "r", "h", (Piece("a", ("n1", "n2"), "a r"), Piece(None), Piece("g", ("n3",), None, Key("id", "amt", "ä/1")))
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def put(store: Store, identifier: str, *, entry: str, waits: bool = False, gone: bool = False) -> None:
    """A release of the source amt, known by its id, its address and its words."""
    keys = (Key("id", "amt", identifier), Key("url", "", f"//amt.example/{identifier}"), Key("hash", "", identifier))
    release = make_release(identifier, source="amt", keys=keys, entry=entry, reader="r")
    release = replace(release, withdrawn=NOW) if gone else release
    waiting = Waiting(said=release, due=NOW + timedelta(days=1), why="earlier") if waits else None
    edition = Edition(source="amt", said=release, memory=Memory(waiting=waiting))
    changes = Changes(source="amt", changes=(Change(verdict="new", release=release, edition=edition),))
    store.record(changes, Placement(), now=NOW)


def test_it_is_kept_as_it_is(store: Store) -> None:
    assert store.documents.last("amt") is None
    store.documents.keep("amt", LAST)
    store.documents.keep("bau", replace(LAST, pieces=()))
    assert store.documents.last("amt") == LAST
    store.documents.drop({"amt"})
    assert (store.documents.last("amt"), store.documents.last("bau")) == (None, replace(LAST, pieces=()))
    store.documents.keep("bau", None)
    assert store.documents.last("bau") is None


def test_what_its_last_words_are_signed_by(store: Store) -> None:
    put(store, "talland00001", entry="a")
    put(store, "talland00002", entry="b", waits=True)
    assert store.documents.signed("amt", ["a", "b", "c"]) == {("a", "r")}
    assert store.documents.signed("bau", ["a"]) == frozenset()


def test_what_a_tombstone_means_and_still_stands(store: Store) -> None:
    put(store, "talland00001", entry="a")
    put(store, "talland00002", entry="b", gone=True)
    keys = [Key("id", "amt", f"talland0000{n}") for n in (1, 2, 3)]
    assert store.documents.standing("amt", keys) == {keys[0]}
    assert store.documents.standing("amt", [Key("url", "", "//amt.example/talland00001")])
    assert not store.documents.standing("amt", [])


def test_by_which_names_releases_are_known(store: Store) -> None:
    put(store, "talland00001", entry="a")
    found = store.documents.names({"talland00001", "nobody"})
    assert found == {Key("id", "amt", "talland00001"), Key("url", "", "//amt.example/talland00001")}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.documents.last("amt"),
        lambda store: store.documents.keep("amt", LAST),
        lambda store: store.documents.drop({"amt"}),
        lambda store: store.documents.signed("amt", ["a"]),
        lambda store: store.documents.standing("amt", [Key("id", "amt", "a")]),
        lambda store: store.documents.names(["a"]),
    ],
)
def test_none_of_it_looks_through_a_table(store: Store, ask: Callable[[Store], object]) -> None:
    said, raw = list[str](), store._connection.db.conn
    raw.set_trace_callback(said.append)
    ask(store)
    raw.set_trace_callback(None)
    plans = [row[3] for sql in said for row in raw.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert not [plan for plan in plans if plan.startswith("SCAN") and "json_each" not in plan], plans
    assert len(said) == 1
