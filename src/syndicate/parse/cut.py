"""A document cut into its entries, not read: a digest of each, by which it is known again."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from syndicate.errors import ParseError
from syndicate.model import Rhythm
from syndicate.parse.encoding import decode
from syndicate.parse.parsers import PARSERS
from syndicate.parse.sniff import charset, sniff


@dataclass(frozen=True, slots=True)
class Cut:
    """`form` is a key of PARSERS, `head` a digest of what the document says of itself that decides how it is read.

    `entries` are the digests of its entries in their order (`Item.entry`: with what they inherit), then of what it
    withdraws; None for one that cannot be used. `rhythm` is how often it wants to be asked.
    """

    form: str
    head: str
    entries: tuple[str | None, ...]
    rhythm: Rhythm


def cut(
    body: bytes, *, url: str | None = None, path: str | None = None, media_type: str | None = None, format: str = "auto"
) -> Cut | None:
    """None for what is not well-formed as it came, or more than is meant to be read, or in no format of entries.

    Arguments as those of `parse`. Never raises.
    """
    try:
        text = decode(body, charset(media_type))
        name = sniff(text, media_type=media_type, path=path)
    except ParseError:
        return None
    module = PARSERS[name].cut
    if not module or format not in ("auto", name):
        return None
    apart: Callable[[str, str | None], Cut | None] = import_module(module).cut
    return apart(text, url)
