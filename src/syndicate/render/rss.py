"""RSS 2.0 with content:encoded, Dublin Core and Media RSS. Only the head: RSS has no archive pages.

Titles are plain text, escaped once, as the specification has it; descriptions are HTML. Some readers take a title for
HTML all the same: one that would act there (`<script>`, `<b onclick=…>`) is escaped twice; `<3` and `<b>` are not.
"""

import re
from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

import syndicate
from syndicate.addresses import is_public
from syndicate.formats import ATOM, CONTENT, DUBLIN_CORE, FORMATS, HISTORY, MEDIA
from syndicate.model import FeedPage, Release
from syndicate.render.address import alternate
from syndicate.render.content import compose_notice
from syndicate.render.generator import add_media, join, new_entry, new_feed, piece, used
from syndicate.render.page import (
    Content,
    Joined,
    attachments,
    author,
    categories,
    feed_title,
    home_url,
    is_whole,
    licence,
    notice_title,
    notice_url,
)
from syndicate.render.stylesheet import styled
from syndicate.text import squeeze
from syndicate.urls import clean_url

_FORMAT = FORMATS["rss"]

_HARMLESS = "b|i|u|s|em|strong|small|sub|sup|code|q|cite|br"
_ACTING = re.compile(rf"<(?=[a-z/!?])(?!/?(?:{_HARMLESS})\s*/?>)", re.IGNORECASE)


def render(page: FeedPage, content: Content) -> bytes:
    return joined(page, [entry(release, page, content(release)) for release in page.releases]).whole


def entry(release: Release, page: FeedPage, content: str) -> bytes:
    """The lines of one item: the same on every page of the same site."""
    made = new_entry(release.atom_id, _inert(release.title))
    _item(made, release, page, content)
    return _piece(made)


def joined(page: FeedPage, entries: Sequence[bytes]) -> Joined:
    """The head with these items, whatever its `releases` are."""
    media = {"media": MEDIA} if used(entries, "media") else {}
    history = {"fh": HISTORY} if is_whole(page) else {}
    feed = new_feed(page, _FORMAT, {"dc": DUBLIN_CORE} | media | history)
    feed.title(_inert(feed_title(page)))
    feed.description(_inert(page.topic.description or feed_title(page)))
    feed.docs("")
    feed.generator(f"syndicate {syndicate.__version__}")
    if page.site.rights:
        feed.copyright(page.site.rights)
    _date(feed, page)
    feed.own.add(f"{{{DUBLIN_CORE}}}creator", author(page))
    _image(feed, page)
    if page.hub:
        feed.own.add(f"{{{ATOM}}}link", rel="hub", href=page.hub)
    if is_whole(page):
        feed.own.add(f"{{{HISTORY}}}complete")
    written = styled(_escaped(bytes(feed.rss_str(pretty=True))), page)
    end = b"  </channel>\n</rss>"
    with_notices = join(written, [*_notices(page)], end).whole
    return join(with_notices, entries, end)


def _piece(made: FeedEntry) -> bytes:
    known = {"dc": DUBLIN_CORE, "media": MEDIA, "atom": ATOM, "content": CONTENT}
    root = etree.Element("rss", nsmap=known)
    etree.SubElement(root, "channel")
    return _escaped(piece(made.rss_entry(), root))


def _escaped(written: bytes) -> bytes:
    """To XML the same; the RSS Advisory Board's profile finds that more readers keep these in a plain text title."""
    return written.replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")


def _inert(title: str) -> str:
    return title.replace("<", "&lt;") if _ACTING.search(title) else title


def _date(feed: FeedGenerator, page: FeedPage) -> None:
    # feedgen writes dates through locale.setlocale, for the whole process, and has no public way to leave this one out.
    feed._FeedGenerator__rss_lastBuildDate = None
    feed.own.add("lastBuildDate", format_datetime(page.updated))


def _image(feed: FeedGenerator, page: FeedPage) -> None:
    """Title and link are the channel's. RSS knows no SVG."""
    if page.site.icon.endswith(".png"):
        image = feed.own.add("image")
        for name, text in (
            ("url", page.site.base_url + page.site.icon),
            ("title", _inert(feed_title(page))),
            ("link", home_url(page)),
        ):
            etree.SubElement(image, name).text = text


def _item(entry: FeedEntry, release: Release, page: FeedPage, content: str) -> None:
    entry.link(href=alternate(release, page.site))
    # Readers take a description for HTML.
    entry.description(escape(release.teaser or release.title, quote=False))
    entry.content(content)
    _categories(entry, release, page)
    _enclosure(entry, release, page)
    if release.origin and release.origin.title and release.origin.url and (url := clean_url(release.origin.url)):
        entry.source(url=url, title=_inert(squeeze(release.origin.title)))
    entry.own.add("pubDate", format_datetime(release.published))
    entry.own.add(f"{{{ATOM}}}updated", release.updated.isoformat())
    for name in release.authors:
        entry.own.add(f"{{{DUBLIN_CORE}}}creator", name)
    if release.language != page.site.language:
        entry.own.add(f"{{{DUBLIN_CORE}}}language", release.language)
    if release.license:
        entry.own.add(f"{{{DUBLIN_CORE}}}rights", release.license)
    if address := licence(release)[0]:
        entry.own.add(f"{{{ATOM}}}link", rel="license", href=address)
    add_media(entry, release, page)


def _categories(entry: FeedEntry, release: Release, page: FeedPage) -> None:
    """Many readers show them without their domain: what a topic already says is not said again by the kicker."""
    said = set()
    for term, scheme, label in categories(release, page):
        if (name := label or term) not in said:
            said.add(name)
            entry.category(term=name, scheme=scheme)


def _enclosure(entry: FeedEntry, release: Release, page: FeedPage) -> None:
    """The first attachment that can be fetched from anywhere; RSS has room for one, and wants a length even so.

    The content links them all.
    """
    for url, type_, enclosure in attachments(release, page):
        if is_public(url):
            entry.enclosure(url=url, length=enclosure.length or 0, type=type_)
            return


def _notices(page: FeedPage) -> Iterable[bytes]:
    """Most readers know no tombstones: under the id of a withdrawn release stands that it was withdrawn."""
    for tombstone in page.tombstones:
        text = compose_notice(tombstone, page)
        notice = new_entry(tombstone.atom_id, notice_title(tombstone, page.site))
        notice.link(href=notice_url(tombstone, page))
        notice.description(text)
        notice.content(text)
        notice.own.add("pubDate", format_datetime(tombstone.published))
        notice.own.add(f"{{{ATOM}}}updated", tombstone.when.isoformat())
        yield _piece(notice)
