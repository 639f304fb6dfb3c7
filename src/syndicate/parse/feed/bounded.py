"""How much of an entry is read: what is more than anybody means is cut off, laid flat, or told as its damage."""

from collections.abc import Container
from html import escape

from lxml import etree

from syndicate.parse.feed.element import Element, local
from syndicate.parse.fields import DEEPEST, LARGEST, TOO_DEEP, TOO_LONG

MOST_ATTRIBUTES = 200  # of one element: looking them up takes the square of it


def bound(element: Element, texts: Container[str]) -> str | None:
    """Why an entry cannot be used, after what can be mended was; `texts`: the names of those of its elements."""
    for inner in element.iter(etree.Element):
        for name in inner.attrib.keys()[MOST_ATTRIBUTES:]:
            del inner.attrib[name]
    if too_deep(element):
        _flatten(element, texts)
    if too_long(element):
        return TOO_LONG
    return TOO_DEEP if too_deep(element) else None


def has_too_many_attributes(tree: Element) -> bool:
    """Of any element in it."""
    return any(len(inner.attrib) > MOST_ATTRIBUTES for inner in tree.iter(etree.Element))


def too_long(element: Element) -> bool:
    return sum(len(text) for text in element.itertext()) > LARGEST


def too_deep(element: Element) -> bool:
    level: list[Element] = [element]
    for _ in range(DEEPEST):
        level = [child for above in level for child in above]
        if not level:
            return False
    return True


def _flatten(element: Element, texts: Container[str]) -> None:
    """The deep texts of an entry, XHTML as it stands in Atom, become HTML in a text: that can be flat."""
    for child in element:
        if local(child) in texts and too_deep(child):
            inner = escape(child.text or "", quote=False)
            child.text = inner + "".join(etree.tostring(part, encoding="unicode") for part in child)
            del child[:]
            if child.get("type"):
                child.set("type", "html")
