"""What makes a JSON Feed 1.1 invalid. Pure."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from syndicate.formats import JSON_FEED
from syndicate.model import Document
from syndicate.validate.rules import MEDIA_TYPE, TEXT, TIMESTAMP, WEB, Fault, wrong


def read(text: str) -> Any:
    """JSON as RFC 8259 has it. ValueError says why it is none."""
    return json.loads(text, parse_constant=_no_number)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def check(_: Document, text: str) -> Iterator[Fault]:
    feed = read(text)
    if not isinstance(feed, dict):
        yield Fault("not an object")
        return
    yield from map(Fault, _head(feed))
    items = feed.get("items")
    if not isinstance(items, list):
        yield Fault("items is not a list")
        return
    seen = set()
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            yield Fault(f"item {number} is not an object")
            continue
        id_ = item.get("id")
        id_ = id_ if isinstance(id_, str) else ""
        for reason in _item(item):
            yield Fault(reason, id_)
        if id_ and id_ in seen:
            yield Fault("its id stands twice", id_)
        seen.add(id_)


def _head(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != JSON_FEED:
        yield f"version is not {JSON_FEED}"
    yield from wrong("title", feed.get("title"), TEXT)
    for name in ("home_page_url", "feed_url", "next_url", "icon", "favicon"):
        if name in feed:
            yield from wrong(name, feed[name], WEB)
    yield from _authors(feed)


def _item(item: dict[str, Any]) -> Iterator[str]:
    yield from wrong("id", item.get("id"), TEXT)
    contents = [name for name in ("content_html", "content_text") if name in item]
    if not contents:
        yield "neither content_html nor content_text"
    for name in (*contents, "title", "summary"):
        if name in item and not isinstance(item[name], str):
            yield f"{name} is not text"
    for name in ("url", "external_url", "image", "banner_image"):
        if name in item:
            yield from wrong(name, item[name], WEB)
    for name in ("date_published", "date_modified"):
        if name in item:
            yield from wrong(name, item[name], TIMESTAMP)
    if not all(isinstance(tag, str) for tag in _list(item, "tags")):
        yield "tags are not texts"
    yield from _authors(item)
    for attachment in _list(item, "attachments"):
        yield from _attachment(attachment)


def _list(holder: dict[str, Any], name: str) -> list[Any]:
    """What is no list stands for itself, so that the rule for its members finds it."""
    value = holder.get(name, [])
    return value if isinstance(value, list) else [None]


def _authors(holder: dict[str, Any]) -> Iterator[str]:
    for author in _list(holder, "authors"):
        if not isinstance(author, dict) or not any(author.get(name) for name in ("name", "url", "avatar")):
            yield "an author without name, url and avatar"


def _attachment(attachment: Any) -> Iterator[str]:
    if not isinstance(attachment, dict):
        yield "an attachment is not an object"
        return
    yield from wrong("attachment url", attachment.get("url"), WEB)
    yield from wrong("attachment mime_type", attachment.get("mime_type"), MEDIA_TYPE)
    size = attachment.get("size_in_bytes", 0)
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        yield "attachment size_in_bytes is not a number of bytes"
