"""Entries of a related block or a list page: cards, bullets, rows of a table, definition lists, bare links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

import syndicate.parse.html.figures as _figures
from syndicate.model import Image
from syndicate.notices import closings, dates, kind
from syndicate.parse.html.entries import MORE_LINK, MOST, holders, link_of
from syndicate.parse.html.names import AUTHOR, DATE, KICKER, TEASER, TITLE
from syndicate.parse.html.pieces import Piece, called, pieces
from syndicate.parse.plaintext import ends, marks, prose
from syndicate.parse.plaintext import images as _images
from syndicate.parse.tree import chosen, words
from syndicate.text import fold, squeeze

_MORE_BEHIND = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?)?\s*[›»>→]*\s*(?:mehr(?: erfahren| lesen)?|weiterlesen)\s*[›»>→….]*$", re.I
)
_ALL = re.compile(
    r"(?:zu )?(?:alle[nr]?|sämtliche[nr]?|zum|zur|weitere) (?:\w*(?:meldungen|mitteilungen|nachrichten|artikel|"
    r"beiträge|themen|news)|"
    r"archiv|übersicht|pressearchiv).{0,40}|(?:archiv|übersicht|all news|pressearchiv)|.{0,30}\babonnieren",
    re.IGNORECASE,
)
_DATE_AHEAD = re.compile(rf"{dates.PRINTED}\s*(?:[|:–—·•/-]\s*|\s)(?P<rest>\S.*)", re.IGNORECASE)


@dataclass(slots=True)
class Card:
    """What a list says of another release; `url` and `published` as they are written."""

    title: str
    url: str | None = None
    topic: str | None = None
    teaser: str | None = None
    published: str | None = None
    image: Image | None = None
    element: HtmlElement | None = None


@dataclass(slots=True)
class _Parts:
    dates: list[str] = field(default_factory=list)
    kickers: list[str] = field(default_factory=list)
    titles: list[Piece] = field(default_factory=list)
    teasers: list[Piece] = field(default_factory=list)
    others: list[Piece] = field(default_factory=list)


def cards(part: HtmlElement, select: Sequence[tuple[str, str]] = (), item: str | None = None) -> list[Card]:
    """The entries of a part of a page, each address once. `item` is the operator's selector of one."""
    found: dict[str, Card] = {}
    for holder in (chosen(part, item) if item else holders(part))[: 4 * MOST]:
        card = _card(holder, dict(select))
        if card and len(found) < MOST:
            found.setdefault(card.url or fold(card.title), card)
    return list(found.values())


def _card(holder: HtmlElement, select: dict[str, str]) -> Card | None:
    link = link_of(holder)
    parts = _sorted(holder, link)
    if holder.tag == "dd" and (term := holder.getprevious()) is not None and term.tag == "dt":
        (parts.dates if _dated(words(term)) else parts.kickers).append(words(term))
    title, topic = _title(parts, link)
    title, topic = _said(holder, select, "title") or title, _said(holder, select, "kicker") or topic
    if (
        not title
        or len(title) > 400
        or _ALL.fullmatch(title)
        or MORE_LINK.fullmatch(title)
        or marks.noise(title)
        or closings.order(title)
    ):
        return None
    teaser = _said(holder, select, "teaser") or _teaser(parts, title)
    printed = next(iter(parts.dates), None)
    return Card(
        title=title,
        url=link.get("href", "").strip() if link is not None else None,
        topic=topic if topic and fold(topic) != fold(title) else None,
        teaser=teaser,
        published=_said(holder, select, "date") or _stated(holder, exact=True) or printed or _stated(holder),
        image=_picture(holder, link, select.get("image")),
        element=holder,
    )


def _said(holder: HtmlElement, select: dict[str, str], name: str) -> str | None:
    css = select.get(name)
    found = chosen(holder, css) if css else []
    if not found:
        return None
    stated = found[0].get("datetime") if name == "date" else None
    said = stated or words(found[0])
    return (dates.printed_within(said) if name == "date" and not stated else said) or None


def _sorted(holder: HtmlElement, link: HtmlElement | None) -> _Parts:
    """Each piece of text by what it is, as its name says, else as it looks."""
    parts = _Parts()
    for piece in pieces(holder):
        text, name = piece.text, piece.names
        titled = _titles(piece, holder, link)
        if MORE_LINK.fullmatch(text[:300]) or (marks.noise(text) and not titled) or not re.search(r"\w", text):
            continue
        if _dated(text) and not (titled and len(text) > 40):
            parts.dates.append(_dated(text) or text)
        elif KICKER.search(name) and len(text) < 120 and not _heading(piece):
            _kicker(parts, text)
        elif titled:
            parts.titles.append(piece)
        elif DATE.search(name) and (stated := kind.meta(text)) and stated.date:
            parts.dates.append(stated.date)
            _kicker(parts, stated.rest)
        elif AUTHOR.search(name) or _images.credit_line(text):
            continue
        elif TEASER.search(name) or prose(text):
            parts.teasers.append(piece)
        else:
            parts.others.append(piece)
    return parts


