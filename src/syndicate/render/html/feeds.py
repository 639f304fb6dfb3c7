"""The feeds that a page names: in its head for programs, in a box for people. Pure."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from syndicate.formats import FORMATS
from syndicate.model import Site, Topic
from syndicate.render.address import feed_path
from syndicate.render.page import ALL
from syndicate.render.words import words


class FeedLink(NamedTuple):
    label: str  # Atom-Feed
    title: str  # Gesundheit (Atom)
    type: str
    url: str


def feed_links(site: Site, topic_id: str, title: str, formats: Collection[str]) -> list[FeedLink]:
    said = words(site.language)["feed"]
    return [
        FeedLink(
            said.format(format=row.label),
            f"{title} ({row.label})",
            row.media_type,
            site.base_url + feed_path(topic_id, row.suffix),
        )
        for name, row in FORMATS.items()
        if name in formats
    ]


def first_links(site: Site, topics: Iterable[Topic], formats: Collection[str]) -> list[FeedLink]:
    """Of each topic, and of everything, the one feed that most readers take."""
    named = [(topic.id, topic.title) for topic in topics] + [(ALL, words(site.language)["all_releases"])]
    found = ((title, feed_links(site, topic_id, title, formats)[:1]) for topic_id, title in named)
    return [feed._replace(label=title) for title, feeds in found for feed in feeds]


def discovery(site: Site, topics: Iterable[Topic], formats: Collection[str]) -> list[FeedLink]:
    """The topics' feeds, then those of everything; of each the Atom feed first."""
    named = {topic.id: topic.title for topic in topics}
    named.setdefault(ALL, words(site.language)["all_releases"])
    return [feed for topic_id, title in named.items() for feed in feed_links(site, topic_id, title, formats)]
