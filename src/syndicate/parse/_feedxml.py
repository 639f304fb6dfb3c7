"""The XML below a feed, read with lxml: made well-formed where that is possible, rid of what feedparser misreads."""

import re
from dataclasses import dataclass
from html.entities import html5
from urllib.parse import urljoin

from lxml import etree

from syndicate.errors import ParseError
from syndicate.parse._sniff import FEED_ROOTS, root
from syndicate.text import squeeze

Element = etree._Element

_XML = "{http://www.w3.org/XML/1998/namespace}"
_FEED = "{http://www.w3.org/2005/Atom}feed"
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML 1.0 section 2.2, Char
_PROLOG = re.compile(r"<\?xml\b[^>]{0,300}>")
_REFERENCE = re.compile(r"&(?:#(\d{1,8});|#[xX]([0-9a-fA-F]{1,7});|([A-Za-z][A-Za-z0-9]{0,31});)?")
_OPENING = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s>])")
_CLOSING = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>")
_MEDIA = re.compile(
    r"\{https?://search\.yahoo\.com/mrss/?\}(group|content|thumbnail|title|description|credit|text|player)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry's element, the Media RSS elements that were taken out of it, and the xml:base in force there."""

    element: Element
    media: tuple[Element, ...]
    base: str


@dataclass(frozen=True, slots=True)
class Document:
    """`body` is UTF-8, for feedparser; `entries` are those that it will find there, in the same order.

    `tombstones` are the at:deleted-entry elements (RFC 6721) of a document that was well-formed as it came: nothing is
    taken back by one that breaks off or had to be mended.
    """

    body: bytes
    entries: tuple[Entry, ...]
    tombstones: tuple[Element, ...] = ()


def document(text: str) -> Document:
    """Raises ParseError for what is no feed, and for a feed that breaks off within its first entry."""
    text, impossible = _ILLEGAL.subn("", text)
    text = text.lstrip("\ufeff \t\r\n")
    text = _PROLOG.sub("", text, count=1) if text.startswith("<?xml") else text
    element = root(text)
    if element is None or element[1].lower() not in FEED_ROOTS:
        raise ParseError(f"is XML, but no feed (root element <{element[1]}>)" if element else "is no XML")
    for mend in (str, _with_references, _whole):
        text = mend(text)
        tree = _tree(text)
        if tree is not None:
            entries, tombstones = _entries(tree), _tombstones(tree)
            body = etree.tostring(tree.getroottree(), encoding="utf-8", xml_declaration=True)
            return Document(body, entries, tombstones if mend is str and not impossible else ())
    tree = _tree(text, recover=True)
    return Document(text.encode("utf-8"), _entries(tree) if tree is not None else ())


def local(element: Element) -> str:
    """An element's name without its namespace, in lower case; empty for comments and instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def tombstone(element: Element, name: str) -> bool:
    """Is this the element of RFC 6721 that is called so?"""
    return element.tag == f"{_TOMBSTONE}{name}"


def media(element: Element) -> str | None:
    """The name of a Media RSS element that feedparser would take for the entry's own; None: it is none."""
    match = _MEDIA.fullmatch(element.tag) if isinstance(element.tag, str) else None
    return match[1].lower() if match else None


def base(element: Element) -> str:
    """xml:base of an element and those around it (XML Base section 4); empty where none is stated."""
    address = ""
    for around in reversed([element, *element.iterancestors()]):
        address = urljoin(address, around.get(f"{_XML}base") or "")
    return address


def words(element: Element) -> str:
    """All text in an element, on one line."""
    return squeeze("".join(str(part) for part in element.itertext()))


def _tree(text: str, *, recover: bool = False) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=recover, encoding="utf-8"
    )
    try:
        tree: Element | None = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return tree


def _entries(tree: Element) -> tuple[Entry, ...]:
    found = []
    for element in tree.iter("{*}item", "{*}entry"):
        parent = element.getparent()
        if parent is None or local(parent) not in FEED_ROOTS:
            continue
        taken = tuple(child for child in element if media(child))
        for child in taken:
            element.remove(child)
        found.append(Entry(element, taken, base(element)))
    return tuple(found)


def _tombstones(tree: Element) -> tuple[Element, ...]:
    """Taken out of the feed: feedparser would read the links and sources in them as the feed's own."""
    found = tuple(child for child in tree if tree.tag == _FEED and tombstone(child, "deleted-entry"))
    for element in found:
        tree.remove(element)
    return found


def _with_references(text: str) -> str:
    """Bare ampersands escaped, HTML's names for characters and impossible references replaced; not in CDATA."""
    parts = []
    at = 0
    while at < len(text):
        start = text.find("<![CDATA[", at)
        end = text.find("]]>", start) if start >= 0 else -1
        if end < 0:
            start = end = len(text)
        parts += [_REFERENCE.sub(_reference, text[at:start]), text[start:end]]
        at = end
    return "".join(parts)


def _reference(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        return match[0] if number in (9, 10, 13) or _legal(number) else ""
    if name in ("amp", "lt", "gt", "quot", "apos"):
        return match[0]
    if name and (letters := html5.get(f"{name};")):
        return letters
    return f"&amp;{match[0][1:]}"


def _legal(number: int) -> bool:
    return 32 <= number <= 0x10FFFF and not _ILLEGAL.match(chr(number))


def _whole(text: str) -> str:
    """A feed that breaks off, without its torn last entry and closed where it broke."""
    element = root(text)
    name = ":".join(part for part in element or () if part)
    if re.search(rf"</{re.escape(name)}\s*>\s*(?:<!--|$)", text[-2000:]):
        return text
    ends = [closing.end() for closing in _CLOSING.finditer(text)]
    if not ends:
        if _OPENING.search(text):
            raise ParseError("the feed breaks off within its first entry")
        return text
    inner = "</channel>" if name == "rss" else ""
    return f"{text[: ends[-1]]}{inner}</{name}>"
