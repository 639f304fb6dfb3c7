"""JSON Feed 1.1. What it has no name for stands in an extension object, `_syndicate`, of each item."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from syndicate.formats import FORMATS, JSON_FEED
from syndicate.model import Embargo, FeedPage, Release, Tombstone
from syndicate.render.address import alternate
from syndicate.render.content import compose_notice
from syndicate.render.objects import join, piece, stated
from syndicate.render.page import (
    MEDIATOPIC,
    Content,
    Joined,
    attachments,
    author,
    categories,
    entry_topics,
    feed_title,
    feed_url,
    home_url,
    image_url,
    licence,
    notice_title,
    notice_url,
    related_url,
)
from syndicate.text import squeeze

_SUFFIX = FORMATS["json"].suffix


def render(page: FeedPage, content: Content) -> bytes:
    return joined(page, [entry(release, page, content(release)) for release in page.releases]).whole


def entry(release: Release, page: FeedPage, content: str) -> bytes:
    """The lines of one item: the same on every page of the same site."""
    return piece(_item(release, page, content))


def joined(page: FeedPage, entries: Sequence[bytes]) -> Joined:
    """A page of these items, whatever its `releases` are."""
    notices = [piece(_notice(t, page)) for t in page.tombstones] if page.number is None else []
    return join(stated(_head(page)), "items", notices, entries)


def _head(page: FeedPage) -> dict[str, Any]:
    site = page.site
    return {
        "version": JSON_FEED,
        "title": feed_title(page),
        "home_page_url": home_url(page),
        "feed_url": feed_url(page, _SUFFIX, page.number),
        "next_url": feed_url(page, _SUFFIX, page.older) if page.older is not None else None,
        "description": page.topic.description or None,
        "icon": site.base_url + site.icon if site.icon else None,
        "favicon": site.base_url + site.icon if site.icon else None,
        "language": site.language,
        "authors": [{"name": author(page)}],
        "hubs": [{"type": "WebSub", "url": page.hub}] if page.hub else None,
    }


def _item(release: Release, page: FeedPage, content: str) -> dict[str, Any]:
    return stated(
        {
            "id": release.atom_id,
            "url": alternate(release, page.site),
            "title": release.title,
            "content_html": content,
            "summary": release.teaser or None,
            "image": next((image_url(image, page) for image in release.images if image.url), None),
            "date_published": release.published.isoformat(),
            "date_modified": release.updated.isoformat(),
            "authors": [{"name": name} for name in release.authors] or None,
            "tags": [topic.title for topic in entry_topics(release, page)] or None,
            "language": release.language if release.language != page.site.language else None,
            "attachments": _attachments(release, page) or None,
            "_syndicate": _extension(release, page),
        }
    )


def _attachments(release: Release, page: FeedPage) -> list[dict[str, Any]]:
    return [
        stated({"url": url, "mime_type": type_, "title": enclosure.title, "size_in_bytes": enclosure.length})
        for url, type_, enclosure in attachments(release, page)
    ]


def _extension(release: Release, page: FeedPage) -> dict[str, Any]:
    """`about` says where to read about it, as JSON Feed asks of extensions; the rest only where it is known."""
    images = [stated(asdict(image) | {"url": image_url(image, page)}) for image in release.images]
    related = [
        stated({"topic": entry.topic, "title": entry.title, "url": related_url(entry, page)})
        for entry in release.related
    ]
    return stated(
        {
            "about": page.site.base_url,
            "kind": release.kind,
            "kicker": release.kicker,
            "topics": [topic.id for topic in entry_topics(release, page)] or None,
            "mediatopics": [c.term for c in categories(release, page) if c.scheme == MEDIATOPIC] or None,
            "images": images or None,
            "related": related or None,
            "corrects": _corrections("corrects", release, page) or None,
            "corrected_by": _corrections("corrected_by", release, page) or None,
            "contact": stated(asdict(release.contact)) if release.contact else None,
            "embargo": _embargo(page.marks[release.id].embargo) if release.id in page.marks else None,
            "license": licence(release)[0],
            "rights": licence(release)[1],
        }
    )


def _embargo(embargo: Embargo) -> dict[str, Any]:
    """With neither of them it ends when a person says so."""
    return stated({"until": embargo.until.isoformat() if embargo.until else None, "event": embargo.event})


def _corrections(kind: str, release: Release, page: FeedPage) -> list[dict[str, str]]:
    return [
        {"title": squeeze(correction.title), "url": correction.url}
        for correction in page.corrections.get(release.id, ())
        if correction.kind == kind
    ]


def _notice(tombstone: Tombstone, page: FeedPage) -> dict[str, Any]:
    """Most readers know no tombstones: under the id of a withdrawn release stands that it was withdrawn."""
    return {
        "id": tombstone.atom_id,
        "url": notice_url(tombstone, page),
        "title": notice_title(tombstone, page.site),
        "content_html": compose_notice(tombstone, page),
        "date_published": tombstone.published.isoformat(),
        "date_modified": tombstone.when.isoformat(),
    }
