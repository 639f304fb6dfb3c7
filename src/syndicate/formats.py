"""The formats of a feed, one row each, and the names that their specifications give things.

A new one is a module in `render/` with `render(page, content) -> bytes` and a row here: configuration, file names,
autodiscovery, pages for people, archives, the check before publishing and the server go by this table.
"""

from types import MappingProxyType
from typing import NamedTuple


class Format(NamedTuple):
    """`suffix` has no dot in front: a topic's head is `TOPIC.suffix`, its archive pages are `TOPIC/n.suffix`.

    `renderer` is a module of `render/`, imported on first use. A format with `tombstones` says of a withdrawn release
    that it is gone (RFC 6721), the others show a notice in its place. One with `releases` has a document for each
    release as well, `releases/ID.suffix`. One without `hub` is asked for, never pushed (WebSub). What is `usual` is
    published where the operator names no formats.
    """

    name: str  # in config.toml
    suffix: str
    media_type: str
    renderer: str
    label: str  # for people
    archive: bool = True  # has it pages behind its head
    tombstones: bool = False
    releases: bool = False
    hub: bool = True
    usual: bool = False


# In the order of autodiscovery and of OPML: most feed readers take the first.
_ROWS = (
    Format("atom", "atom", "application/atom+xml", "atom", "Atom", tombstones=True, usual=True),
    Format("rss", "rss", "application/rss+xml", "rss", "RSS", archive=False, usual=True),
    Format("json", "json", "application/feed+json", "jsonfeed", "JSON", usual=True),
    # No type is registered for it: its users serve it as JSON.
    Format("ninjs", "ninjs.json", "application/json", "ninjs", "ninjs", archive=False, releases=True, hub=False),
)
FORMATS = MappingProxyType({row.name: row for row in _ROWS})
_BY_SUFFIX = {row.suffix: row for row in _ROWS}
USUAL = tuple(row.name for row in _ROWS if row.usual)


def head_named(path: str) -> tuple[str, Format] | None:
    """The topic and the format of a head, by its path like `gesundheit.atom`; None where it can be none."""
    topic, _, suffix = path.partition(".")
    row = _BY_SUFFIX.get(suffix)
    return (topic, row) if row and topic and "/" not in topic else None


ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SITEMAP_MOST = 50_000  # entries of one map
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
JSON_FEED = "https://jsonfeed.org/version/1.1"
NINJS = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"  # its schema, as a document names it

# In a list of feeds that we write: what else its sources' configuration says, for an import here.
SOURCE_NAMESPACE = "urn:x-syndicate:source"
