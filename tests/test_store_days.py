"""What came of sources day by day: counted with the polls, by the site's calendar, and kept for some weeks."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.errors import SyndicateError
from syndicate.model import Day, FetchState, Source
from syndicate.recording import expire
from syndicate.store import Store
from worlds import NOW, PAGE, World

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as opened:
        yield opened


def count(store: Store, source: str, *days: Day) -> None:
    """Each is one poll of that day."""
    for day in days:
        store.sources.save(store.sources.state(source), day)


def test_a_day_is_added_up_and_those_before_are_kept(store: Store) -> None:
    polls = [
        Day("2026-03-14", 1, 0, 3, 1, 0),
        Day("2026-03-14", 1, 1, 0, 0, 0),
        Day("2026-03-15", 1, 0, 0, 0, 2),
        Day("2026-03-17", 1, 0, 5, 0, 0),
        Day("2026-03-17", 0, 0, 1, 0, 0),  # a push: nobody was asked
    ]
    count(store, "a", *polls)
    count(store, "b", Day("2026-03-17", 1, 1))
    store.sources.save(store.sources.state("a"))  # no poll: as at the begin of one
    mine = (Day("2026-03-14", 2, 1, 3, 1, 0), Day("2026-03-15", 1, 0, 0, 0, 2), Day("2026-03-17", 1, 0, 6, 0, 0))
    theirs = (Day("2026-03-17", 1, 1, 0, 0, 0),)
    assert store.days.of(["a", "b", "c"], "2026-03-01") == {"a": mine, "b": theirs}
    assert store.days.of(["a"], "2026-03-15") == {"a": mine[1:]}
    assert store.days.of(["a"], "2026-03-18") == store.days.of([], "2026-03-01") == {}
    assert store.days.all("2026-03-15") == (mine[1], Day("2026-03-17", 2, 1, 6, 0, 0))


def test_a_clock_that_goes_back_over_midnight_loses_nothing(store: Store) -> None:
    for day in ("2026-03-14", "2026-03-15", "2026-03-14", "2026-03-15", "2026-03-14"):
        count(store, "a", Day(day, 1, 0, 1))
    expected = (Day("2026-03-14", 3, 0, 3), Day("2026-03-15", 2, 0, 2))
    assert store.days.of(["a"], "")["a"] == store.days.all("2026-01-01") == expected


def test_who_read_the_state_before_midnight_takes_no_day_away(store: Store) -> None:
    count(store, "a", Day("2026-03-14", 1))
    before = store.sources.state("a")
    count(store, "a", Day("2026-03-15", 1))
    store.sources.save(before, Day("2026-03-15", 1))
    assert store.days.of(["a"], "")["a"] == (Day("2026-03-14", 1), Day("2026-03-15", 2))


def test_what_is_forgotten_stays_in_the_sum_of_all(store: Store) -> None:
    count(store, "a", Day("2026-03-14", 1, 1), Day("2026-03-15", 1))
    store.sources.forget("a")
    assert store.days.of(["a"], "") == {}
    assert store.days.all("2026-01-01") == (Day("2026-03-14", 1, 1),)


@pytest.mark.sqlite
def test_what_is_old_goes_and_by_an_index(tmp_path: Path) -> None:
    world = World(tmp_path)
    for days in range(60, 0, -1):
        count(world.store, "a", Day((NOW - days * DAY).date().isoformat(), 1))
    said = list[str]()
    raw = world.store._connection.db.conn
    expire(world.store, world.plan.publish, now=NOW - timedelta(hours=1))
    raw.set_trace_callback(said.append)
    expire(world.store, world.plan.publish, now=NOW)
    raw.set_trace_callback(None)
    (deleted,) = (statement for statement in said if "source_day" in statement)
    with sqlite3.connect(str(world.store)) as other:
        assert "source_day_day" in str(other.execute(f"EXPLAIN QUERY PLAN {deleted}").fetchall())
    assert [day.day for day in world.store.days.of(["a"], "")["a"]][:1] == ["2026-04-22"]
    world.close()


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Berlin", datetime(2026, 6, 1, 21, 59, tzinfo=UTC), "2026-06-01"),
        ("Europe/Berlin", datetime(2026, 6, 1, 22, 1, tzinfo=UTC), "2026-06-02"),
        ("America/New_York", datetime(2026, 6, 2, 3, 59, tzinfo=UTC), "2026-06-01"),
    ],
)
def test_the_day_is_that_of_the_site(tmp_path: Path, zone: str, moment: datetime, day: str) -> None:
    world = World(tmp_path)
    world.plan = replace(world.plan, site=replace(world.plan.site, timezone=zone))
    world.write("a.txt", PAGE)
    world.poll(moment)
    assert world.store.days.of(["ordner"], "")["ordner"] == (Day(day, 1, 0, 3),)
    world.close()


def test_a_poll_counts_what_it_brought_and_what_failed(tmp_path: Path) -> None:
    world = World(tmp_path)
    source = replace(world.source, missing="withdraw")
    for name, title in (("a", "Eins"), ("b", "Zwei"), ("c", "Drei")):
        world.write(f"{name}.md", f"---\ntitle: {title}\n---\n\nEin Text über {title}.\n")
    world.poll(NOW, source)
    world.write("a.md", "---\ntitle: Eins\n---\n\nEin anderer Text über Eins.\n")
    (world.folder / "b.md").unlink()
    world.poll(NOW + DAY, source)
    world.poll(NOW + DAY, source)
    with pytest.raises(SyndicateError):
        world.poll(NOW + DAY, replace(source, path=str(tmp_path / "nichts")))
    gone = Source(id="weg", url="http://127.0.0.1:1/feed", tag=source.tag, allow_private=True)
    with pytest.raises(SyndicateError):
        world.poll(NOW + 2 * DAY, gone)
    found = world.store.days.of(["ordner", "weg"], "")
    assert found["ordner"] == (Day("2026-06-01", 1, 0, 3), Day("2026-06-02", 3, 1, 0, 1, 1))
    assert found["weg"] == (Day("2026-06-03", 1, 1),)
    assert world.store.sources.state("ordner") == replace(world.store.sources.state("ordner"), day="")
    world.close()


def test_a_state_of_nobody_has_no_day(store: Store) -> None:
    store.sources.save(FetchState(source="a"))
    assert store.days.of(["a"], "2026-01-01") == {}
