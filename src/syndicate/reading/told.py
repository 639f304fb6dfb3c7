"""What a reading tells of an entry for the next poll: what it is known by, and whether it may stay unread then."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from syndicate.model import Item, Key, Release
from syndicate.reading.difference import name
from syndicate.text import squeeze
from syndicate.urls import canonical_url, clean_url


class Told(NamedTuple):
    """`digest` is `Item.entry`. `rests`: read again, the same bytes come to nothing, whenever that is; what does not is
    read at each poll. `gone`: what it takes back.
    """

    digest: str
    names: tuple[str, ...]
    rests: bool
    gone: Key | None = None


def told(item: Item, releases: Sequence[Release], gone: Key | None, now: datetime) -> Told | None:
    """Of one item of a document: what it came to. None of what is no entry of its own."""
    if item.entry is None:
        return None
    keys = {key for release in releases for key in release.keys if key.kind in ("id", "url")} or {*_keys_of(item)}
    keys |= {gone} if gone and gone.kind in ("id", "url") else set()
    rests = gone is not None or (len(releases) == 1 and _rests(item, releases[0], now))
    return Told(item.entry, tuple(sorted(map(name, keys))), rests, gone)


def _rests(item: Item, release: Release, now: datetime) -> bool:
    """Not what the clock or a person decides on, nor that of which a person is told at each poll."""
    held = release.embargo is not None and release.lifted is None
    told = release.withdrawn is not None or release.unread is not None
    to_come = (release.stated or now) > now or (item.updated is not None and release.modified is None)
    return not (held or told or to_come or release.related)


def _keys_of(item: Item) -> list[Key]:
    """What an item itself is named by, its id first: also one that is no release, like what takes one back."""
    url = clean_url(item.url, item.base) if item.url else None
    own = [Key("id", "", squeeze(item.id))] if item.id else []
    return [*own, *([Key("url", "", canonical_url(url))] if url else [])]
