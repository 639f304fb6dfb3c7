"""A release's HTML, made fit to stand within a page of ours (WCAG 2.1 AA). Pure.

What comes in is safe already; here its outline, lists, links, tables and pictures are put right, and no word is lost.
"""

import re
from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree
from markupsafe import Markup

from syndicate import languages
from syndicate.markup import VOID, either
from syndicate.notices import excerpt
from syndicate.text import squeeze
from syndicate.urls import canonical_url

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LANDMARKS = ("main", "header", "footer", "aside")  # these are the page's own
_BETWEEN = frozenset({*_HEADINGS, "figure", "figcaption", "caption"})  # may stand between two paragraphs
_NO_END = re.compile(rf"</(?:{either(VOID)})>")  # of elements that lxml does not know for void
_NOTHING = "nothing"  # the name of an element that goes, and leaves what is in it
_OPENING = 10_000  # characters of a text that are looked at for its teaser

Element = Any  # of lxml, whose types know neither what an XPath finds nor an attribute without a value

_xpath: Callable[[str], Callable[[Element], Any]] = partial(etree.XPath, smart_strings=False)  # those hold the tree
_text = _xpath("string()")
_TOLD_PICTURES = _xpath(".//img[@alt != '']")
_IN_A_LANGUAGE = _xpath(".//*[@lang]")


class Body(NamedTuple):
    """`pictured` are the canonical addresses of the pictures in it."""

    markup: Markup = Markup()
    pictured: frozenset[str] = frozenset()
    root: Element | None = None

    def opens_with(self, teaser: str) -> bool:
        return excerpt.repeats(teaser) if self.root is None else opens_with(self.root, teaser)


def fit(content: str, *, table: str, first: int = 2) -> Body:
    """`content` with headings from level `first` down, none skipped; `table` names what scrolls sideways.

    Pictures load late and without a referrer, sound and film only when they are asked for.
    """
    if not content.strip():
        return Body()
    root = read(content)
    _headings(root, first)
    _structure(root)
    _media(root)
    _links(root)
    _tables(root, table)
    pictured = frozenset(canonical_url(image.get("src", "")) for image in root.iter("img"))
    return Body(Markup(_inner(root)), pictured, root)  # noqa: S704 - safe HTML as normalise made it


def first_words(content: str, limit: int) -> str:
    """The first paragraph's words, at most `limit` characters, cut between two words; without paragraphs, all of it."""
    if not content.strip():
        return ""
    root = read(content)
    paragraphs = (squeeze(_text(p)) for p in root.iter("p"))
    text = next(filter(None, paragraphs), "") or squeeze(_text(root))
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"


def opens_with(root: Element, lead: str) -> bool:
    """Does the text say at its beginning what its lead says? Most that do begin with it, so little is read first."""
    if not excerpt.letters(lead):  # it may stand anywhere
        return excerpt.repeats(lead, *openings(root, _OPENING))
    return any(excerpt.repeats(lead, *openings(root, _OPENING, enough)) for enough in (len(lead), excerpt.reach(lead)))


def openings(root: Element, most: int, enough: int = _OPENING) -> tuple[str, str]:
    """The beginning of a text, and the same without its headings and what is said of its pictures.

    They end after `most` characters of the first, or `enough` of the second.
    """
    told: list[str] = []
    bare: list[str] = []
    length = depth = left = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        between = element.tag in _BETWEEN
        depth += between if event == "start" else 0
        depth -= between if event == "end" else 0
        text = (element.text if event == "start" else element.tail if element is not root else "") or ""
        told.append(text)
        length += len(text)
        if not depth:
            bare.append(text)
            left += len(text)
        if length >= most or left >= enough:
            break
    return "".join(told), "".join(bare)


def read(content: str, *, deep: bool = True) -> Element:
    """`content` in an element. Not `deep`: without what is nested deeper than 256 elements.

    Plain elements: those of lxml.html cost a look at a table each time that one is touched.
    """
    document: Element = etree.fromstring(f"<html><body>{content}</body></html>", etree.HTMLParser(huge_tree=deep))
    root = document.find("body")
    root.tag = "div"
    if not (root.text or "").strip():
        root.text = None
    return root


