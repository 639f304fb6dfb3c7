"""The formats that can be read, one row each.

A new one is a module in `parse/` with `read(text, url) -> tuple[Item, ...]` and a row here: configuration, folders,
detection by suffix and media type, autodiscovery, `preview --format` and help go by this table. It raises ParseError
where the document as a whole holds no release; a single entry that cannot be used comes back with its `damage` named,
beside the others.
"""

from collections.abc import Callable, Collection
from importlib import import_module
from typing import NamedTuple

from syndicate.errors import ParseError
from syndicate.model import Item

Read = Callable[..., tuple[Item, ...]]


class Parser(NamedTuple):
    """A `feed` is asked for as such: under its media types, and a page that comes in its place is a failure.

    `cut` is the module whose `cut(text, url)` gives a document's entries apart, unread (`parse.cut`); its `read` takes
    which of them are wanted as a third argument. One with `select` takes the operator's selectors as a third argument,
    and the headline that a page should have as a fourth. Modules by name: they are heavy, and a cycle with nothing new
    needs none of them.
    """

    module: str
    suffixes: tuple[str, ...] = ()  # of files, with their dot
    types: tuple[str, ...] = ()
    feed: bool = False
    select: bool = False
    cut: str = ""


PARSERS: dict[str, Parser] = {
    "feed": Parser(
        "syndicate.parse.feed.read",
        (".xml", ".rss", ".atom", ".rdf"),
        ("application/atom+xml", "application/rss+xml", "application/rdf+xml"),
        feed=True,
        cut="syndicate.parse.feed",
    ),
    "json": Parser(
        "syndicate.parse.jsonfeed", (".json",), ("application/feed+json",), feed=True, cut="syndicate.parse.jsonfeed"
    ),
    "ninjs": Parser("syndicate.parse.ninjs", feed=True, cut="syndicate.parse.ninjs"),
    "page": Parser("syndicate.parse.plaintext", (".txt",)),
    "html": Parser("syndicate.parse.html", (".html", ".htm"), ("text/html", "application/xhtml+xml"), select=True),
    "markdown": Parser("syndicate.parse.markdown", (".md", ".markdown"), ("text/markdown",)),
}
FORMAT_CHOICES = ("auto", *PARSERS)  # as an operator names them
FEEDS = frozenset(name for name, row in PARSERS.items() if row.feed)
FEED_TYPES = tuple(type_ for row in PARSERS.values() if row.feed for type_ in row.types)
SUFFIXES = tuple(suffix for row in PARSERS.values() for suffix in row.suffixes)

_BY_SUFFIX = {suffix: name for name, row in PARSERS.items() for suffix in row.suffixes} | {".xhtml": "html"}
_BY_TYPE = {type_: name for name, row in PARSERS.items() for type_ in row.types}


def read(
    name: str,
    text: str,
    url: str | None,
    select: tuple[tuple[str, str], ...],
    headline: str | None = None,
    only: Collection[int] | None = None,
) -> tuple[Item, ...]:
    """What a text in this format says; of one that can be cut, perhaps `only` some entries. Raises ParseError."""
    if name not in PARSERS:
        raise ParseError(f"{name!r} is no format (formats are {', '.join(FORMAT_CHOICES)})")
    row = PARSERS[name]
    parser: Read = import_module(row.module).read
    if row.cut:
        return parser(text, url, only)
    return parser(text, url, select, headline) if row.select else parser(text, url)


def by_name(suffix: str, media_type: str) -> str | None:
    """The format that a file's suffix (with its dot) promises, else a media type (without parameters)."""
    return _BY_SUFFIX.get(suffix) or _BY_TYPE.get(media_type)
