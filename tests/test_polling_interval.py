"""When a source is asked again: never sooner than its interval, never put off for longer than is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import WorkerLost
from syndicate.model import FetchState, Rhythm, Source
from syndicate.polling import failed
from syndicate.polling import interval as next_poll

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)  # a Monday
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
SAYS_NOTHING = Rhythm()


def source(interval: timedelta = QUARTER, *, adaptive: bool = True, name: str = "s") -> Source:
    return Source(id=name, url="https://talland.example/rss", interval=interval, adaptive=adaptive)


def pause(
    asked: Source | None = None,
    *,
    quiet: timedelta | None = None,
    rhythm: Rhythm = SAYS_NOTHING,
    fresh: timedelta | None = None,
    now: datetime = NOW,
    first: bool = False,
) -> timedelta:
    state = FetchState(source="s", rhythm=rhythm, delivered=() if quiet is None else (now - quiet,))
    return next_poll.after_success(asked or source(), state, fresh=fresh, now=now, first=first) - now


@pytest.mark.parametrize(
    ("quiet", "least"),
    [
        (None, QUARTER),
        (timedelta(), QUARTER),
        (5 * HOUR, QUARTER),
        (10 * HOUR, 2 * QUARTER),
        (20 * HOUR, HOUR),
        (365 * DAY, HOUR),
    ],
)
def test_the_longer_nothing_changes_the_later(quiet: timedelta | None, least: timedelta) -> None:
    assert least <= pause(quiet=quiet) <= 1.1 * least
    assert QUARTER <= pause(source(adaptive=False), quiet=quiet) <= 1.1 * QUARTER


OF_ITS_OWN = Source(id="s", url="https://talland.example/rss", interval=HOUR, follows_rhythm=True)


@pytest.mark.parametrize(
    ("every", "delivered", "least"),
    [
        (None, (), HOUR),
        (None, (2 * HOUR,), HOUR),  # one delivery is no rhythm
        (None, (9 * DAY, timedelta()), QUARTER),
        (None, (9 * DAY, 10 * HOUR), 2 * QUARTER),
        (None, (9 * DAY, 3 * DAY), 3.6 * HOUR),
        (None, (99 * DAY, 60 * DAY), DAY),
        (2 * QUARTER, (), 2 * QUARTER),
        (timedelta(minutes=1), (), QUARTER),
        (6 * HOUR, (9 * DAY, timedelta()), 6 * HOUR),
        (365 * DAY, (9 * DAY, timedelta()), DAY),
        (2 * QUARTER, (9 * DAY, 3 * DAY), 3.6 * HOUR),
    ],
)
def test_without_an_interval_of_its_own_its_rhythm_decides(
    every: timedelta | None, delivered: tuple[timedelta, ...], least: timedelta
) -> None:
    state = FetchState(source="s", rhythm=Rhythm(every=every), delivered=tuple(NOW - ago for ago in delivered))
    found = next_poll.after_success(OF_ITS_OWN, state, fresh=None, now=NOW) - NOW
    assert least <= found <= 1.1 * least
    named = replace(OF_ITS_OWN, follows_rhythm=False)
    assert next_poll.after_success(named, state, fresh=None, now=NOW) - NOW >= HOUR


@pytest.mark.parametrize(
    ("rhythm", "fresh", "least"),
    [
        (Rhythm(every=3 * HOUR), None, 3 * HOUR),
        (Rhythm(), 2 * HOUR, 2 * HOUR),
        (Rhythm(every=3 * HOUR), 2 * HOUR, 3 * HOUR),
        (Rhythm(every=timedelta(seconds=1)), timedelta(seconds=1), QUARTER),
        (Rhythm(every=365 * DAY), None, DAY),
        (Rhythm(), 365 * DAY, DAY),
    ],
)
def test_what_a_source_asks_for_is_the_least_and_no_more_than_a_day(
    rhythm: Rhythm, fresh: timedelta | None, least: timedelta
) -> None:
    found = pause(rhythm=rhythm, fresh=fresh)
    assert least <= found <= min(1.1 * least, least + HOUR)
    assert pause(source(7 * DAY), rhythm=rhythm, fresh=fresh) >= 7 * DAY


@pytest.mark.parametrize(
    ("due", "hours", "days", "expected"),
    [
        ("2026-06-01T12:30", {}, {}, "2026-06-01T12:30"),
        ("2026-06-01T12:30", {12}, {}, "2026-06-01T13:00"),
        ("2026-06-01T23:30", {23, 0, 1}, {}, "2026-06-02T02:00"),
        ("2026-06-01T12:30", {}, {0}, "2026-06-02T00:00"),
        ("2026-06-01T12:30", {0, 1}, {0}, "2026-06-02T02:00"),
        ("2026-06-06T01:30", {}, {5, 6}, "2026-06-07T01:30"),  # a whole weekend: no more than a day
        ("2026-06-01T12:30", set(range(24)), {}, "2026-06-01T12:30"),
        ("2026-06-01T12:30", {}, set(range(7)), "2026-06-01T12:30"),
        ("2026-06-01T12:30", set(range(24)), {0}, "2026-06-02T00:00"),
        ("2026-06-01T12:30", set(range(24)) - {11}, {}, "2026-06-02T11:00"),
        ("2026-06-01T11:30", set(range(24)) - {11}, {0}, "2026-06-02T11:00"),
    ],
)
def test_hours_and_days_that_are_skipped(due: str, hours: set[int], days: set[int], expected: str) -> None:
    rhythm = Rhythm(None, frozenset(hours), frozenset(days))
    found = next_poll.after_skipped(datetime.fromisoformat(due).replace(tzinfo=UTC), rhythm)
    assert found.strftime("%Y-%m-%dT%H:%M") == expected


hours, days = st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6))
spans = st.none() | st.timedeltas(timedelta(0), timedelta(days=10_000))
moments = st.timedeltas(timedelta(0), 400 * DAY).map(lambda later: NOW + later)


@given(
    st.timedeltas(timedelta(seconds=1), 30 * DAY), spans, spans, spans, hours, days, moments, st.booleans(), st.text()
)
def test_never_sooner_than_the_interval_nor_much_later_than_is_said(
    interval: timedelta,
    quiet: timedelta | None,
    every: timedelta | None,
    fresh: timedelta | None,
    skip_hours: frozenset[int],
    skip_days: frozenset[int],
    now: datetime,
    first: bool,
    name: str,
) -> None:
    rhythm = Rhythm(every, skip_hours, skip_days)
    found = pause(source(interval, name=name), quiet=quiet, rhythm=rhythm, fresh=fresh, now=now, first=first)
    wanted = max(next_poll.STRETCH * interval, min(every or HOUR, DAY), min(fresh or HOUR, DAY))
    assert interval <= found <= wanted + HOUR + DAY + timedelta(minutes=10)


def test_a_full_hour_makes_no_burst() -> None:
    """A thousand sources that were asked in one second are not due in one again; a first time spreads them wider."""
    for first, share in ((False, 0.1), (True, 0.5)):
        found = [pause(source(HOUR, name=f"s{n}"), first=first) for n in range(1000)]
        assert min(found) >= HOUR
        assert max(found) <= (1 + share) * HOUR
        in_each = [sum(n / 10 <= (f - HOUR) / (share * HOUR) < (n + 1) / 10 for f in found) for n in range(10)]
        assert min(in_each) > 60
    assert len({pause(source(HOUR), now=NOW + n * HOUR) for n in range(50)}) == 50  # nor is it always the same
    assert pause(source(HOUR)) == pause(source(HOUR))


def test_those_that_waited_for_one_hour_do_not_come_at_its_first_second() -> None:
    rhythm = Rhythm(skip_hours=frozenset({12}))
    found = [NOW + pause(source(name=f"s{n}"), rhythm=rhythm) for n in range(100)]
    assert min(found) >= NOW + HOUR
    assert max(found) <= NOW + HOUR + timedelta(minutes=10)
    assert len({*found}) == 100


@pytest.mark.parametrize(
    ("interval", "failures", "least"),
    [
        (QUARTER, 1, QUARTER),
        (QUARTER, 2, 2 * QUARTER),
        (QUARTER, 3, 4 * QUARTER),
        (QUARTER, 5, 4 * HOUR),
        (QUARTER, 6, 6 * HOUR),
        (QUARTER, 10_000, 6 * HOUR),
        (DAY, 1, DAY),
        (DAY, 9, DAY),
        (timedelta(seconds=1), 100, 6 * HOUR),
    ],
)
def test_after_failures_ever_more_rarely(interval: timedelta, failures: int, least: timedelta) -> None:
    found = next_poll.after_failure(source(interval), failures, NOW) - NOW
    assert least <= found <= 1.1 * least


@pytest.mark.parametrize(
    ("interval", "failures", "least"),
    [
        (QUARTER, 1, timedelta(minutes=1)),
        (QUARTER, 2, timedelta(minutes=5)),
        (QUARTER, 3, QUARTER),  # never later than it would be asked anyway
        (HOUR, 3, timedelta(minutes=20)),
        (HOUR, 4, HOUR),  # from now on as after any other failure
        (HOUR, 5, 2 * HOUR),
        (HOUR, 99, 6 * HOUR),
        (DAY, 1, timedelta(minutes=1)),
        (DAY, 4, DAY),
        (timedelta(seconds=5), 1, timedelta(seconds=5)),
    ],
)
def test_a_document_whose_reader_died_is_asked_for_again_soon(
    interval: timedelta, failures: int, least: timedelta
) -> None:
    lost = failed(source(interval), FetchState(source="s", failures=failures - 1), WorkerLost("SIGKILL"), NOW)
    assert lost.next_poll is not None
    assert least <= lost.next_poll - NOW <= 1.1 * least
    assert lost.failures == failures


def test_a_folder_whose_reader_died_is_looked_through_at_its_interval() -> None:
    folder = Source(id="ordner", path="/tmp/x", interval=QUARTER)
    assert failed(folder, FetchState(source="ordner"), WorkerLost("SIGKILL"), NOW).next_poll == NOW + QUARTER


def test_the_longest_interval_of_a_configuration() -> None:
    century = source(timedelta(days=36_500))
    assert next_poll.after_failure(century, 100, NOW) > NOW
    assert pause(century, quiet=timedelta(days=700_000)) > timedelta(days=36_500)


def test_a_folder_is_looked_through_at_its_interval() -> None:
    folder = Source(id="ordner", path="/tmp/x", interval=QUARTER)
    rhythm = Rhythm(DAY, frozenset({12}), frozenset({0}))
    state = FetchState(source="ordner", rhythm=rhythm, delivered=(NOW - 300 * DAY,))
    assert next_poll.after_success(folder, state, fresh=DAY, now=NOW, first=True) == NOW + QUARTER
    assert next_poll.after_failure(folder, 9, NOW) == NOW + QUARTER


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (FetchState(source="s"), timedelta(minutes=1)),
        (FetchState(source="s", last_attempt=NOW - HOUR, last_success=NOW - HOUR), timedelta(minutes=1)),
        (FetchState(source="s", last_attempt=NOW - HOUR), QUARTER),  # it ended while it was asked
        (FetchState(source="s", last_attempt=NOW - HOUR, last_success=NOW - DAY), QUARTER),
    ],
)
def test_a_program_that_dies_of_a_source_does_not_hammer_it(state: FetchState, expected: timedelta) -> None:
    assert next_poll.while_asked(source(), state, NOW) == NOW + expected
    assert next_poll.while_asked(source(timedelta(seconds=5)), state, NOW) == NOW + timedelta(seconds=5)


@pytest.mark.parametrize("failures", [1, 3, 8])
def test_a_kill_does_not_end_the_pause_after_failures(failures: int) -> None:
    state = FetchState(source="s", last_attempt=NOW - DAY, last_success=NOW - 2 * DAY, error="x", failures=failures)
    assert next_poll.while_asked(source(), state, NOW) == next_poll.after_failure(source(), failures, NOW)
