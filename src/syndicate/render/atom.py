"""Atom 1.0 (RFC 4287), archive pages (RFC 5005 section 4), tombstones (RFC 6721), Media RSS."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from syndicate.addresses import is_id
from syndicate.formats import ATOM, FORMATS, HISTORY, MEDIA, TOMBSTONES
from syndicate.model import FeedPage, Origin, Release
from syndicate.notices import dates
from syndicate.render.address import alternate
from syndicate.render.correction import linked
from syndicate.render.generator import LANG, add_media, join, new_entry, new_feed, piece, used
from syndicate.render.page import (
    Content,
    Joined,
    attachments,
    author,
    categories,
    feed_url,
    is_whole,
    licence,
    reason,
    related_url,
)
from syndicate.render.stylesheet import styled
from syndicate.text import squeeze
from syndicate.urls import clean_url

_FORMAT = FORMATS["atom"]


def render(page: FeedPage, content: Content) -> bytes:
    return joined(page, [entry(release, page, content(release)) for release in page.releases]).whole


def entry(release: Release, page: FeedPage, content: str) -> bytes:
    """The lines of one entry: the same on every page of the same site."""
    made = new_entry(release.atom_id, release.title)
    _entry(made, release, page, content)
    return piece(made.atom_entry(), etree.Element("feed", {"xmlns": ATOM}, nsmap={"media": MEDIA}))


def joined(page: FeedPage, entries: Sequence[bytes]) -> Joined:
    """A page of these entries, whatever its `releases` are."""
    feed = new_feed(page, _FORMAT, _namespaces(page, entries))
    feed.id(page.atom_id)
    feed.author(name=author(page))
    if page.topic.description:
        feed.subtitle(page.topic.description)
    if page.site.rights:
        feed.rights(page.site.rights)
    if page.site.icon:
        feed.icon(page.site.base_url + page.site.icon)
        feed.logo(page.site.base_url + page.site.icon)
    _archive(feed, page)
    _tombstones(feed, page)
    written = styled(bytes(feed.atom_str(pretty=True)), page)
    return join(written, entries, b"</feed>")


def _namespaces(page: FeedPage, entries: Sequence[bytes]) -> dict[str, str]:
    """Declared only where used: to the W3C validator, `at` is unknown."""
    there = {
        "media": used(entries, "media"),
        "fh": page.number is not None or is_whole(page),
        "at": bool(page.tombstones),
    }
    known = {"media": MEDIA, "fh": HISTORY, "at": TOMBSTONES}
    return {prefix: known[prefix] for prefix, is_used in there.items() if is_used}


def _archive(feed: FeedGenerator, page: FeedPage) -> None:
    """RFC 5005: the head links the newest archive page, an archive page its neighbours and the head (section 4).

    A head without an archive says that it is all there is (section 2), until its first page closes: from then on there
    is always one.
    """

    def link(rel: str, number: int | None) -> None:
        feed.own.add("link", rel=rel, type=_FORMAT.media_type, href=feed_url(page, _FORMAT.suffix, number))

    if page.hub:
        feed.own.add("link", rel="hub", href=page.hub)
    if page.older is not None:
        link("prev-archive", page.older)
    if page.newer is not None:
        link("next-archive", page.newer)
    if page.number is not None:
        link("current", None)
        feed.own.add(f"{{{HISTORY}}}archive")
    if is_whole(page):
        feed.own.add(f"{{{HISTORY}}}complete")


def _tombstones(feed: FeedGenerator, page: FeedPage) -> None:
    for tombstone in page.tombstones:
        entry = feed.own.add(f"{{{TOMBSTONES}}}deleted-entry", ref=tombstone.atom_id, when=tombstone.when.isoformat())
        if why := reason(tombstone):
            etree.SubElement(entry, f"{{{TOMBSTONES}}}comment").text = why
        if tombstone.moved and tombstone.address:
            etree.SubElement(entry, f"{{{ATOM}}}link", rel="successor-version", href=tombstone.address)


def _entry(entry: FeedEntry, release: Release, page: FeedPage, content: str) -> None:
    entry.published(release.published)
    entry.updated(release.updated)
    if release.teaser:
        entry.summary(release.teaser)
    entry.content(content, type="html")
    if release.authors:
        entry.author([{"name": name} for name in release.authors])
    for term, scheme, label in categories(release, page):
        entry.category(term=term, scheme=scheme, **({"label": label} if label else {}))
    if release.language != page.site.language:
        entry.own.set(LANG, release.language)
    _links(entry, release, page)
    _source(entry, release.origin)
    add_media(entry, release, page)


def _links(entry: FeedEntry, release: Release, page: FeedPage) -> None:
    link = entry.own.add
    link("link", rel="alternate", type="text/html", href=alternate(release, page.site))
    for url, type_, enclosure in attachments(release, page):
        length = None if enclosure.length is None else str(enclosure.length)
        link("link", rel="enclosure", type=type_, length=length, title=enclosure.title, href=url)
    for url, title in _related(release, page).items():
        link("link", rel="related", title=title, href=url)
    address, terms = licence(release)
    if address:
        link("link", rel="license", href=address)
    if terms:
        entry.rights(terms)
    # clean_url also drops credentials, should a source's address ever carry some.
    if release.origin and release.origin.url and (via := clean_url(release.origin.url)):
        link("link", rel="via", href=via)


def _related(release: Release, page: FeedPage) -> dict[str, str]:
    """Titles by address: what the source names, then what it corrects or is corrected by; no address twice."""
    links: dict[str, str] = {}
    for related in release.related:
        if url := related_url(related, page):
            links.setdefault(url, related.title)
    for correction in linked(page.corrections.get(release.id, ()), page.site):
        links.setdefault(correction.url, correction.title)
    return links


def _source(entry: FeedEntry, origin: Origin | None) -> None:
    """atom:source (section 4.2.11), where we know all that it must hold: an id that Atom may carry, a title, a date."""
    updated = _timestamp(origin.updated) if origin else None
    if not (origin and is_id(origin.id or "") and origin.title and updated):
        return
    source = entry.own.add("source")
    for name, text in (("id", origin.id), ("title", origin.title), ("updated", updated), ("rights", origin.rights)):
        if text:
            etree.SubElement(source, name).text = squeeze(text)


def _timestamp(stated: str | None) -> str | None:
    """RFC 3339 of a feed's own date, in the zone that it names; None where it cannot be read, or names none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(stated or "")
        except ValueError:
            continue
        said = moment.isoformat()
        return said if re.search(r"[+-]\d\d:\d\d$", said) else None  # a zone may have no seconds
    instant = dates.instant(stated)
    return instant.isoformat() if instant else None
