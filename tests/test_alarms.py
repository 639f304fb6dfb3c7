"""Alarms of a source: when they ring, and that they end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from syndicate import store as stores
from syndicate.alarms import delivered, observed, tell, usual
from syndicate.model import Capture, FetchResult, FetchState, Rejected, Source
from syndicate.reading import Reading, read_one, unread_date
from syndicate.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PORTAL = Source(id="portal", url="https://portal.talland.example/feed")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with stores.open(f"sqlite:///{tmp_path}/s.db") as found:
        yield found


def rung(
    store: Store,
    *,
    after: FetchState | None = None,
    now: datetime = NOW,
    delta: bool = False,
    captured: bool = True,
    **reading: object,
) -> dict[str, str]:
    """What rings after one more poll."""
    known = FetchState(source="portal")
    captures = (Capture(body=b""),) if captured else ()
    result = FetchResult(state=known, captures=captures, delta=delta)
    told = observed(PORTAL, after or known, result, Reading(**reading), now)  # type: ignore[arg-type]
    tell(store, PORTAL, told, store.alarms.of("portal"), now)
    return {alarm.kind: alarm.text for alarm in store.alarms.list()}


def state(*days: float, entries: int | None = None) -> FetchState:
    """A source that delivered that many days ago."""
    return FetchState(source="portal", delivered=tuple(NOW - d * DAY for d in days), entries=entries)


@pytest.mark.parametrize(
    ("days", "silent"),
    [
        ((), False),
        ((40, 30, 20), False),  # three deliveries are no habit yet
        ((23, 22, 21, 20), True),
        ((9, 8, 7, 6), True),
        ((7.9, 6.9, 5.9, 2.9), False),  # a weekend
        ((6, 5, 4, 2.9), False),
        ((100, 70, 40, 10), False),  # monthly
        ((200, 170, 140, 110), True),
        ((50.1, 50.05, 50, 1.6), False),
        ((2.1, 2.05, 2, 1.6), True),  # each few minutes, then for a day and a half nothing
        ((2.1, 2.05, 2, 1.4), False),
    ],
)
def test_silence(store: Store, days: tuple[float, ...], silent: bool) -> None:
    assert ("silent" in rung(store, after=state(*days), captured=False)) == silent


def test_silence_ends_with_a_delivery(store: Store) -> None:
    long_ago = state(23, 22, 21, 20)
    assert "nothing new for 20 days; it used to within 24 hours" in rung(store, after=long_ago)["silent"]
    spoken = FetchState(source="portal", delivered=delivered(long_ago.delivered, NOW))
    assert rung(store, after=spoken) == {}


def test_deliveries_are_remembered_half_a_day_apart_but_for_the_last() -> None:
    moments: tuple[datetime, ...] = ()
    for hour in range(24 * 20):
        moments = delivered(moments, NOW + hour * HOUR)
    assert len(moments) == 12
    assert moments[-1] == NOW + (24 * 20 - 1) * HOUR
    assert all(later - earlier >= 12 * HOUR for earlier, later in pairwise(moments[:-1]))
    assert moments[-1] - moments[0] > timedelta(days=5)


@pytest.mark.parametrize(
    ("usually", "entries", "fewer"),
    [(None, 0, False), (0, 0, False), (1, 0, True), (20, 11, False), (20, 10, True), (20, 0, True), (20, 40, False)],
)
def test_half_of_the_entries(store: Store, usually: int | None, entries: int, fewer: bool) -> None:
    after = usual(usually, entries, delta=False, alarmed=None, now=NOW)
    found = rung(store, after=state(entries=after), entries=entries)
    assert ("fewer" in found) == fewer


def test_what_a_delta_leaves_out_is_not_missing(store: Store) -> None:
    assert rung(store, after=state(entries=20), entries=1, delta=True) == {}
    assert usual(20, 1, delta=True, alarmed=None, now=NOW) == 20


def test_lost_entries_are_expected_back_for_a_week(store: Store) -> None:
    assert "only 3 of its usual 20" in rung(store, after=state(entries=20), entries=3)["fewer"]
    since = store.alarms.since("fewer", "portal")
    assert usual(20, 3, delta=False, alarmed=since, now=NOW + 6 * DAY) == 20
    assert usual(20, 3, delta=False, alarmed=since, now=NOW + 8 * DAY) == 3
    assert rung(store, after=state(entries=3), entries=3) == {}


def test_they_are_not_expected_for_ever_behind_answers_that_say_nothing_new(store: Store) -> None:
    rung(store, after=state(entries=20), entries=3)
    since = store.alarms.since("fewer", "portal")
    assert usual(20, None, delta=False, alarmed=since, now=NOW + 6 * DAY) == 20
    assert "fewer" in rung(store, after=state(entries=20), captured=False)
    assert usual(20, None, delta=False, alarmed=since, now=NOW + 8 * DAY) is None
    assert rung(store, after=state(entries=None), captured=False) == {}


@pytest.mark.parametrize(
    ("garbled", "entries", "broken"), [(0, 20, False), (1, 20, False), (2, 5, True), (4, 20, True), (1, 1, True)]
)
def test_broken_letters(store: Store, garbled: int, entries: int, broken: bool) -> None:
    assert ("encoding" in rung(store, garbled=garbled, entries=entries)) == broken
    assert rung(store, garbled=0, entries=entries) == {}


@pytest.mark.parametrize(("unread", "entries", "told"), [(0, 0, False), (2, 4, False), (3, 4, True), (1, 1, True)])
def test_dates_that_cannot_be_read(store: Store, unread: int, entries: int, told: bool) -> None:
    notes = [Rejected("https://portal.talland.example/1", unread_date("KW 20"))] * unread
    found = rung(store, unread=notes, entries=entries)
    assert ("dates" in found) == told
    assert (
        not told
        or f'{unread} of {entries} entries have a date that cannot be read, like date "KW 20"' in found["dates"]
    )
    assert rung(store, entries=entries) == {}


def test_the_dates_that_nobody_could_read_are_noted_one_by_one_and_counted() -> None:
    said = ["KW 20", "2026-05-11", *["bald"] * 6]
    items = "".join(f"<item><title>T{n}</title><pubDate>{date}</pubDate></item>" for n, date in enumerate(said))
    feed = f"<rss version='2.0'><channel>{items}</channel></rss>".encode()
    reading = read_one(Capture(body=feed, url=PORTAL.url), PORTAL, NOW, 10**6, None)
    assert len(reading.unread) == 7
    assert [(note.where, note.reason) for note in reading.notes] == [
        ("T0", 'date "KW 20" is no date, so that of first sight is shown'),
        *((f"T{n}", 'date "bald" is no date, so that of first sight is shown') for n in range(2, 6)),
        (PORTAL.url, "2 more dates cannot be read"),
    ]


def test_a_selector_that_finds_nothing(store: Store) -> None:
    found = rung(store, unmatched={'title = ".headline"': None})
    assert 'selects nothing any more: title = ".headline"' in found["selector"]
    assert rung(store, captured=False) == found  # nothing new was read
    assert rung(store) == {}


@pytest.mark.parametrize(
    ("title", "garbled"),
    [
        ("Straßenbau für Hohenried", 0),
        ("StraÃŸenbau für Hohenried", 1),
        ("Stra\ufffdenbau in Hohenried", 1),
        ("â€žJede Minute zähltâ€œ", 1),
        ("São Paulo, Århus, Âncora, 5 € – „gut“", 0),
        ("SÃO PAULO: SECRETARIA", 0),
    ],
)
def test_letters_that_were_read_in_the_wrong_encoding(title: str, garbled: int) -> None:
    feed = f"<rss version='2.0'><channel><item><title>{title}</title></item></channel></rss>".encode()
    reading = read_one(Capture(body=feed, url=PORTAL.url), PORTAL, NOW, 10**6, None)
    assert (reading.garbled, reading.entries, reading.form) == (garbled, 1, "feed")
