"""A feed cut into its entries: lxml alone, so that nothing has to be read to find out that nothing is new."""

from syndicate.parse.cut import Cut, is_short
from syndicate.parse.feed.bounded import has_too_many_attributes, too_deep, too_long
from syndicate.parse.feed.element import Element, local
from syndicate.parse.feed.inherited import inherited
from syndicate.parse.feed.mend import begun
from syndicate.parse.feed.xml import (
    Frame,
    as_it_stands,
    digest_of,
    entry_elements,
    framed,
    tree_of,
)
from syndicate.parse.fields import LARGEST, MOST_ENTRIES
from syndicate.parse.hubs import hubs_of
from syndicate.parse.rhythm import rhythm
from syndicate.parse.sniff import FEED_ROOTS, root
from syndicate.text import digest


def cut(text: str, url: str | None = None) -> Cut | None:
    """None of a feed that is not well-formed as it came, or beyond what an XML parser bears by itself."""
    tree = _well_formed(text)
    found = entry_elements(tree) if tree is not None else []
    if tree is None or len(found) > MOST_ENTRIES or _stands_in_another(found):
        return None
    frame = framed(tree, url)
    inherits = inherited(frame.head)
    if not is_short(inherits):
        return None
    written = [as_it_stands(element) for element in found]
    entries = [_digest(*each, frame, inherits) for each in zip(found, written, strict=True)]
    taken = [*map(tombstone_digest, frame.tombstones)]
    sizes = (*map(len, written), *(0 for _ in taken))
    head, links = digest(frame.namespace, length=16), hubs_of(text, "feed", url)
    return Cut("feed", head, (*entries, *taken), rhythm(text), sizes, links)


def entry_digest(own: str | None, inherits: tuple[str, ...]) -> str | None:
    """`Item.entry`, of an entry's `own` (`digest_of`): None of one that cannot be used, which has none."""
    return digest(own, *inherits, length=16) if own else None


def tombstone_digest(element: Element) -> str:
    return digest("at:deleted-entry", as_it_stands(element), length=16)


def _well_formed(text: str) -> Element | None:
    """None also of what is written anew in part before it is read: where something is deep or has many attributes."""
    text, clean = begun(text)
    element = root(text)
    tree = tree_of(text, huge=False) if clean and element and element[1].lower() in FEED_ROOTS else None
    if tree is None or tree.getroottree().docinfo.internalDTD is not None or local(tree) == "entry":
        return None
    return None if has_too_many_attributes(tree) or too_deep(tree) else tree


def _stands_in_another(entries: list[Element]) -> bool:
    """Does one of them?"""
    parents = {parent for entry in entries if (parent := entry.getparent()) is not None}
    around = {above for parent in parents for above in (parent, *parent.iterancestors())}
    return any(local(above) in ("item", "entry") for above in around)


def _digest(element: Element, written: str, frame: Frame, inherits: tuple[str, ...]) -> str | None:
    damaged = len(written) > LARGEST and too_long(element)
    return entry_digest(None if damaged else digest_of(written, element, frame), inherits)
