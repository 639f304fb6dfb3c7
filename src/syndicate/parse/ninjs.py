"""ninjs 1.x to 3.x (IPTC News in JSON): one news object, a list of them, or a package that has them as `items`."""

import re
from collections.abc import Collection, Iterator
from typing import Any

from syndicate.errors import ParseError
from syndicate.markup import is_markup
from syndicate.model import Image, Item, Rhythm
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
    plain,
    too_many,
)
from syndicate.parse.json import entry_digest, excess, load
from syndicate.parse.told import told
from syndicate.parse.withdrawal import settled
from syndicate.text import squeeze

Object = dict[str, Any]  # keys are folded: version 1 has `versioncreated`, `body_html`, version 3 `versionCreated`

_PLURAL = {"headline": "headlines", "description": "descriptions", "body": "bodies"}
_HTML = ("html", "xhtml", "html5", "richtext", "text/html", "application/xhtml+xml")  # roles and media types
_OTHER = (
    "xml",
    "nitf",
    "usage",
    "caption",
    "alttext",
    "reason",
)  # roles of texts that are none, or not the entry's own


def read(text: str, url: str | None = None, only: Collection[int] | None = None) -> tuple[Item, ...]:
    """The news objects, in their order, then those that are canceled. Raises ParseError where there is none.

    `only`: the numbers of those that are wanted.
    """
    news = _news(text)
    wanted = news[:MOST_ENTRIES] if only is None else [news[n] for n in sorted(only)]
    items = [_item(fields, url) for fields in wanted]
    if len(news) > MOST_ENTRIES:
        items.append(Item(damage=too_many(len(news) - MOST_ENTRIES)))
    return settled(items)


def cut(text: str, url: str | None = None) -> Cut | None:
    """None of what is no ninjs, or has too many news objects."""
    try:
        news = _news(text)
    except ParseError:
        return None
    if len(news) > MOST_ENTRIES or not is_short((url,)):
        return None
    entries = (None if excess(fields) else entry_digest(fields, url) for fields in news)
    return Cut("ninjs", "", tuple(entries), Rhythm())


def _news(text: str) -> list[Object]:
    document = load(text)
    objects = [_folded(value) for value in (document if isinstance(document, list) else [document])]
    if len(objects) == 1 and not _texts(objects[0], *_PLURAL) and not status(objects[0]):
        texts = [fields for fields in _several(objects[0], "associations", most=None) if _is_told(fields)]
        objects = _several(objects[0], "items", most=None) or texts
    news = [
        fields
        for fields in objects
        if _said(fields, "uri", "guid") and (_texts(fields, "headline", "body") or status(fields))
    ]
    if not news and not _is_empty(document):
        raise ParseError("is JSON, but no ninjs (it needs a uri, and a headline, a body or a status)")
    return news


def _is_empty(document: Any) -> bool:
    """Is it a composite that has nothing in it, as a feed may have?"""
    return isinstance(document, dict) and document.get("type") == "composite" and document.get("associations") == []


def _is_told(fields: Object) -> bool:
    """Is an object of a composite news of its own, or news that was taken back?"""
    return bool(_texts(fields, "body")) or (_said(fields, "type") == "text" and status(fields) == "withdrawn")


def _item(news: Object, url: str | None) -> Item:
    changed, damage = _said(news, "versioncreated"), excess(news)
    if status(news) == "withdrawn":
        return Item(
            id=_said(news, "uri", "guid"),
            published=changed,
            withdrawn=True,
            reason=reason(news.get("reason") or _of_role(news, "description", "reason")),
            entry=None if damage else entry_digest(news, url),
        )
    if damage:
        return Item(id=_said(news, "uri", "guid"), url=_said(news, "url"), damage=damage)
    title, teaser, content = _first(news, "headline"), _first(news, "description"), _content(news)
    subjects = names(subject.get("name") for subject in _several(news, "subjects") + _several(news, "subject"))
    said = told(content)
    own = _said(news, "url") or _page(news)
    return Item(
        id=_said(news, "uri", "guid"),
        url=own,
        base=url,
        kicker=subjects[0] if subjects else None,
        title=title,
        teaser=None if teaser == title else teaser,
        kind=said.kind,
        content=said.content,
        contact=said.contact,
        language=_said(news, "language"),
        published=dates.first(_said(news, key) for key in ("firstcreated", "contentcreated", "versioncreated")),
        updated=changed,
        embargo=embargo_of(news),
        categories=subjects[1:],
        authors=names(name for key in ("byline", "by") if (by := _said(news, key)) for name in people(by)),
        images=tuple(_images(news))[:MOST],
        corrects=corrects(title, teaser, content, own),
        entry=entry_digest(news, url),
    )


