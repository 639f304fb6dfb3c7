"""The last look at a document before it replaces the good one that stands there. Pure.

It catches what a fault of ours or of a library would do to every subscriber; it is no validator of everything.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NoReturn

from syndicate.model import Document
from syndicate.render._checkxml import atom, opml, root_of, rss
from syndicate.render._rules import MEDIA_TYPE, TEXT, TIMESTAMP, WEB, Fault, wrong

_VERSION = "https://jsonfeed.org/version/1.1"

_TAG = re.compile(r"""<([A-Za-z][^\s/>]*+)((?:[^>"']|"[^"]*+"|'[^']*+')*+)(>?)""")
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"']++))?""")
_ADDRESSES = frozenset({"action", "cite", "data", "formaction", "href", "poster", "src", "xlink:href"})
_IGNORED = re.compile("[\x00-\x20\x7f]+")  # by a browser, in the scheme of an address


def faults(document: Document) -> tuple[str, ...]:
    """What makes this document invalid, in plain words; empty where it may be published.

    An entry's fault names its id. Files beside a release (`media/`) are not ours to judge.
    """
    return tuple(str(fault) for fault in _faults(document))


def culprits(document: Document) -> tuple[str, ...]:
    """The atom ids of the entries that are at fault, in their order ("" for one without an id).

    Empty where nothing is wrong, where it is the document as a whole, and for pages for people.
    """
    return tuple(dict.fromkeys(fault.entry for fault in _faults(document) if fault.entry is not None))


def _faults(document: Document) -> Iterator[Fault]:
    check = _CHECKS.get(document.media_type)
    if check is None or document.path.startswith("media/"):
        return
    try:
        text = document.body.decode()
    except UnicodeDecodeError as error:
        yield Fault(f"not UTF-8: {error.reason}, byte {error.start}")
        return
    try:
        yield from check(document, text)
    except (ValueError, RecursionError) as error:  # neither XML nor JSON: what a parser says of it
        yield Fault(str(error))


def _atom(document: Document, _: str) -> Iterator[Fault]:
    return atom(root_of(document.body), archive="/" in document.path)


def _rss(document: Document, _: str) -> Iterator[Fault]:
    return rss(root_of(document.body))


def _opml(document: Document, _: str) -> Iterator[Fault]:
    return opml(root_of(document.body))


# --- JSON Feed --------------------------------------------------------------------------------------------------------


def _jsonfeed(_: Document, text: str) -> Iterator[Fault]:
    feed = json.loads(text, parse_constant=_no_number)
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


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _head(feed: dict[str, Any]) -> Iterator[str]:
    if feed.get("version") != _VERSION:
        yield f"version is not {_VERSION}"
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


# --- pages for people -------------------------------------------------------------------------------------------------


def _html(_: Document, text: str) -> Iterator[Fault]:
    if text[:14].lower() != "<!doctype html":
        yield Fault("does not begin with a doctype")
    names = []
    for tag in _TAG.finditer(text):
        name = tag[1].lower()
        names.append(name)
        if not tag[3]:
            yield Fault(f"the tag <{name[:20]} does not end")
        yield from (Fault(f"<{name[:20]}> {reason}") for reason in _attributes(tag[2]))
    if names.count("h1") != 1:
        yield Fault(f"{names.count('h1')} <h1>, not one")
    if "title" not in names:
        yield Fault("no <title>")
    if "script" in names:
        yield Fault("holds a <script>")


def _attributes(text: str) -> Iterator[str]:
    for match in _ATTRIBUTE.finditer(text):
        name = match[1].lower()
        if name.startswith("on"):
            yield f"has {name[:20]}="
        value = _IGNORED.sub("", unescape((match[2] or "").strip("\"'"))).lower()
        if name in _ADDRESSES and value.startswith("javascript:"):
            yield f"has a javascript: address in {name}"


_CHECKS = {
    "application/atom+xml": _atom,
    "application/rss+xml": _rss,
    "application/feed+json": _jsonfeed,
    "text/x-opml": _opml,
    "text/html": _html,
}
