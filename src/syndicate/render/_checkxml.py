"""What makes an Atom feed (RFC 4287, 5005, 6721), an RSS 2.0 feed or an OPML 2.0 list invalid. Pure.

Nothing is fetched, no entity is expanded, and libxml2's own limits stay: what it refuses, subscribers' parsers refuse.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from syndicate.render._feedgen import ATOM, HISTORY, MEDIA, TOMBSTONES
from syndicate.render._rules import DIGITS, ID, LINK, MAIL_DATE, MEDIA_TYPE, TEXT, TIMESTAMP, WEB, Fault, Kind, wrong

_A = f"{{{ATOM}}}"
_ARCHIVE = f"{{{HISTORY}}}archive"
_DELETED = f"{{{TOMBSTONES}}}deleted-entry"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DIV = "{http://www.w3.org/1999/xhtml}div"
_CONSTRUCTS = ("text", "html", "xhtml")
_ONCE_IN_FEED = tuple(_A + name for name in ("subtitle", "rights", "generator", "icon", "logo"))
_ONCE_IN_ENTRY = tuple(_A + name for name in ("summary", "content", "rights", "source"))
_ONCE_IN_CHANNEL = ("copyright", "generator", "docs", "ttl", "image")
_ONCE_IN_ITEM = ("description", "source", "enclosure", _CONTENT)

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


# --- Atom -------------------------------------------------------------------------------------------------------------


def atom(root: etree._Element, *, archive: bool) -> Iterator[Fault]:
    """`archive`: it is published as an archive page (RFC 5005 section 4), not as a head."""
    if root.tag != f"{_A}feed":
        yield Fault(f"the root element is {root.tag}, not Atom's feed")
        return
    parts = _children(root)
    yield from map(Fault, _feed(parts, archive=archive))
    yield from map(Fault, _tombstones(parts))
    entries = [(_first(inner, f"{_A}id"), inner) for inner in map(_children, parts[f"{_A}entry"])]
    if not parts[f"{_A}author"] and not all(_has_author(inner) for _, inner in entries):
        yield Fault("no author, neither of the feed nor of every entry")
    seen = {_first(parts, f"{_A}id")}
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
    yield from _values(parts, f"{_A}id", ID)
    yield from _values(parts, f"{_A}title", TEXT)
    yield from _values(parts, f"{_A}updated", TIMESTAMP)
    yield from _once(parts, _ONCE_IN_FEED)
    yield from _constructs(parts, "title", "subtitle", "rights")
    yield from _people(parts)
    yield from _categories(parts)
    links = parts[f"{_A}link"]
    yield from _links(links)
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
    yield from _values(parts, f"{_A}id", ID)
    yield from _values(parts, f"{_A}title", TEXT)
    yield from _values(parts, f"{_A}updated", TIMESTAMP)
    yield from _values(parts, f"{_A}published", TIMESTAMP, least=0)
    yield from _once(parts, _ONCE_IN_ENTRY)
    yield from _constructs(parts, "title", "summary", "rights")
    yield from _people(parts)
    yield from _categories(parts)
    yield from _links(parts[f"{_A}link"])
    alternate = any(link.get("rel", "alternate") == "alternate" for link in parts[f"{_A}link"])
    if not alternate and not parts[f"{_A}content"]:
        yield "neither an alternate link nor content"
    for content in parts[f"{_A}content"]:
        yield from _content(content)
    for source in map(_children, parts[f"{_A}source"]):
        yield from (f"source: {reason}" for reason in _source(source))
    yield from _media(parts)


def _source(parts: Parts) -> Iterator[str]:
    yield from _values(parts, f"{_A}id", ID, least=0)
    yield from _values(parts, f"{_A}title", TEXT, least=0)
    yield from _values(parts, f"{_A}updated", TIMESTAMP, least=0)
    yield from _once(parts, _ONCE_IN_FEED)


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


def _links(links: Iterable[etree._Element]) -> Iterator[str]:
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


def _people(parts: Parts) -> Iterator[str]:
    for role in ("author", "contributor"):
        for person in map(_children, parts[_A + role]):
            yield from (f"{role}: {reason}" for reason in _values(person, f"{_A}name", TEXT))


def _has_author(parts: Parts) -> bool:
    sources = map(_children, parts[f"{_A}source"])
    return bool(parts[f"{_A}author"]) or any(source[f"{_A}author"] for source in sources)


def _categories(parts: Parts) -> Iterator[str]:
    for category in parts[f"{_A}category"]:
        yield from wrong("category term", category.get("term"), TEXT)


# --- RSS --------------------------------------------------------------------------------------------------------------


def rss(root: etree._Element) -> Iterator[Fault]:
    if (root.tag, root.get("version")) != ("rss", "2.0"):
        yield Fault("the root element is not rss of version 2.0")
        return
    channels = root.findall("channel")
    if len(channels) != 1:
        yield Fault(f"{len(channels)} channels, not one")
        return
    parts = _children(channels[0])
    yield from map(Fault, _channel(parts))
    seen = set()
    for item in map(_children, parts["item"]):
        guid = _first(item, "guid")
        for reason in _item(item):
            yield Fault(reason, guid)
        if guid and guid in seen:
            yield Fault("its guid stands twice", guid)
        seen.add(guid)


def _channel(parts: Parts) -> Iterator[str]:
    for name, kind in (("title", TEXT), ("link", WEB), ("description", TEXT)):
        yield from _values(parts, name, kind)
    for name, kind in (("pubDate", MAIL_DATE), ("lastBuildDate", MAIL_DATE), ("language", TEXT)):
        yield from _values(parts, name, kind, least=0)
    yield from _once(parts, _ONCE_IN_CHANNEL)
    links = parts[f"{_A}link"]
    yield from _links(links)
    own = sum(link.get("rel") == "self" for link in links)
    if own != 1:
        yield f"{own} links to itself (atom:link), not one"


def _item(parts: Parts) -> Iterator[str]:
    yield from _values(parts, "guid", TEXT)
    yield from ("guid does not say isPermaLink=false" for g in parts["guid"] if g.get("isPermaLink") != "false")
    yield from _once(parts, _ONCE_IN_ITEM)
    yield from _values(parts, "title", TEXT, least=0)
    if not parts["title"] and not _first(parts, "description").strip():
        yield "neither title nor description"
    yield from _values(parts, "link", WEB, least=0)
    yield from _values(parts, "pubDate", MAIL_DATE, least=0)
    yield from _values(parts, f"{_A}updated", TIMESTAMP, least=0)
    for enclosure in parts["enclosure"]:
        for name, kind in (("url", WEB), ("length", DIGITS), ("type", MEDIA_TYPE)):
            yield from wrong(f"enclosure {name}", enclosure.get(name), kind)
    for source in parts["source"]:
        yield from wrong("source url", source.get("url"), WEB)
    yield from _links(parts[f"{_A}link"])
    yield from _media(parts)


# --- OPML -------------------------------------------------------------------------------------------------------------


def opml(root: etree._Element) -> Iterator[Fault]:
    if (root.tag, root.get("version")) != ("opml", "2.0"):
        yield Fault("the root element is not opml of version 2.0")
        return
    parts = _children(root)
    yield from (Fault(f"{len(parts[name])} times {name}") for name in ("head", "body") if len(parts[name]) != 1)
    for head in map(_children, parts["head"]):
        yield from map(Fault, _values(head, "title", TEXT))
    outlines = [outline for body in parts["body"] for outline in body.iter("outline")]
    if not outlines:
        yield Fault("no outline")
    for outline in outlines:
        yield from map(Fault, _outline(outline))
    feeds = Counter(outline.get("xmlUrl") for outline in outlines)
    yield from (Fault(f"xmlUrl {url} stands {count} times") for url, count in feeds.items() if url and count > 1)


def _outline(outline: etree._Element) -> Iterator[str]:
    yield from wrong("outline text", outline.get("text"), TEXT)
    for name in ("xmlUrl", "htmlUrl"):
        value = outline.get(name)
        if value is not None or (name == "xmlUrl" and outline.get("type") == "rss"):
            yield from wrong(f"outline {name}", value, WEB)


# --- what they have in common -----------------------------------------------------------------------------------------


def _children(element: etree._Element) -> Parts:
    """By their full tag; a tag that is not there has none."""
    found: defaultdict[str, list[etree._Element]] = defaultdict(list)
    for child in element:
        found[str(child.tag)].append(child)
    return found


def _values(parts: Parts, tag: str, kind: Kind, *, least: int = 1) -> tuple[str, ...]:
    """At least `least` (0 or 1) and at most one such element, and what it says is of that kind."""
    found, name = parts[tag], _name(tag)
    if len(found) == 1:
        nested = len(found[0]) > 0 and kind is not TEXT  # Atom's text may be XHTML
        return (f"{name} holds elements",) if nested else wrong(name, _words(found[0]), kind)
    if found:
        return (f"{len(found)} times {name}",)
    return (f"no {name}",) if least else ()


def _once(parts: Parts, tags: Iterable[str]) -> Iterator[str]:
    return (f"{len(parts[tag])} times {_name(tag)}" for tag in tags if len(parts[tag]) > 1)


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _media(parts: Parts) -> Iterator[str]:
    for content in parts[f"{{{MEDIA}}}content"]:
        yield from wrong("media:content url", content.get("url"), WEB)


def _first(parts: Parts, tag: str) -> str:
    return "".join(map(_words, parts[tag][:1]))


def _words(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""
