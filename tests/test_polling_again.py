"""When a page that was read is looked at again: a table of times, and what failing does to them."""

from datetime import timedelta

import pytest

from syndicate.polling import again
from worlds import NOW

M, H, D = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAME = "https://amt.example/1"


@pytest.mark.parametrize(
    ("since", "looks"),  # how long ago it was read; how many looks are due by then, if none was missed
    [
        (0 * M, 0),
        (59 * M, 0),
        (H, 1),
        (23 * H, 1),
        (D, 2),
        (6 * D, 2),
        (7 * D, 3),
        (26 * D, 3),
        (30 * D, 4),
        (56 * D, 4),
        (60 * D, 5),
        (90 * D, 6),
        (330 * D, 14),
        (360 * D, 15),
        (9999 * D, 15),
    ],
)
def test_an_hour_a_day_a_week_then_monthly_for_a_year(since: timedelta, looks: int) -> None:
    found, at = 0, again.next_look(NOW, NOW, name=NAME)
    while at and at <= NOW + since:
        found, at = found + 1, again.next_look(NOW, at, name=NAME)
    assert found == looks


@pytest.mark.parametrize("since", [2 * D, 8 * D, 200 * D, 366 * D])
def test_what_was_missed_is_not_made_up_for(since: timedelta) -> None:
    at = again.next_look(NOW, NOW + since, name=NAME)
    assert at is None if since > 365 * D else at is not None and at > NOW + since


def test_what_was_read_in_one_hour_is_not_looked_at_in_one_hour_for_a_year() -> None:
    months = {again.next_look(NOW, NOW + 8 * D, name=f"{NAME}{n}") for n in range(50)}
    assert len(months) == 50
    assert all(at and NOW + 27 * D <= at <= NOW + 30 * D for at in months)


@pytest.mark.parametrize(
    ("tries", "since", "rest", "waits"),  # the look that failed came so long after it was read
    [
        (1, H, 0 * M, 15 * M),
        (2, H, 0 * M, 30 * M),
        (3, H, 0 * M, 23 * H),  # the next look: a day after it was read
        (1, H, 40 * M, 40 * M),
        (3, 7 * D, 0 * M, None),  # the next look, some day of the fourth week
        (1, 360 * D, 0 * M, 15 * M),
    ],
)
def test_a_look_that_fails_is_tried_again_and_then_left_for_the_next(
    tries: int, since: timedelta, rest: timedelta, waits: timedelta | None
) -> None:
    now = NOW + since
    at = again.after_failed_look(tries, NOW, now, name=NAME, rest=rest)
    assert at == (again.next_look(NOW, now, name=NAME) if waits is None else now + waits)


def test_after_a_year_a_look_that_fails_for_good_is_the_last() -> None:
    assert again.after_failed_look(again.TRIES, NOW, NOW + 360 * D, name=NAME, rest=0 * M) is None
