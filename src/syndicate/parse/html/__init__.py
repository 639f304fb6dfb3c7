"""A release page, or a list page, in HTML → Items.

What it says of itself (JSON-LD, tags) | is it a page at all | furniture out | title | blocks beside the text (related,
contact, downloads) | the head around the title | pictures | the text that is left. Own rules where the markup tells;
where it does not, the text is what trafilatura finds.
"""

from collections.abc import Sequence
from copy import deepcopy

from lxml.html import HtmlElement

import syndicate.parse.html.furniture as _furniture
import syndicate.parse.html.lists as _lists
import syndicate.parse.html.metadata as _metadata
import syndicate.parse.html.notices as _notices
import syndicate.parse.html.release as _release
from syndicate.errors import ParseError, UnexpectedPage
from syndicate.markup import UNSEEN
from syndicate.model import Item
from syndicate.parse.html.cards import Card
from syndicate.parse.html.select import Selection
from syndicate.parse.links import feeds_of
from syndicate.parse.tree import base_of, tree
from syndicate.parse.unexpected import kind, title

__all__ = ["read"]

MOST_ELEMENTS = 30_000
MOST_TEXT = 1_000_000  # characters


def read(
    text: str, url: str | None, select: Sequence[tuple[str, str]] = (), headline: str | None = None
) -> tuple[Item, ...]:
    """The page's own release, or the headlines of a list page. `url` is the page's address.

    `select` are the operator's CSS selectors, by name: they go before our own rules; those that match nothing are in
    `unmatched`. `headline` is what its feed or list calls the page's release. Raises UnexpectedPage for maintenance, a
    login, a challenge, and ParseError for what holds no release.
    """
    root = tree(text)
    if root is None:
        raise ParseError("it is empty: a page without any element")
    _bound(root)
    if unexpected := kind(root, text, headline):
        raise UnexpectedPage(f"it looks like a {unexpected}: {_quoted(title(root))}")
    meta = _metadata.read(root, url)
    base = base_of(root, url)
    chosen = Selection(select)
    held = _notices.embargo(root, meta)  # first: whatever is taken out afterwards, an embargo counts
    _furniture.dead(root, chosen.all("remove"))
    page = deepcopy(root)
    if chosen.css("item") and (found := _lists.entries(page, select)):
        return _lists.items(found, base, meta.language, ())
    release = _release.read(page, text, meta, chosen, held, url=url, base=base)
    if release is not None:
        return (release,)
    few = 1 if _lists.may_be_one(root, meta) else 2
    found = _without_furniture(root, chosen, few)
    if found:
        return _lists.items(found, base, meta.language, chosen.unmatched(root, ("item",)))
    whole = tree(text)
    named = feeds_of(whole, url) if whole is not None else ()
    told = f"; it names a feed: {named[0].url}" if named else ""
    raise ParseError(f"it holds no release and no list of releases{told}")


def _bound(root: HtmlElement) -> None:
    """Raises ParseError for what is larger than any page that somebody reads: most rules look at a part many times."""
    elements = sum(1 for _ in root.iter())
    if elements > MOST_ELEMENTS:
        raise ParseError(f"it has {elements:,} elements, more than any release or list ({MOST_ELEMENTS:,})")
    length = sum(
        len(element.text or "") + len(element.tail or "") for element in root.iter() if element.tag not in UNSEEN
    )
    if length > MOST_TEXT:
        raise ParseError(f"it has {length:,} characters of text, more than any release or list ({MOST_TEXT:,})")


def _without_furniture(root: HtmlElement, chosen: Selection, few: int) -> list[Card]:
    _furniture.site(root, None)
    return _lists.entries(root, tuple(pair for pair in chosen.pairs if pair[0] != "item"), few)


def _quoted(name: str | None) -> str:
    return f'"{name[:100]}"' if name else "it has no title"
