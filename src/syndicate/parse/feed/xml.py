"""The XML below a feed, read with lxml: its entries, what is stated of the feed, what it takes back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from syndicate.errors import ParseError
from syndicate.parse.feed.bounded import MOST_ATTRIBUTES, bound
from syndicate.parse.feed.element import XML, Element, Part, base, joined, language, local, parts
from syndicate.parse.feed.mend import mends, opens, pieces, prepared
from syndicate.parse.fields import MOST_ENTRIES
from syndicate.parse.sniff import FEED_ROOTS, root
from syndicate.text import digest, squeeze
from syndicate.urls import clean_url

_ATOM, _ATOM_03 = "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"
_AROUND_ENTRIES = (FEED_ROOTS - {"entry"}) | {"items"}
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
# What feedparser is to read of an entry.
_TEXTS = {
    ("rss", "description"), ("rss", "summary"), ("rss", "content"), ("rss", "abstract"), ("rss", "tagline"),
    ("rss", "fullitem"), ("rss", "body"), ("rss", "encoded"), ("atom", "summary"), ("atom", "content"),
    ("content", "encoded"), ("dc", "description"), ("dc", "abstract"), ("itunes", "summary"), ("itunes", "subtitle"),
    ("xhtml", "body"), ("xhtml", "div"),
}  # fmt: skip
_TEXT_NAMES = frozenset(name for _, name in _TEXTS)


@dataclass(frozen=True)
class Entry:
    """An entry: its children, and the xml:lang in force there. `damage` says why it cannot be used.

    `base` is what its addresses are relative to; `rebased`: an xml:base says so. `digest` is of the element as it
    stands in the document, with what it inherits from there.
    """

    element: Element
    parts: tuple[Part, ...]
    base: str = ""
    language: str | None = None
    rebased: bool = False
    damage: str | None = None
    digest: str | None = None

    @cached_property
    def media(self) -> tuple[Element, ...]:
        return tuple(part.element for part in self.parts if part.vocabulary == "media")

    @cached_property
    def named(self) -> Mapping[tuple[str, str], list[Part]]:
        """(vocabulary, name) → its parts, in the order of the entry."""
        found: dict[tuple[str, str], list[Part]] = {}
        for part in self.parts:
            found.setdefault((part.vocabulary, part.name), []).append(part)
        return found


@dataclass(frozen=True, slots=True)
class Document:
    """`body` is UTF-8, for feedparser: the texts of the entries alone, in the order of `entries`. `head` is the feed's.

    `tombstones` are the at:deleted-entry elements (RFC 6721) of a document that was well-formed as it came: nothing is
    taken back by one that breaks off or had to be mended. `omitted` counts entries beyond MOST_ENTRIES. `kind` is the
    namespace of an Atom feed as feedparser is to read it, empty for any other.
    """

    body: bytes
    atom: bool
    head: Entry
    entries: tuple[Entry, ...]
    tombstones: tuple[Element, ...] = ()
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What a document is around its entries. `own` is the namespace of its root, `kind` the vocabulary that this is.

    `here` is what its addresses are relative to, where no xml:base says otherwise. `namespace` is that of an Atom feed
    as feedparser is to read it, empty for any other.
    """

    own: str
    kind: str
    head: Entry
    here: str
    tombstones: tuple[Element, ...]
    namespace: str


def document(text: str, url: str | None = None, only: Collection[int] | None = None) -> Document:
    """Raises ParseError for what is no feed, and for a feed that breaks off within its first entry.

    `only`: the numbers of the entries and tombstones that are wanted, counted as `cut` gives them.
    """
    text, clean = prepared(text)
    element = root(text)
    if element is None or element[1].lower() not in FEED_ROOTS:
        raise ParseError(f"is XML, but no feed (root element <{element[1]}>)" if element else "is no XML")
    for number, mended in enumerate(mends(text)):
        if not mended:
            raise ParseError(f"the feed breaks off {'within' if opens(text) else 'before'} its first entry")
        tree = tree_of(mended)
        if tree is not None:
            found = _document(tree, url, well_formed=clean and number == 0, only=only)
            break
    else:
        found = _document(_assembled(text), url, well_formed=False)
    if number > 1 and not found.entries and opens(text):
        raise ParseError("the feed is broken, and none of its entries can be read")
    return found


def tombstone(element: Element, name: str) -> bool:
    """Is this the element of RFC 6721 that is called so?"""
    return element.tag == f"{_TOMBSTONE}{name}"


def self_address(feed: Entry) -> str | None:
    """Where a feed says that it stands, else whose it is: what its relative addresses are relative to."""
    found = [part for part in feed.parts if part.name == "link"]
    found.sort(key=lambda part: part.element.get("rel") != "self")
    said = (squeeze(part.element.get("href") or part.element.text or "") for part in found)
    return next((url for url in said if clean_url(url)), None)


def tree_of(text: str, *, recover: bool = False, huge: bool = True) -> Element | None:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=huge,  # a large or deep entry is put aside by itself, below
        recover=recover,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        tree: Element | None = etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return tree


