"""A document cut into its entries, not read: a digest of each, by which it is known again."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from syndicate.errors import ParseError
from syndicate.model import NO_LINKS, HubLinks, Rhythm
from syndicate.parse.encoding import decode
from syndicate.parse.parsers import PARSERS
from syndicate.parse.sniff import charset, sniff

# Beyond these a document's length would not bound the time of cutting it: it is read whole, where there are limits.
_LONG_TAG = re.compile("<[^<>]{4000}")
_NAMESPACE = re.compile(r"xmlns:?([\w.-]{0,100})")
_MOST_NAMES, _MOST_NAMESPACES = 40, 1_000  # of namespaces, and how often any is declared
_MOST_INHERITED = 2_000  # characters that each entry has from its document


@dataclass(frozen=True, slots=True)
class Cut:
    """`form` is a key of PARSERS, `head` a digest of what the document says of itself that decides how it is read.

    `entries` are the digests of its entries in their order (`Item.entry`: with what they inherit), then of what it
    withdraws; None for one that cannot be used. `rhythm` is how often it wants to be asked. `sizes`: the characters of
    each of `entries` as it stands, where they were counted. `links`: its hubs.
    """

    form: str
    head: str
    entries: tuple[str | None, ...]
    rhythm: Rhythm
    sizes: tuple[int, ...] = ()
    links: HubLinks = NO_LINKS


def cut(
    body: bytes, *, url: str | None = None, path: str | None = None, media_type: str | None = None, format: str = "auto"
) -> Cut | None:
    """None for what is not well-formed as it came, or more than is meant to be read, or in no format of entries.

    Arguments as those of `parse`. Never raises, and takes no longer than a document's length lets expect.
    """
    try:
        text = decode(body, charset(media_type))
        name = sniff(text, media_type=media_type, path=path)
    except ParseError:
        return None
    module = PARSERS[name].cut
    if not module or format not in ("auto", name) or not _is_bounded(text):
        return None
    apart: Callable[[str, str | None], Cut | None] = import_module(module).cut
    return apart(text, url)


def is_short(inherited: Iterable[str | None]) -> bool:
    """May each entry's digest be of that, too?"""
    return sum(len(said or "") for said in inherited) <= _MOST_INHERITED


def _is_bounded(text: str) -> bool:
    names = _NAMESPACE.findall(text)
    return len(names) <= _MOST_NAMESPACES and len({*names}) <= _MOST_NAMES and not _LONG_TAG.search(text)
