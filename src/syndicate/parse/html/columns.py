"""What stands beside a release and not in it: side columns, widgets. By the names of their elements, and by place."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

import syndicate.parse.html.furniture as furniture
from syndicate.parse.html.names import CONTACT, RELATED
from syndicate.parse.html.pieces import called
from syndicate.parse.tree import words

_SIDE = re.compile(
    r"(?:^|[\s_-])(?:side-?bar\w*|side|secondary|tertiary|complementary|widgets?|widget-?area|supplement|marginal\w*|"
    r"rand(?:spalte|bereich|notiz)?|(?:right|left|rechte?|linke?)-?(?:col(?:umn)?|spalte|bar|rail)?|rail|context|kontext|"
    r"col(?:umn)?-?(?:right|left|two|three|[23])|portal-column-(?:one|two)|"
    r"(?:col|large|medium|span|grid|columns?)-?(?:(?:xs|sm|md|lg|xl|xxl)-)?[1-5]|portlets?|zusatz\w*)(?:$|[\s_-])"
)
_ARTICLES = ("article", "main")
_TOO_MUCH = 1_500  # characters of running text: whatever it is called, that is the release


def beside(block: HtmlElement, heading: HtmlElement | None) -> bool:
    """Does it stand in a column or widget that the release's heading is not in?"""
    return any(_side(part) for part in _apart(block, heading))


def in_article(block: HtmlElement, heading: HtmlElement | None) -> bool:
    """Does it stand in the same article as the heading, by the page's own elements?"""
    around = [] if heading is None else [a for a in heading.iterancestors() if _article(a)]
    return bool(around) and around[0] in block.iterancestors()


def drop(root: HtmlElement, heading: HtmlElement | None) -> None:
    """Take the side columns out; what the heading stands in stays, and so does what tells a release's worth."""
    if heading is None:
        return
    kept = {heading, *heading.iterancestors(), *heading.iterdescendants()}
    for element in list(root.iter("aside", "div", "section", "td", "ul")):
        if element in kept or element.getparent() is None or not _side(element) or _within(element, heading):
            continue
        if sum(len(words(p, _TOO_MUCH)) for p in element.iter("p")) < _TOO_MUCH and element.find(".//h1") is None:
            furniture.drop(element)


def _apart(block: HtmlElement, heading: HtmlElement | None) -> Iterator[HtmlElement]:
    """The block and what is around it, up to where the heading is, too."""
    above = set() if heading is None else set(heading.iterancestors())
    for part in (block, *block.iterancestors()):
        if part in above or part.tag in ("body", "html"):
            return
        yield part


def _within(element: HtmlElement, heading: HtmlElement) -> bool:
    """Is it inside the innermost article of the heading, or its wrapper there?"""
    inner = next((a for a in heading.iterancestors() if a.tag == "article" or a.get("role") == "article"), None)
    return inner is not None and inner in element.iterancestors()


def _article(element: HtmlElement) -> bool:
    return element.tag in _ARTICLES or element.get("role") in ("main", "article")


def _side(element: HtmlElement) -> bool:
    name = called(element)
    if RELATED.search(name):
        return False
    loose = element.tag == "aside" and not CONTACT.search(name) and not any(map(_article, element.iterancestors()))
    return bool(_SIDE.search(name)) or loose or element.get("role") == "complementary"
