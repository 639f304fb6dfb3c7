"""What search engines are told: `robots.txt`, and an index of maps (sitemaps.org 0.9). Pure.

A group of closed pages of everything has a map of its own, which changes when one of them does; all that is newer, the
head and the pages of the group that is not full yet, stands in one map, where the news of two days are marked as such.
So a new release writes two maps, however many there are, and each release that readers see stands in one of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from itertools import accumulate
from typing import Any, NamedTuple

from lxml import etree

from syndicate.formats import NEWS, SITEMAP
from syndicate.mediatypes import TYPES
from syndicate.model import NEWS_SPAN, Document, Release, Site
from syndicate.render.address import page_url
from syndicate.render.page import Joined
from syndicate.text import squeeze

GROUP = 4  # closed pages to a map: with those of a group that is not full, the largest head is one address below 50,000
_MARKED = 1_000  # of the newest, as many as one map may mark
_MAP = "sitemaps/{}.xml"
OPEN = _MAP.format("head")
INDEX = "sitemap.xml"
_LINES = "  <sitemap>\n    <loc>{}</loc>\n    <lastmod>{}</lastmod>\n  </sitemap>\n"


class Mapped(NamedTuple):
    """An address and when what is there last changed. A release's own page names the release, if that is news."""

    address: str
    changed: datetime
    news: Release | None = None


def group_of(number: int) -> int:
    """The group of a closed page, by its number."""
    return (number - 1) // GROUP + 1


def numbers_of(group: int) -> range:
    """The closed pages of a group."""
    return range((group - 1) * GROUP + 1, group * GROUP + 1)


def closed_map(group: int, releases: Iterable[Release], site: Site) -> Document:
    """What stands on the pages of a group that is full: nothing of it is news by its place."""
    return _map(str(group), (Mapped(page_url(release, site), release.updated) for release in releases), site)


def open_map(releases: Sequence[Release], site: Site, now: datetime) -> Document:
    """What is newer, the newest first."""
    marked = news([release.published for release in releases], now)
    pieces = [piece(release, site, news=is_news) for release, is_news in zip(releases, marked, strict=True)]
    return Document(OPEN, TYPES[".xml"], joined(pieces).whole)


def news(published: Iterable[datetime], now: datetime) -> list[bool]:
    """Which of these, the newest first, the open map marks: what is news, as far as one map may mark it."""
    fresh = [now - NEWS_SPAN < at <= now for at in published]
    return [is_news and before < _MARKED for is_news, before in zip(fresh, accumulate(fresh, initial=0), strict=False)]


def piece(release: Release, site: Site, *, news: bool) -> bytes:
    """The lines of a release in its map."""
    return _piece(Mapped(page_url(release, site), release.updated, release if news else None), site)


def joined(pieces: Sequence[bytes]) -> Joined:
    """A map of these lines, and the same without them."""
    root = _root("urlset", **({"news": NEWS} if any(b"<news:" in piece for piece in pieces) else {}))
    bare = _written(root)
    if not pieces:
        return Joined(bare, bare)
    start = bare.removesuffix(b"/>\n") + b">\n"
    return Joined(start + b"".join(pieces) + b"</urlset>\n", bare)


def topic_map(pages: Iterable[Mapped], site: Site) -> Document:
    """The first page, and those of topics."""
    return _map("topics", pages, site)


def sitemap(groups: Mapping[int, datetime], changed: datetime, site: Site) -> Document:
    """The index. `groups` are the full ones, and when one of their pages last changed; `changed` is the site's."""
    return Document(INDEX, TYPES[".xml"], index(changed, closed_lines(groups, site), site).whole)


def closed_lines(groups: Mapping[int, datetime], site: Site) -> bytes:
    """The lines of the full groups in the index, the newest first: they stay while none of their pages changes."""
    base = escape(site.base_url, quote=False)
    return "".join(
        _LINES.format(base + _MAP.format(group), groups[group].isoformat()) for group in sorted(groups)[::-1]
    ).encode()


def index(changed: datetime, lines: bytes, site: Site) -> Joined:
    """The index with these lines of full groups, and without. `changed` is the site's."""
    root = _root("sitemapindex")
    for name in ("topics", "head"):
        _place(etree.SubElement(root, f"{{{SITEMAP}}}sitemap"), site.base_url + _MAP.format(name), changed)
    bare = _written(root)
    at = bare.rindex(b"</sitemapindex>")
    return Joined(bare[:at] + lines + bare[at:], bare)


def robots(site: Site, *, maps: bool) -> Document:
    """Everything that is published may be read, and where the index is."""
    lines = ["User-agent: *", "Disallow:", *([f"Sitemap: {site.base_url}{INDEX}"] if maps else [])]
    return Document("robots.txt", TYPES[".txt"], "".join(f"{line}\n" for line in lines).encode())


def _map(name: str, pages: Iterable[Mapped], site: Site) -> Document:
    pieces = [_piece(row, site) for row in pages]
    return Document(_MAP.format(name), TYPES[".xml"], joined(pieces).whole)


def _piece(row: Mapped, site: Site) -> bytes:
    root = _root("urlset", news=NEWS)
    url = etree.SubElement(root, f"{{{SITEMAP}}}url")
    _place(url, row.address, row.changed)
    for element, text in _news(row.news, site) if row.news else ():
        at = url
        for step in element:
            found = at.find(f"{{{NEWS}}}{step}")
            at = etree.SubElement(at, f"{{{NEWS}}}{step}") if found is None else found
        at.text = text
    return b"".join(_written(root).splitlines(keepends=True)[2:-1])


def _news(release: Release, site: Site) -> Iterator[tuple[tuple[str, ...], str]]:
    """Google's extension: its language is ISO 639, of two or three letters."""
    yield ("news", "publication", "name"), site.title
    yield ("news", "publication", "language"), release.language.split("-")[0].lower()
    yield ("news", "publication_date"), release.published.isoformat()
    yield ("news", "title"), squeeze(release.title)


def _root(name: str, **namespaces: str) -> etree._Element:
    known: dict[Any, str] = {None: SITEMAP, **namespaces}
    return etree.Element(f"{{{SITEMAP}}}{name}", nsmap=known)


def _place(parent: etree._Element, address: str, changed: datetime) -> None:
    for name, text in (("loc", address), ("lastmod", changed.isoformat())):
        etree.SubElement(parent, f"{{{SITEMAP}}}{name}").text = text


def _written(root: etree._Element) -> bytes:
    etree.indent(root)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
