"""ninjs 3.1 (IPTC, News in JSON): a news object for each release, and a feed's head as a composite of them.

What has a field of its own (teaser, pictures, attachments, related releases, contact) stands in it, the rest in the
body. Its schema admits nothing else, so there is no extension.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from syndicate.formats import FORMATS, NINJS
from syndicate.markup import plain
from syndicate.mediatypes import media_type
from syndicate.model import Contact, Enclosure, FeedPage, Image, Release, Site, Tombstone
from syndicate.render.address import alternate
from syndicate.render.content import compose_body, is_full
from syndicate.render.objects import join, piece, stated, written
from syndicate.render.page import (
    MEDIATOPIC,
    Content,
    Joined,
    attachments,
    categories,
    entry_topics,
    feed_title,
    feed_url,
    home_url,
    image_url,
    licence,
    notice_day,
    notice_title,
    reason,
    related_url,
)
from syndicate.text import squeeze
from syndicate.urls import clean_url

_FORMAT = FORMATS["ninjs"]
_HTML, _PLAIN = "text/html", "text/plain"
_STANDARD = {"name": "ninjs", "version": "3.1", "schema": NINJS}
_KINDS = {"image": "picture", "audio": "audio", "video": "video"}  # of an attachment, by its media type

Object = dict[str, Any]


def render(page: FeedPage, content: Content) -> bytes:
    return joined(page, [entry(release, page, content(release)) for release in page.releases]).whole


def entry(release: Release, page: FeedPage, _: str) -> bytes:
    """The lines of one news object in a composite, where it has a name: the same on every page of the same site."""
    return piece({"name": release.id} | _news(release, page))


def joined(page: FeedPage, entries: Sequence[bytes]) -> Joined:
    """A composite of these news objects, whatever its `releases` are."""
    notices = [piece({"name": t.id} | _notice(t, page.site)) for t in page.tombstones]
    return join(stated(_head(page)), "associations", notices, entries)


def alone(release: Release, page: FeedPage) -> bytes:
    """The document of a release."""
    return written(_news(release, page) | {"standard": _STANDARD})


def withdrawn(tombstone: Tombstone, site: Site) -> bytes:
    """The document of one that was withdrawn."""
    return written(_notice(tombstone, site) | {"standard": _STANDARD})


def _head(page: FeedPage) -> Object:
    """`title` and no headline: it is metadata, and nothing of this is news."""
    return {
        "uri": page.atom_id,
        "type": "composite",
        "title": feed_title(page),
        "language": page.site.language,
        "versionCreated": page.updated.isoformat(),
        "pubStatus": "usable",
        "copyrightNotice": page.site.rights or None,
        "renditions": [
            {"name": "self", "href": feed_url(page, _FORMAT.suffix), "contentType": _FORMAT.media_type},
            {"name": "page", "href": home_url(page), "contentType": _HTML},
        ],
        "standard": _STANDARD,
    }


def _news(release: Release, page: FeedPage) -> Object:
    full, mark = is_full(release, page), page.marks.get(release.id)
    address, terms = licence(release)
    rights = release.origin.rights if release.origin else None
    return stated(
        {
            "uri": release.atom_id,
            "type": "text",
            "representationType": "full" if full and not release.headline else "partial",
            "pubStatus": "withheld" if mark else "usable",
            "embargoedUntil": mark.embargo.until.isoformat() if mark and mark.embargo.until else None,
            "language": release.language,
            "firstCreated": release.published.isoformat(),
            "versionCreated": release.updated.isoformat(),
            "headlines": [{"role": "main", "contentType": _PLAIN, "value": release.title}],
            "descriptions": _described("text", release.teaser),
            "bodies": _bodies(compose_body(release, page)),
            "by": "; ".join(release.authors) or None,
            "subjects": [*_subjects(release, page)] or None,
            "genres": [{"name": release.kind}] if release.kind else None,
            "infoSources": [*_sources(release, full=full)] or None,
            "copyrightNotice": squeeze(rights or page.site.rights) or None,
            "usageTerms": terms,
            "rightsInfo": {"linkedRights": address} if address else None,
            "renditions": [{"name": "page", "href": alternate(release, page.site), "contentType": _HTML}],
            "associations": [*_associations(release, page, full=full)] or None,
        }
    )


def _notice(tombstone: Tombstone, site: Site) -> Object:
    """That it was withdrawn, when and why; nothing of its words."""
    return stated(
        {
            "uri": tombstone.atom_id,
            "type": "text",
            "pubStatus": "canceled",
            "language": site.language,
            "firstCreated": tombstone.published.isoformat(),
            "versionCreated": tombstone.when.isoformat(),
            "headlines": [{"role": "main", "contentType": _PLAIN, "value": notice_title(tombstone, site)}],
            "descriptions": _described("text", notice_day(tombstone, site), "reason", reason(tombstone)),
            "renditions": [{"name": "page", "href": tombstone.address, "contentType": _HTML}]
            if tombstone.moved
            else None,
        }
    )


def _described(*roles: str | None) -> list[Object] | None:
    """Of pairs of a role and what it says, those that say something."""
    said = zip(roles[::2], roles[1::2], strict=True)
    return [{"role": role, "contentType": _PLAIN, "value": text} for role, text in said if text] or None


def _bodies(content: str) -> list[Object]:
    texts = (_HTML, content), (_PLAIN, plain(content))
    return [{"role": "main", "contentType": kind, "value": text} for kind, text in texts if text]


def _subjects(release: Release, page: FeedPage) -> Iterator[Object]:
    """What is printed above it first; then the topics, and IPTC's codes for them."""
    if release.kicker:
        yield {"name": release.kicker}
    for topic in entry_topics(release, page):
        yield {"name": topic.title, "uri": f"tag:{page.site.tag}:topic:{topic.id}", "literal": topic.id}
    for code, scheme, _ in categories(release, page):
        if scheme == MEDIATOPIC:
            yield {"uri": MEDIATOPIC + code.rpartition(":")[2], "literal": code}


