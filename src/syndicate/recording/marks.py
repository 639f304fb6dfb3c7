"""What is to be rendered again, though no release has changed."""

from datetime import datetime

from syndicate.model import Publishing
from syndicate.placement import Dirty, Placement, everything, expiring
from syndicate.store import Store


def mark_all(store: Store, *, now: datetime) -> None:
    """Everything: the program, the site or the topics are not what they were."""
    with store.transaction():
        store.feeds.write(everything(store.feeds.outline(), store.releases.with_page()), now)


def expire(store: Store, publish: Publishing, *, now: datetime) -> None:
    """The feeds where a tombstone or a notice has had its time since the last look."""
    with store.transaction():
        last = store.recalled("expired")
        spans = (publish.tombstones, publish.withdrawal_notice)
        times = expiring(datetime.fromisoformat(last) if last else now, now, spans)
        feeds = dict.fromkeys(feed for after, until in times for feed in store.feeds.withdrawn(after, until))
        store.feeds.write(Placement(dirty=tuple(Dirty("topic", feed) for feed in feeds)), now)
        store.remember("expired", now.isoformat())
