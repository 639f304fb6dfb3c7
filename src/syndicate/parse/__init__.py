"""Bytes → Items. Pure: the same bytes give the same items.

A parser is a function `(text, url) -> tuple[Item, ...]` and one row of PARSERS. It raises ParseError where the document
as a whole holds no release; a single entry that cannot be used comes back with its `damage` named, beside the others.
"""

import html
import re
from collections.abc import Callable
from importlib import import_module

from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse._sniff import charset, sniff
from syndicate.parse.encoding import decode
from syndicate.text import clean_url

Parser = Callable[[str, str | None], tuple[Item, ...]]

_HEAD = 100_000  # characters in which a page's links stand
_LINK = re.compile(r"<link\b[^>]{0,2000}>", re.IGNORECASE)
_FEED = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json)", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)

# Modules by name: they are heavy, and a cycle with nothing new needs none of them. None: recognised, not read yet.
PARSERS: dict[str, tuple[str, str] | None] = {
    "feed": ("syndicate.parse.xmlfeed", "read"),
    "json": ("syndicate.parse.jsonfeed", "read"),
    "ninjs": ("syndicate.parse.ninjs", "read"),
    "page": ("syndicate.parse.page", "read"),
    "markdown": ("syndicate.parse.markdown", "read"),
    "html": None,
}


def detect(body: bytes, *, media_type: str | None = None, path: str | None = None) -> str:
    """The key of PARSERS for a document, by its content; media type and ending only break ties. Raises ParseError."""
    return sniff(decode(body, charset(media_type)), media_type=media_type, path=path)


def parse(
    body: bytes,
    *,
    url: str | None = None,
    path: str | None = None,
    media_type: str | None = None,
    format: str = "auto",
    select: tuple[tuple[str, str], ...] = (),
) -> tuple[Item, ...]:
    """What a document says, in its own order.

    `url` is the document's address, `path` its file, `media_type` the Content-Type it came with. `format` is a key of
    PARSERS, or `auto`. Raises ParseError where it holds no release; a feed without entries is fine and empty.
    """
    text = decode(body, charset(media_type))
    if not text.strip():
        raise ParseError("the file is empty")
    name = sniff(text, media_type=media_type, path=path) if format == "auto" else format
    if name == "html":
        raise ParseError(_no_html(text, url))
    return _parser(name)(text, url)


def _no_html(text: str, url: str | None) -> str:
    """What to do about a page; it may name its feed itself (autodiscovery)."""
    links = (tag for tag in _LINK.findall(text[:_HEAD]) if "alternate" in tag.casefold() and _FEED.search(tag))
    hrefs = (href[1] for tag in links if (href := _HREF.search(tag)))
    feed = next((found for href in hrefs if (found := clean_url(html.unescape(href), url))), None)
    told = f"it names a feed: {feed}" if feed else "save the page as text, or give the address of its feed"
    return f"HTML pages are not read yet; {told}"


def _parser(name: str) -> Parser:
    if name not in PARSERS:
        raise ParseError(f"{name!r} is no format (formats are auto, {', '.join(PARSERS)})")
    row = PARSERS[name]
    if row is None:
        raise ParseError(_no_html("", None))
    module, function = row
    parser: Parser = getattr(import_module(module), function)
    return parser
