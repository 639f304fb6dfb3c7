"""feedgen, and what it cannot do.

feedgen writes the skeleton. Our extension adds the elements that it does not know or writes wrongly: Atom links with
rel, type and length, Media RSS with captions and credits, archive marks (RFC 5005), tombstones (RFC 6721), RSS dates
without `locale.setlocale`. Each document has a generator of its own: RSS takes the last link set, whatever its rel.
"""

from collections.abc import Iterable, Sequence

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

import syndicate
from syndicate.formats import MEDIA, Format
from syndicate.mediatypes import media_type
from syndicate.model import FeedPage, Release
from syndicate.render.page import Joined, feed_title, feed_url, home_url, image_url

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class EntryElements:
    """A feedgen extension: elements and attributes of our own, written after feedgen's, in the order they were added.

    In Atom, feedgen writes elements without a namespace below a literal `xmlns`; so plain names here are Atom's.
    """

    def __init__(self) -> None:
        self.namespaces: dict[str, str] = {}
        self._elements: list[etree._Element] = []
        self._attributes: dict[str | bytes, str | bytes] = {}

    def add(self, name: str, text: str | None = None, **attributes: str | None) -> etree._Element:
        """An element; attributes that are None are left out."""
        element = etree.Element(name, {key: value for key, value in attributes.items() if value is not None})
        element.text = text
        self._elements.append(element)
        return element

    def set(self, name: str, value: str) -> None:
        """An attribute of the entry (or feed) itself."""
        self._attributes[name] = value

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces

    def extend_atom(self, parent: etree._Element) -> etree._Element:
        parent.attrib.update(self._attributes)
        parent.extend(self._elements)
        return parent

    def extend_rss(self, parent: etree._Element) -> etree._Element:
        return self.extend_atom(parent)


class FeedElements(EntryElements):
    """The same for the feed itself: in RSS, feedgen hands over the root, not the channel."""

    def extend_rss(self, parent: etree._Element) -> etree._Element:
        self.extend_atom(parent[0])
        return parent


def new_feed(page: FeedPage, form: Format, namespaces: dict[str, str]) -> FeedGenerator:
    """A generator that knows what Atom and RSS say alike of the feed; our own elements go through `feed.own.add`."""
    feed = FeedGenerator()
    feed.register_extension("own", FeedElements, EntryElements)
    feed.own.namespaces = namespaces
    feed.title(feed_title(page))
    feed.language(page.site.language)
    feed.updated(page.updated)
    feed.generator("syndicate", version=syndicate.__version__)
    feed.link(href=feed_url(page, form.suffix, page.number), rel="self", type=form.media_type)
    feed.link(href=home_url(page), rel="alternate", type="text/html")  # last: RSS takes it as the channel's link
    return feed


def new_entry(atom_id: str, title: str) -> FeedEntry:
    """One that stands alone, as `piece` takes it; our own elements go through `entry.own.add`."""
    entry = FeedEntry()
    entry.register_extension("own", EntryElements)
    entry.guid(atom_id, permalink=False)
    entry.title(title)
    return entry


def add_media(entry: FeedEntry, release: Release, page: FeedPage) -> None:
    """Media RSS 1.5: the picture; its title is the caption, its description the alternative text."""
    for image in release.images:
        if not (url := image_url(image, page)):
            continue
        content = entry.own.add(f"{{{MEDIA}}}content", url=url, medium="image", type=media_type(url))
        for name, text in (("title", image.caption), ("description", image.alt), ("credit", image.credit)):
            if text:
                etree.SubElement(content, f"{{{MEDIA}}}{name}").text = text


def piece(element: etree._Element, root: etree._Element) -> bytes:
    """The lines that an entry has in a document whose root declares what this one does; it is put into that one."""
    inner = root if len(root) == 0 else root[0]
    inner.append(element)
    written: bytes = etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=False)
    lines = written.splitlines(keepends=True)
    ends = 1 if inner is root else 2
    return b"".join(lines[ends:-ends])


def join(written: bytes, entries: Sequence[bytes], end: bytes) -> Joined:
    """The entries before the `end` of what feedgen has written of the feed."""
    at = written.rindex(end)
    return Joined(b"".join((written[:at], *entries, written[at:])), written)


def used(entries: Iterable[bytes], prefix: str) -> bool:
    """Has one of them an element of that prefix? In what is well-formed `<` stands before the name of a tag alone."""
    tag = f"<{prefix}:".encode()
    return any(tag in entry for entry in entries)
