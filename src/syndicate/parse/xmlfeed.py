"""RSS 0.9x–2.0, RDF Site Summary, Atom 0.3 and 1.0, through feedparser."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, cast

import feedparser

from syndicate.errors import ParseError
from syndicate.model import Enclosure, Image, Item, Origin
from syndicate.parse import _feedmedia
from syndicate.parse._correction import corrects
from syndicate.parse._feedxml import Element, Entry, document, local, tombstone, words
from syndicate.parse._fields import (
    MOST,
    is_embargo_field,
    is_markup,
    is_teaser,
    length,
    names,
    paragraphs,
    person,
    plain,
    plain_teaser,
    plain_title,
    stated_embargo,
)
from syndicate.parse._withdrawal import reason, settled
from syndicate.text import clean_url, squeeze

Fields = dict[str, Any]  # what feedparser found; its own class warns and guesses where a key is missing

_HTML = ("text/html", "application/xhtml+xml")
_TEXT = re.compile(r"text/|application/xhtml\+xml|.*xml")
_KEYWORDS = "http://www.itunes.com/"  # the scheme feedparser gives to itunes:keywords


def read(text: str, url: str | None = None) -> tuple[Item, ...]:
    """The entries of a feed, in its order, then what it withdraws. `url` is the document's own address.

    A feed that breaks off gives its whole entries; one that is not well-formed withdraws nothing. Raises ParseError for
    what is no feed.
    """
    source = document(text)
    headers = {"content-type": "application/xml; charset=utf-8"}
    if url:
        headers["content-location"] = url
    try:
        found = feedparser.parse(
            BytesIO(source.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        # UnicodeEncodeError, and whatever else its parser of ill-formed documents stumbles over.
        raise ParseError(f"the feed cannot be read: {error}") from error
    if not found.version and not found.entries:
        raise ParseError("is XML, but no feed")
    paired = len(source.entries) == len(found.entries)
    feed = _Feed(_plain_dict(found.feed), found.version, url)
    entries = [
        feed.item(_plain_dict(entry), source.entries[number] if paired else None)
        for number, entry in enumerate(found.entries)
    ]
    return settled([*entries, *map(feed.withdrawal, source.tombstones)])


class _Feed:
    """What the entries of one feed have in common."""

    def __init__(self, fields: Fields, version: str, url: str | None) -> None:
        self.fields = fields
        self.atom = version.startswith("atom")
        self.url = url
        self.origin = self._origin(fields)

    def item(self, entry: Fields, xml: Entry | None) -> Item:
        permalink = _permalink(xml)
        address = _address(entry, permalink)
        title = _title(entry, self.atom) or (_feedmedia.said(xml, "title") if xml else None)
        teaser, content = self._texts(entry, address)
        if not teaser and not content and xml:
            teaser = _feedmedia.said(xml, "description")
        pictures, attachments = _attachments(entry, xml, title)
        kicker, categories = _categories(entry)
        published = _stated(entry, "published") or _stated(entry, "updated") or _stated(entry, "created")
        source = _plain_dict(entry.get("source") or {})
        base = self._base(entry) or (None if address else self.url)
        return Item(
            id=_id(entry, xml),
            url=address,
            base=base,
            kicker=kicker,
            title=title,
            teaser=teaser,
            content=content,
            language=self._language(entry),
            published=published,
            updated=_stated(entry, "updated"),
            embargo=_embargo(entry, xml),
            categories=categories,
            authors=self._authors(entry, xml),
            images=pictures,
            enclosures=attachments,
            corrects=corrects(title, teaser, content, base or address),
            license=next((link["href"] for link in _links(entry, "license")), None),
            origin=self._origin(source) if self.atom and source.get("id") else self.origin,
            damage=None if title or teaser or content else "the entry has neither a title nor a text",
        )

    def withdrawal(self, element: Element) -> Item:
        """An at:deleted-entry (RFC 6721 section 3): `published` is its `when`."""
        comment = next((child for child in element if tombstone(child, "comment")), None)
        said = words(comment) if comment is not None else ""
        return Item(
            id=squeeze(element.get("ref") or "") or None,
            published=squeeze(element.get("when") or "") or None,
            withdrawn=True,
            reason=reason(plain(said) if comment is not None and comment.get("type") == "html" else said),
            origin=self.origin,
        )

    def _origin(self, fields: Fields) -> Origin:
        return Origin(
            id=_stated(fields, "id"),
            title=_title(fields, self.atom),
            updated=_stated(fields, "updated") or _stated(fields, "published"),
            rights=_title(fields, self.atom, "rights"),
        )

    def _texts(self, entry: Fields, address: str | None) -> tuple[str | None, str | None]:
        """Teaser (plain) and content (HTML). A lone content feedparser copies into `summary`, without its detail."""
        summary = self._markup(entry.get("summary_detail") or {})
        bodies = [c for c in entry.get("content") or () if _TEXT.match(c.get("type") or "text/html")]
        content = next((m for c in bodies if (m := self._markup(c))), None)
        if content and summary:
            teaser = plain_teaser(summary)
            if teaser != plain(content):
                return teaser or None, content
        if content and (self.atom or not summary):
            return None, content
        alone = summary or content
        if not alone:
            return None, None
        teaser = plain_teaser(alone) if is_teaser(alone, address) else ""
        return (teaser, None) if teaser else (None, alone)

    def _markup(self, detail: Fields) -> str | None:
        """A text as HTML. Atom says what a text is (RFC 4287 section 3.1); elsewhere it is HTML if it looks like it."""
        value = (detail.get("value") or "").strip()
        if not value:
            return None
        markup = detail.get("type") in _HTML if self.atom else is_markup(value)
        return cast(str, value) if markup else paragraphs(value)

    def _base(self, entry: Fields) -> str | None:
        """xml:base where the document states one; without one, relative addresses are those of the entry's page."""
        details = [*(entry.get("content") or ()), entry.get("summary_detail") or {}, entry.get("title_detail") or {}]
        base = next((d["base"] for d in details if d.get("base")), None)
        return base if base and base != self.url and clean_url(base) else None

    def _language(self, entry: Fields) -> str | None:
        details = [*(entry.get("content") or ()), entry.get("summary_detail") or {}, entry.get("title_detail") or {}]
        own = _stated(entry, "language") or next((d["language"] for d in details if d.get("language")), None)
        return own or _stated(self.fields, "language")

    def _authors(self, entry: Fields, xml: Entry | None) -> tuple[str, ...]:
        """Names, else addresses. An Atom entry without an author has its feed's (RFC 4287 section 4.2.1)."""
        if not self.atom and xml is not None:  # feedparser cuts names behind addresses with a long top-level domain
            stated = [child for child in xml.element if local(child) in ("author", "creator") and len(child) == 0]
            own = [child for child in stated if "itunes" not in str(child.tag)]
            return names(person(words(child)) for child in own or stated)
        people = names(who.get("name") or who.get("email") for who in entry.get("authors") or ())
        if not people and self.atom:
            people = names(who.get("name") for who in self.fields.get("authors") or ())
        return people


