"""What pushes are worth beside what polls find."""

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.model import FetchState, Pushes, Source
from syndicate.polling import interval, pushes
from worlds import NOW

HOUR = timedelta(hours=1)
BEFORE = FetchState(source="amt", last_success=NOW)


@pytest.mark.parametrize(
    ("before", "brought", "since", "after"),
    [  # what was; what a poll has changed; since when its hub pushes, in hours from the last poll on; what is
        (Pushes(brought=2), 0, -1, Pushes(agreed=1)),
        (Pushes(brought=1, agreed=7, missed=2), 0, 0, Pushes(agreed=8, missed=2)),
        (Pushes(agreed=2), 0, -1, Pushes(agreed=2)),  # nothing was to be told
        (Pushes(brought=1, agreed=2), 3, -1, Pushes(missed=3)),
        (Pushes(brought=1, agreed=2, missed=1), 1, -1, Pushes(missed=2)),
        (Pushes(brought=1), 2, 1, Pushes()),  # it was there before anybody pushed
        (Pushes(brought=1, agreed=3, missed=1), 0, None, Pushes(missed=1)),  # nobody pushes any more
    ],
)
def test_what_a_poll_makes_of_them(before: Pushes, brought: int, since: int | None, after: Pushes) -> None:
    state = replace(BEFORE, pushes=before)
    moment = None if since is None else NOW + since * HOUR
    assert pushes.after_poll(state, brought=brought, since=moment) == after


def test_the_first_poll_misses_nothing() -> None:
    state = replace(BEFORE, last_success=None)
    assert pushes.after_poll(state, brought=9, since=NOW - HOUR) == Pushes()


def test_a_push_that_brings_something_counts() -> None:
    assert pushes.after_push(replace(BEFORE, pushes=Pushes(1, 2, 3))) == Pushes(2, 2, 3)


@pytest.mark.parametrize(
    ("hours", "agreed", "adaptive", "pause"),
    [  # the interval; so many polls have agreed; how many hours until the next
        (1, 0, True, 1),
        (1, 1, True, 2),
        (1, 3, True, 4),
        (1, 90, True, 4),
        (2, 3, True, 6),
        (12, 3, True, 12),
        (1, 3, False, 1),
    ],
)
def test_how_much_later_that_makes_a_poll(hours: int, agreed: int, adaptive: bool, pause: int) -> None:
    source = Source(id="amt", url="https://amt.example/feed", interval=hours * HOUR, adaptive=adaptive)
    state = replace(BEFORE, pushes=Pushes(agreed=agreed))
    due = interval.after_success(source, state, fresh=None, now=NOW)
    assert pause * HOUR <= due - NOW <= pause * HOUR * (1 + interval.SPREAD)
