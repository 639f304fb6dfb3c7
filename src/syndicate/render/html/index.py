"""The first page of the site. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.model import Document, FeedPage, Site, Topic
from syndicate.render.html.entries import listed
from syndicate.render.html.feeds import discovery, feed_links
from syndicate.render.html.frame import framed
from syndicate.render.page import ALL
from syndicate.render.shown import day
from syndicate.render.words import words

LATEST = 10  # releases on the index


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic as the index lists it: how many releases a reader can see, and the date of the newest."""

    topic: Topic
    count: int
    newest: datetime | None


def index_page(site: Site, topics: Sequence[TopicSummary], latest: FeedPage) -> Document:
    """All topics with their feeds, and the newest releases of `latest` (the topic `all`), at `index.html`."""
    word = words(site.language)
    every = Topic(id=latest.topic.id, title=word["all_releases"])
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
    return framed(
        "index.html",
        "index.html",
        site,
        title=site.title,
        description=word["index_text"],
        canonical=site.base_url,
        discovery=discovery(site, (every,), latest.formats),
        summaries=summaries,
        feeds=feed_links(site, every.id, every.title, latest.formats),
        opml=f"{site.base_url}topics.opml",
        entries=listed(latest, latest.releases[:LATEST]),
    )