def _kicker(parts: _Parts, text: str) -> None:
    """A kicker's line may state a date and a kind beside it."""
    stated = kind.meta(text)
    if stated and stated.date:
        parts.dates.append(stated.date)
    rest = (stated.rest if stated else text).strip(" |:·•–-")
    if rest:
        parts.kickers.append(rest)


def _titles(piece: Piece, holder: HtmlElement, link: HtmlElement | None) -> bool:
    """Is the piece (part of) the entry's title?"""
    if TEASER.search(piece.names) and not _heading(piece):
        return False
    if _heading(piece) or (TITLE.search(called(piece.element)) and not DATE.search(called(piece.element))):
        return True
    if link is None or holder is link:
        return piece.element.tag in ("strong", "b") and holder is link
    return piece.element is link or (piece.element.tag in ("strong", "b") and link in piece.element.iterancestors())


def _heading(piece: Piece) -> bool:
    """Does it stand in a heading?"""
    return any(e.tag in ("h1", "h2", "h3", "h4", "h5", "h6") for e in (piece.element, piece.block))


def _dated(text: str) -> str | None:
    """The date of a text that is but a date."""
    return dates.printed(text.strip(" |:·•–—-,()"))


def _title(parts: _Parts, link: HtmlElement | None) -> tuple[str, str | None]:
    """(title, topic). Where nothing is marked, of two texts the first is the topic, if it is short."""
    headed = [p for p in parts.titles if _heading(p)]
    if headed:
        block = headed[0].block
        title_pieces = [p for p in headed if p.block is block]
        others = [p for p in parts.titles if p.block is not block]
        title = squeeze(" ".join(p.text for p in title_pieces))
        if not parts.kickers and others and len(others[0].text) < 80:
            parts.kickers.append(others[0].text)
    elif parts.titles:
        title = parts.titles[0].text
        same = [p for p in parts.titles if p.block is parts.titles[0].block and p.element is parts.titles[0].element]
        title = squeeze(" ".join(p.text for p in same))
    elif parts.others:
        at = 1 if len(parts.others) > 1 and not parts.kickers and len(parts.others[0].text) < 60 else 0
        title = parts.others.pop(at).text
    elif parts.teasers:
        title = parts.teasers.pop(0).text
    else:
        title = squeeze((link.get("title") or link.get("aria-label") or "") if link is not None else "")
    if ahead := _DATE_AHEAD.fullmatch(title[:400]):
        parts.dates.append(ahead["date"])
        topic, title = kind.rubric(ahead["rest"]) if "|" in title[: ahead.start("rest")] else (None, ahead["rest"])
        parts.kickers += [topic] if topic else []
    if not parts.kickers and parts.others and _above(parts, title):
        _kicker(parts, parts.others.pop(0).text)
    return title, next(iter(parts.kickers), None)


def _above(parts: _Parts, title: str) -> bool:
    """Can the first unmarked text be the topic: short, no sentence, not longer than the title?"""
    text = parts.others[0].text
    return len(text) < 60 and not text.endswith((".", "…")) and len(text) <= max(30, len(title)) and not kind.kind(text)


def _teaser(parts: _Parts, title: str) -> str | None:
    told = parts.teasers or [piece for piece in parts.others if len(piece.text) > 30 or ends(piece.text)]
    if not told:
        return None
    block = told[0].block
    text = squeeze(" ".join(piece.text for piece in told if piece.block is block))
    if ahead := _DATE_AHEAD.fullmatch(text[:2000]):
        parts.dates.append(ahead["date"])
        text = ahead["rest"]
    text = _MORE_BEHIND.sub(lambda m: " …" if "…" in m[0] or "..." in m[0] else "", text).strip()
    return text if text and fold(text) != fold(title) else None


def _stated(holder: HtmlElement, *, exact: bool = False) -> str | None:
    """What the first `<time>` states; where `exact`, only with the time of day."""
    stated = next((stated for time in holder.iter("time") if (stated := squeeze(time.get("datetime") or ""))), None)
    return stated if stated and (not exact or re.search(r"\dT\d\d:\d\d", stated)) else None


def _picture(holder: HtmlElement, link: HtmlElement | None, css: str | None) -> Image | None:
    for element in chosen(holder, css) if css else ():
        return _figures.first(element if element.tag != "img" else element.getparent())
    return _figures.first(holder)
