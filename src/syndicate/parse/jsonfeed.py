"""JSON Feed 1.0 and 1.1."""

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin

from syndicate import languages
from syndicate.errors import ParseError
from syndicate.model import Enclosure, Image, Item, Origin, Rhythm
from syndicate.notices import dates, embargo_of, reason, status
from syndicate.parse.correction import corrects
from syndicate.parse.cut import Cut, is_short
from syndicate.parse.fields import (
    MOST,
    MOST_ENTRIES,
    characters,
    length,
    names,
    paragraphs,
    people,
    plain_title,
    too_many,
    unescaped_once_more,
    without_words,
)
from syndicate.parse.hubs import hubs_of
from syndicate.parse.json import entry_digest, excess, load
from syndicate.parse.told import told
from syndicate.parse.withdrawal import settled
from syndicate.text import squeeze

Object = dict[str, Any]

_VERSION = re.compile(r"jsonfeed\.org/version/[1-9]|^\s*1(?:\.\d{1,2})?\s*$")


class _Head(NamedTuple):
    """What the items have in common. `base` is what addresses are relative to."""

    origin: Origin
    base: str | None
    language: str | None
    authors: tuple[str, ...]

    @property
    def inherited(self) -> tuple[str | None, ...]:
        return (self.base, self.language, *self.authors)

    def digest(self, item: Object) -> str:
        """`Item.entry`."""
        return entry_digest(item, *self.inherited)


def read(text: str, url: str | None = None, only: Collection[int] | None = None) -> tuple[Item, ...]:
    """The items of a feed, in its order, then what it withdraws. An item that cannot be used says so in its `damage`.

    `only`: the numbers of those that are wanted. Raises ParseError for what is no JSON, and for JSON that is no feed.
    """
    feed, items = _feed(text)
    head = _head(feed, url)
    wanted = items[:MOST_ENTRIES] if only is None else [items[n] for n in sorted(only)]
    read = [_item(item, head) for item in wanted]
    if len(items) > MOST_ENTRIES:
        read.append(Item(damage=too_many(len(items) - MOST_ENTRIES), origin=head.origin))
    return settled(read)


def cut(text: str, url: str | None = None) -> Cut | None:
    """None of what is no JSON Feed, or has too many items."""
    try:
        feed, items = _feed(text)
    except ParseError:
        return None
    if len(items) > MOST_ENTRIES:
        return None
    head = _head(feed, url)
    if not is_short(head.inherited):
        return None
    usable = (isinstance(item, dict) and not excess(item) for item in items)
    entries = (head.digest(item) if fine else None for item, fine in zip(items, usable, strict=True))
    return Cut("json", "", tuple(entries), Rhythm(), links=hubs_of(text, "json", url))


def _feed(text: str) -> tuple[Object, list[Any]]:
    feed = load(text)
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not _VERSION.search(str(feed.get("version"))):
        raise ParseError("is JSON, but no JSON Feed (it needs a version and a list of items)")
    return feed, items


def _head(feed: Object, url: str | None) -> _Head:
    base = url or next(filter(None, (_address(feed, key, None) for key in ("feed_url", "home_page_url"))), None)
    origin = Origin(id=_text(feed, "feed_url"), title=_text(feed, "title"))
    return _Head(origin, base, _text(feed, "language"), _authors(feed))


def _item(item: Any, head: _Head) -> Item:
    origin, base = head.origin, head.base
    if not isinstance(item, dict):
        return Item(damage="the item is no JSON object", origin=origin)
    if status(*_objects(item)) == "withdrawn":
        return _withdrawal(item, origin, head.digest(item))
    if damage := excess(item):
        return Item(id=_id(item.get("id")), url=_address(item, "url", base), damage=damage, origin=origin)
    title, teaser, content = _words(item, "title"), _words(item, "summary"), _content(item)
    url = _address(item, "url", base) or _address(item, "external_url", base)
    files = tuple(_attachments(item, base))
    pictures = names(_address(item, key, base) for key in ("image", "banner_image"))
    images = tuple(Image(url=address) for address in pictures)
    if not (title or teaser or content):
        content = without_words(url, files, images)
    tags = names(plain_title(tag) for tag in _list(item, "tags") if isinstance(tag, str))
    said = told(content)
    return Item(
        id=_id(item.get("id")),
        url=url,
        kicker=tags[0] if tags else None,
        title=title,
        teaser=teaser,
        kind=said.kind,
        content=said.content,
        contact=said.contact,
        language=languages.first((_text(item, "language"), head.language)),
        published=dates.first((_text(item, "date_published"), _text(item, "date_modified"), said.published)),
        updated=_text(item, "date_modified"),
        embargo=embargo_of(*_objects(item)),
        categories=tags[1:],
        authors=_authors(item) or head.authors,
        images=images,
        enclosures=files,
        corrects=corrects(title, teaser, content, url),
        origin=origin,
        entry=head.digest(item),
    )


def _withdrawal(item: Object, origin: Origin, entry: str) -> Item:
    """An item whose `pubStatus` takes it back: nothing of its words. `published` is when it was last changed."""
    name, url = _id(item.get("id")), _text(item, "url")
    if not name and not url:
        return Item(damage="the item is withdrawn, but has neither an id nor an address", origin=origin)
    return Item(
        id=name,
        url=url,
        published=_text(item, "date_modified"),
        withdrawn=True,
        reason=next((said for fields in _objects(item) if (said := reason(fields.get("reason")))), None),
        origin=origin,
        entry=entry,
    )


def _objects(item: Object) -> list[Object]:
    """The item and its extensions (JSON Feed 1.1: `_name`)."""
    return [item, *(value for key, value in item.items() if key.startswith("_") and isinstance(value, dict))]


def _text(fields: Object, key: str) -> str | None:
    value = fields.get(key)
    return squeeze(value) or None if isinstance(value, str) else None


def _words(fields: Object, key: str) -> str | None:
    """Plain text, in which some write a character as HTML does."""
    return characters(_text(fields, key) or "") or None


def _address(fields: Object, key: str, base: str | None) -> str | None:
    stated = _text(fields, key)
    try:
        return urljoin(base, stated) if stated and base else stated
    except ValueError:
        return stated


def _list(fields: Object, key: str) -> list[Any]:
    value = fields.get(key)
    return value[: 4 * MOST] if isinstance(value, list) else []


def _id(value: Any) -> str | None:
    """Text, or a number as text (JSON Feed 1.1, id)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return squeeze(str(value)) or None


def _content(item: Object) -> str | None:
    if isinstance(markup := item.get("content_html"), str) and markup.strip():
        return unescaped_once_more(markup)
    if isinstance(plain := item.get("content_text"), str):
        return paragraphs(plain, lines=True) or None
    return None


def _authors(fields: Object) -> tuple[str, ...]:
    """Version 1.1 has `authors`, 1.0 `author`."""
    stated = [*_list(fields, "authors"), fields.get("author")]
    said = (person.get("name") if isinstance(person, dict) else None for person in stated)
    return names(name for text in said if isinstance(text, str) for name in people(text))


def _attachments(item: Object, base: str | None) -> Iterator[Enclosure]:
    for file in _list(item, "attachments")[:MOST]:
        if isinstance(file, dict) and (address := _address(file, "url", base)):
            yield Enclosure(address, _text(file, "mime_type"), length(file.get("size_in_bytes")), _text(file, "title"))
