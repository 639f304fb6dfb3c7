"""Where a document's changes are pushed, and by what address it is known there (W3C WebSub section 4)."""

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from syndicate.model import HubLinks
from syndicate.parse.rhythm import channel
from syndicate.text import squeeze
from syndicate.urls import clean_url

_MOST, _LONGEST, _HEADER = 10, 2_000, 16_000  # hubs, and the characters of an address and of all Link lines
_REACH = 200_000  # characters of a page before its body
_ELEMENT = re.compile(r"<(?:[\w.-]{1,40}:)?(link|base)\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([\w:.-]{1,40})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))""")
_BASE = re.compile(r"""<[^<>]{0,4000}?\sxml:base\s{0,20}=\s{0,20}(?:"([^"<>]*)"|'([^'<>]*)')""")
_UNREAD = re.compile(r"<!\[CDATA\[|<!--|<(script|style|template|noscript)\b", re.IGNORECASE)
_ENDS = {"<![cdata[": "]]>", "<!--": "-->"}
_BODY = re.compile(r"</head\b|<body\b", re.IGNORECASE)
_NAME = r"[\w!#$%&'*+.^`|~-]+"
_PARAMETER = rf';\s*({_NAME})(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;,"]*))?\s*'
_LINK = re.compile(rf"<([^<>]*)>\s*((?:{_PARAMETER})*)")
_REGISTERED = "http://www.iana.org/assignments/relation/"  # RFC 4287 section 4.2.7


def hubs_of_header(value: str | None, url: str | None) -> HubLinks:
    """Of all Link lines of an answer, joined by commas (RFC 8288). One with an `anchor` may be another document's."""
    found = list[tuple[str, str]]()
    for address, parameters, *_ in _LINK.findall((value or "")[:_HEADER]):
        said = dict[str, str]()
        for name, given in re.findall(_PARAMETER, parameters):
            said.setdefault(name.lower(), re.sub(r"\\(.)", r"\1", given.strip('"')))  # of two the first counts
        if "anchor" not in said:
            found.append((said.get("rel", ""), address))
    return _links(found, url)


def hubs_of(text: str, form: str, url: str | None) -> HubLinks:
    """What a document says itself, outside its entries; `form` is its key of PARSERS. Never raises."""
    if form == "feed":
        return _of_feed(text, url)
    if form == "json":
        return _of_json(text, url)
    return _of_page(text, url) if form == "html" and "hub" in text else HubLinks()


def _of_feed(text: str, url: str | None) -> HubLinks:
    said = _shown(channel(text))
    stated = _BASE.match(said)
    base = _joined(stated[1] or stated[2] or "", url) or url if stated else url
    return _links(_elements(said), base)


def _of_page(text: str, url: str | None) -> HubLinks:
    """Of its head alone: what stands in a text is somebody else's."""
    head = text[:_REACH]
    body = _BODY.search(head)
    head = _shown(head[: body.start()] if body else head)
    bases = (_attributes(rest).get("href") for name, rest in _ELEMENT.findall(head) if name.lower() == "base")
    stated = next(filter(None, bases), "")
    return _links(_elements(head), _joined(stated, url) or url)


def _of_json(text: str, url: str | None) -> HubLinks:
    """JSON Feed 1.1: `hubs`, whose type may be another than this protocol's, and `feed_url`."""
    try:
        feed = json.loads(text) if '"hubs"' in text or '"feed_url"' in text else None
    except (ValueError, RecursionError):
        return HubLinks()
    if not isinstance(feed, dict):
        return HubLinks()
    hubs: list[Any] = found if isinstance(found := feed.get("hubs"), list) else []
    named = [("hub", hub.get("url")) for hub in hubs if isinstance(hub, dict) and _is_websub(hub.get("type"))]
    said = [*named, ("self", feed.get("feed_url"))]
    return _links([(rel, address) for rel, address in said if isinstance(address, str)], url)


def _shown(text: str) -> str:
    """Without what is quoted, remarked or run: of what does not end, nothing."""
    shown, at = list[str](), 0
    while opens := _UNREAD.search(text, at):
        shown.append(text[at : opens.start()])
        name = opens[1]
        end = re.compile(rf"</{name}\s{{0,20}}>" if name else re.escape(_ENDS[opens[0].lower()]), re.IGNORECASE)
        closes = end.search(text, opens.end())
        if not closes:
            return "".join(shown)
        at = closes.end()
    return "".join((*shown, text[at:]))


def _is_websub(kind: object) -> bool:
    return isinstance(kind, str) and kind.casefold() in ("websub", "pubsubhubbub")


def _elements(text: str) -> Iterator[tuple[str, str]]:
    for name, rest in _ELEMENT.findall(text):
        if name.lower() == "link":
            said = _attributes(rest)
            yield said.get("rel", ""), said.get("href", "")


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(a or b or c) for name, a, b, c in reversed(_ATTRIBUTE.findall(text))}


def _links(said: Iterable[tuple[str, str]], base: str | None) -> HubLinks:
    """Of (relations, address): the hubs, each once, and the first address that it says is its own."""
    hubs, own = dict[str, None](), list[str]()
    for relations, address in said:
        rels = {rel.removeprefix(_REGISTERED) for rel in relations.casefold().split()}
        if not rels & {"hub", "self"} or not (there := _joined(address, base)):
            continue
        if "hub" in rels and not urlsplit(there).username:
            hubs.setdefault(urldefrag(there)[0])
        if "self" in rels:
            own.append(there)
    return HubLinks(tuple(hubs)[:_MOST], own[0] if own else None)


def _joined(address: str, base: str | None) -> str | None:
    """Absolute, else as it is written: a hub compares it letter by letter."""
    address = squeeze(address)
    try:
        there = urljoin(base or "", address)
    except ValueError:
        return None
    fine = address and " " not in there and len(there) <= _LONGEST and there.isascii()
    return there if fine and clean_url(there, ipv6=True) else None
