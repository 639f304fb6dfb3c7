"""HTML → a tree, whatever it is. Linear: lxml stops below 256 levels, and a page that is no markup has no tree."""

import re
from collections.abc import Iterator

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

from syndicate.text import clean_url, squeeze

_PROLOG = re.compile(r"\s*<\?xml\b[^>]{0,300}>")  # lxml takes no text that declares its bytes
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
UNSEEN = frozenset({"script", "style", "template", "noscript", "svg", "math", "head", "iframe", "object", "select"})
_BREAKS = """address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1
    h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul"""
BLOCKS = frozenset(_BREAKS.split())


def tree(text: str) -> HtmlElement | None:
    """The root element; None where there is none. Comments are gone."""
    text = _UNREADABLE.sub("\ufffd", _PROLOG.sub("", text, count=1))
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    return root if isinstance(root, HtmlElement) else None


def base_of(root: HtmlElement, url: str | None) -> str | None:
    """What the page's relative addresses are relative to: its first `<base href>`, else its own address."""
    for element in root.iter("base"):
        if stated := element.get("href"):
            return clean_url(stated, url) or url
    return url


def chosen(root: HtmlElement, css: str) -> list[HtmlElement]:
    """The elements that a CSS selector matches, in document order; none where it is no selector."""
    try:
        found = root.xpath(HTMLTranslator().css_to_xpath(css))
    except (SelectorError, etree.LxmlError):
        return []
    return [element for element in found if isinstance(element, HtmlElement)] if isinstance(found, list) else []


def words(element: HtmlElement, most: int | None = None) -> str:
    """What a reader sees of an element, on one line; of a long one its beginning, about `most` characters."""
    if most is None:
        return squeeze("".join(_pieces(element)))
    found: list[str] = []
    for piece in _pieces(element):
        found.append(piece[:most])
        most -= len(piece.strip())
        if most <= 0:
            break
    return squeeze("".join(found))


def lines(element: HtmlElement) -> list[str]:
    """What a reader sees of an element, line by line, as blocks and line breaks part it."""
    text = re.sub(r"[^\S\n]+", " ", "".join(_pieces(element, newline="\n", flat=True)))
    return [line for raw in text.split("\n") if (line := squeeze(raw))]


def names(element: HtmlElement) -> str:
    """The words that a page gives an element for styling and scripts: its classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def _pieces(element: HtmlElement, newline: str = " ", *, flat: bool = False) -> Iterator[str]:
    """The text below an element, with `newline` where a block begins or ends. `flat`: line ends in it are spaces."""
    skipped: HtmlElement | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        unseen = node.tag in UNSEEN and node is not element
        if event == "start" and skipped is None:
            if unseen:
                skipped = node
            else:
                yield newline if node.tag in BLOCKS else ""
                yield _spaced(node.text, flat)
        elif event == "end":
            if node is skipped:
                skipped = None
            if skipped is None:
                yield newline if node.tag in BLOCKS else ""
                yield _spaced(node.tail, flat) if node is not element else ""


def _spaced(text: str | None, flat: bool) -> str:
    return (text or "").replace("\n", " ") if flat else text or ""
