"""Facts that a page pairs with labels: `dl`, rows of a table, a label beside its value, `Label: value`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from syndicate.markup import BLOCKS
from syndicate.notices import dates, labels
from syndicate.parse.html.pieces import called
from syndicate.parse.tree import holds_blocks, words
from syndicate.text import squeeze

_MOST, _MOST_CELLS = 40, 200  # rows of one group, cells of its table
_VALUE = 160  # characters
_LONG = 220  # characters of a line of facts
_PICTURE = re.compile(r"(?:^|[\s_-])(?:caption|picture|image|bild|figure|copyright|credit|source)(?:$|[\s_-])")
_CELLS = frozenset({"dt", "dd", "th", "td"})


@dataclass(frozen=True, slots=True)
class Fact:
    """`value` is what stands behind the label; `where` the element that holds it."""

    meaning: labels.Meaning
    value: str
    where: HtmlElement


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one element, which holds nothing else."""

    element: HtmlElement
    facts: tuple[Fact, ...]

    @property
    def of_event(self) -> bool:
        """Is it what the release announces, rather than what is known of the release?"""
        return any(fact.meaning == "event" for fact in self.facts)


def group(element: HtmlElement) -> Group | None:
    """The facts around a label's element: those of its list or table, else of its line; None where it is no label."""
    block = _block(element)
    if pictured(block):
        return None
    if block.tag in _CELLS:
        whole = next((a for a in block.iterancestors() if a.tag in ("dl", "table")), None)
        rows = [] if whole is None or _is_long(whole) else list(islice(_rows(whole), _MOST))
        return Group(whole, tuple(rows)) if whole is not None and rows and _all(whole, rows) else None
    if next((c for c in block.iterchildren() if c.tag in BLOCKS and c.tag != "br"), None) is None:
        if len(parts := _parts(block)) > 1:
            return Group(block, tuple(parts))
        if (inside := _line(block)) is not None:
            return Group(block, (inside,))
        return _beside(block)
    return None


def pictured(block: HtmlElement) -> bool:
    """Is it a picture's words, which have a source, too?"""
    if holds_blocks(block):
        return False
    around = (block, *list(block.iterancestors())[:2])
    return any(
        e.tag == "figure" or (e.find(".//img") is not None and (e is block or _PICTURE.search(called(e))))
        for e in around
    )


def _block(element: HtmlElement) -> HtmlElement:
    return next((a for a in (element, *element.iterancestors()) if a.tag in BLOCKS and a.tag != "br"), element)


def _is_long(whole: HtmlElement) -> bool:
    """A table of a release's own: each of its cells asks, so it is not read for each."""
    return next(islice(whole.iter(*_CELLS), _MOST_CELLS, None), None) is not None


def _rows(whole: HtmlElement) -> Iterator[Fact]:
    for label in whole.iter("dt", "th", "td"):
        value = label.getnext()
        if value is None or value.tag not in ("dd", "td"):
            continue
        if named := labels.meaning(words(label, _VALUE)):
            yield Fact(named, words(value, _VALUE), value)


def _all(whole: HtmlElement, rows: list[Fact]) -> bool:
    """Does the list hold hardly anything else?"""
    cells = sum(1 for cell in whole.iter("dd", "td") if words(cell, _VALUE))
    return 2 * len(rows) >= cells or len(rows) >= cells - 1


def _parts(block: HtmlElement) -> list[Fact]:
    """Facts side by side, each in an element of its own: `<b>Datum: 11.03.2026</b><b>Ressort: Inneres</b>`."""
    loose = squeeze("".join([block.text or "", *(child.tail or "" for child in block)])).strip(" |·•,/–-")
    found: list[Fact] = []
    for child in () if loose else block.iterchildren():
        said = labels.labelled(words(child, _VALUE))
        if child.tag == "br":
            continue
        if said is None or not said.value or (fact := _fact(said.meaning, said.value, child)) is None:
            return []
        found.append(fact)
    return found


def _line(block: HtmlElement) -> Fact | None:
    """`<span>Ressort</span> <span>Inneres</span>`, and `Ressort: Inneres`."""
    text = words(block, _LONG + 10)
    if not text or len(text) > _LONG:
        return None
    first = next(block.iterchildren(), None)
    if first is not None and not squeeze(block.text or ""):
        label = words(first, _VALUE)
        if (named := labels.meaning(label)) and (value := text[len(label) :].strip(" :|–-")) and len(value) < _VALUE:
            return _fact(named, value, block)
    said = labels.labelled(text)
    return _fact(said.meaning, said.value, block) if said and said.value else None


def _fact(named: labels.Meaning, value: str, where: HtmlElement) -> Fact | None:
    """`Update: Zwölf neue Wachen` dates nothing."""
    dated = dates.printed(value) or dates.printed_within(value) != value
    return Fact(named, value, where) if dated or named not in ("published", "changed") else None


def _beside(block: HtmlElement) -> Group | None:
    """A block that is but a label, and the one behind it."""
    named = labels.meaning(words(block, _VALUE))
    value = block.getnext()
    if not named or value is None or value.tag in ("h1", "h2", "h3", "p", "article", "ul", "ol", "form"):
        return None
    said = words(value, _VALUE)
    parent = block.getparent()
    if not said or len(said) >= _VALUE or parent is None:
        return None
    alone = len(parent) == 2 and parent.tag in ("div", "li", "section", "span")
    if alone:
        return Group(parent, (Fact(named, said, value),))
    return (
        Group(block, (Fact(named, said, value),))
        if re.search(r"label|key|name|title", block.get("class") or "")
        else None
    )
