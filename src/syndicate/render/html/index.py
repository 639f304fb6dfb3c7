"""The first page of the site: the news, beside them the topics. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage, Topic
from syndicate.render.html.entries import filled, holes, line, listed
from syndicate.render.html.feeds import discovery, feed_links
from syndicate.render.html.frame import Head, framed
from syndicate.render.html.topic import address
from syndicate.render.page import ALL, Joined
from syndicate.render.shown import day
from syndicate.render.words import words

LEADING = 10  # releases with teaser and picture; the others are a line each
LEADING_HEADING = "h3"
PATH = "index.html"


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic as the index lists it: how many releases a reader can see, and the date of the newest."""

    topic: Topic
    count: int
    newest: datetime | None


def index_page(topics: Sequence[TopicSummary], latest: FeedPage) -> Document:
    """The head of everything (`latest`, the topic `all`) and all topics with their feeds, at `index.html`."""
    leading = [listed(release, latest, LEADING_HEADING) for release in latest.releases[:LEADING]]
    further = [line(release, latest) for release in latest.releases[LEADING:]]
    return Document(PATH, TYPES[".html"], index_joined(topics, latest, leading, further).whole)


def index_joined(
    topics: Sequence[TopicSummary], latest: FeedPage, leading: Sequence[bytes], further: Sequence[bytes]
) -> Joined:
    """The same with these entries, whatever the `releases` of `latest` are. It is O(topics) by what it shows."""
    site = latest.site
    word = words(site.language)
    summaries = [
        {
            "title": summary.topic.title,
            "url": f"{site.base_url}{summary.topic.id}.html",
            "count": word["one_release"] if summary.count == 1 else word["releases_count"].format(count=summary.count),
            "newest": day(summary.newest, site) if summary.newest else None,
            "feeds": feed_links(site, summary.topic.id, summary.topic.title, latest.formats),
        }
        for summary in topics
        if summary.topic.id != ALL
    ]
    first, others = holes(leading, further)
    older = "" if latest.older is None else address(latest, latest.older)
    frame = framed(
        "index.html",
        PATH,
        site,
        Head(site.title, word["index_text"], site.base_url, feeds=discovery(site, (), latest.formats), older=older),
        first=True,
        summaries=summaries,
        feeds=feed_links(site, ALL, word["all_releases"], latest.formats),
        opml=f"{site.base_url}topics.opml",
        leading=first,
        further=others,
        older=older,
    )
    return filled(frame, leading, further)
