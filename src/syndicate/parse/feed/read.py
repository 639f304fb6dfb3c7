"""RSS 0.9x–2.0, RDF Site Summary, Atom 0.3 and 1.0: feedparser reads the texts of the entries, lxml all else."""

import re
from collections.abc import Collection
from io import BytesIO
from typing import Any

import feedparser
from feedparser import mixin

from syndicate.errors import ParseError
from syndicate.markup import is_markup
from syndicate.mediatypes import essence
from syndicate.model import Enclosure, Image, Item
from syndicate.notices import dates, reason
from syndicate.parse import opening
from syndicate.parse.correction import corrects
from syndicate.parse.feed import entry as said
from syndicate.parse.feed import media
from syndicate.parse.feed.cut import entry_digest, tombstone_digest
from syndicate.parse.feed.element import Element, joined, words
from syndicate.parse.feed.inherited import authors, inherited, stated_language
from syndicate.parse.feed.xml import Document, Entry, document, tombstone
from syndicate.parse.fields import (
    MOST,
    is_teaser,
    paragraphs,
    plain,
    plain_teaser,
    too_many,
    unescaped_once_more,
    without_words,
)
from syndicate.parse.told import told
from syndicate.parse.withdrawal import settled
from syndicate.text import squeeze
from syndicate.urls import clean_url

Fields = dict[str, Any]  # what feedparser found; its own class warns and guesses where a key is missing

# feedparser looks each character up in this table; one that has no row costs an exception. So the common ones have one.
mixin._cp1252 = {code: chr(code) for code in (*range(0x100), *range(0x2010, 0x2040))} | mixin._cp1252

_BINARY = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_HTML = ("text/html", "application/xhtml+xml")
_TEXT = re.compile(r"text/|application/(?:octet-stream|text)$|.*xml")


def read(text: str, url: str | None = None, only: Collection[int] | None = None) -> tuple[Item, ...]:
    """The entries of a feed, in its order, then what it withdraws. `url` is the document's own address.

    `only`: of a feed that was cut, the numbers of those that are wanted; to others nothing is said of it.

    A feed that breaks off gives its whole entries; one that is not well-formed withdraws nothing. Of more than
    MOST_ENTRIES entries the first are given, and an item whose `damage` tells of the others. Raises ParseError for what
    is no feed.
    """
    source = document(text, url, only)
    feed = _Feed(source)
    items = [feed.item(entry, fields) for entry, fields in zip(source.entries, _fields(source), strict=True)]
    items += map(feed.withdrawal, source.tombstones)
    if source.omitted:
        items.append(Item(damage=too_many(source.omitted), origin=feed.origin))
    return settled(items)


def _fields(source: Document) -> list[Fields]:
    """What feedparser finds in each entry."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            BytesIO(source.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise ParseError(f"the feed cannot be read: {error}") from error
    if len(found.entries) != len(source.entries):
        raise ParseError("the feed cannot be read: its entries cannot be told apart")
    return [_plain_dict(entry) for entry in found.entries]


class _Feed:
    """What the entries of one feed have in common."""

    def __init__(self, source: Document) -> None:
        self.atom = source.atom
        self.head = source.head
        self.origin = said.origin(source.head)
        self.inherited = inherited(source.head)

    def item(self, entry: Entry, fields: Fields) -> Item:
        address = said.address(entry)
        title = said.title(entry)
        teaser, content = self._texts(fields, address)
        if not teaser and not content:
            teaser = media.said(entry, "description")
        pictures, attachments = _attachments(entry, title)
        if not (title or teaser or content):
            content = without_words(address, attachments, pictures)
        kicker, categories = said.categories(entry)
        base = _base(entry, fields) or (None if address else entry.base or None)
        within = told(content)
        return Item(
            id=said.own_id(entry),
            url=address,
            base=base,
            kicker=kicker,
            title=title,
            teaser=teaser,
            content=within.content,
            kind=within.kind,
            contact=within.contact,
            language=stated_language(entry, self.head),
            published=dates.first((said.published(entry), within.published)),
            updated=said.updated(entry),
            embargo=said.embargo(entry),
            categories=categories,
            authors=authors(entry, self.head if self.atom else None),
            images=pictures,
            enclosures=attachments,
            corrects=corrects(title, teaser, content, base or address),
            license=said.licence(entry),
            origin=(said.source(entry) if self.atom else None) or self.origin,
            entry=entry_digest(entry.digest, self.inherited),
            damage=entry.damage,
        )

    def withdrawal(self, element: Element) -> Item:
        """An at:deleted-entry (RFC 6721 section 3): `published` is its `when`."""
        comment = next((child for child in element if tombstone(child, "comment")), None)
        why = words(comment) if comment is not None else ""
        return Item(
            id=squeeze(element.get("ref") or "") or None,
            published=squeeze(element.get("when") or "") or None,
            withdrawn=True,
            reason=reason(plain(why) if comment is not None and comment.get("type") == "html" else why),
            origin=self.origin,
            entry=tombstone_digest(element),
        )

    def _texts(self, entry: Fields, address: str | None) -> tuple[str | None, str | None]:
        """Teaser (plain) and content (HTML). A lone content feedparser copies into `summary`, without its detail."""
        summary = self._markup(entry.get("summary_detail") or {})
        bodies = [c for c in entry.get("content") or () if _TEXT.match(c.get("type") or "text/html")]
        bodies = [c for c in bodies if not _BINARY.search(c.get("value") or "")]
        content = next((m for c in bodies if (m := self._markup(c))), None)
        if content and summary and (found := opening.stated(summary, content)):
            return found
        if content and (self.atom or not summary):
            return None, content
        alone = summary or content
        if not alone:
            return None, None
        teaser = plain_teaser(alone) if is_teaser(alone, address and clean_url(address)) else ""
        return (teaser, None) if teaser else (None, alone)

    def _markup(self, detail: Fields) -> str | None:
        """A text as HTML. Atom says what a text is (RFC 4287 section 3.1); elsewhere it is HTML if it looks like it."""
        value = str(detail.get("value") or "").strip()
        if not value:
            return None
        markup = essence(detail.get("type") or "") in _HTML if self.atom else is_markup(value)
        return unescaped_once_more(value) if markup else paragraphs(value)


def _base(entry: Entry, fields: Fields) -> str | None:
    """xml:base where the document states one; without one, relative addresses are those of the entry's page."""
    details = [*(fields.get("content") or ()), fields.get("summary_detail") or {}]
    stated = next((d["base"] for d in details if d.get("base")), entry.base if entry.rebased else "")
    there = joined(entry.base, stated)
    return there if stated and clean_url(there) else None


def _plain_dict(fields: Any) -> Fields:
    return {key: dict.get(fields, key) for key in dict.keys(fields)}


def _attachments(entry: Entry, title: str | None) -> tuple[tuple[Image, ...], tuple[Enclosure, ...]]:
    """Pictures and other files. One that is named twice, as enclosure and as media:content, counts once."""
    pictures = {image.url: image for image in media.images(entry, title)}
    files: dict[str, Enclosure] = {}
    for file in said.enclosures(entry):
        if media.is_picture(file.url, file.type):
            pictures.setdefault(file.url, Image(url=file.url))
        else:
            files.setdefault(file.url, file)
    for file in media.attachments(entry):
        files.setdefault(file.url, file)
    return tuple(pictures.values())[:MOST], tuple(files.values())[:MOST]
