"""HTML → a tree, whatever it is. Linear: lxml stops below 256 levels, and a page that is no markup has no tree."""

import re
from collections.abc import Iterator
from unicodedata import is_normalized

from cssselect import HTMLTranslator, SelectorError
from lxml import etree, html
from lxml.html import HtmlElement

from syndicate.markup import BLOCKS, UNSEEN, unprotected
from syndicate.text import squeeze
from syndicate.urls import clean_url

_PROLOG = re.compile(r"\s*<\?xml\b[^>]{0,300}>")  # lxml takes no text that declares its bytes
_UNREADABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")  # lxml reads them, and will not write them
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u2028\u2029\u2060\ufeff\ufffe\uffff]")
# What ends a drawing that was never closed (HTML 13.2.6.5, "any other start tag … breaks out of foreign content").
_NO_DRAWING = ("body", "main", "article", "header", "section", "div", "p", "h1", "h2", "ul", "ol", "table")


def tree(text: str) -> HtmlElement | None:
    """The root element; None where there is none. Comments are gone."""
    prolog = _PROLOG.match(text)
    text = _CONTROL.sub(" ", _UNREADABLE.sub("\ufffd", unprotected(text[prolog.end() :] if prolog else text)))
    parser = html.HTMLParser(remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    if not isinstance(root, HtmlElement):
        return None
    for drawing in list(root.iter("svg", "math")):
        if drawing.find(".//foreignobject") is None and next(drawing.iter(*_NO_DRAWING), None) is not None:
            drawing.drop_tag()
    return root


def holds_blocks(element: HtmlElement) -> bool:
    """Is there more than one line in it, so that it is no line itself? A line break alone makes none."""
    return any(inner.tag in BLOCKS and inner.tag != "br" for inner in element.iterdescendants())


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
    if next(element.iterchildren(), None) is None:  # `len` counts them all
        return _line((element.text or "")[:most])
    if most is None:
        return _line("".join(_pieces(element)))
    found: list[str] = []
    for piece in _pieces(element):
        found.append(piece[:most])
        most -= len(piece.strip())
        if most <= 0:
            break
    return _line("".join(found))


def _line(text: str) -> str:
    """`squeeze`, where there is something to do: a page has many texts, and each is asked for often."""
    return squeeze(text) if _ODD.search(text) or not is_normalized("NFC", text) else " ".join(text.split())


def lines(element: HtmlElement) -> list[str]:
    """What a reader sees of an element, line by line, as blocks and line breaks part it."""
    text = re.sub(r"[^\S\n]+", " ", "".join(_pieces(element, newline="\n", flat=True)))
    return [line for raw in text.split("\n") if (line := squeeze(raw))]


def names(element: HtmlElement) -> str:
    """The words that a page gives an element for styling and scripts: its classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def _pieces(element: HtmlElement, newline: str = " ", *, flat: bool = False) -> Iterator[str]:
    """The text below an element, with `newline` where a block begins or ends. `flat`: line ends in it are spaces."""
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        tag = node.tag
        if event == "start":
            if tag in UNSEEN and node is not element:
                walk.skip_subtree()
                continue
            if tag in BLOCKS:
                yield newline
            if node.text:
                yield _spaced(node.text, flat)
        else:
            if tag in BLOCKS:
                yield newline
            if node.tail and node is not element:
                yield _spaced(node.tail, flat)


def _spaced(text: str, flat: bool) -> str:
    return text.replace("\n", " ") if flat else text
