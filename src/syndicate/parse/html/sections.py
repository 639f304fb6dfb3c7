"""A heading and what it stands above, where the page has no element around the two."""

from collections.abc import Callable

from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def wrapped(heading: HtmlElement, ended: Callable[[HtmlElement], bool]) -> HtmlElement:
    """A new element, in the heading's place, with what follows it up to the next heading of its rank or higher."""
    rank = heading.tag if heading.tag in HEADINGS else "h6"
    block = heading.makeelement("div")
    heading.addprevious(block)
    element: HtmlElement | None = heading
    while element is not None:
        following = element.getnext()
        block.append(element)
        element = following
        if element is None or (element.tag in HEADINGS and element.tag <= rank) or ended(element):
            break
    return block
