"""Bytes → Items. Pure: the same bytes give the same items.

A format that can be read is a module here and a row in `parsers`.
"""

from collections.abc import Collection

import syndicate.parse.correction as correction
from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse.cut import Cut, cut
from syndicate.parse.encoding import decode
from syndicate.parse.fields import paragraphs
from syndicate.parse.links import FeedLink, feeds, looks_like, next_page
from syndicate.parse.opml import MAX_OPML_BYTES, MAX_OUTLINES, Subscription, Subscriptions, subscriptions
from syndicate.parse.parsers import FEED_TYPES, FEEDS, FORMAT_CHOICES, PARSERS, SUFFIXES, read
from syndicate.parse.rhythm import rhythm
from syndicate.parse.robots import MOST_BYTES as MOST_ROBOTS
from syndicate.parse.robots import Robots, product, robots
from syndicate.parse.sniff import charset, sniff

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
    "looks_like",
    "next_page",
    "paragraphs",
    "parse",
    "product",
    "rhythm",
    "robots",
    "subscriptions",
]


def detect(body: bytes, *, media_type: str | None = None, path: str | None = None) -> str:
    """The key of PARSERS for a document, by its content; media type and ending only break ties. Raises ParseError."""
    return sniff(decode(body, charset(media_type)), media_type=media_type, path=path)


def parse(  # size: all that may be known of a document before it is read
    body: bytes,
    *,
    url: str | None = None,
    path: str | None = None,
    media_type: str | None = None,
    format: str = "auto",
    select: tuple[tuple[str, str], ...] = (),
    headline: str | None = None,
    only: Collection[int] | None = None,
) -> tuple[Item, ...]:
    """What a document says, in its own order.

    `url` is the document's address, `path` its file, `media_type` the Content-Type it came with. `format` is a key of
    PARSERS, or `auto`. `select` are CSS selectors for an HTML page, by the name of what they find,
    `headline` is that of the release whose page it should be. `only`: of a document that can be cut (`cut`), the
    numbers of the entries that are wanted. Raises ParseError where it holds no release; a feed without entries is fine
    and empty.
    """
    text = decode(body, charset(media_type))
    if not text.strip():
        raise ParseError("the file is empty")
    name = sniff(text, media_type=media_type, path=path) if format == "auto" else format
    return read(name, text, url, select, headline, only)
