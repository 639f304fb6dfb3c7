"""A release's HTML, made fit to stand within a page of ours (WCAG 2.1 AA). Pure.

What comes in is safe already; here its outline, lists, links, tables and pictures are put right, and no word is lost.
"""

import re
from html import escape
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from lxml import etree, html
from lxml.html import HtmlElement
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
_OPENING = 10_000  # characters of a text that are looked at for its teaser


class Body(NamedTuple):
    """`pictured` are the canonical addresses of the pictures in it, `said` what it says first."""

    markup: Markup = Markup()
    pictured: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()

    def opens_with(self, teaser: str) -> bool:
        return excerpt.repeats(teaser, *self.said)


def fit(content: str, *, table: str, first: int = 2, lead: str | None = None) -> Body:
    """`content` with headings from level `first` down, none skipped; `table` names what scrolls sideways.

    Of what it says first no more is read than it takes to tell whether it opens with `lead`, where that is known.

    Pictures load late and without a referrer, sound and film only when they are asked for.
    """
    if not content.strip():
        return Body()
    root = _read(content)
    _headings(root, first)
    _structure(root)
    _media(root)
    _links(root)
    _tables(root, table)
    pictured = frozenset(canonical_url(image.get("src", "")) for image in root.iter("img"))
    inner = escape(root.text or "") + "".join(html.tostring(child, encoding="unicode") for child in root)
    inner = _NO_END.sub("", inner)
    return Body(Markup(inner), pictured, openings(root, _OPENING, _enough(lead)))  # noqa: S704 - safe HTML as normalise made it


def first_words(content: str, limit: int) -> str:
    """The first paragraph's words, at most `limit` characters, cut between two words; without paragraphs, all of it."""
    if not content.strip():
        return ""
    root = _read(content)
    paragraphs = (squeeze(p.text_content()) for p in root.iter("p"))
    text = next(filter(None, paragraphs), "") or squeeze(root.text_content())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"


def openings(root: HtmlElement, most: int, enough: int = _OPENING) -> tuple[str, str]:
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


def _enough(lead: str | None) -> int:
    """A lead without a letter may stand anywhere."""
    return excerpt.reach(lead) if lead and excerpt.letters(lead) else _OPENING


def _read(content: str) -> HtmlElement:
    # huge_tree: without it lxml drops what is nested deeper than 256 elements
    return html.fragment_fromstring(content, create_parent="div", parser=html.HTMLParser(huge_tree=True))


def _headings(root: HtmlElement, first: int) -> None:
    """An outline without gaps: a heading is one below the nearest earlier one that was bigger."""
    above: list[str] = []
    for element in list(root.iter(*_HEADINGS)):
        if not squeeze(element.text_content()) and not element.xpath(".//img[@alt != '']"):
            element.drop_tag()
            continue
        while above and above[-1] >= element.tag:
            above.pop()
        above.append(element.tag)
        element.tag = f"h{min(first + len(above) - 1, 6)}"


def _structure(root: HtmlElement) -> None:
    for element in root.iter(*_LANDMARKS):
        element.tag = "div"
    for element in root.xpath(".//li[not(parent::ul or parent::ol)]"):
        element.tag = "div"
    for element in root.xpath(".//ul | .//ol"):
        _only_items(element)
    for element in root.xpath(".//dl[*[not(self::dt or self::dd or self::div)]]"):
        element.tag = "div"
    for element in root.xpath(".//*[self::dt or self::dd][not(parent::dl or parent::div[parent::dl])]"):
        element.tag = "div"
    for element in root.xpath(".//*[@lang]"):
        if language := languages.tag(element.get("lang")):
            element.set("lang", language)
        else:
            del element.attrib["lang"]


def _only_items(element: HtmlElement) -> None:
    """Whatever stands in a list and is no item becomes one; words between two items join the one before."""
    for child in list(element):
        if child.tag != "li":
            item = html.Element("li")
            element.replace(child, item)
            item.tail, child.tail = child.tail, None
            item.append(child)
    if squeeze(element.text or ""):
        item = html.Element("li")
        item.text, element.text = element.text, None
        element.insert(0, item)
    for item in element:
        if squeeze(item.tail or ""):
            extra = html.Element("span")
            extra.text, item.tail = item.tail, None
            item.append(extra)


def _media(root: HtmlElement) -> None:
    for image in root.iter("img"):
        image.set("alt", image.get("alt", ""))
        image.set("loading", "lazy")
        image.set("decoding", "async")
        image.set("referrerpolicy", "no-referrer")
    for player in root.iter("audio", "video"):
        player.set("controls", None)
        player.set("preload", "none")
        player.attrib.pop("poster", None)


def _links(root: HtmlElement) -> None:
    """A link without words takes its address's last part as its name; one around nothing goes."""
    for link in list(root.iter("a")):
        if squeeze(link.text_content()) or link.xpath(".//img[@alt != '']"):
            continue
        if not link.get("href") or not len(link):
            link.drop_tag()
            continue
        address = urlsplit(link.get("href", ""))
        link.set("aria-label", unquote(address.path.rstrip("/").rpartition("/")[2]) or address.netloc or address.path)


def _tables(root: HtmlElement, name: str) -> None:
    for head in root.iter("th"):
        if not squeeze(head.text_content()) and not head.xpath(".//img[@alt != '']"):
            head.tag = "td"
            head.attrib.pop("scope", None)
    for table in list(root.iter("table")):
        if table.xpath("ancestor::table"):
            continue
        frame = html.Element("div", {"class": "wide", "role": "group", "aria-label": name, "tabindex": "0"})
        parent = table.getparent()
        if parent is not None:
            parent.replace(table, frame)
            frame.tail, table.tail = table.tail, None
            frame.append(table)
