"""Who waits for what others write is told, whatever happens to the database; the clock looks besides."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pytest

import postgresql
from syndicate import store as stores
from syndicate.app import App
from syndicate.config import read
from syndicate.schedule import Schedule
from syndicate.store import Heard, Store
from waiting import PATIENCE, until

MARKED = "INSERT INTO dirty (kind, id) VALUES ('topic', 'all') ON CONFLICT (kind, id) DO NOTHING"
PUBLISHED = "INSERT INTO version (document, hash, at, generation) VALUES ('all.' || random(), 'x', '2026', 1)"
# What others write → what is heard.
ACTS: list[tuple[str, str, set[str]]] = [
    ("it is to be published", MARKED, {"marked"}),
    ("it is published", PUBLISHED, {"published"}),
    ("both", f"{MARKED}; {PUBLISHED}", {"marked", "published"}),
    ("a poll that found nothing new", "INSERT INTO source (id) VALUES ('amt')", set()),
]


@pytest.fixture
def url(server: postgresql.Cluster, tmp_path: Path) -> str:
    return server.store(tmp_path / "s.db")


@pytest.fixture
def other(url: str) -> Iterator[Store]:
    with stores.open(url) as made:
        yield made


def write(store: Store, statements: str) -> None:
    with store.transaction():
        for statement in statements.split("; "):
            store._connection.execute(statement)


def heard(words: "SimpleQueue[Heard]", until_it_is: str) -> set[str]:
    """All until then."""
    found = set[str]()
    while (word := words.get(timeout=PATIENCE)) != until_it_is:
        found.add(word)
    return found


@pytest.mark.parametrize(("what", "statements", "words"), ACTS, ids=[what for what, _, _ in ACTS])
def test_it_is_heard_once_it_is_committed(what: str, statements: str, words: set[str], url: str, other: Store) -> None:
    """Anything that follows is heard after it, so it need not be waited for in vain."""
    told = SimpleQueue[Any]()
    with stores.open(url) as store, listening(store, told):
        write(other, statements)
        assert {told.get(timeout=PATIENCE) for _ in words} == words
        write(other, PUBLISHED)
        assert heard(told, "published") <= words
    write(other, PUBLISHED)
    with pytest.raises(Empty):
        told.get_nowait()


def test_of_another_store_beside_nothing_is_heard(server: postgresql.Cluster, tmp_path: Path, url: str) -> None:
    told = SimpleQueue[Any]()
    with (
        stores.open(url) as store,
        stores.open(server.store(tmp_path / "other.db")) as strange,
        listening(store, told),
    ):
        write(strange, MARKED)
        write(store, PUBLISHED)
        assert heard(told, "published") == set()


def test_it_listens_on_after_the_database_was_away(
    server: postgresql.Cluster, url: str, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("syndicate.store.postgresql.listening._AGAIN", 0.05)
    told = SimpleQueue[Any]()
    with stores.open(url) as store, listening(store, told):
        server.restart()
        until(lambda: _listeners(other))
        write(other, MARKED)
        assert told.get(timeout=PATIENCE) == "marked"


def test_what_others_have_marked_is_published_before_the_clock_looks(
    url: str, other: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Schedule, "_act", lambda _: None)
    text = f'[store]\nurl = "{url}"\n[[topic]]\nid = "wald"\ntitle = "Wald"\n'
    with App(read(text, tmp_path / "config.toml")) as app:
        app.lead()
        schedule, before = Schedule(app), _listeners(other)
        schedule.start()
        try:
            until(lambda: _listeners(other) - before)
            write(other, MARKED)
            until(lambda: (tmp_path / "feeds" / "all.atom").exists() and not other.feeds.marks())
        finally:
            assert schedule.stop(PATIENCE)


@contextmanager
def listening(store: Store, told: "SimpleQueue[Any]") -> Iterator[None]:
    """It listens by now."""
    before = _listeners(store)
    with store.listen(told.put):
        until(lambda: _listeners(store) - before)
        yield


def _listeners(store: Store) -> set[int]:
    """Processes of this store's server that tell somebody. One whose listener has just gone may be there still."""
    rows = store._connection.execute("SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN syndicate'")
    return {int(pid) for (pid,) in rows}
