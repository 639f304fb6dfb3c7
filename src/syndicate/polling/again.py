"""When a page that was read is asked again, as portals correct in place. Pure.

An hour, a day and a week after it was read, then monthly for a year: what is overdue is asked once, not once for each
time that was missed. What is of the past counts from its own date, so that a walk through ten years asks for few again.
"""

import hashlib
from datetime import datetime, timedelta

LOOKS = (timedelta(hours=1), timedelta(days=1), timedelta(days=7))
MONTH, MONTHS = timedelta(days=30), 12
MOST_ASKED, WITHIN = 15, timedelta(minutes=15)  # pages of one host, whatever for, before a look waits
TRIES, FIRST_PAUSE = 3, timedelta(minutes=15)  # of one look that fails
_SPREAD = timedelta(days=3)  # a month's looks come so much earlier at most: a day's releases do not stay together


def next_look(read: datetime, now: datetime, *, name: str) -> datetime | None:
    """The first look after `now` at a page that was `read` first then; None once the year is over.

    `name` is the page's address: a monthly look comes a little early, by its hash.
    """
    early = _SPREAD * _share(name)
    looks = (*LOOKS, *(MONTH * n - early for n in range(1, MONTHS + 1)))
    return next((read + look for look in looks if read + look > now), None)


def after_failed_look(tries: int, read: datetime, now: datetime, *, name: str, rest: timedelta) -> datetime | None:
    """The next time after a look has failed for the `tries`th time: soon, then at the next look.

    `rest`: how long its server wants to be left alone.
    """
    later = next_look(read, now, name=name)
    if tries >= TRIES:
        return max(later, now + rest) if later else None
    soon = now + max(FIRST_PAUSE * (1 << (tries - 1)), rest)
    return min(soon, later) if later and later >= now + rest else soon


def may_look(asked: int) -> bool:
    """May a page be asked again at a host of which so many pages were asked `WITHIN`? New releases go before."""
    return asked < MOST_ASKED


def _share(name: str) -> float:
    """From 0 to 1, the same whenever it is worked out again."""
    return float(int.from_bytes(hashlib.sha256(name.encode()).digest()[:6]) / 2**48)
