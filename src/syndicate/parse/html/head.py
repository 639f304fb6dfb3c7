"""The head of a release page: what stands around its title, told by name and by looks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.html import HtmlElement

import syndicate.parse.html.facts as facts
import syndicate.parse.html.furniture as furniture
import syndicate.parse.html.times as times
from syndicate.notices import dates, embargo, kind, labels
from syndicate.parse.html.names import AUTHOR, DATE, KICKER, KIND, TEASER, UPDATED
from syndicate.parse.html.pieces import Piece, called, pieces
from syndicate.parse.html.title import generic
from syndicate.parse.plaintext import ends, prose
from syndicate.parse.plaintext import images as _images
from syndicate.parse.tree import holds_blocks, lines, words
from syndicate.text import fold, squeeze

_NEAR = 8  # pieces before the title
_BELOW = 10  # pieces below it, up to the running text
_TOPIC = 90  # characters
_DATED = re.compile(dates.PRINTED, re.IGNORECASE)
_LEAD = 1_200  # characters
_LINE = 250  # characters of a line of facts
_RELEASE = ("published", "changed", "number", "kind", "topic", "author")  # what a label names that is the release's own
_BY = re.compile(r"(?i:von|autor(?:in)?|text|redaktion|by)\s*:?\s+(?P<name>[A-ZÄÖÜ][^\d|]{3,80})")


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
    published, updated = times.exact(region, heading)
    head.published, head.updated = published or head.published, updated or head.updated
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
    done: set[HtmlElement] = set()
    for piece in before:
        if any(e in done for e in (piece.element, *piece.element.iterancestors())):
            continue
        if piece not in named and (facts_of := _facts(piece, head)) is not None:
            done.add(facts_of)
            lists.add(facts_of.getparent())
        elif _states(piece, head) or furniture.noise(piece.text):
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
        and not labels.meaning(text)
        and not labels.labelled(text)
        and not _images.credit_line(text)
        and embargo.statement(text) is None
        and not furniture.noise(text)
    )


def _topic(text: str) -> str | None:
    return text.strip(" :|·•–-") or None


def _below(after: Sequence[Piece], head: Head) -> None:
    done: set[HtmlElement] = set()  # what was read with a piece before it
    for piece in after:
        text = piece.text
        if facts.pictured(piece.block) or any(e in done for e in (piece.element, *piece.element.iterancestors())):
            continue
        if (found := _facts(piece, head)) is not None:
            done.add(found)
            head.used.append(found)
        elif TEASER.search(piece.names) and not head.teaser and len(text) > 20 and not _heading(piece):
            head.teaser = words(piece.block, _LEAD)
            head.used.append(piece.block)
        elif prose(text) and not kind.meta(text) and not _by_lines(piece):
            break
        elif _states(piece, head) or furniture.noise(text) or _timed(piece):
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


def _facts(piece: Piece, head: Head) -> HtmlElement | None:
    """The element of the facts that begin with a piece, read into the head; None where none do.

    A whole line goes before its pieces: `Veröffentlicht am <time>`, `von <a>redaktion</a>, zuletzt geändert …`.
    """
    if prose(piece.text) and not kind.meta(piece.text):
        return None
    line = _line_of(piece)
    stated = (kind.meta(words(line, _LINE)) or _side_by_side(line)) if line is not None else None
    if stated and (stated.date or stated.updated):
        _take(stated, head, changed=False)
        return line
    if line is None and (stated := kind.meta(piece.text)) and (stated.date or stated.updated):
        return None  # a line of dates is read as such
    found = facts.group(piece.element)
    if found is None or found.of_event or not any(fact.meaning in _RELEASE for fact in found.facts):
        return None
    for fact in found.facts:
        _fact(fact, head)
    return found.element


def _line_of(piece: Piece) -> HtmlElement | None:
    """What a piece stands in and is not all of: its block, where that holds no other, else what is inline around it."""
    block = piece.block
    if holds_blocks(block):
        around = (e for e in (piece.element, *piece.element.iterancestors()) if e.getparent() is block)
        block = next(around, block)
        if block is piece.block:
            return None
    return block if block.tag not in ("td", "dd") and words(block, _LINE) != piece.text else None


def _fact(fact: facts.Fact, head: Head) -> None:
    value = fact.value
    stated = kind.meta(value)
    date = stated.date if stated and stated.date else dates.printed_within(value)
    exact = next((t.get("datetime") for t in fact.where.iter("time") if t.get("datetime")), None)
    if fact.meaning == "published" and (date != value or dates.printed(value)):
        head.published = head.published or exact or date
    elif fact.meaning == "changed":
        head.updated = head.updated or exact or date
    elif fact.meaning == "kind" and generic(value):
        head.kind = head.kind or value
    elif fact.meaning == "topic" and _topical(value):
        head.kicker = head.kicker or _topic(value)
    elif fact.meaning == "author" and not kind.issuer(value) and not labels.meaning(value):
        _author(value, head)


def _heading(piece: Piece) -> bool:
    return piece.block.tag in ("h2", "h3", "h4", "h5", "h6")


def _states(piece: Piece, head: Head) -> bool:
    """Does it state kind, number, date, or who wrote it? What else stands in the line may be the topic."""
    text = piece.text.strip(" |·•–—-,/")
    if not text:
        return True
    stated = kind.meta(text) or _by_lines(piece)
    if stated is None and KIND.search(called(piece.element)) and len(text) < 60 and generic(text):
        head.kind = head.kind or text
        return True
    if stated is None and len(text) < 100 and DATE.search(piece.names) and (printed := _DATED.search(text)):
        stated = kind.Meta(date=printed["date"])
    if stated is None:
        return generic(text)
    _take(stated, head, changed=bool(UPDATED.search(piece.names) or labels.of_change(text)) and not stated.updated)
    return True


def _timed(piece: Piece) -> bool:
    """Words of a `<time>` by itself, which markup says exactly: `Mittwoch, 11. März`."""
    return piece.element.tag == "time" and words(piece.block, _LINE) == piece.text


def _by_lines(piece: Piece) -> kind.Meta | None:
    """What a block states line by line: `Pressemitteilung Nr. 45/2026`, and below it `Hohenau, 11. März 2026`."""
    told = lines(piece.element) if piece.whole and len(piece.text) < _LINE else []
    if len(told) < 2 or not all(map(kind.meta, told)):
        return None
    return kind.meta(" | ".join(told))


def _side_by_side(line: HtmlElement) -> kind.Meta | None:
    """What elements beside each other state, whose words have no space between them."""
    if squeeze("".join([line.text or "", *(child.tail or "" for child in line)])):
        return None
    told = [said for child in line if (said := words(child, _LINE))]
    stated = kind.meta(" | ".join(told)) if 1 < len(told) < _NEAR else None
    return stated if stated and not stated.rest else None


def _take(stated: kind.Meta, head: Head, *, changed: bool) -> None:
    """What a line states. `changed`: its one date is that of a change."""
    head.updated = head.updated or stated.updated or (stated.date if changed else None)
    head.published = head.published or (None if changed else stated.date)
    head.kind = head.kind or stated.kind
    if stated.author and (by := _BY.fullmatch(stated.author)) and not labels.meaning(by["name"]):
        _author(stated.author, head)
    parts = (part.strip() for part in re.split(r" [|·•] ", stated.rest))
    named = [part for part in parts if part and not generic(part) and not labels.meaning(part)]
    if named and not head.kicker and _topical(named[-1]):
        head.kicker = _topic(named[-1])


def _author(text: str, head: Head) -> None:
    by = _BY.match(text)
    name = (by["name"] if by else text).strip(" ,|")
    if 3 < len(name) < 100 and not dates.printed(name):
        head.authors.append(name)


def same(first: str | None, second: str | None) -> bool:
    """Do they say the same, a cut end aside?"""
    a, b = fold(first or "").rstrip(" .…"), fold(second or "").rstrip(" .…")
    return bool(a and b) and (a == b or (min(len(a), len(b)) > 60 and (a.startswith(b) or b.startswith(a))))
