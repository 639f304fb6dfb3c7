"""Our own Atom, read back: the inverse of `render.atom`, element by element."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from syndicate.errors import ParseError
from syndicate.formats import ATOM, MEDIA, TOMBSTONES
from syndicate.model import Enclosure, Image, Origin, Release
from syndicate.text import head

_A, _AT, _M = f"{{{ATOM}}}", f"{{{TOMBSTONES}}}", f"{{{MEDIA}}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

Head = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Gone:
    """An `at:deleted-entry`: of which atom_id, since when, and why."""

    atom_id: str
    when: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A head or an archive page as it was published, its entries in their order.

    The `url` of a release is that of its one alternate link, `content` the whole composed HTML. `titles` are those of
    the topics that its entries name, by id.
    """

    address: str  # rel=self
    atom_id: str
    title: str
    updated: datetime
    language: str
    releases: tuple[Release, ...] = ()
    gone: tuple[Gone, ...] = ()
    older: str | None = None  # rel=prev-archive
    titles: dict[str, str]


def feed_document(body: bytes, path: str) -> FeedDocument:
    """ParseError where that is no document of ours; `path` names it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
        language = root.get(_LANG) or "de"
        entries = list(root.iterfind(f"{_A}entry"))
        return FeedDocument(
            address=_required(_link(root, "self")),
            atom_id=_required(root.findtext(f"{_A}id")),
            title=root.findtext(f"{_A}title") or "",
            updated=_moment(root, "updated"),
            language=language,
            releases=tuple(_release(entry, language) for entry in entries),
            gone=tuple(_gone(each) for each in root.iterfind(f"{_AT}deleted-entry")),
            older=_link(root, "prev-archive"),
            titles={term: label or term for entry in entries for term, label in _categories(entry, "topic")},
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError(f"{path}: is no feed that this program has written: {error}") from error


def _gone(element: etree._Element) -> Gone:
    when = datetime.fromisoformat(_required(element.get("when")))
    return Gone(_required(element.get("ref")), when, element.findtext(f"{_AT}comment"))


def _release(entry: etree._Element, language: str) -> Release:
    published = _moment(entry, "published")
    return Release(
        atom_id=_required(entry.findtext(f"{_A}id")),
        url=_required(_link(entry, "alternate")),
        kind=_term(entry, "kind"),
        kicker=_term(entry, "kicker"),
        title=entry.findtext(f"{_A}title") or "",
        teaser=entry.findtext(f"{_A}summary"),
        content=entry.findtext(f"{_A}content") or "",
        language=entry.get(_LANG) or language,
        images=tuple(_image(each) for each in entry.iterfind(f"{_M}content")),
        enclosures=tuple(_enclosure(link) for link in _links(entry, "enclosure")),
        authors=tuple(name for each in entry.iterfind(f"{_A}author/{_A}name") if (name := each.text)),
        license=_link(entry, "license") or entry.findtext(f"{_A}rights"),
        origin=_origin(entry),
        topics=tuple(term for term, _ in _categories(entry, "topic")),
        published=published,
        updated=max(published, _moment(entry, "updated")),
        issued=published,
        first_seen=published,
    )


def _image(element: etree._Element) -> Image:
    said = (element.findtext(f"{_M}{name}") for name in ("description", "title", "credit"))
    return Image(_required(element.get("url")), *said)


def _enclosure(link: etree._Element) -> Enclosure:
    length = link.get("length")
    return Enclosure(link.get("href", ""), link.get("type"), int(length) if length else None, link.get("title"))


def _origin(entry: etree._Element) -> Origin | None:
    source = entry.find(f"{_A}source")
    stated = (
        {n: source.findtext(f"{_A}{n}") for n in ("id", "title", "updated", "rights")} if source is not None else {}
    )
    origin = Origin(**stated, url=_link(entry, "via"))
    return None if origin == Origin() else origin


def _categories(entry: etree._Element, scheme: str) -> Iterator[tuple[str, str | None]]:
    """(term, label) of those of our own scheme `tag:AUTHORITY:scheme`."""
    for category in entry.iterfind(f"{_A}category"):
        ours = category.get("scheme") or ""
        if ours.startswith("tag:") and ours.rpartition(":")[2] == scheme:
            yield category.get("term", ""), category.get("label")


def _term(entry: etree._Element, scheme: str) -> str | None:
    return next((term for term, _ in _categories(entry, scheme)), None)


def _links(element: etree._Element, rel: str) -> Iterator[etree._Element]:
    return (link for link in element.iterfind(f"{_A}link") if link.get("rel") == rel)


def _link(element: etree._Element, rel: str) -> str | None:
    return next((link.get("href") for link in _links(element, rel)), None)


def _moment(element: etree._Element, name: str) -> datetime:
    return datetime.fromisoformat(_required(element.findtext(f"{_A}{name}")))


def _required(text: str | None) -> str:
    if not text:
        raise ValueError("something that each of ours has is missing")
    return text


def heads(releases: Iterable[Release]) -> dict[str, tuple[Head, ...]]:
    """Release → the folded kickers and titles that its related block names."""
    return {r.id: tuple(dict.fromkeys(head(each.topic, each.title) for each in r.related)) for r in releases}
