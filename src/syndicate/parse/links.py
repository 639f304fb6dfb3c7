"""What a document says of others: the feeds that a page names, and the next older page of a list or an archive.

And what kind of page came where another was asked for. Pure; linear in the length of the document.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

import syndicate.parse.pager as _pager
from syndicate.errors import ParseError
from syndicate.mediatypes import essence
from syndicate.parse.encoding import decode
from syndicate.parse.parsers import FEED_TYPES
from syndicate.parse.sniff import charset, sniff
from syndicate.parse.tree import base_of, tree, words
from syndicate.parse.unexpected import kind
from syndicate.text import squeeze
from syndicate.urls import canonical_url, clean_url, without_feed_scheme

_TYPES = frozenset({*FEED_TYPES, "application/x-rss+xml", "application/x-atom+xml"})
_LOOSE_TYPES = frozenset({"application/xml", "text/xml", "application/json", "text/rss+xml", "text/rss"})
_NAMED = re.compile(r"\b(?:rss|atom|rdf|feed|newsfeed|rssfeed)", re.IGNORECASE)
_NO_FEED = re.compile(r"sitemap|opensearch|oembed|wp-json|wlwmanifest|xmlrpc|/api/|print", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b|kommentar", re.IGNORECASE)
_FEED_PATH = re.compile(r"\.(?:rss|atom|rdf|xml)$|(?:^|/)(?:feed|rss|rss2|atom|feed\.json)/?$", re.IGNORECASE)
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format|type|view|output)=(?:rss2?|atom|feed|9818|100)(?:&|$)", re.IGNORECASE)
_MOST = 100  # feeds that one page may name
_MOST_LINKS = 5_000  # that are looked at: no page has so many
_ATOM = "{http://www.w3.org/2005/Atom}link"


# What a link to a feed, or to a page of feeds, is called: few words, or a sign's name.
_CALLED = re.compile(r"\b(?:rss|(?:atom|news|web|xml|json)-?\s?feeds?|feeds?|atom)\b(?:\s?[012]\.\d+)?", re.IGNORECASE)
_SIGN = re.compile(r"(?:^|[\s_/#-])(?:rss|feed|atom)(?:[\s_.-]|$)", re.IGNORECASE)
_FEW_WORDS = 5
_MOST_LEADS = 5  # links that are only called so


class FeedLink(NamedTuple):
    """A feed that a page names. `type` is its media type, as the page states it or as its address looks.

    Without a type it is only called one: a feed, or a page that lists feeds.
    """

    url: str
    title: str | None
    type: str


def feeds(body: bytes, *, url: str | None, media_type: str | None = None) -> tuple[FeedLink, ...]:
    """The feeds that a page names, each once: by `<link rel="alternate">` (autodiscovery), those of comments last.

    Where no such element names one, the links of its text whose addresses look like a feed's; last, whatever else is
    called one, by its words or an icon (`FeedLink.type` is empty). Absolute, http(s) only.
    """
    root = _tree(body, media_type)
    return feeds_of(root, url) if root is not None else ()


def feeds_of(root: HtmlElement, url: str | None) -> tuple[FeedLink, ...]:
    """`feeds` of a page that is a tree already."""
    base = base_of(root, url)
    stated = list(_stated(root, base))
    named = [link for link in stated if not _of_comments(link)]
    comments = [link for link in stated if _of_comments(link)]
    anchors = list(_anchors(root, base))
    leads = [link._replace(type="") for link in anchors] if named else []
    if not named:
        named = [link for link in anchors if not _of_comments(link)]
        comments += [link for link in anchors if _of_comments(link)]
    own = url and clean_url(url)
    unique: dict[str, FeedLink] = {}
    leads = [link for link in (*leads, *_called(root, base)) if not _of_comments(link)]
    for link in (*named, *comments, *leads[:_MOST_LEADS]):
        if link.url != own:
            unique.setdefault(link.url, link)
    return tuple(unique.values())[:_MOST]


def next_page(
    body: bytes, *, url: str | None, media_type: str | None = None, select: Sequence[tuple[str, str]] = ()
) -> str | None:
    """The address of the next older page of a paged list or feed; None where there is none, or only this one again.

    Of a page: the operator's `next` selector, rel=next, else the link of a pagination block that says so. Of a feed:
    rel=prev-archive or rel=next (RFC 5005 sections 3 and 4), `next_url` of JSON Feed.
    """
    try:
        text = decode(body, charset(media_type))
        form = sniff(text, media_type=media_type)
    except ParseError:
        return None
    if form == "feed":
        found: Iterable[str | None] = _of_feed(body, url)
    elif form == "json":
        found = _of_json(text, url)
    else:
        root = tree(text)
        found = _pager.next_of(root, url, dict(select).get("next")) if root is not None and "<" in text else ()
    own = url and _same(clean_url(url, ipv6=True) or url)
    return next((address for address in found if address and _same(address) != own), None)


def looks_like(text: str) -> str | None:
    """What kind of page it is that comes instead of another, by its words and its markup: `maintenance page`, …

    None where it looks like none of them. A release that tells of maintenance work is none.
    """
    root = tree(text) if text.strip() else None
    return kind(root, text) if root is not None else None


# --- feeds ------------------------------------------------------------------------------------------------------------


def _tree(body: bytes, media_type: str | None) -> HtmlElement | None:
    try:
        text = decode(body, charset(media_type))
    except ParseError:
        return None
    return tree(text) if text.strip() else None


def _stated(root: HtmlElement, base: str | None) -> Iterator[FeedLink]:
    for link in islice(root.iter("link"), _MOST_LINKS):
        rel = (link.get("rel") or "").casefold().split()
        if not {"alternate", "feed"} & set(rel) or "stylesheet" in rel:
            continue
        address, title = link.get("href") or "", squeeze(link.get("title") or "")
        media = essence(link.get("type") or "")
        loose = media in _LOOSE_TYPES or (not media and "feed" in rel)
        told = media in _TYPES or (loose and _NAMED.search(f"{address} {title}") and not _NO_FEED.search(address))
        if told and (url := clean_url(without_feed_scheme(address), base)):
            yield FeedLink(url, title or None, media or _guessed(url))


def _anchors(root: HtmlElement, base: str | None) -> Iterator[FeedLink]:
    for link, url in _links(root, base):
        parts, schemed = urlsplit(url), (link.get("href") or "").strip()[:5].casefold() == "feed:"
        if schemed or _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query):
            yield FeedLink(url, _name(link) or None, _guessed(url))


def _called(root: HtmlElement, base: str | None) -> Iterator[FeedLink]:
    """Links that are called a feed by their few words, else by a picture or a sign in them."""
    for link, url in _links(root, base):
        name = _name(link)
        says = _CALLED.search(name) and len(name.split()) <= _FEW_WORDS
        if says or (not name and any(_SIGN.search(sign) for sign in _signs(link))):
            yield FeedLink(url, name or None, "")


def _links(root: HtmlElement, base: str | None) -> Iterator[tuple[HtmlElement, str]]:
    for link in islice(root.iter("a"), _MOST_LINKS):
        address = (link.get("href") or "").strip()
        url = clean_url(without_feed_scheme(address), base) if address and not address.startswith("#") else None
        if url and not _NO_FEED.search(urlsplit(url).path):
            yield link, url


def _name(link: HtmlElement) -> str:
    """What a person reads or hears of it: its words, its title or label, its picture's alternative."""
    told = [words(link), link.get("title"), link.get("aria-label")]
    pictures = islice(link.iter("img", "title"), 5)
    told += [inner.get("alt") or inner.get("title") if inner.tag == "img" else inner.text for inner in pictures]
    return next((name for text in told if (name := squeeze(text or ""))), "")[:200]


