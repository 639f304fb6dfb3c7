"""ninjs 1.x to 3.x (IPTC News in JSON): one news object, a list of them, or a package that has them as `items`."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from syndicate.errors import ParseError
from syndicate.model import Image, Item
from syndicate.parse._correction import corrects
from syndicate.parse._fields import MOST, embargo, is_markup, length, names, paragraphs, person, plain, status
from syndicate.parse._json import load
from syndicate.parse._withdrawal import reason, settled
from syndicate.text import squeeze

Object = dict[str, Any]  # its keys folded: version 1 has `versioncreated`, `body_html`, version 3 `versionCreated`

_PLURAL = {"headline": "headlines", "description": "descriptions", "body": "bodies"}
_HTML = frozenset({"html", "xhtml", "html5", "richtext"})
_MARKUP = frozenset({"text/html", "application/xhtml+xml"})
_LAST = ("xml", "nitf", "usage", "caption")  # roles of texts that are none, or not the entry's own


class _Text(NamedTuple):
    role: str
    value: str
    markup: bool


def read(text: str, url: str | None = None) -> tuple[Item, ...]:
    """The news objects, in their order, then those that are canceled. Raises ParseError where there is none."""
    news = _news(load(text))
    if not news:
        raise ParseError("is JSON, but no ninjs (it needs a uri, and a headline, a body or a status)")
    return settled(_item(fields, url) for fields in news)


def _news(document: Any) -> list[Object]:
    objects = [_folded(value) for value in (document if isinstance(document, list) else [document])]
    if len(objects) == 1 and not _texts(objects[0], *_PLURAL) and not status(objects[0]):
        texts = [fields for fields in _several(objects[0], "associations") if _texts(fields, "body")]
        objects = _several(objects[0], "items") or texts
    return [fields for fields in objects if _name(fields) and (_texts(fields, "headline", "body") or status(fields))]


def _item(news: Object, url: str | None) -> Item:
    changed = _said(news, "versioncreated")
    if status(news) == "withdrawn":
        return Item(id=_name(news), published=changed, withdrawn=True, reason=reason(news.get("reason")))
    title, teaser, content = _first(news, "headline"), _first(news, "description"), _content(news)
    subjects = names(subject.get("name") for subject in _several(news, "subjects") + _several(news, "subject"))
    by = [_said(news, key) for key in ("byline", "by")]
    return Item(
        id=_name(news),
        url=_said(news, "url"),
        base=url,
        kicker=subjects[0] if subjects else None,
        title=title,
        teaser=None if teaser == title else teaser,
        content=content,
        language=_said(news, "language"),
        published=_said(news, "firstcreated") or _said(news, "contentcreated") or changed,
        updated=changed,
        embargo=embargo(news),
        categories=subjects[1:],
        authors=names(person(stated) for stated in by if stated),
        images=tuple(_images(news))[:MOST],
        corrects=corrects(title, teaser, content, _said(news, "url")),
        damage=None if title or teaser or content else "the news object has neither a headline nor a text",
    )


def _folded(value: Any) -> Object:
    return {re.sub(r"[_-]", "", key).lower(): v for key, v in value.items()} if isinstance(value, dict) else {}


def _several(fields: Object, key: str) -> list[Object]:
    """Objects: a list of them, or a table by name (versions 1.x)."""
    value = fields.get(key)
    values = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return [folded for entry in values[: 50 * MOST] if (folded := _folded(entry))]


def _said(fields: Object, key: str) -> str | None:
    return squeeze(value) or None if isinstance(value := fields.get(key), str) else None


def _name(fields: Object) -> str | None:
    return _said(fields, "uri") or _said(fields, "guid")


def _texts(fields: Object, *kinds: str) -> list[_Text]:
    """`body_html` and its kin (1.x), or `bodies` with role and type (2.x, 3.x); the entry's own first."""
    found = []
    for kind in kinds:
        named = [(key.removeprefix(kind), None, value) for key, value in fields.items() if key.startswith(kind)]
        listed = [
            (_said(text, "role") or "", _said(text, "contenttype"), text.get("value"))
            for text in _several(fields, _PLURAL[kind])
        ]
        for role, media_type, value in (*named, *listed):
            if isinstance(value, str) and value.strip() and media_type in (None, "text/plain", *_MARKUP):
                markup = media_type in _MARKUP if media_type else role in _HTML or is_markup(value)
                found.append(_Text(role.lower(), value, markup))
    kept = [text for text in found if not text.role.endswith(_LAST) or text.role in _HTML]
    return sorted(kept, key=lambda text: text.role not in ("", "main", "text"))


def _first(fields: Object, kind: str) -> str | None:
    return next((plain(t.value) if t.markup else squeeze(t.value) for t in _texts(fields, kind)), None) or None


def _content(fields: Object) -> str | None:
    texts = _texts(fields, "body")
    rich = next((text.value for text in texts if text.markup), None)
    return rich or next((paragraphs(text.value, lines=True) for text in texts), None)


def _images(news: Object) -> Iterator[Image]:
    """Of the object and of each picture that belongs to it, the widest rendition."""
    for picture in (news, *_several(news, "associations")):
        renditions = [r for r in _several(picture, "renditions") if _said(r, "href") and _is_picture(r, picture)]
        if renditions:
            best = max(renditions, key=lambda r: length(r.get("width")) or 0)
            own = picture is not news
            caption = _first(picture, "description") if own else None
            credit = (_said(picture, "byline") or _said(picture, "by") or _said(picture, "creditline")) if own else None
            yield Image(_said(best, "href"), _said(picture, "alttext"), caption, credit)


def _is_picture(rendition: Object, news: Object) -> bool:
    kind = _said(rendition, "contenttype") or _said(rendition, "mimetype")
    return kind.startswith("image/") if kind else _said(news, "type") == "picture"
