"""What is stated of an entry or of a feed, element by element: RSS, Atom, Dublin Core, iTunes."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from syndicate.model import Enclosure, Origin
from syndicate.notices import dates, is_embargo_field, stated_embargo
from syndicate.parse.feed import media
from syndicate.parse.feed.element import Element, Part, base, joined, parts, words
from syndicate.parse.feed.inherited import HTML, all_of, texts
from syndicate.parse.feed.xml import Entry
from syndicate.parse.fields import MOST, length, names, plain_title
from syndicate.text import fold, squeeze
from syndicate.urls import clean_url

_PUBLISHED = (
    ("atom", "published"), ("atom", "issued"), ("rss", "pubdate"), ("dc", "issued"), ("dc", "available"),
    ("rss", "published"), ("rss", "issued"), ("dc", "date"), ("rss", "date"),
)  # fmt: skip
_UPDATED = (
    ("atom", "updated"), ("atom", "modified"), ("dc", "modified"), ("rss", "updated"), ("rss", "modified"),
    ("dc", "date"), ("rss", "date"), ("rss", "lastbuilddate"),
)  # fmt: skip
_CREATED = (("atom", "created"), ("dc", "created"), ("rss", "created"), ("", "publish_date"))
_COARSE = re.compile(r"\d{4}(-\d\d)?")


def title(entry: Entry) -> str | None:
    """The entry's own, before those of other vocabularies; a title within another element is that element's."""
    stated = (text for key in ("rss", "atom", "dc", "itunes") for text in texts(entry, (key, "title")))
    return next(stated, None) or media.said(entry, "title")


def own_id(entry: Entry) -> str | None:
    """As the feed has it; the identifier of an RDF item is its rdf:about (RSS 1.0 section 5.5)."""
    stated = [part for key in (("atom", "id"), ("rss", "guid"), ("rss", "id")) for part in all_of(entry, key)]
    own = next((text for part in stated if (text := words(part.element))), None) or squeeze(
        _attribute(entry.element, "about")
    )
    return own or next(texts(entry, ("dc", "identifier")), None)


def address(entry: Entry) -> str | None:
    """The first link to the entry's page that can be followed; a guid that is one only where there is no other."""
    for href in _addresses(entry):
        there = joined(entry.base, squeeze(href))
        if squeeze(href) and (clean_url(there) or _relative(there)):
            return there
    return None


def links(entry: Entry, *rels: str) -> Iterator[Element]:
    """Atom's links of these relations, in Atom or in RSS."""
    for part in [p for p in entry.parts if p.name == "link"][: 4 * MOST]:
        rel = (part.element.get("rel") or "alternate").strip().lower()
        if _href(part.element) and rel.removeprefix("http://www.iana.org/assignments/relation/") in rels:
            yield part.element


def published(entry: Entry) -> str | None:
    """The first that can be read of the dates of publication, of change, of writing."""
    return dates.first((*_dates(entry, *_PUBLISHED), *_changes(entry), *_dates(entry, *_CREATED)))


def updated(entry: Entry) -> str | None:
    return dates.first(_changes(entry))


def _changes(entry: Entry) -> Iterator[str]:
    yield from _dates(entry, *_UPDATED)
    yield squeeze(_attribute(entry.element, "lastmod"))


def categories(entry: Entry) -> tuple[str | None, tuple[str, ...]]:
    """The first is the kicker; keywords, and the names behind the labels, never are."""
    stated: list[str | None] = []
    others: list[str] = []
    for part in _with_lists(entry)[: 4 * MOST]:
        element = part.element
        if (part.vocabulary, part.name) in (("atom", "category"), ("rss", "category"), ("itunes", "category")):
            term = element.get("term") or element.get("text") or squeeze(element.text or "") or words(element)
            stated.append(plain_title(element.get("label") or term))
            if part.vocabulary == "itunes":
                stated += [plain_title(inner.get("text") or "") for inner in element]
            if "://" not in term:
                others.append(plain_title(term))
        elif (part.vocabulary, part.name) in (("dc", "subject"), ("rss", "subject")):
            stated.append(plain_title(words(element)))
        elif part.name == "keywords" and part.vocabulary in ("itunes", "rss"):
            others += plain_title(words(element)).split(",")
    others += media.categories(entry)
    main = names(stated)
    kicker = main[0] if main else None
    folded = {fold(name) for name in main}
    return kicker, names((*main[1:], *(word for word in names(others) if fold(word) not in folded)))


