"""Releases in a row: which of them, in what order, how many, and what is read for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from builders import make_release
from syndicate import store as stores
from syndicate.model import VISIBLE, Change, Changes, Edition, Embargo, Release, State, Topic
from syndicate.placement import place
from syndicate.store import ALL, Line, Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
EMBARGO = Embargo(until=NOW + timedelta(days=300))
# id, what it is; the later in the list, the older.
RELEASES: list[tuple[str, dict[str, Any]]] = [
    ("public000001", {"topics": ("forst", "schule")}),
    ("headline0001", {"topics": ("schule",), "headline": True}),
    ("embargoed001", {"topics": ("schule",), "embargo": EMBARGO, "issued": None}),
    ("public000002", {"topics": ("forst",), "source": "portal"}),
    ("held00000001", {"topics": (), "held": True, "issued": None}),
    ("withdrawn001", {"topics": ("forst",)}),
    ("public000003", {"topics": ()}),
]
SEEN = ["public000001", "headline0001", "public000002", "public000003"]
# states, topic, source → ids
ASKED: list[tuple[tuple[State, ...], str | None, str | None, list[str]]] = [
    ((), None, None, [i for i, _ in RELEASES]),
    (("public",), None, None, ["public000001", "public000002", "public000003"]),
    (("held", "withdrawn"), None, None, ["held00000001", "withdrawn001"]),
    ((), ALL, None, SEEN),
    (("embargoed", "headline"), ALL, None, ["headline0001"]),
    ((), "schule", None, ["public000001", "headline0001", "embargoed001"]),
    ((), "forst", None, ["public000001", "public000002", "withdrawn001"]),
    (("withdrawn",), "forst", None, ["withdrawn001"]),
    (("public",), "forst", "examples", ["public000001"]),
    ((), None, "portal", ["public000001", "public000002"]),
    ((), "schule", "portal", ["public000001"]),
    ((), ALL, "niemand", []),
    ((), "niemand", None, []),
]


def record(store: Store, *changes: Change) -> None:
    with store.transaction():
        told = Changes(changes=changes)
        placement = place(told, store.feeds.standing(told), page_size=3, tag="talland.example,2026", now=NOW)
        store.record(told, placement, now=NOW)


def told(release: Release, source: str) -> Change:
    """A new one, or a further edition of it."""
    reasons = tuple((Topic(topic, topic.title()), "kicker") for topic in release.topics)
    return Change(verdict="new", release=release, edition=Edition(source=source, said=release), reasons=reasons)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        for at, (identifier, fields) in enumerate(RELEASES):
            title = f"Titel {identifier}"
            release = make_release(identifier, title=title, published=NOW - timedelta(days=at), **fields)
            record(opened, told(release, release.source or ""))
            if identifier == "public000001":
                other = replace(told(release, "portal"), verdict="unchanged")
                record(opened, other)
            if identifier.startswith("withdrawn"):
                record(opened, Change(verdict="withdrawn", release=replace(release, withdrawn=NOW)))
        yield opened


@pytest.mark.parametrize(("states", "topic", "source", "ids"), ASKED)
def test_what_is_asked_for_the_newest_first(
    store: Store, states: tuple[State, ...], topic: str | None, source: str | None, ids: list[str]
) -> None:
    found = store.releases.listing(states, topic, source)
    assert [release.id for release in found] == ids
    assert [line.id for line in found.lines()] == ids
    assert len(found) == len(ids)


def test_each_state_is_among_them(store: Store) -> None:
    assert {line.state for line in store.releases.listing().lines()} == {*get_args(State)}


def test_a_line_says_of_a_release_what_the_release_does(store: Store) -> None:
    found = store.releases.listing()
    said = [Line(release.id, release.published, release.state, release.title) for release in found]
    assert [*found.lines()] == said
    assert said[0] == Line("public000001", NOW, "public", "Titel public000001")


def test_what_readers_see_is_the_same_for_a_statement_as_for_a_release(store: Store) -> None:
    seen = [release.id for release in store.releases.listing() if release.visible]
    assert [release.id for release in store.releases.listing(VISIBLE)] == seen == SEEN
    assert [release.id for release in store.releases.listing(topic=ALL)] == seen


@pytest.mark.sqlite
@pytest.mark.parametrize(("states", "topic", "source", "ids"), ASKED)
def test_the_first_lines_are_read_without_sorting_all(
    store: Store, states: tuple[State, ...], topic: str | None, source: str | None, ids: list[str]
) -> None:
    """And no words of a release: a list shows none."""
    asked = list[str]()
    raw = store._connection.db.conn
    raw.set_trace_callback(asked.append)
    next(store.releases.listing(states, topic, source).lines(), None)
    raw.set_trace_callback(None)
    (statement,) = asked
    plan = " / ".join(row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}"))
    if states and not {*states} & {*VISIBLE}:  # there is little of what no reader sees
        assert "USING INDEX release_state (state=?)" in plan, plan
    else:
        assert "USING INDEX release_published" in plan, plan
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
    assert "words" not in plan, plan


@pytest.mark.sqlite
def test_all_of_them_are_counted_without_reading_one(store: Store) -> None:
    asked = list[str]()
    raw = store._connection.db.conn
    raw.set_trace_callback(asked.append)
    counted = [len(store.releases.listing(states, topic)) for states, topic, source, _ in ASKED if source is None]
    raw.set_trace_callback(None)
    assert counted == [len(ids) for _, _, source, ids in ASKED if source is None]
    plain = [statement for statement in asked if "slot" not in statement]
    assert plain
    assert all("FROM release_count" in statement for statement in plain)
