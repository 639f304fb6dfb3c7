"""Bytes → Items. Pure: the same bytes give the same items.

A format that can be read is a module here and a row in `parsers`.
"""

from typing import TYPE_CHECKING

from syndicate.doors import by_need

if TYPE_CHECKING:
    from syndicate.parse import correction, frontmatter
    from syndicate.parse.cut import Cut, cut
    from syndicate.parse.document import detect, parse
    from syndicate.parse.encoding import decode
    from syndicate.parse.fields import paragraphs
    from syndicate.parse.hubs import hubs_of, hubs_of_header
    from syndicate.parse.links import FeedLink, feeds, looks_like, next_page
    from syndicate.parse.opml import MAX_OPML_BYTES, MAX_OUTLINES, Subscription, Subscriptions, subscriptions
    from syndicate.parse.parsers import FEED_TYPES, FEEDS, FORMAT_CHOICES, PARSERS, SUFFIXES
    from syndicate.parse.rhythm import rhythm
    from syndicate.parse.robots import MOST_ROBOTS, Robots, product, robots
    from syndicate.parse.sniff import charset

__all__ = [
    "FEEDS",
    "FEED_TYPES",
    "FORMAT_CHOICES",
    "MAX_OPML_BYTES",
    "MAX_OUTLINES",
    "MOST_ROBOTS",
    "PARSERS",
    "SUFFIXES",
    "Cut",
    "FeedLink",
    "Robots",
    "Subscription",
    "Subscriptions",
    "charset",
    "correction",
    "cut",
    "decode",
    "detect",
    "feeds",
    "frontmatter",
    "hubs_of",
    "hubs_of_header",
    "looks_like",
    "next_page",
    "paragraphs",
    "parse",
    "product",
    "rhythm",
    "robots",
    "subscriptions",
]

by_need(
    __name__,
    {
        "cut": ("Cut", "cut"),
        "document": ("detect", "parse"),
        "encoding": ("decode",),
        "fields": ("paragraphs",),
        "hubs": ("hubs_of", "hubs_of_header"),
        "links": ("FeedLink", "feeds", "looks_like", "next_page"),
        "opml": ("MAX_OPML_BYTES", "MAX_OUTLINES", "Subscription", "Subscriptions", "subscriptions"),
        "parsers": ("FEED_TYPES", "FEEDS", "FORMAT_CHOICES", "PARSERS", "SUFFIXES"),
        "rhythm": ("rhythm",),
        "robots": ("MOST_ROBOTS", "Robots", "product", "robots"),
        "sniff": ("charset",),
    },
)
