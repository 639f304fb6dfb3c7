"""List pages: is it one, and what stands on it."""

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

import syndicate.parse.html.cards as _cards
import syndicate.parse.html.title as _title
from syndicate.model import Item
from syndicate.parse.html.cards import Card
from syndicate.parse.html.metadata import Metadata
from syndicate.parse.html.pieces import called
from syndicate.parse.pager import paged
from syndicate.parse.plaintext import prose
from syndicate.parse.tree import words
from syndicate.urls import canonical_url, clean_url

_FEW = 2
_MANY = 300  # entries: that is a list, whatever stands beside them
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?:news|presse|press|article|teaser|result|search|item|hit|meldungs?|mitteilungs?|entry|post)"
    r"s?(?:mitteilungen|meldungen)?-?(?:list(?:e|ing)?|results?|archive?|overview|uebersicht)|view-content|"
    r"ergebnisliste|trefferliste|list-view|wp-block-query)(?:$|[\s_-])"
)


def may_be_one(root: HtmlElement, meta: Metadata) -> bool:
    """Is a page with one entry a list: the last of several, or one that says so?"""
    if meta.listed or paged(root):
        return True
    if meta.article:
        return False
    named = any(_NAMED.search(called(e)) for e in root.iter("div", "section", "ul", "ol", "main", "table"))
    return named or any(_title.generic(words(heading, 100)) for heading in root.iter("h1"))


def leads_away(heading: HtmlElement, meta: Metadata, base: str | None) -> bool:
    """Is the heading a link to another page, as an entry's is and a release's is not?"""
    own = {canonical_url(found) for stated in (meta.url, base) if stated and (found := clean_url(stated))}
    links = [heading] if heading.tag == "a" else [*heading.iter("a"), *heading.iterancestors("a")]
    addresses = (link.get("href") or "" for link in links)
    told = (clean_url(stated, base) for stated in addresses if stated and not stated.startswith("#"))
    return bool(own) and any(found and canonical_url(found) not in own for found in told)


def entries(root: HtmlElement, select: Sequence[tuple[str, str]] = (), few: int = _FEW) -> list[Card]:
    """The entries of the page's own part, where they are most of it; empty where it is no list: fewer than `few`."""
    named = dict(select)
    if item := named.get("item"):
        return _cards.cards(root, select, item)
    body = next(iter(root.iter("body")), root)
    for part in (
        *root.iter("main"),
        *(e for e in root.iter("div") if e.get("id") in ("content", "main", "inhalt")),
        body,
    ):
        found = _plausible(_cards.cards(part, select))
        if len(found) >= few and _mostly(part, found):
            return found
    return []


def covers(part: HtmlElement, heading: HtmlElement | None = None) -> bool:
    """Is the part a list, more than a text? What holds the page's own heading is no entry, nor is the one long text."""
    found = [c for c in _plausible(_cards.cards(part)) if heading is None or heading not in _within(c)]
    texts = [card for card in found if _paragraphs(card) > 1]
    if len(texts) == 1:
        found.remove(texts[0])
    return len(found) >= _FEW and _mostly(part, found)


def _within(card: Card) -> list[HtmlElement]:
    return list(card.element.iter()) if card.element is not None else []


def _paragraphs(card: Card) -> int:
    """How many paragraphs of running text it has."""
    return sum(e.tag == "p" and prose(words(e, 700)) for e in _within(card))


def _plausible(found: Sequence[Card]) -> list[Card]:
    """Entries that say more than a menu's: a date, a teaser, a topic, or a title of some length."""
    telling = [c for c in found if c.published or c.teaser or (c.topic and len(c.title) > 15)]
    if len(telling) * 2 >= len(found):
        return [c for c in found if c in telling or len(c.title) > 15]
    long = [c for c in found if len(c.title) > 25]
    return long if len(long) * 3 >= len(found) * 2 and len(long) > _FEW else telling


def _mostly(part: HtmlElement, found: Sequence[Card]) -> bool:
    """Do the entries hold most of the part's text? A paragraph that says what the list is may stand above it."""
    if len(found) >= _MANY:
        return True
    inside = {e for card in found if card.element is not None for e in card.element.iter()}
    outside = [words(p, 700) for p in part.iter("p", "blockquote") if p not in inside]
    told = sum(len(text) for text in outside if prose(text))
    held = sum(len(words(card.element, 2_000)) for card in found if card.element is not None)
    return held > 1.5 * told and (told < 900 or held > 4 * told)


def items(
    found: Sequence[Card], base: str | None, language: str | None, unmatched: tuple[str, ...]
) -> tuple[Item, ...]:
    return tuple(
        Item(
            base=base,
            url=card.url,
            kicker=card.topic,
            title=card.title,
            teaser=card.teaser,
            published=card.published,
            images=(card.image,) if card.image else (),
            language=language,
            headline=True,
            unmatched=unmatched,
        )
        for card in found
    )
