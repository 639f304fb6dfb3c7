"""What a server's robots.txt is worth now, and when it is asked again (RFC 9309 sections 2.3.1 and 2.4). Pure."""

from datetime import datetime, timedelta
from typing import NamedTuple

CACHED = timedelta(days=1)  # no longer, unless it cannot be reached
AGAIN = timedelta(hours=1)  # after it could not be reached
GIVEN_UP = timedelta(days=30)  # of not being reached: then there is none
LONGEST_DELAY = 60.0  # seconds of a Crawl-delay that are kept to


class RobotsState(NamedTuple):
    """`body` as it was at the last good answer, empty where there is none (4xx); None: never answered.

    `unreachable`: since when it could not be had (5xx, no answer), `error` why.
    """

    origin: str  # scheme, host and port
    asked: datetime
    body: bytes | None = None
    unreachable: datetime | None = None
    error: str | None = None


def ask_again(state: RobotsState | None, now: datetime) -> datetime | None:
    """When it is asked again; None: now."""
    if state is None or state.asked > now:  # a clock that was ahead
        return None
    due = state.asked + (AGAIN if state.unreachable else CACHED)
    return due if due > now else None


def rules_of(state: RobotsState, now: datetime) -> bytes | None:
    """The robots.txt to go by: the last known where it cannot be reached; None: nothing may be asked for a while."""
    if state.body is not None:
        return state.body
    return b"" if state.unreachable and now - state.unreachable >= GIVEN_UP else None
