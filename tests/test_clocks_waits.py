"""After a clock that was ahead, and is right again, nothing waits for years: each kind of what waits, by its column."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_site import Site
from syndicate import backup
from syndicate.app import App
from syndicate.config import load
from syndicate.model import Expire
from syndicate.schedule import Deliveries
from syndicate.store import Fragment, Store
from syndicate.store import open as open_store

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
AHEAD = NOW + timedelta(days=73 * 365)
DAY = timedelta(days=1)


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.000000Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'syndicate.db'}") as store:
        yield store


def put(path: str, table: str, **values: object) -> None:
    """A row of which the rest is empty."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("PRAGMA foreign_keys = OFF")
        needed = {
            name: 0 if "INT" in kind else ""
            for _, name, kind, not_null, default, key in db.execute(f"PRAGMA table_info({table})")
            if not_null and default is None and name not in values and not (key and "INT" in kind)
        }
        row = needed | values
        names = ", ".join(row)
        db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])


def read(path: str, table: str, column: str) -> object:
    with closing(sqlite3.connect(path)) as db:
        ((found,),) = db.execute(f"SELECT {column} FROM {table}")
    return found


WAITS = [
    # table, column, its other columns, the longest that it waits by itself
    ("webhook", "retry", {}, DAY),
    ("subscription", "retry", {"expires": stamp(NOW + DAY)}, 0.25 * DAY),
    ("verification", "retry", {}, timedelta(minutes=1)),
    ("callback", "due", {"state": "asked"}, 7 * DAY),
    ("callback", "due", {"state": "active", "since": stamp(NOW - DAY)}, 2737 * DAY),
    ("wanted", "due", {}, 7 * DAY),
    ("wanted", "again", {}, 33 * DAY),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("table", "column", "others", "longest"), WAITS)
def test_what_waits_as_long_as_its_kind_does_goes_on_waiting(
    store: Store, table: str, column: str, others: dict[str, object], longest: timedelta
) -> None:
    put(str(store), table, **others, **{column: stamp(NOW + longest)})
    assert store.waits.believe(NOW) == 0
    assert read(str(store), table, column) == stamp(NOW + longest)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("table", "column", "others"),
    [(table, column, others) for table, column, others, longest in WAITS if longest < 1000 * DAY]
    + [("callback", "due", {"state": "active", "since": stamp(AHEAD), "until": stamp(AHEAD + 10 * DAY)})],
)
def test_what_was_put_off_by_a_clock_that_was_ahead_is_put_off_no_more(
    store: Store, table: str, column: str, others: dict[str, object]
) -> None:
    put(str(store), table, **others, **{column: stamp(AHEAD + timedelta(hours=1))})
    assert store.waits.believe(NOW) == 1
    assert read(str(store), table, column) == stamp(NOW)
    assert store.waits.believe(NOW) == 0


@pytest.mark.sqlite
def test_a_lease_of_then_is_none_for_ever_and_one_of_ours_is_agreed_upon_anew(store: Store) -> None:
    put(str(store), "subscription", expires=stamp(AHEAD))
    put(str(store), "callback", state="active", since=stamp(AHEAD), until=stamp(AHEAD + DAY), due=stamp(AHEAD))
    assert store.waits.believe(NOW) == 2
    assert str(read(str(store), "subscription", "expires")) < stamp(NOW + 32 * DAY)
    assert read(str(store), "callback", "until") is None


@pytest.mark.sqlite
def test_a_page_that_was_read_then_is_looked_at_as_one_that_was_read_now(store: Store) -> None:
    """Else the look of an hour after would come each hour."""
    put(str(store), "wanted", again=stamp(AHEAD), completed=stamp(AHEAD), asked=stamp(AHEAD), host="amt.example")
    store.waits.believe(NOW)
    assert read(str(store), "wanted", "completed") == stamp(NOW)
    assert store.pages.asked_between("amt.example", NOW - DAY, NOW) == 0


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["webhook", "subscription", "verification", "callback", "wanted"])
def test_that_is_looked_for_by_indexes(store: Store, table: str) -> None:
    """But where there is a row for each address in the configuration."""
    said = list[str]()
    conn = store._connection.db.conn
    conn.set_trace_callback(said.append)
    store.waits.believe(NOW)
    conn.set_trace_callback(None)
    for sql in (each for each in said if each.startswith(f"UPDATE {table} ")):
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert table == "webhook" or all("USING" in step for step in plan), (sql, plan)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_what_rests_in_a_process_rests_no_more_when_the_clock_is_right(site: Site) -> None:
    clock = [AHEAD]
    with App(load(site.config), clock=lambda: clock[0]) as app:
        app.prepare()
        deliveries = Deliveries(app)
        deliveries._rests["a key"] = AHEAD + timedelta(minutes=1)
        before, clock[0] = deliveries._kinds, NOW
        deliveries._round()
        assert deliveries._rests == {}
        assert not {*map(id, before)} & {*map(id, deliveries._kinds)}
        clock[0] -= timedelta(seconds=2)  # it is corrected bit by bit
        before = deliveries._kinds
        deliveries._round()
        assert deliveries._kinds is before
        deliveries.end()


@pytest.mark.sqlite
def test_the_hourly_look_finds_them(site: Site) -> None:
    clock = [AHEAD]
    with App(load(site.config), clock=lambda: clock[0]) as app:
        app.prepare()
        app.run(Expire())
        put(str(app.store), "webhook", url="https://presse.example/", retry=stamp(AHEAD + DAY))
        clock[0] = NOW
        app.run(Expire())
        assert read(str(app.store), "webhook", "retry") == stamp(NOW)


@pytest.mark.sqlite
@pytest.mark.parametrize("keep", [1, 2])
def test_a_backup_that_is_named_by_a_clock_that_was_ahead_takes_nobodys_place(site: Site, keep: int) -> None:
    config = site.config.read_text("utf-8")
    site.config.write_text(f'[store]\nbackup_every = "1d"\nbackup_keep = {keep}\n{config}', "utf-8")
    with App(load(site.config)) as app:
        for now in (AHEAD, AHEAD + DAY, NOW, NOW + DAY):
            made = backup.make(app.plan, app.store, now=now)
            assert made.path.is_file()
        left = sorted(path.name for path in made.path.parent.iterdir())
        assert [name.rpartition("-")[2][:4] for name in left] == ["2026"] * keep


def test_short_lines_at_hand_are_bounded_as_well(store: Store) -> None:
    """Also those that say nothing but their fault."""
    store.fragments._room = 100_000
    store.fragments.hold(Fragment(f"{number:012}", "atom", b"", b"", "a fault") for number in range(1_000))
    assert 0 < len(store.fragments._at_hand) < 200
