"""What is to be rendered again, and what becomes of feeds, though no release has changed."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from syndicate.model import Topic
from syndicate.placement.place import new_feed
from syndicate.placement.values import Dirty, NewFeed, Outline, Placement, Renamed


def opened(topics: Iterable[Topic], outline: Outline, *, tag: str) -> Placement:
    """A feed for each topic: one that an alias has is renamed, else it is made, empty."""
    pages = dict(outline.pages)
    created, renamed, dirty = list[NewFeed](), list[Renamed](), list[Dirty]()
    for topic in topics:
        if topic.id in pages:
            continue
        earlier = next((alias for alias in topic.aliases if alias in pages), None)
        if earlier is None:
            created.append(new_feed(topic, tag))
            pages[topic.id] = ()
        else:
            renamed.append(Renamed(earlier, topic.id, topic.title))
            pages[topic.id] = pages.pop(earlier)
        dirty += [*_of_feed(topic.id, pages[topic.id]), Dirty("site")]
    return Placement(created=tuple(created), renamed=tuple(renamed), dirty=tuple(dirty))


def everything(outline: Outline, releases: Iterable[str]) -> Placement:
    """The program, the site or the topics are not what they were. `releases`: those that have a page of ours."""
    feeds = [mark for feed, numbers in outline.pages.items() for mark in _of_feed(feed, numbers)]
    return Placement(dirty=(*feeds, *(Dirty("release", i) for i in releases), Dirty("site")), again=True)


def expiring(last: datetime, now: datetime, spans: Iterable[timedelta]) -> tuple[tuple[datetime, datetime], ...]:
    """(after, until): what was of one of these times has been shown for its span since the last look."""
    return tuple((last - span, now - span) for span in spans)


def _of_feed(feed: str, numbers: Sequence[int]) -> list[Dirty]:
    return [Dirty("topic", feed), *(Dirty("page", f"{feed}/{number}") for number in numbers)]
