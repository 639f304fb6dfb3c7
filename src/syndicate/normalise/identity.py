"""What a release is known by (semantics: Identity). Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from syndicate import rules
from syndicate.addresses import is_id
from syndicate.model import MADE, Item, Key, Release, Source
from syndicate.text import digest, fold, head, squeeze, tag_uri
from syndicate.urls import canonical_url, older_canonical_url

Match = Callable[["re.Pattern[str]", str], "re.Match[str] | Literal[False] | None"]
_ENOUGH = 40  # characters of text from which on equal words are the same release, whoever sent them


class Named(NamedTuple):
    """What an entry is named by: its own id, its address, the path of its file."""

    id: str | None
    url: str | None
    path: str | None = None


def plain_match(pattern: "re.Pattern[str]", value: str) -> "re.Match[str] | None":
    return pattern.search(value)


def keys(
    named: Named, source: Source, hashes: Iterable[Key], *, headline: bool = False, match: Match = plain_match
) -> tuple[Key, ...]:
    """The keys of an entry, strongest first: its own id, canonical URL, path, `hashes` of the content.

    A headline has its URL at most. Where the source's `identity` is a regular expression that finds something, that is
    the strongest. Its own id stands last where another thing names it: a source takes back by that alone, and by
    another identity it is that again. Which of them names a release of itself: `naming`.
    """
    if headline:
        return tuple(_address(named.url)) if named.url else ()
    found = []
    if own := _own(named, source, match):
        found.append(Key("id", source.id, own))
    if named.url:
        found += _address(named.url)
    if named.path:
        found.append(Key("path", source.id, named.path))
    if own := squeeze(named.id or ""):
        found.append(Key("id", source.id, own))
    return (*dict.fromkeys(found), *hashes)


def hashes(source: Source, *, title: str, text: str, stated: Iterable[str]) -> tuple[Key, ...]:
    """Text counts for every source where there is enough of it, else for this one only.

    `stated` is its date, then what an earlier program took for it.
    """
    scope = "" if len(text) >= _ENOUGH else source.id
    said = fold(title), squeeze(text)
    return tuple(Key("hash", scope, digest(*said, date)) for date in stated)


def _own(named: Named, source: Source, match: Match) -> str:
    own = squeeze(named.id or "")
    if rules.by_own_id(source) or (source.identity == "link" and not named.url):
        return own
    if source.identity == "link":
        return ""
    pattern = rules.expression(source.identity)
    for value in filter(None, (own, named.url)):
        if (found := match(pattern, value)) and (told := squeeze(found[1] or "")):
            return f"{MADE}{told}"
    return own


def keys_under(release: Release, source: Source, match: Match = plain_match) -> tuple[Key, ...]:
    """By what a release of this source would be known, were it read with the `identity` that stands in `source` now.

    `release` as its source said it (`Edition.said`). Its headlines have no id.
    """
    ids = [key.value for key in release.keys if key.kind == "id" and not key.value.startswith(MADE)]
    made = [key.value.removeprefix(MADE) for key in release.keys if key.kind == "id" and key.value.startswith(MADE)]
    paths = [key.value for key in release.keys if key.kind == "path"]
    words = [key for key in release.keys if key.kind == "hash"]
    named = Named(next(iter((*ids, *made)), None), release.url, next(iter(paths), None))
    return keys(named, source, words, headline=release.headline, match=match)


def _address(url: str) -> Iterator[Key]:
    """What an address is known by, and what it was by an earlier program: a release that has that key is found."""
    canonical = canonical_url(url)
    yield Key("url", "", canonical)
    if older := older_canonical_url(canonical):
        yield Key("url", "", older)


def proposed_atom_id(item: Item, source: Source, strongest: tuple[str, ...]) -> str:
    """The source's own id where feeds may carry it, else a minted one: also where that is not what it is known by."""
    own = (item.id or "").strip()
    return (
        own
        if rules.by_own_id(source) and is_id(own) and not item.headline
        else tag_uri(source.tag, source.id, *strongest)
    )


def strongest(known: tuple[Key, ...], kicker: str | None, title: str) -> tuple[str, ...]:
    """What a minted id is made of: the strongest key, or the head of a release that has none."""
    return tuple(known[0]) if known else head(kicker, title)
