"""What the checks of XML documents have in common. Pure.

Nothing is fetched, no entity is expanded, and libxml2's own limits stay: what it refuses, subscribers' parsers refuse.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from syndicate.formats import MEDIA
from syndicate.validate.rules import DIGITS, LINK, MEDIA_TYPE, TEXT, WEB, Kind, wrong

Parts = Mapping[str, list[etree._Element]]


def root_of(body: bytes) -> etree._Element:
    """The root element. ValueError says in words why this is no XML that may be published."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed: {error}") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise ValueError("has a DTD")
    if (document.encoding or "UTF-8").upper() != "UTF-8":
        raise ValueError(f"declares the encoding {document.encoding}")
    return root


def link_faults(links: Iterable[etree._Element]) -> Iterator[str]:
    alternates: Counter[tuple[str | None, str | None]] = Counter()
    for link in links:
        rel, type_, length = link.get("rel", "alternate"), link.get("type"), link.get("length")
        yield from wrong(f"{rel} href", link.get("href"), LINK)
        if type_ is not None or rel == "enclosure":
            yield from wrong(f"{rel} type", type_, MEDIA_TYPE)
        if length is not None:
            yield from wrong(f"{rel} length", length, DIGITS)
        if rel == "alternate":
            alternates[type_, link.get("hreflang")] += 1
    yield from (f"{count} alternate links of one type" for count in alternates.values() if count > 1)


def children(element: etree._Element) -> Parts:
    """By their full tag; a tag that is not there has none."""
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for child in element:
        found[str(child.tag)].append(child)
    return found


def values(parts: Parts, tag: str, kind: Kind, *, least: int = 1) -> tuple[str, ...]:
    """At least `least` (0 or 1) and at most one such element, and what it says is of that kind."""
    found, name = parts[tag], _name(tag)
    if len(found) == 1:
        nested = len(found[0]) > 0 and kind is not TEXT  # Atom's text may be XHTML
        return (f"{name} holds elements",) if nested else wrong(name, words(found[0]), kind)
    if found:
        return (f"{len(found)} times {name}",)
    return (f"no {name}",) if least else ()


def once(parts: Parts, tags: Iterable[str]) -> Iterator[str]:
    return (f"{len(parts[tag])} times {_name(tag)}" for tag in tags if len(parts[tag]) > 1)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def media_faults(parts: Parts) -> Iterator[str]:
    for content in parts[f"{{{MEDIA}}}content"]:
        yield from wrong("media:content url", content.get("url"), WEB)


def first(parts: Parts, tag: str) -> str:
    return "".join(map(words, parts[tag][:1]))


def words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""
