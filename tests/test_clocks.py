"""Clocks that are moved: the schedule goes on, nobody waits for years, embargoes end when the clock is right again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli_site import LATER, Site
from syndicate.app import App
from syndicate.config import load
from syndicate.model import LiftDue, Poll
from syndicate.schedule import Pendulum, Schedule
from waiting import PATIENCE, until

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
YEARS = timedelta(days=73 * 365)


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([(1.0, 1.0)] * 5, 0),
        ([(1.0, 60.0)] * 2, 0),  # a machine that was busy
        ([(1.5, 1.0)] * 5, 0),  # one that is corrected bit by bit
        ([(1.0, 1.0), (3600.0, 1.0), (1.0, 1.0)], 1),
        ([(-3600.0, 1.0), (1.0, 1.0)], 1),
        ([(YEARS.total_seconds(), 1.0), (-YEARS.total_seconds(), 1.0)], 2),
    ],
)
def test_a_clock_that_is_moved_is_seen(steps: list[tuple[float, float]], told: int) -> None:
    """By how much it, and the seconds since the start, go on between two looks."""
    wall, seconds, moved = [1e9], [100.0], list[int]()
    pendulum = Pendulum(lambda: moved.append(1), lambda: wall[0], lambda: seconds[0])
    for by, after in steps:
        wall[0] += max(by, after) if (by, after) == (1.0, 60.0) else by
        seconds[0] += after
        pendulum.look()
    assert len(moved) == told


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture
def schedule(site: Site) -> Iterator[Schedule]:
    with App(load(site.config)) as app:
        app.prepare()
        schedule = Schedule(app)
        yield schedule
        schedule.stop(PATIENCE)


def test_the_schedule_does_not_wait_for_the_year_to_come_again(schedule: Schedule) -> None:
    """As APScheduler is left by a clock that was in 2099, and is set back."""
    schedule.start()
    for job in schedule._scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC) + YEARS)
    before = schedule._beaten
    schedule._clock_moved()
    until(lambda: schedule._beaten > before)
    coming = [job.next_run_time for job in schedule._scheduler.get_jobs()]
    assert max(coming) <= datetime.now(UTC) + timedelta(hours=1)


def test_a_machine_that_wakes_up_in_1970_has_a_schedule(schedule: Schedule) -> None:
    schedule.start()
    first = datetime(1970, 1, 2, tzinfo=UTC)
    assert {
        job.trigger.get_next_fire_time(None, first) - first <= timedelta(hours=1)
        for job in schedule._scheduler.get_jobs()
    } == {True}


def test_after_a_clock_that_was_ahead_a_person_says_which_is_right(site: Site) -> None:
    """Until then nothing ends, as the one may be as wrong as the other."""
    clock = [NOW + YEARS]
    site.put("bericht", LATER.replace("2099-01-02T10:00:00+01:00", "2026-11-27T14:00:00+01:00"))
    with App(load(site.config), clock=lambda: clock[0]) as app:
        app.prepare()
        app.run(Poll(None, ("amt",), "each"))
        site.put("neu", LATER.replace("Forstbericht", "Moorbericht").replace("2099-01-02", "2026-12-02"))
        clock[0] = NOW
        app.run(Poll(None, ("amt",), "each"))
        clock[0] = NOW + timedelta(days=30)
        app.run(LiftDue())
        assert len([*app.store.releases.due(clock[0])]) == 1
        status = site.run("status")
        assert "earlier than the last write: no embargo ends before that" in status.out
        assert "`syndicate check --trust-clock`" in status.out
        assert app.store.trust_clock(clock[0])
        assert not app.store.trust_clock(clock[0])
        app.run(LiftDue())
        assert [*app.store.releases.due(clock[0])] == []
        assert not [alarm for alarm in app.store.alarms.list() if alarm.kind == "clock"]


@pytest.mark.sqlite
def test_the_word_is_a_command(site: Site) -> None:
    assert site.run("run", "--once").code == 0
    assert "nothing was written by a later one" in site.run("check", "--trust-clock").out
    with closing(sqlite3.connect(site.folder / "syndicate.db")) as db, db:
        db.execute("UPDATE meta SET value = '2099-01-01T00:00:00.000000Z' WHERE name = 'written'")
    assert "embargoes end by it again" in site.run("check", "--trust-clock").out
    assert "nothing was written by a later one" in site.run("check", "--trust-clock").out