def _inner(root: Element) -> str:
    text, root.text = root.text, None
    inner: str = etree.tostring(root, encoding="unicode", method="html", with_tail=False)
    root.text = text
    return escape(text or "") + _NO_END.sub("", inner.removeprefix("<div>").removesuffix("</div>"))


def _headings(root: Element, first: int) -> None:
    """An outline without gaps: a heading is one below the nearest earlier one that was bigger."""
    above: list[str] = []
    for element in list(root.iter(*_HEADINGS)):
        if _is_mute(element):
            element.tag = _NOTHING
            continue
        while above and above[-1] >= element.tag:
            above.pop()
        above.append(element.tag)
        element.tag = f"h{min(first + len(above) - 1, 6)}"
    etree.strip_tags(root, _NOTHING)


def _structure(root: Element) -> None:
    for element in root.iter(*_LANDMARKS):
        element.tag = "div"
    for element in list(root.iter("li")):
        if element.getparent().tag not in ("ul", "ol"):
            element.tag = "div"
    for element in list(root.iter("ul", "ol")):
        _only_items(element)
    for element in list(root.iter("dl")):
        if any(child.tag not in ("dt", "dd", "div") for child in element.iterchildren("*")):
            element.tag = "div"
    for element in list(root.iter("dt", "dd")):
        parent = element.getparent()
        if parent.tag != "dl" and not (parent.tag == "div" and parent.getparent().tag == "dl"):
            element.tag = "div"
    for element in _IN_A_LANGUAGE(root):
        if language := languages.tag(element.get("lang")):
            element.set("lang", language)
        else:
            del element.attrib["lang"]


def _only_items(element: Element) -> None:
    """Whatever stands in a list and is no item becomes one; words between two items join the one before."""
    for child in list(element):
        if child.tag != "li":
            item = etree.Element("li")
            element.replace(child, item)
            item.tail, child.tail = child.tail, None
            item.append(child)
    if element.text and squeeze(element.text):
        item = etree.Element("li")
        item.text, element.text = element.text, None
        element.insert(0, item)
    for item in element:
        if item.tail and squeeze(item.tail):
            extra = etree.Element("span")
            extra.text, item.tail = item.tail, None
            item.append(extra)


def _media(root: Element) -> None:
    for image in root.iter("img"):
        image.set("alt", image.get("alt", ""))
        image.set("loading", "lazy")
        image.set("decoding", "async")
        image.set("referrerpolicy", "no-referrer")
    for player in root.iter("audio", "video"):
        player.set("controls", None)
        player.set("preload", "none")
        player.attrib.pop("poster", None)


def _links(root: Element) -> None:
    """A link without words takes its address's last part as its name; one around nothing goes."""
    for link in list(root.iter("a")):
        if not _is_mute(link):
            continue
        if not link.get("href") or not len(link):
            link.tag = _NOTHING
            continue
        address = urlsplit(link.get("href", ""))
        link.set("aria-label", unquote(address.path.rstrip("/").rpartition("/")[2]) or address.netloc or address.path)
    etree.strip_tags(root, _NOTHING)


def _is_mute(element: Element) -> bool:
    """Does it say nothing, not even by a picture?"""
    return not squeeze(element.text or "") and not squeeze(_text(element)) and not _TOLD_PICTURES(element)


def _tables(root: Element, name: str) -> None:
    for head in root.iter("th"):
        if _is_mute(head):
            head.tag = "td"
            head.attrib.pop("scope", None)
    for table in list(root.iter("table")):
        if next(table.iterancestors("table"), None) is not None:
            continue
        frame = etree.Element("div", {"class": "wide", "role": "group", "aria-label": name, "tabindex": "0"})
        parent = table.getparent()
        if parent is not None:
            parent.replace(table, frame)
            frame.tail, table.tail = table.tail, None
            frame.append(table)
