"""What is kept of our own subscriptions, and of what is pushed until it is read."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.model import Callback, FetchState, Hub, Push, Pushes
from syndicate.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASKED = Callback(source="amt", hub="https://hub.example/", topic="https://amt.example/f", token="t1", secret="s1")
PUSH = Push(body=b"\0<feed/>\xff", media_type="application/atom+xml", coding="gzip", at=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def test_a_callback_is_kept_as_it_is(store: Store) -> None:
    store.callbacks.save(replace(ASKED, private=True, due=NOW, error="nein", tries=2))
    kept = store.callbacks.of_token("t1")
    assert kept == replace(ASKED, id=1, private=True, due=NOW, error="nein", tries=2)
    after = replace(kept, state="active", since=NOW, until=NOW + HOUR, due=None, error=None)
    store.callbacks.save(after)
    assert store.callbacks.of_source("amt") == store.callbacks.all() == (after,)
    assert store.callbacks.get(1) == after
    store.callbacks.drop(1)
    assert store.callbacks.all() == ()


def test_what_requests_count_is_not_written_back(store: Store) -> None:
    store.callbacks.save(ASKED)
    before = store.callbacks.all()[0]
    store.callbacks.keep(before, PUSH)
    store.callbacks.refuse(before)
    store.callbacks.save(replace(before, tries=1))
    found = store.callbacks.all()[0]
    assert (found.pushes, found.refused, found.pushed, found.tries) == (1, 1, NOW, 1)


def test_who_is_due_and_who_is_active(store: Store) -> None:
    for n, hours in enumerate((3, 1, 2, -1)):
        store.callbacks.save(replace(ASKED, token=f"t{n}", source=f"s{n}", due=NOW - hours * HOUR))
    store.callbacks.save(replace(ASKED, token="t9", source="s9", state="active", since=NOW, until=NOW + HOUR))
    assert [each.source for each in store.callbacks.due(NOW, 2)] == ["s0", "s2"]
    assert [store.callbacks.active_since(source, NOW) for source in ("s9", "s0")] == [NOW, None]
    assert store.callbacks.active_since("s9", NOW + HOUR) is None


def test_pushes_come_out_as_they_came_in(store: Store) -> None:
    store.callbacks.save(ASKED)
    (callback,) = store.callbacks.all()
    store.callbacks.keep(callback, PUSH)
    store.callbacks.keep(callback, replace(PUSH, media_type=None, coding="", body=b"2"))
    assert (store.callbacks.pushed(), store.callbacks.waiting("amt")) == (["amt"], 2)
    first = store.callbacks.next("amt")
    assert first == replace(PUSH, id=1)
    store.callbacks.taken(first)
    assert store.callbacks.next("amt") == replace(PUSH, id=2, media_type=None, coding="", body=b"2")
    store.sources.forget("amt")
    assert store.callbacks.pushed() == []
    assert store.callbacks.all() != ()  # its hub is still to be told


def test_who_has_another_hub_is_told_once(store: Store) -> None:
    for source in ("b", "a", "b"):
        store.callbacks.tell(source)
    assert store.callbacks.told() == ["a", "b"]
    store.callbacks.heard(["b"])
    store.sources.pause("c")
    assert store.callbacks.told() == ["a", "c"]


@pytest.mark.parametrize(
    "hub", [None, Hub(("https://hub.example/", "https://zwei.example/"), "https://a.example/", "https://b.example/")]
)
@pytest.mark.parametrize("pushes", [Pushes(), Pushes(1, 2, 3)])
def test_what_a_poll_has_learnt_of_hubs_is_remembered(store: Store, hub: Hub | None, pushes: Pushes) -> None:
    state = FetchState(source="amt", hub=hub, pushes=pushes)
    store.sources.save(state)
    assert store.sources.state("amt") == state


def test_whom_nobody_pushes_is_polled_sooner(store: Store) -> None:
    for source, due in (("late", NOW + 5 * HOUR), ("soon", NOW), ("now", None)):
        store.sources.save(FetchState(source=source, next_poll=due))
        store.sources.hurry(source, NOW + HOUR)
    assert [store.sources.next_poll(each) for each in ("late", "soon", "now")] == [NOW + HOUR, NOW, None]


ASKS: list[Callable[[Store], object]] = [
    lambda store: store.callbacks.of_token("t1"),
    lambda store: store.callbacks.of_source("amt"),
    lambda store: store.callbacks.get(1),
    lambda store: store.callbacks.due(NOW, 4),
    lambda store: store.callbacks.active_since("amt", NOW),
    lambda store: store.callbacks.refuse(replace(ASKED, id=1)),
    lambda store: store.callbacks.keep(replace(ASKED, id=1), PUSH),
    lambda store: store.callbacks.waiting("amt"),
    lambda store: store.callbacks.next("amt"),
    lambda store: store.callbacks.heard(["amt"]),
]


@pytest.mark.sqlite
@pytest.mark.parametrize("ask", ASKS)
def test_nothing_reads_a_table_from_end_to_end(store: Store, ask: Callable[[Store], object]) -> None:
    told = list[str]()
    connection = store._connection.db.conn
    connection.set_trace_callback(told.append)
    ask(store)
    connection.set_trace_callback(None)
    with sqlite3.connect(str(store)) as raw:
        asked = [each for each in told if each.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE")]
        plans = [detail for each in asked for *_, detail in raw.execute(f"EXPLAIN QUERY PLAN {each}")]
    raw.close()
    assert asked
    assert [plan for plan in plans if plan.startswith("SCAN") and "json_each" not in plan] == []
