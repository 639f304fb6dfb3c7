"""Pages that are wanted, and how far walks have come, as they are kept in a store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import MORNING, make_release
from syndicate import store as stores
from syndicate.client import server_of
from syndicate.model import Key, Release
from syndicate.store import QueuedPage, Store, Walk, server
from syndicate.urls import canonical_url, clean_url
from worlds import NOW

SOON = NOW + timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        yield store


def said(name: str = "1", **fields: Any) -> Release:
    return make_release(**{"source": "portal", "url": f"https://a.example/{name}", "keys": (), **fields})


def test_what_is_kept_comes_back(store: Store) -> None:
    row = QueuedPage(
        said=said(),
        page=said(content="<p>Text</p>"),
        etag='W/"ä"',
        last_modified="Mon, 01 Jun 2026 10:00:00 GMT",
        hash="abc",
        asked=NOW,
        due=SOON,
        tries=3,
        error="answered 500",
        backfill=True,
    )
    store.pages.put(row)
    assert store.pages.find("portal", row.said) == row
    assert store.pages.find("andere", row.said) is None


@pytest.mark.parametrize("url", ["https://a.example/1", "http://www.a.example/1/", "https://a.example/1?print=1"])
def test_a_page_is_the_same_in_each_form_of_its_address(store: Store, url: str) -> None:
    store.pages.put(QueuedPage(said=said()))
    assert store.pages.find("portal", said(url=url)) == QueuedPage(said=said())


@pytest.mark.parametrize("key", [Key("id", "portal", "meldung-7"), Key("hash", "", "abc")])
def test_a_page_is_known_by_its_entry_where_its_address_is_new(store: Store, key: Key) -> None:
    entry = (key,)
    row = QueuedPage(said=said(keys=entry))
    store.pages.put(row)
    assert store.pages.find("portal", said("2", keys=entry)) == row
    assert store.pages.find("portal", said("2")) is None
    # Another entry of its document has that address: it has not moved, and only words can be equal then.
    listed = {canonical_url(row.address)}
    assert store.pages.find("portal", said("2", keys=entry), listed) == (row if key.kind == "id" else None)
    moved = QueuedPage(said=said("3"))
    store.pages.put(moved, moved=row)
    assert store.pages.find("portal", said("2", keys=entry)) is None
    assert store.pages.find("portal", said("3")) == moved


def test_the_next_page_is_the_one_that_waits_longest_then_the_oldest_then_the_lowest(store: Store) -> None:
    old, older = MORNING, MORNING - timedelta(days=1)
    for name, due, published in [
        ("a", SOON, older),
        ("b", NOW, old),
        ("c", NOW, older),
        ("d", NOW, older),
        ("e", None, older),
        ("f", NOW + timedelta(days=1), older),
    ]:
        store.pages.put(QueuedPage(said=said(name, published=published), due=due))
    store.pages.put(QueuedPage(said=said(url="https://b.example:81/x"), due=NOW - timedelta(1)))
    assert store.pages.waiting(SOON, "portal") == (("portal", "b.example:81"), ("portal", "a.example"))
    assert store.pages.waiting(SOON, "andere") == ()
    assert store.pages.waiting(SOON) == (("portal", "b.example:81"), ("portal", "a.example"))
    assert store.pages.waiting(NOW - timedelta(days=2)) == ()
    assert store.pages.count_due(["portal", "andere"], SOON) == 5
    order = []
    while row := store.pages.next("portal", "a.example", SOON):
        order.append(row.address[-1])
        store.pages.put(replace(row, due=None))
    assert order == ["d", "c", "b", "a"]


def test_what_is_forgotten_of_a_source_is_its_walk_and_what_was_never_read(store: Store) -> None:
    for source in ("portal", "andere"):
        store.pages.put(QueuedPage(said=said("wartet", source=source), due=NOW))
        store.pages.put(QueuedPage(said=said("gelesen", source=source), page=said("gelesen"), due=NOW))
        store.pages.save_walk(Walk(source=source, next=None, begun="//a.example/"), "//a.example/")
    store.sources.forget("portal")
    assert (store.pages.walk("portal"), store.pages.counted("portal")[:3]) == (None, (0, 1, 0))
    assert not store.pages.walked("portal", "//a.example/")
    assert store.pages.walk("andere") is not None
    assert store.pages.walked("andere", "//a.example/")
    assert store.pages.counted("andere")[:3] == (1, 1, 0)


def test_pages_are_counted_by_what_became_of_them(store: Store) -> None:
    store.pages.put(QueuedPage(said=said("neu"), due=NOW))
    store.pages.put(QueuedPage(said=said("wartet"), due=NOW, error="answered 500"))
    store.pages.put(QueuedPage(said=said("gelesen"), page=said("gelesen")))
    store.pages.put(QueuedPage(said=said("aufgegeben"), error="answered 404"))
    assert store.pages.counted("portal")[:3] == (1, 1, 2)
    assert store.pages.counted("andere")[:3] == (0, 0, 0)
    assert store.pages.counted("portal").failures == (
        ("https://a.example/aufgegeben", "answered 404"),
        ("https://a.example/wartet", "answered 500"),
    )


def test_a_walk_goes_on_where_it_stopped_until_it_is_forgotten(store: Store) -> None:
    assert store.pages.walk("portal") is None
    walk = Walk(source="portal", next="https://a.example/?page=2", pages=1, entries="abc")
    store.pages.save_walk(walk, "//a.example/")
    assert store.pages.walk("portal") == walk
    assert store.pages.walked("portal", "//a.example/")
    assert not store.pages.walked("portal", "//a.example/?page=2")
    assert not store.pages.walked("andere", "//a.example/")
    end = replace(walk, next=None, pages=2)
    store.pages.save_walk(end, "//a.example/?page=2")
    assert store.pages.walk("portal") == end
    store.pages.forget_walk("portal")
    assert store.pages.walk("portal") is None
    assert not store.pages.walked("portal", "//a.example/")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/x", "a.example"),
        ("http://127.0.0.1:8080/x?y#z", "127.0.0.1:8080"),
        ("HTTP://Bücher.Example:80/", "xn--bcher-kva.example"),
        ("https://a.example:443/x", "a.example"),
        ("https://a.example:80/x", "a.example:80"),
    ],
)
def test_a_server_is_named_as_the_client_names_it(url: str, name: str) -> None:
    assert server(clean_url(url) or "") == server_of(url) == name