def _folded(value: Any) -> Object:
    return {re.sub(r"[_-]", "", key).lower(): v for key, v in value.items()} if isinstance(value, dict) else {}


def _several(fields: Object, key: str, most: int | None = 4 * MOST) -> list[Object]:
    """Objects: a list of them, or a table by name (versions 1.x)."""
    value = fields.get(key)
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [folded for entry in values[:most] if (folded := _folded(entry))]


def _said(fields: Object, *keys: str) -> str | None:
    """The first of these that states a text."""
    return next((said for key in keys if isinstance(v := fields.get(key), str) and (said := squeeze(v))), None)


def _texts(fields: Object, *kinds: str) -> list[tuple[str, str, bool]]:
    """(role, text, is it HTML) of `body_html` and its kin (1.x), of `bodies` (2.x, 3.x); the main one first."""
    found = []
    for kind in kinds:
        named = [(key.removeprefix(kind), None, value) for key, value in fields.items() if key.startswith(kind)]
        listed = [(_said(f, "role"), _said(f, "contenttype"), f.get("value")) for f in _several(fields, _PLURAL[kind])]
        for role, media_type, value in (*named, *listed):
            if isinstance(value, str) and value.strip() and media_type in (None, "text/plain", *_HTML):
                markup = (media_type or role) in _HTML or (not media_type and is_markup(value))
                found.append(((role or "").lower(), value, markup))
    kept = [text for text in found if not text[0].endswith(_OTHER) or text[0] in _HTML]
    return sorted(kept, key=lambda text: text[0] not in ("", "main", "text"))


def _first(fields: Object, kind: str) -> str | None:
    return next((plain(text) if html else characters(text) for _, text, html in _texts(fields, kind)), None) or None


def _of_role(fields: Object, kind: str, role: str) -> str | None:
    """What a text of just this role says."""
    return next((_said(f, "value") for f in _several(fields, _PLURAL[kind]) if _said(f, "role") == role), None)


def _page(news: Object) -> str | None:
    """The address of the object as a page: versions 3.x have no `url`."""
    pages = (r for r in _several(news, "renditions") if _said(r, "contenttype") == "text/html")
    return next((href for page in pages if (href := _said(page, "href"))), None)


def _content(fields: Object) -> str | None:
    rich_first = sorted(_texts(fields, "body"), key=lambda text: not text[2])
    return next((text if html else paragraphs(text, lines=True) for _, text, html in rich_first), None)


def _images(news: Object) -> Iterator[Image]:
    """Of the object and of each picture that belongs to it, the widest rendition."""
    for picture in (news, *_several(news, "associations")):
        renditions = [r for r in _several(picture, "renditions") if _said(r, "href") and _is_picture(r, picture)]
        if renditions and (picture is news or not (status(picture) or embargo_of(picture))):
            best = max(renditions, key=lambda r: length(r.get("width")) or 0)
            words = {} if picture is news else picture
            credit = _said(words, "byline", "by")
            alt = _said(picture, "alttext") or _of_role(words, "description", "alttext")
            yield Image(_said(best, "href"), alt, _first(words, "description"), credit)


def _is_picture(rendition: Object, news: Object) -> bool:
    kind = _said(rendition, "contenttype", "mimetype")
    return kind.startswith("image/") if kind else _said(news, "type") == "picture"
