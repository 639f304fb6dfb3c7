"""The head of a release page: what stands around its title, told by name and by looks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

import syndicate.parse.html.furniture as furniture
from syndicate.notices import dates, embargo, kind
from syndicate.parse.html.names import AUTHOR, DATE, KICKER, KIND, TEASER, UPDATED
from syndicate.parse.html.pieces import Piece, called, pieces
from syndicate.parse.html.title import generic
from syndicate.parse.plaintext import ends, prose
from syndicate.parse.plaintext import images as _images
from syndicate.parse.tree import words
from syndicate.text import fold, squeeze

_NEAR = 8  # pieces before the title
_BELOW = 10  # pieces below it, up to the running text
_TOPIC = 90  # characters
_DATED = re.compile(dates.PRINTED, re.IGNORECASE)
_LABELLED = re.compile(
    r"(?:them(?:a|en)|rubrik|kategorien?|ressort|bereich|topics?) ?: ?(?P<topic>[^:]{2,80})", re.IGNORECASE
)
_TIMES = 40
_LEAD = 1_200  # characters
_BY = re.compile(r"(?i:von|autor(?:in)?|text|redaktion|by)\s*:?\s+(?P<name>[A-ZÄÖÜ][^\d|]{3,80})")
_PUBLISHED = re.compile(
    r"(?:veröffentlicht|erschienen|erstellt|publiziert|datum|stand|vom|am)\b[^\d]{0,20}$", re.IGNORECASE
)
_CHANGED = re.compile(r"(?:aktualisiert|geändert|letzte änderung|zuletzt|updated|modified|überarbeitet)", re.IGNORECASE)


@dataclass(slots=True)
class Head:
    kind: str | None = None
    kicker: str | None = None
    title: str | None = None
    teaser: str | None = None
    published: str | None = None
    updated: str | None = None
    authors: list[str] = field(default_factory=list)
    used: list[HtmlElement] = field(default_factory=list)  # what was read, and is no part of the body


def read(region: HtmlElement, heading: HtmlElement | None) -> Head:
    """Of the pieces around the title, up to the running text. `region` holds title and body."""
    head = Head()
    every = pieces(region)
    if heading is None:
        _below(every[:_BELOW], head)
        return head
    within = {heading, *heading.iterdescendants()}
    at = [n for n, piece in enumerate(every) if piece.element in within]
    if not at:
        return head
    _title([every[n] for n in at], head)
    before = every[max(0, at[0] - _NEAR) : at[0]]
    _above(before, head)
    _below(every[at[-1] + 1 : at[-1] + 1 + _BELOW], head)
    _times(region, heading, head)
    return head


def _title(parts: Sequence[Piece], head: Head) -> None:
    """A heading may hold topic and date, too."""
    title: list[str] = []
    for piece in parts:
        own = called(piece.element) if piece.element.tag not in ("h1", "h2", "h3") else ""
        if KICKER.search(own) and len(parts) > 1 and not head.kicker:
            head.kicker = piece.text.strip(" :|")
        elif len(parts) > 1 and (dates.printed(piece.text) or piece.element.tag == "time"):
            head.published = head.published or piece.text
        elif len(parts) > 1 and TEASER.search(own) and title:
            head.teaser = piece.text
        else:
            title.append(piece.text)
    head.title = squeeze(" ".join(title)) or None


def _above(before: Sequence[Piece], head: Head) -> None:
    """The topic is what is named so, else the last short text right before the title."""
    named = [p for p in before if KICKER.search(p.names) and _topical(p.text)]
    loose: list[Piece] = []
    lists: set[HtmlElement | None] = set()  # that state kind or date
    for piece in before:
        if _states(piece, head) or furniture.noise(piece.text):
            lists.add(piece.block.getparent())
        elif piece not in named and not prose(piece.text):
            loose.append(piece)
    found = named[-1:] or [
        p for p in loose[-1:]
        if p is before[-1] and _topical(p.text) and (_beside(p) or p.block.getparent() in lists)
    ]  # fmt: skip
    if found and not head.kicker:
        head.kicker = _topic(found[0].text)
    leads = [p for p in before if TEASER.search(p.names) and prose(p.text)]
    if leads and not head.teaser:
        head.teaser = leads[-1].text


def _beside(piece: Piece) -> bool:
    """Not the end of a path, a menu or a list."""
    return piece.block.tag not in ("li", "td", "nav", "ol", "ul") and piece.element.tag not in ("a", "button")


def _topical(text: str) -> bool:
    return (
        len(text) <= _TOPIC
        and bool(re.search(r"[^\W\d]{2}", text))
        and not ends(text)
        and not generic(text)
        and not kind.meta(text)
        and not _images.credit_line(text)
        and embargo.statement(text) is None
        and not furniture.noise(text)
    )


def _topic(text: str) -> str | None:
    return text.strip(" :|·•–-") or None


def _below(after: Sequence[Piece], head: Head) -> None:
    for piece in after:
        text = piece.text
        labelled = _LABELLED.fullmatch(words(piece.block, 150)) if len(text) < _TOPIC else None
        if labelled:
            head.kicker = head.kicker or _topic(labelled["topic"])
            head.used.append(piece.block)
        elif TEASER.search(piece.names) and not head.teaser and len(text) > 20 and not _heading(piece):
            head.teaser = words(piece.block, _LEAD)
            head.used.append(piece.block)
        elif prose(text) and not kind.meta(text):
            break
        elif _states(piece, head) or furniture.noise(text):
            head.used.append(piece.element)
        elif KICKER.search(piece.names) and _topical(text) and not head.kicker:
            head.kicker = _topic(text)
            head.used.append(piece.element)
        elif embargo.statement(text) is not None:
            head.used.append(piece.element)
        elif AUTHOR.search(piece.names) or _BY.fullmatch(text):
            _author(text, head)
            head.used.append(piece.element)
        elif _heading(piece):
            break


def _heading(piece: Piece) -> bool:
    return piece.block.tag in ("h2", "h3", "h4", "h5", "h6")


def _states(piece: Piece, head: Head) -> bool:
    """Does it state kind, number, date, or who wrote it? What else stands in the line may be the topic."""
    text = piece.text.strip(" |·•–—-,/")
    if not text:
        return True
    stated = kind.meta(text)
    if stated is None and KIND.search(called(piece.element)) and len(text) < 60 and generic(text):
        head.kind = head.kind or text
        return True
    if stated is None and len(text) < 100 and DATE.search(piece.names) and (printed := _DATED.search(text)):
        stated = kind.Meta(date=printed["date"])
    if stated is None:
        return generic(text)
    if stated.date and (UPDATED.search(piece.names) or _CHANGED.search(text)):
        head.updated = head.updated or stated.date
    else:
        head.published = head.published or stated.date
    head.kind = head.kind or stated.kind
    named = [part.strip() for part in re.split(r" [|·•] ", stated.rest) if part.strip() and not generic(part)]
    if named and not head.kicker and _topical(named[-1]):
        head.kicker = _topic(named[-1])
    return True


def _author(text: str, head: Head) -> None:
    by = _BY.match(text)
    name = (by["name"] if by else text).strip(" ,|")
    if 3 < len(name) < 100 and not dates.printed(name):
        head.authors.append(name)


def _times(region: HtmlElement, heading: HtmlElement, head: Head) -> None:
    """`<time>` and itemprop say it exactly, those near the title first."""
    exact: list[str] = []
    for element in islice(filter(_timed, (*_near(region, heading), *region.iter())), _TIMES):
        prop = (element.get("itemprop") or "").lower()
        stated = squeeze(element.get("datetime") or element.get("content") or "") or words(element, 100)
        if not re.search(r"\d{4}", stated):
            continue
        changed = prop == "datemodified" or UPDATED.search(called(element)) or _CHANGED.search(words(element, 100))
        if changed:
            head.updated = stated if not head.updated or head.updated in words(element, 100) else head.updated
        elif prop == "datepublished" or element.get("pubdate") is not None or _dateline(element):
            exact.append(stated)
    if exact:
        head.published = exact[0]


def _timed(element: HtmlElement) -> bool:
    stated = (element.get("itemprop") or "").lower()
    return element.tag == "time" or stated in ("datepublished", "datemodified", "datecreated")


def _dateline(time: HtmlElement) -> bool:
    """Not a time in running text: of an event that the release tells of."""
    block = time.getparent()
    around = words(block, 400) if block is not None else ""
    own = words(time, 100)
    rest = around.replace(own, "", 1).strip()
    return not prose(around) and (len(rest) < 80 or DATE.search(called(time)) is not None)


def _near(region: HtmlElement, heading: HtmlElement) -> Iterator[HtmlElement]:
    """What stands in the two elements around the title."""
    at = heading.getparent()
    for _ in range(2):
        if at is None or at is region:
            return
        yield from at.iter()
        at = at.getparent()


def same(first: str | None, second: str | None) -> bool:
    """Do they say the same, a cut end aside?"""
    a, b = fold(first or "").rstrip(" .…"), fold(second or "").rstrip(" .…")
    return bool(a and b) and (a == b or (min(len(a), len(b)) > 60 and (a.startswith(b) or b.startswith(a))))