def _sources(release: Release, *, full: bool) -> Iterator[Object]:
    """Who wrote it, who answers for it, and the feed that it came in, whose address has no credentials."""
    for name in release.authors:
        yield {"name": name, "role": "creator"}
    if release.contact and full:
        yield _contact(release.contact)
    if release.origin and release.origin.title:
        uri = clean_url(release.origin.url or "")
        yield stated({"name": squeeze(release.origin.title), "role": "source", "uri": uri})


def _contact(contact: Contact) -> Object:
    reached = [{"type": kind, "value": v} for kind, v in (("phone", contact.phone), ("email", contact.email)) if v]
    return stated({"name": contact.name, "role": "contact", "contactInfo": reached or None})


def _associations(release: Release, page: FeedPage, *, full: bool) -> Iterator[Object]:
    """Pictures, attachments, related releases, what it corrects or is corrected by; names count within their kind."""
    if full:
        for n, image in enumerate(release.images, 1):
            yield _picture(f"picture-{n}", image, release, page)
        for n, attached in enumerate(attachments(release, page), 1):
            yield _attachment(f"attachment-{n}", *attached)
        for n, related in enumerate(release.related, 1):
            name = f"related-{n}"
            uri = related_url(related, page) or _minted(release, name, page)
            subjects = [{"name": related.topic}] if related.topic else None
            yield stated(_linked(name, "related", uri, related.title) | {"subjects": subjects})
    for n, correction in enumerate(page.corrections.get(release.id, ()), 1):
        kind = "corrects" if correction.kind == "corrects" else "correctedBy"
        yield _linked(f"correction-{n}", kind, correction.url, squeeze(correction.title))


def _picture(name: str, image: Image, release: Release, page: FeedPage) -> Object:
    """Without an address it is told all the same."""
    url = image_url(image, page)
    rendition = url and stated({"name": "main", "href": url, "contentType": media_type(url)})
    return stated(
        {
            "name": name,
            "uri": url or _minted(release, name, page),
            "type": "picture",
            "descriptions": _described("text", image.caption, "alttext", image.alt),
            "by": image.credit,
            "renditions": [rendition] if rendition else None,
        }
    )


def _attachment(name: str, url: str, type_: str, enclosure: Enclosure) -> Object:
    rendition = {"name": "main", "href": url, "contentType": type_, "sizeInBytes": enclosure.length}
    return stated(
        {
            "name": name,
            "rel": "attachment",
            "uri": url,
            "type": _KINDS.get(type_.partition("/")[0], "component"),
            "title": enclosure.title,
            "renditions": [stated(rendition)],
        }
    )


def _linked(name: str, rel: str, uri: str, title: str) -> Object:
    headline = {"role": "main", "contentType": _PLAIN, "value": title}
    return {"name": name, "rel": rel, "uri": uri, "type": "text", "headlines": [headline]}


def _minted(release: Release, name: str, page: FeedPage) -> str:
    """A uri of what has no address, as each associated object must have one."""
    return f"tag:{page.site.tag}:{release.id}:{name}"