def _signs(link: HtmlElement) -> Iterator[str]:
    """Names of icons: classes, and the addresses of pictures."""
    for inner in islice(link.iter(), 10):
        for attribute in ("class", "src", "href", "{http://www.w3.org/1999/xlink}href", "xlink:href"):
            if inner is link and attribute == "href":
                continue
            if value := inner.get(attribute):
                yield value.rsplit("/", 1)[-1] if attribute != "class" else value


def _guessed(url: str) -> str:
    """The media type of a feed of which only the address is known."""
    url = url.casefold()
    if "atom" in url:
        return "application/atom+xml"
    return "application/feed+json" if url.endswith("json") else "application/rss+xml"


def _of_comments(link: FeedLink) -> bool:
    return bool(_COMMENTS.search(f"{link.url} {link.title or ''}"))


# --- the next page ----------------------------------------------------------------------------------------------------


def _of_feed(body: bytes, url: str | None) -> Iterator[str | None]:
    """The links of the feed itself, none of its entries'."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError):
        return
    if root is None:
        return
    channel = (
        next((child for child in root if etree.QName(child.tag).localname == "channel"), None) if len(root) else None
    )
    parents = [root] if channel is None else [root, channel]
    links = [child for parent in parents for child in parent if child.tag == _ATOM]
    for wanted in ("prev-archive", "next"):
        for link in links:
            if (link.get("rel") or "").casefold() == wanted:
                yield clean_url(link.get("href") or "", _joined(link.base, url))


def _joined(base: str | None, url: str | None) -> str | None:
    return clean_url(base, url) if base else url


def _of_json(text: str, url: str | None) -> Iterator[str | None]:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return
    if isinstance(feed, dict) and isinstance(address := feed.get("next_url"), str) and address.strip():
        yield clean_url(address, url)


def _same(url: str) -> str:
    return canonical_url(url.partition("#")[0])
