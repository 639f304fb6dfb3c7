"""What changed in a feed since a version of it, as a feed (RFC 3229 with `A-IM: feed`; what a hub pushes)."""

from datetime import datetime

from syndicate.documents.context import Context
from syndicate.documents.digests import split
from syndicate.documents.feed_pages import FeedPages
from syndicate.formats import FORMATS
from syndicate.model import Document, Plan
from syndicate.render import feed_path
from syndicate.store import Store, Version

_PAGES = 2  # that may have closed since: who has missed more has nothing in common with the head


def is_news(since: Version, latest: Version) -> bool:
    """Does the head show in `latest` what did not stand just so in `since`? So it is, too, where nobody knows."""
    if since.positions is None or latest.positions is None:
        return True
    return not split(latest.positions) <= split(since.positions)


def delta(store: Store, plan: Plan, topic: str, form: str, since: Version, now: datetime) -> Document | None:
    """The head of this topic in this form without what stood just so in the version `since`; reads only.

    Whoever holds that version, and what this says besides, holds what stands in the head that is published
    (`store.versions.latest` before and after tells whether it still is): entries that came, were corrected or changed
    in place; tombstones, or notices, of what was withdrawn. What left the topic is not named: nobody is to drop it.

    It is the head in all else: its id, its title, `self`, `hub`. Its `prev-archive` too: pages that have closed since
    come first on that walk, then those that the reader knows (RFC 5005, section 4). It alone never says that it is the
    whole feed (section 2), so that nobody drops what it leaves out.

    None, so the head is to be sent: that version is of another document, its entries are not known, more than two pages
    have closed since, nothing of the head stood in it, there is none such head, or the store is ahead of what is
    published.
    """
    path = feed_path(topic, FORMATS[form].suffix)
    latest = store.versions.latest(path) if form in plan.publish.formats and since.document == path else None
    if latest is None or latest.positions is None or since.positions is None:
        return None
    if latest.id == since.id or store.feeds.closed_since(topic, since.closed) > _PAGES:
        return None
    held, published = split(since.positions), split(latest.positions)
    if held.isdisjoint(published):
        return None
    return FeedPages(Context(store, plan, now)).delta(topic, form, held, published - held)
