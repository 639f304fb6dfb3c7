"""What makes an Atom feed invalid (RFC 4287, 5005, 6721). Pure."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from syndicate.formats import ATOM, HISTORY, TOMBSTONES
from syndicate.model import Document
from syndicate.validate.rules import ID, MEDIA_TYPE, SOURCE_ID, TEXT, TIMESTAMP, WEB, Fault, wrong
from syndicate.validate.xml import Parts, children, first, link_faults, media_faults, once, root_of, values

_A = f"{{{ATOM}}}"
_ARCHIVE = f"{{{HISTORY}}}archive"
_DELETED = f"{{{TOMBSTONES}}}deleted-entry"
_DIV = "{http://www.w3.org/1999/xhtml}div"
_CONSTRUCTS = ("text", "html", "xhtml")
_ONCE_IN_FEED = tuple(_A + name for name in ("subtitle", "rights", "generator", "icon", "logo"))
_ONCE_IN_ENTRY = tuple(_A + name for name in ("summary", "content", "rights", "source"))


def check(document: Document, _: str) -> Iterator[Fault]:
    """Below a topic's folder it is an archive page (RFC 5005 section 4), else a head."""
    return _atom(root_of(document.body), archive="/" in document.path)


def _atom(root: etree._Element, *, archive: bool) -> Iterator[Fault]:
    if root.tag != f"{_A}feed":
        yield Fault(f"the root element is {root.tag}, not Atom's feed")
        return
    parts = children(root)
    yield from map(Fault, _feed(parts, archive=archive))
    yield from map(Fault, _tombstones(parts))
    entries = [(first(inner, f"{_A}id"), inner) for inner in map(children, parts[f"{_A}entry"])]
    if not parts[f"{_A}author"] and not all(_has_author(inner) for _, inner in entries):
        yield Fault("no author, neither of the feed nor of every entry")
    seen = {first(parts, f"{_A}id")}
    gone = {tombstone.get("ref") for tombstone in parts[_DELETED]}
    for id_, inner in entries:
        for reason in _entry(inner):
            yield Fault(reason, id_)
        if id_ and id_ in seen:
            yield Fault("its id stands twice", id_)
        if id_ in gone:
            yield Fault("stands beside its own tombstone", id_)
        seen.add(id_)


def _feed(parts: Parts, *, archive: bool) -> Iterator[str]:
    yield from values(parts, f"{_A}id", ID)
    yield from values(parts, f"{_A}title", TEXT)
    yield from values(parts, f"{_A}updated", TIMESTAMP)
    yield from once(parts, _ONCE_IN_FEED)
    yield from _constructs(parts, "title", "subtitle", "rights")
    yield from _people(parts)
    yield from _categories(parts)
    links = parts[f"{_A}link"]
    yield from link_faults(links)
    rels = Counter(link.get("rel", "alternate") for link in links)
    if rels["self"] != 1:
        yield f"{rels['self']} links to itself, not one"
    for rel in ("prev-archive", "next-archive", "current"):
        if rels[rel] > 1:
            yield f"{rels[rel]} links {rel}"
    if archive and not (parts[_ARCHIVE] and rels["current"]):
        yield "an archive page without fh:archive or its link current"
    if parts[_ARCHIVE] and not archive:
        yield "a head that says fh:archive"


def _tombstones(parts: Parts) -> Iterator[str]:
    refs = Counter(tombstone.get("ref") for tombstone in parts[_DELETED])
    yield from (f"{count} tombstones for {ref}" for ref, count in refs.items() if ref and count > 1)
    for tombstone in parts[_DELETED]:
        yield from wrong("tombstone ref", tombstone.get("ref"), ID)
        for reason in wrong("when", tombstone.get("when"), TIMESTAMP):
            yield f"tombstone of {tombstone.get('ref')}: {reason}"


def _entry(parts: Parts) -> Iterator[str]:
    yield from values(parts, f"{_A}id", ID)
    yield from values(parts, f"{_A}title", TEXT)
    yield from values(parts, f"{_A}updated", TIMESTAMP)
    yield from values(parts, f"{_A}published", TIMESTAMP, least=0)
    yield from once(parts, _ONCE_IN_ENTRY)
    yield from _constructs(parts, "title", "summary", "rights")
    yield from _people(parts)
    yield from _categories(parts)
    yield from link_faults(parts[f"{_A}link"])
    alternate = any(link.get("rel", "alternate") == "alternate" for link in parts[f"{_A}link"])
    if not alternate and not parts[f"{_A}content"]:
        yield "neither an alternate link nor content"
    for content in parts[f"{_A}content"]:
        yield from _content(content)
    for source in map(children, parts[f"{_A}source"]):
        yield from (f"source: {reason}" for reason in _source(source))
    yield from media_faults(parts)


def _source(parts: Parts) -> Iterator[str]:
    yield from values(parts, f"{_A}id", SOURCE_ID, least=0)
    yield from values(parts, f"{_A}title", TEXT, least=0)
    yield from values(parts, f"{_A}updated", TIMESTAMP, least=0)
    yield from once(parts, _ONCE_IN_FEED)


def _content(content: etree._Element) -> Iterator[str]:
    """RFC 4287 section 4.1.3."""
    type_, source = content.get("type", "text"), content.get("src")
    if source is not None:
        yield from wrong("content src", source, WEB)
    elif type_ in _CONSTRUCTS:
        yield from _construct("content", content)
        return
    yield from wrong("content type", type_, MEDIA_TYPE)


def _constructs(parts: Parts, *names: str) -> Iterator[str]:
    for name in names:
        for element in parts[_A + name]:
            yield from _construct(name, element)


def _construct(name: str, element: etree._Element) -> Iterator[str]:
    """A text construct (RFC 4287 section 3.1)."""
    type_ = element.get("type", "text")
    if type_ not in _CONSTRUCTS:
        yield f"{name} type {type_!r} is unknown"
    elif [child.tag for child in element] != ([_DIV] if type_ == "xhtml" else []):
        yield f"{name} does not hold what its type {type_!r} says"


def _people(parts: Parts) -> Iterator[str]:
    for role in ("author", "contributor"):
        for person in map(children, parts[_A + role]):
            yield from (f"{role}: {reason}" for reason in values(person, f"{_A}name", TEXT))


def _has_author(parts: Parts) -> bool:
    sources = map(children, parts[f"{_A}source"])
    return bool(parts[f"{_A}author"]) or any(source[f"{_A}author"] for source in sources)


def _categories(parts: Parts) -> Iterator[str]:
    for category in parts[f"{_A}category"]:
        yield from wrong("category term", category.get("term"), TEXT)
