"""What is to be rendered again, though no release has changed."""

from datetime import datetime, timedelta

from syndicate.model import NEWS_SPAN, Publishing
from syndicate.placement import Dirty, Placement, everything, expiring
from syndicate.store import Store

_SERVERS = 5_000  # whose robots.txt is remembered
_STEP, _STEPS = 200, 100  # bodies that go in one transaction, and transactions in a row
DROPPED = timedelta(days=90)  # what a rule has dropped
KEPT = timedelta(days=30)  # a version after it was superseded; what happened


def mark_all(store: Store, *, now: datetime) -> None:
    """Everything: the program, the site or the topics are not what they were."""
    with store.transaction():
        store.feeds.write(everything(store.feeds.outline(), store.releases.with_page()), now)


def forget_raw(store: Store, keep: timedelta, *, now: datetime) -> None:
    """The bytes that were found longer ago than that go, some at a time, so that nobody waits long for his turn."""
    for _ in range(_STEPS):
        with store.transaction():
            if store.readings.forget_bytes(now - keep, _STEP) < _STEP:
                return


def expire(store: Store, publish: Publishing, *, now: datetime) -> None:
    """The feeds where a tombstone or a notice has had its time since the last look, and what is no news any more.

    Once an hour, what need not be known any longer of versions and of what happened goes, and what a clock that was
    ahead has put off for years is put off no more.
    """
    with store.transaction():
        last = store.recalled("expired")
        spans = (publish.tombstones, publish.withdrawal_notice)
        since = datetime.fromisoformat(last) if last else now
        if since.replace(minute=0, second=0, microsecond=0) != now.replace(minute=0, second=0, microsecond=0):
            store.versions.expire(now - KEPT)
            store.happened.expire(now - KEPT)
            store.robots.expire(now - KEPT, _SERVERS)
            store.days.expire(now)
            store.dropped.expire(now - DROPPED)
            store.waits.believe(now)
        (news,) = expiring(since, now, (NEWS_SPAN,))
        turned = store.feeds.turned(expiring(since, now, spans), news)
        marks = (Dirty("topic", feed) if feed else Dirty("site") for feed in dict.fromkeys(turned))
        store.feeds.write(Placement(dirty=tuple(marks)), now)
        store.remember("expired", now.isoformat())
