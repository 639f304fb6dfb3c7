"""An XML element of a feed: its vocabulary, its words, the xml:base and xml:lang in force there."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urljoin

from lxml import etree

from syndicate import languages
from syndicate.text import squeeze
from syndicate.urls import is_clean

Element = etree._Element

XML = "{http://www.w3.org/XML/1998/namespace}"
_TWICE = re.compile("[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]")
_VOCABULARIES = (
    ("rss", re.compile(r"|https?://(?:www\.)?(?:backend\.userland\.com/.*|purl\.org/(?:rss/[\d.]+|net/rss1\.1)[/#]?|"
                       r"(?:my|channel)\.netscape\.com/.*|blogs\.law\.harvard\.edu/tech/rss.*)")),
    ("atom", re.compile(r"https?://(?:www\.w3\.org/2005/atom|purl\.org/(?:atom|net/echo)|example\.com/newformat|"
                        r"www\.intertwingly\.net/blog/).*")),
    ("content", re.compile(r"https?://purl\.org/rss/1\.0/modules/content/?")),
    ("dc", re.compile(r"https?://purl\.org/(?:dc|rss/1\.0/modules/dcterms?)\b.*")),
    ("itunes", re.compile(r"https?://(?:www\.)?(?:itunes\.(?:apple\.)?com/.*|google\.com/schemas/play-podcasts.*)")),
    ("media", re.compile(r"https?://search\.yahoo\.com/mrss.*")),
    ("sy", re.compile(r"https?://purl\.org/rss/1\.0/modules/syndication.*")),
    ("rdf", re.compile(r"https?://www\.w3\.org/1999/02/22-rdf-syntax-ns#?")),
    ("xhtml", re.compile(r"https?://www\.w3\.org/1999/xhtml/?")),
    ("feedburner", re.compile(r"https?://rssnamespace\.org/feedburner.*")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A child of an entry or of the feed. `vocabulary` is its namespace's short name: rss, atom, dc, …, or empty."""

    vocabulary: str
    name: str  # in lower case
    element: Element


def local(element: Element) -> str:
    """An element's name without its namespace, in lower case; empty for comments and instructions."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def parts(element: Element, own: str = "", kind: str = "rss") -> tuple[Part, ...]:
    """The children of an element. The namespace `own` of the feed's root is that of its `kind`, whatever it is."""
    found = []
    for child in element:
        if isinstance(child.tag, str):
            namespace, _, name = child.tag.rpartition("}")
            short = kind if namespace[1:] == own else vocabulary(namespace[1:])
            found.append(Part(short, name.lower(), child))
    return tuple(found)


@lru_cache(maxsize=1000)
def vocabulary(namespace: str) -> str:
    """The short name of a namespace, whatever its prefix; empty for one that we do not know."""
    folded = namespace.lower()
    return next((name for name, pattern in _VOCABULARIES if pattern.fullmatch(folded)), "")


def base(element: Element) -> str:
    """xml:base of an element and those around it (XML Base section 4); empty where none is stated."""
    address = ""
    for around in reversed([element, *element.iterancestors()]):
        address = joined(address, around.get(f"{XML}base") or "")
    return address


def joined(base: str, address: str) -> str:
    """`urljoin`, for addresses that are none too."""
    if not base or is_clean(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def language(element: Element) -> str | None:
    """xml:lang of an element and those around it (XML 1.0 section 2.12)."""
    stated = (around.get(f"{XML}lang") for around in (element, *element.iterancestors()))
    return languages.first(stated)


def words(element: Element) -> str:
    """All text in an element, on one line."""
    return squeeze(repaired("".join(str(part) for part in element.itertext())))


def repaired(text: str) -> str:
    """UTF-8 that somebody took for Latin-1 and encoded once more ("Ã¼"), as feedparser repairs it in texts."""
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        pass
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
