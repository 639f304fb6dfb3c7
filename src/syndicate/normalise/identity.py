"""What a release is known by (semantics: Identity). Pure."""

from collections.abc import Iterable, Iterator

from syndicate.addresses import is_id
from syndicate.model import Item, Key, Source
from syndicate.text import digest, fold, head, squeeze, tag_uri
from syndicate.urls import canonical_url, older_canonical_url

_ENOUGH = 40  # characters of text from which on equal words are the same release, whoever sent them


def keys(
    item: Item, source: Source, *, url: str | None, title: str, text: str, stated: Iterable[str]
) -> tuple[Key, ...]:
    """The keys of an item, strongest first: its own id, canonical URL, path, hash of the content.

    A headline has its URL at most. Text counts for every source where there is enough of it, else for this one only.
    `stated` is its date, then what an earlier program took for it.
    """
    found = []
    if item.headline:
        return tuple(_address(url)) if url else ()
    if own := squeeze(item.id or ""):
        found.append(Key("id", source.id, own))
    if url:
        found += _address(url)
    if item.path:
        found.append(Key("path", source.id, item.path))
    scope = "" if len(text) >= _ENOUGH else source.id
    said = fold(title), squeeze(text)
    found += [Key("hash", scope, digest(*said, date)) for date in stated]
    return tuple(found)


def _address(url: str) -> Iterator[Key]:
    """What an address is known by, and what it was by an earlier program: a release that has that key is found."""
    canonical = canonical_url(url)
    yield Key("url", "", canonical)
    if older := older_canonical_url(canonical):
        yield Key("url", "", older)


def proposed_atom_id(item: Item, source: Source, strongest: tuple[str, ...]) -> str:
    """The source's own id where feeds may carry it, else a minted one."""
    own = (item.id or "").strip()
    return own if is_id(own) and not item.headline else tag_uri(source.tag, source.id, *strongest)


def strongest(known: tuple[Key, ...], kicker: str | None, title: str) -> tuple[str, ...]:
    """What a minted id is made of: the strongest key, or the head of a release that has none."""
    return tuple(known[0]) if known else head(kicker, title)
