"""The feeds that a page names: in its head for programs, in a box for people. Pure."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, NamedTuple

from markupsafe import Markup

from syndicate.formats import FORMATS
from syndicate.model import Site, Topic
from syndicate.render.address import feed_path
from syndicate.render.page import ALL
from syndicate.render.templates import environment
from syndicate.render.words import words

_PARTS: Any = environment.get_template("parts.html").module
_HEAD: Any = environment.get_template("head.html").module
_REMEMBERED = 200  # topics, or groups of them, that releases have


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


@lru_cache(_REMEMBERED)
def subscribe(site: Site, topics: tuple[Topic, ...], formats: tuple[str, ...]) -> Markup:
    """Of each topic, and of everything, the one feed that most readers take."""
    word = words(site.language)
    named = [(topic.id, topic.title) for topic in topics] + [(ALL, word["all_releases"])]
    found = ((title, feed_links(site, topic_id, title, formats)[:1]) for topic_id, title in named)
    feeds = [feed._replace(label=title) for title, feeds in found for feed in feeds]
    return Markup(_PARTS.subscribe(feeds, word) if feeds else "")  # noqa: S704 - a template's


@lru_cache(_REMEMBERED)
def discovery(site: Site, topics: tuple[Topic, ...], formats: tuple[str, ...]) -> Markup:
    """The topics' feeds, then those of everything; of each the Atom feed first."""
    word = words(site.language)
    named = {topic.id: topic.title for topic in topics}
    named.setdefault(ALL, word["all_releases"])
    feeds = [feed for topic_id, title in named.items() for feed in feed_links(site, topic_id, title, formats)]
    return Markup(_HEAD.feeds(feeds, site, word))  # noqa: S704 - a template's
