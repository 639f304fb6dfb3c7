"""The pieces of a part of a page, in document order: each text that stands by itself, and how the page calls it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from syndicate.markup import BLOCKS, UNSEEN
from syndicate.parse.tree import names, words
from syndicate.text import squeeze

_INLINE = frozenset(
    {"b", "strong", "em", "i", "u", "q", "abbr", "sup", "sub", "br", "wbr", "mark", "small", "bdi", "code"}
)
_PICTURES = frozenset({"img", "picture", "figure", "video", "audio"})
_WORD = re.compile(r"(?<=[a-zäöüß0-9])(?=[A-Z])")
_AROUND = 3  # how far up a name still means the text


@dataclass(frozen=True, slots=True)
class Piece:
    """`element` is the smallest that holds the text; `block` the paragraph, heading, cell it stands in."""

    text: str
    element: HtmlElement
    block: HtmlElement
    names: str  # of the element and of those right around it
    whole: bool  # is it all that the element says


def pieces(root: HtmlElement) -> list[Piece]:
    """Linear in the size of the part. Pictures and what they carry are none."""
    return list(_walk(root, root, root))


def called(element: HtmlElement) -> str:
    """The names of an element, lower case, their words parted by hyphens: `newsTeaser` is `news-teaser`."""
    return _WORD.sub("-", f"{names(element)} {element.get('itemprop') or ''} {element.get('data-type') or ''}").lower()


def _walk(element: HtmlElement, block: HtmlElement, top: HtmlElement) -> Iterator[Piece]:
    if element.tag in UNSEEN or element.tag in _PICTURES or not isinstance(element.tag, str):
        return
    block = element if element.tag in BLOCKS else block
    if _plain(element):
        if text := words(element):
            yield Piece(text, element, block, _names(element, top), whole=True)
        return
    if text := squeeze(element.text or ""):
        yield Piece(text, element, block, _names(element, top), whole=False)
    for child in element:
        yield from _walk(child, block, top)
        if text := squeeze(child.tail or ""):
            yield Piece(text, element, block, _names(element, top), whole=False)


def _plain(element: HtmlElement) -> bool:
    """Does it hold nothing but running text: no block, link, time or part that has a name of its own?"""
    return all(child is element or (child.tag in _INLINE and not child.get("class")) for child in element.iter())


def _names(element: HtmlElement, top: HtmlElement) -> str:
    found = []
    at: HtmlElement | None = element
    for _ in range(_AROUND):
        if at is None or at is top:
            break
        found.append(called(at))
        at = at.getparent()
    return " ".join(filter(None, found))
