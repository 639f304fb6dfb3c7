"""When a source is asked again. Pure: `now` is handed in, and what spreads the sources is a hash, no chance.

after_success    interval, longer while nothing changes, or the rhythm that the source states or shows; no sooner than
                 it asks for; longer where its hub tells what changes; not in hours it skips
after_failure    interval, doubled with each failure in a row
after_lost       minutes, a few times: a file whose reader died
after_unread     the same for an address; then as after a failure

What a source asks for is kept to within a day: a mistake over there must not silence it here.
"""

import hashlib
from datetime import UTC, datetime, timedelta

from syndicate.model import FetchState, Rhythm, Source

DAY = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=6)  # after failures; or the interval, where that is longer
QUIET = 20  # a source that has been quiet for so long times a pause may be asked after that pause,
STRETCH = 4  # but no later than after so many intervals; nor is one whose hub pushes
LONGEST_PUSHED = timedelta(hours=6)  # between two polls of one whose hub pushes, unless its pause is longer anyway
LEAST = timedelta(minutes=15)  # of a source whose rhythm decides, which it shows
_SHOWN = 2  # by so many deliveries
SPREAD, FIRST_SPREAD = 0.1, 0.5  # of a pause, added to it at most; after the first poll, of the interval
WIDEST_SPREAD = timedelta(hours=1)
UNFINISHED = timedelta(minutes=1)  # until a poll that was killed may be tried again
_TRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20))  # of what a reader died at
_SLACK = timedelta(minutes=10)  # in which those come back that all waited for the same full hour


def after_success(
    source: Source, state: FetchState, *, fresh: timedelta | None, now: datetime, first: bool = False
) -> datetime:
    """`state` as it is after the poll (`delivered`, `rhythm`); `fresh`: for how long the answer is good; `first` poll.

    A folder is looked through at each interval.
    """
    if source.path:
        return now + source.interval
    pause = _unhurried(source, state, max(_pace(source, state, now), min(fresh or timedelta(), DAY)))
    spread = source.interval * FIRST_SPREAD if first else pause * SPREAD
    due = now + pause + min(spread, WIDEST_SPREAD) * _share(source, now)
    open_again = after_skipped(due, state.rhythm)
    return open_again if open_again == due else open_again + _SLACK * _share(source, now)


def after_lost(lost: int, now: datetime) -> datetime | None:
    """When a file is read again at which `lost` readers died, this one included; None: not before it changes."""
    return now + _TRIES[lost - 1] if lost <= len(_TRIES) else None


def after_failure(source: Source, failures: int, now: datetime) -> datetime:
    """`failures` in a row, this one included."""
    if source.path:
        return now + source.interval
    pause = source.interval
    if pause < LONGEST_PAUSE:
        pause = min(pause * (1 << min(failures - 1, 16)), LONGEST_PAUSE)
    return now + pause + min(pause * SPREAD, WIDEST_SPREAD) * _share(source, now)


def after_unread(source: Source, failures: int, now: datetime) -> datetime:
    """An address whose answer nobody could read, as its reader died: no word on what is there. `failures` in a row."""
    soon = None if source.path else after_lost(failures, now)
    return min(soon, now + source.interval) if soon else after_failure(source, max(failures - len(_TRIES), 1), now)


def while_asked(source: Source, state: FetchState, now: datetime) -> datetime:
    """What holds if the poll that begins now never ends: a program that dies of a source does not hammer it."""
    if state.failures:
        return after_failure(source, state.failures, now)
    asked, answered = state.last_attempt, state.last_success
    unfinished = asked is not None and (answered is None or answered < asked)
    return now + (source.interval if unfinished else min(source.interval, UNFINISHED))


def after_skipped(due: datetime, rhythm: Rhythm) -> datetime:
    """The first moment from `due` on that is in no hour or day (UTC) that the source skips; a day later at most."""
    hours = rhythm.skip_hours if len(rhythm.skip_hours) < 24 else frozenset[int]()
    days = rhythm.skip_days if len(rhythm.skip_days) < 7 else frozenset[int]()
    found = due.astimezone(UTC)
    while found.hour in hours or found.weekday() in days:
        found = found.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if found >= due + DAY:
            return due + DAY
    return found


def _pace(source: Source, state: FetchState, now: datetime) -> timedelta:
    """Its interval is the operator's word, where it has one of its own; else its rhythm decides, from LEAST to DAY."""
    every = min(state.rhythm.every or timedelta(), DAY)
    if not (source.follows_rhythm and source.adaptive):
        return max(_stretched(source, state, now), every)
    least = max(every, min(LEAST, source.interval))
    if len(state.delivered) >= _SHOWN:
        return max(least, min((now - state.delivered[-1]) / QUIET, max(DAY, source.interval)))
    return least if every else _stretched(source, state, now)


def _stretched(source: Source, state: FetchState, now: datetime) -> timedelta:
    if not (source.adaptive and state.delivered):
        return source.interval
    quiet = now - state.delivered[-1]
    return min(max(source.interval, quiet / QUIET), STRETCH * source.interval)


def _unhurried(source: Source, state: FetchState, pause: timedelta) -> timedelta:
    """Where pushes have brought all that polls could have: longer with each poll that agrees."""
    if not source.adaptive:
        return pause
    return max(pause, min(pause * min(1 + state.pushes.agreed, STRETCH), LONGEST_PUSHED))


def _share(source: Source, now: datetime) -> float:
    """From 0 to 1: another for each source and each poll, the same whenever it is worked out again."""
    digest = hashlib.sha256(f"{source.id} {now.isoformat()}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
