"""A log that nobody can fill: the same is told with growing pauses, what differs some times an hour, none is long."""

import pytest
from structlog.testing import capture_logs

from syndicate.app import Lines, log
from syndicate.model import Polled

HOUR, DAY, INFO, DEBUG = 3600, 86_400, 20, 10


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def told(clock: Clock, reasons: list[str], every: float, least: int = INFO) -> list[tuple[float, str, int]]:
    """When a source that fails so, as often, makes a line: (seconds, reason, how many were left out before it)."""
    to, found = Lines(least, tick=clock), list[tuple[float, str, int]]()
    for reason in reasons:
        with capture_logs() as lines:
            log(Polled(source="amt", error=reason), to)
        found += [(clock.now, line["reason"], line.get("untold", 0)) for line in lines]
        clock.now += every
    return found


def test_the_same_is_told_with_growing_pauses(clock: Clock) -> None:
    found = told(clock, ["weg"] * (2 * HOUR), 1)
    assert found == [
        (0, "weg", 0), (60, "weg", 59), (180, "weg", 119), (420, "weg", 239), (900, "weg", 479), (1860, "weg", 959),
        (3780, "weg", 1919),
    ]  # fmt: skip


def test_a_year_of_it_is_a_page(clock: Clock) -> None:
    assert len(told(clock, ["weg"] * (365 * 24 * 4), HOUR / 4)) < 380


def test_what_fails_rarely_is_told_each_time_at_first(clock: Clock) -> None:
    assert len(told(clock, ["weg"] * 4, 6 * HOUR)) == 4


def test_whoever_invents_reasons_has_some_an_hour(clock: Clock) -> None:
    found = told(clock, [f"Grund {number}" for number in range(3 * HOUR)], 1)
    assert len(found) == 3 * 10
    assert found[10][2] == HOUR - 10


def test_two_reasons_in_turn_are_no_news_for_ever(clock: Clock) -> None:
    assert len(told(clock, ["weg", "da", "weg"] * 1200, 1)) <= 10 + 1200 // 60 + 10


def test_another_source_has_its_own(clock: Clock) -> None:
    to = Lines(INFO, tick=clock)
    with capture_logs() as lines:
        for number in range(20):
            log(Polled(source=f"amt{number}", error="weg"), to)
            log(Polled(source=f"amt{number}", error="weg"), to)
    assert len(lines) == 20


def test_no_line_is_long(clock: Clock) -> None:
    ((_, reason, _),) = told(clock, ["ä" * 1_000_000], 1)
    assert len(reason) == 500
    assert reason.endswith("ä…")


def test_whoever_wants_all_of_it_gets_it(clock: Clock) -> None:
    assert len(told(clock, ["weg"] * 100, 1, DEBUG)) == 100


def test_what_is_remembered_of_it_is_bounded(clock: Clock) -> None:
    to = Lines(INFO, tick=clock)
    with capture_logs():
        for number in range(6_000):
            log(Polled(source=f"amt{number}", error="weg"), to)
    assert len(to._repeated._said) == 5_000
