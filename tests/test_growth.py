"""What is bounded stays so over a year, and each table of the store is told of in docs/growth.md."""

import re
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from benchmarks import endurance

from syndicate import store as stores
from syndicate.polling import RobotsState

DOC = Path(__file__).parents[1] / "docs" / "growth.md"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
PARTS = ("_data", "_idx", "_content", "_docsize", "_config")  # of an index of FTS5


@pytest.fixture(scope="module")
def year() -> list[endurance.Standing]:
    return [*endurance.measured(30, 360)]


@pytest.mark.parametrize("table", ["version", "happened", "fragment", "dirty", "rejected", "source_day"])
def test_what_is_bounded_stays_so(year: list[endurance.Standing], table: str) -> None:
    rows = [standing.rows[table] for standing in year]
    assert max(rows[7:]) <= max(rows[3:7]) * 1.3 + 5  # ten of them; at first there is less than a page


def test_what_is_held_is_all_there(year: list[endurance.Standing]) -> None:
    assert year[-1].rows["release"] == 2 * 30
    assert year[-1].rows["event"] >= 2 * 30


@pytest.mark.sqlite
def test_each_table_is_told_of(tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db"):
        pass
    with closing(sqlite3.connect(tmp_path / "s.db")) as db:
        found = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    tables = {name for name in found if not name.endswith(PARTS)}
    told = {*re.findall("`([a-z_]+)`", DOC.read_text("utf-8"))}
    assert tables - told == set()


def test_servers_of_whom_nobody_asks_are_forgotten(tmp_path: Path) -> None:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as store:
        for days in range(60):
            store.robots.put(RobotsState(f"https://{days}.example", NOW - timedelta(days=days), b""))
        store.robots.expire(NOW - timedelta(days=30), 10)
        assert [days for days in range(60) if store.robots.get(f"https://{days}.example")] == [*range(10)]


def test_what_was_recorded_is_remembered_for_minutes() -> None:
    """Who decides takes less; a daemon that runs for months keeps nothing of its first day."""
    now = [0.0]
    recordings = sys.modules["syndicate.store.recordings"]
    made, touched = recordings.Recordings(lambda: now[0]), recordings.Touched(frozenset({"a"}))
    for number in range(1000):
        made.note(f"{number}", f"{number - 1}" if number else None, touched)
        now[0] += 60
    assert len(made._made) == 6
    other = recordings.Touched(frozenset({"b"}))
    assert made.leave(other, "996", "999")
    assert not made.leave(touched, "996", "999")
    assert not made.leave(other, "10", "999")  # nobody knows any more: it is decided again