def _plain_dict(fields: Any) -> Fields:
    return {key: dict.get(fields, key) for key in dict.keys(fields)}


def _stated(fields: Fields, key: str) -> str | None:
    value = fields.get(key)
    return squeeze(value) or None if isinstance(value, str) else None


def _title(fields: Fields, atom: bool, key: str = "title") -> str | None:
    detail = fields.get(f"{key}_detail") or {}
    value = detail.get("value") or fields.get(key)
    if not isinstance(value, str):
        return None
    if not atom:
        return plain_title(value) or None
    return (plain(value) if detail.get("type") in _HTML else squeeze(value)) or None


def _id(entry: Fields, xml: Entry | None) -> str | None:
    """As the feed has it: feedparser makes an address of a guid that is none."""
    if xml is not None:
        for child in xml.element:
            if local(child) in ("guid", "id") and (own := words(child)):
                return own
    return _stated(entry, "id")


def _permalink(xml: Entry | None) -> str | None:
    """An RSS guid that is the entry's address (RSS 2.0, guid)."""
    for child in xml.element if xml is not None else ():
        if local(child) == "guid" and (child.get("isPermaLink") or "true").strip().lower() == "true":
            return squeeze(child.text or "")
    return None


def _address(entry: Fields, permalink: str | None) -> str | None:
    """The first alternate link that can be followed; a guid only where there is none."""
    stated = [link["href"] for link in _links(entry, "alternate")]
    return next((url for href in (*stated, permalink) if href and (url := clean_url(href))), None)


def _links(entry: Fields, rel: str) -> Iterator[Fields]:
    for link in (entry.get("links") or ())[: 4 * MOST]:
        if link.get("rel", "alternate") == rel and isinstance(link.get("href"), str) and link["href"].strip():
            yield link


def _attachments(
    entry: Fields, xml: Entry | None, title: str | None
) -> tuple[tuple[Image, ...], tuple[Enclosure, ...]]:
    """Pictures and other files. One that is named twice, as enclosure and as media:content, counts once."""
    pictures = {image.url: image for image in (_feedmedia.images(xml, title) if xml else ())}
    files: dict[str, Enclosure] = {}
    for link in _links(entry, "enclosure"):
        href, kind = squeeze(link["href"]), link.get("type") or None
        if _feedmedia.is_picture(href, kind):
            pictures.setdefault(href, Image(url=href))
        else:
            files.setdefault(
                href, Enclosure(href, kind, length(link.get("length")), squeeze(link.get("title") or "") or None)
            )
    for file in _feedmedia.attachments(xml) if xml else ():
        files.setdefault(file.url, file)
    return tuple(pictures.values())[:MOST], tuple(files.values())[:MOST]


def _categories(entry: Fields) -> tuple[str | None, tuple[str, ...]]:
    """The first is the kicker; keywords never are."""
    tags = (entry.get("tags") or ())[: 4 * MOST]
    stated = names(tag.get("label") or tag.get("term") for tag in tags if tag.get("scheme") != _KEYWORDS)
    keywords = names(tag.get("term") for tag in tags if tag.get("scheme") == _KEYWORDS)
    kicker = stated[0] if stated else None
    return kicker, names((*stated[1:], *(word for word in keywords if word != kicker)))


def _embargo(entry: Fields, xml: Entry | None) -> str | None:
    """What a field such as ninjs' `embargoedUntil` says; where XML is not well-formed, as feedparser keeps it."""
    for child in xml.element if xml is not None else ():
        if is_embargo_field(local(child)):
            return stated_embargo(" ".join((words(child), *map(str, child.attrib.values()))))
    for key, value in entry.items():
        if is_embargo_field(key.rpartition("_")[2]):
            return stated_embargo(value if isinstance(value, str) else " ".join(map(str, value.values())))
    return None