def enclosures(entry: Entry) -> Iterator[Enclosure]:
    """RSS's `<enclosure>`, also with its address as text, and Atom's links."""
    for part in all_of(entry, ("rss", "enclosure"), ("atom", "enclosure"))[: 4 * MOST]:
        inner = {p.name: words(p.element) for p in parts(part.element)}
        said = {**inner, **_attributes(part.element)}
        href = said.get("url") or said.get("href") or ("" if inner else words(part.element))
        if squeeze(href):
            yield _enclosure(part.element, entry.base, said, href)
    for link in links(entry, "enclosure"):
        yield _enclosure(link, entry.base, _attributes(link), _href(link))


def embargo(entry: Entry) -> str | None:
    """What a field such as ninjs' `embargoedUntil` says."""
    for part in entry.parts:
        if is_embargo_field(part.name):
            return stated_embargo(" ".join((words(part.element), *map(str, part.element.attrib.values()))))
    return None


def licence(entry: Entry) -> str | None:
    """Atom's link (RFC 4946), or the element of Creative Commons' module."""
    stated = [_href(link) for link in links(entry, "license")]
    stated += [_attribute(p.element, "resource") or words(p.element) for p in entry.parts if p.name == "license"]
    return next((url for said in stated if (url := squeeze(said or "")) and clean_url(url)), None)


def origin(entry: Entry) -> Origin:
    """A feed, or an atom:source, as it says of itself."""
    return Origin(
        id=next(texts(entry, ("atom", "id"), ("rss", "id")), None),
        title=next(texts(entry, ("rss", "title"), ("atom", "title"), ("dc", "title")), None),
        updated=dates.first((*_dates(entry, *_UPDATED), *_dates(entry, *_PUBLISHED))),
        rights=next(
            texts(entry, ("atom", "rights"), ("atom", "copyright"), ("rss", "copyright"), ("dc", "rights")), None
        ),
    )


def source(entry: Entry) -> Origin | None:
    """The feed that an Atom entry was taken from, where that says who it is."""
    for part in all_of(entry, ("atom", "source")):
        found = origin(Entry(part.element, parts(part.element, kind="atom")))
        return found if found.id else None
    return None


def _with_lists(entry: Entry) -> list[Part]:
    """The parts of an entry, with its categories where they stand in a list of their own."""
    lists = [part.element for part in entry.parts if part.name in ("categories", "tags")]
    inner = [part for element in lists for part in parts(element)]
    return [
        *entry.parts,
        *(Part("rss", "category", part.element) for part in inner if part.name in ("category", "tag")),
    ]


def _dates(entry: Entry, *keys: tuple[str, str]) -> Iterator[str]:
    """In the order of the keys. A year or a month alone is its first day (W3C NOTE-datetime)."""
    for key in keys:
        for part in entry.named.get(key, ()):
            stated = (said for element in part.element.iter(etree.Element) if (said := element.get("datetime")))
            said = squeeze(next(stated, "")) or words(part.element)
            yield (said + "-01-01")[:10] if _COARSE.fullmatch(said) else said


def _addresses(entry: Entry) -> Iterator[str]:
    yield from (words(part.element) for part in all_of(entry, ("feedburner", "origlink")))  # where its proxy leads to
    own = [part.element for part in all_of(entry, ("rss", "link"), ("rss", "url")) if not part.element.get("href")]
    yield from (words(element) for element in reversed(own))  # of several, readers take the last
    alternates = list(links(entry, "alternate"))
    alternates.sort(key=lambda link: not (link.get("type") or "text/html").lower().startswith(HTML[1:]))
    yield from map(_href, alternates)
    for part in all_of(entry, ("rss", "guid")):
        if _attributes(part.element).get("ispermalink", "true").strip().lower() == "true":
            said = words(part.element)
            yield said if clean_url(said) else ""
    yield _attribute(entry.element, "about")
    yield _attribute(entry.element, "href")  # Channel Definition Format
    for link in links(entry, "self"):
        if "xml" not in (link.get("type") or ""):
            yield _href(link)


def _href(link: Element) -> str:
    """Some write Atom's links as they write RSS's."""
    return link.get("href") or squeeze(link.text or "")


def _relative(address: str) -> bool:
    """Is it an address that only lacks its beginning?"""
    return not re.match(r"[A-Za-z][\w+.-]*:|//|[^\w./?#%]", address) and " " not in address


def _attribute(element: Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in _attributes(element).items() if key.rpartition("}")[2] == name), "")


def _attributes(element: Element) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in element.attrib.items()}


def _enclosure(element: Element, around: str, said: Mapping[str, str], href: str) -> Enclosure:
    kind, size, label = said.get("type"), said.get("length"), said.get("title")
    return Enclosure(
        joined(joined(around, base(element)), squeeze(href)),
        squeeze(kind or "") or None,
        length(size),
        squeeze(label or "") or None,
    )