def _assembled(text: str) -> Element:
    """A tree of what can be read piece by piece: the head of the feed, then each entry by itself."""
    head, entries = pieces(text)
    tree = tree_of(head, recover=True)
    if tree is None or local(tree) not in FEED_ROOTS:
        raise ParseError("is XML, but cannot be read")
    place = next((child for child in tree if local(child) == "channel"), tree)
    declared = "".join(f' {f"xmlns:{p}" if p else "xmlns"}="{uri}"' for p, uri in tree.nsmap.items())
    for entry in entries[: 2 * MOST_ENTRIES]:
        wrapped = f"<entries{declared}>{entry}</entries>"
        read = tree_of(wrapped)
        read = tree_of(wrapped, recover=True) if read is None else read
        if read is not None and len(read):
            place.append(read[0])
    return tree


def framed(tree: Element, url: str | None) -> Frame:
    """`url`: where the document is."""
    own = etree.QName(tree).namespace or ""
    atom = local(tree) in ("feed", "entry")
    kind = "atom" if atom else "rss"
    channel = next((child for child in tree if local(child) == "channel"), tree)
    said = [*parts(channel, own, kind), *(() if channel is tree else parts(tree, own, kind))]
    said = [part for part in said if part.name not in ("item", "entry", "items", "channel")]
    head = Entry(channel, tuple(said), base(channel), language(channel))
    here = url or self_address(head) or ""
    head = replace(head, base=joined(here, head.base))
    taken = [part.element for part in said if atom and tombstone(part.element, "deleted-entry")]
    old = "purl.org/atom/ns#" in own or tree.get("version") == "0.3"
    return Frame(own, kind, head, here, tuple(taken), _ATOM_03 if old else _ATOM if atom else "")


def _document(tree: Element, url: str | None, *, well_formed: bool, only: Collection[int] | None = None) -> Document:
    found, frame = entry_elements(tree), framed(tree, url)
    taken = frame.tombstones if well_formed else ()
    numbered = [n for n in range(len(found) + len(taken)) if only is None or n in only]
    entries = tuple(_entry(found[n], frame) for n in numbered if n < min(len(found), MOST_ENTRIES))
    return Document(
        _for_feedparser(entries, frame.namespace),
        frame.kind == "atom",
        frame.head,
        entries,
        tuple(taken[n - len(found)] for n in numbered if n >= len(found)),
        max(0, len(found) - MOST_ENTRIES),
    )


def entry_elements(tree: Element) -> list[Element]:
    if local(tree) == "entry":  # RFC 4287 section 2: an Atom Entry Document
        return [tree]
    return [
        element
        for element in tree.iter(etree.Element)
        if local(element) in ("item", "entry")
        and (parent := element.getparent()) is not None
        and local(parent) in _AROUND_ENTRIES
    ]


def _entry(element: Element, frame: Frame) -> Entry:
    damage = bound(element, _TEXT_NAMES)
    said = parts(element, frame.own, frame.kind)
    stated = base(element)
    return Entry(
        element,
        said if not damage else _named(said),
        joined(frame.here, stated),
        language(element),
        rebased=bool(stated),
        damage=damage,
        digest=None if damage else digest_of(as_it_stands(element), element, frame),
    )


def digest_of(written: str, element: Element, frame: Frame) -> str:
    """Of an entry, `written` as it stands, with what is in force there."""
    there, spoken = joined(frame.here, base(element)), language(element)
    return digest(written, frame.own, frame.kind, there, spoken or "")


def as_it_stands(element: Element) -> str:
    """As it stands, with the namespaces alone that are used in it: before anything is taken out of it."""
    try:
        return str(etree.tostring(element, method="c14n", exclusive=True, with_tail=False), "utf-8")
    except etree.LxmlError:  # a namespace that is no absolute address
        return str(etree.tostring(element, encoding="utf-8", with_tail=False), "utf-8")


def _named(said: tuple[Part, ...]) -> tuple[Part, ...]:
    """What an entry that cannot be used is known by."""
    return tuple(
        part
        for part in said
        if part.name in ("title", "link", "id", "guid")
        and not len(part.element)
        and len(part.element.text or "") < 1000
    )[:MOST_ATTRIBUTES]


def _for_feedparser(entries: tuple[Entry, ...], namespace: str) -> bytes:
    """A feed of the entries' texts alone: nothing else can be taken for them. `namespace` is Atom's, empty for RSS."""
    if namespace:
        feed = place = etree.Element(f"{{{namespace}}}feed", nsmap={None: namespace})  # type: ignore[dict-item]  # the stubs know no default namespace
        name = f"{{{namespace}}}entry"
    else:
        feed = etree.Element("rss", version="2.0")
        place, name = etree.SubElement(feed, "channel"), "item"
    for entry in entries:
        alone = etree.SubElement(place, name)
        if entry.rebased:
            alone.set(f"{XML}base", entry.base)
        if entry.language:
            alone.set(f"{XML}lang", entry.language)
        for part in entry.parts if not entry.damage else ():
            if (part.vocabulary, part.name) in _TEXTS:
                part.element.tag = _canonical(part, namespace)
                _unescaped(part.element)
                alone.append(part.element)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _unescaped(element: Element) -> None:
    """A text with markup as a CDATA section: what is escaped comes to feedparser in a piece for each character."""
    text = element.text or ""
    if ("<" in text or "&" in text) and not ("\r" in text or "]]>" in text or len(element)):
        element.text = etree.CDATA(text)


def _canonical(part: Part, namespace: str) -> str:
    if part.name == "encoded":
        return "{http://purl.org/rss/1.0/modules/content/}encoded"
    if part.vocabulary == "atom":
        return f"{{{namespace or _ATOM}}}{part.name}"
    return part.name if part.vocabulary == "rss" else str(part.element.tag)
