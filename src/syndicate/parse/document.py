"""A document as a whole: which format it is in, and what it says."""

from collections.abc import Collection

from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse.encoding import decode
from syndicate.parse.parsers import read
from syndicate.parse.sniff import charset, sniff


def detect(body: bytes, *, media_type: str | None = None, path: str | None = None) -> str:
    """The key of PARSERS for a document, by its content; media type and ending only break ties. Raises ParseError."""
    return sniff(decode(body, charset(media_type)), media_type=media_type, path=path)


def parse(  # size: all that may be known of a document before it is read
    body: bytes,
    *,
    url: str | None = None,
    path: str | None = None,
    media_type: str | None = None,
    format: str = "auto",
    select: tuple[tuple[str, str], ...] = (),
    headline: str | None = None,
    only: Collection[int] | None = None,
) -> tuple[Item, ...]:
    """What a document says, in its own order.

    `url` is the document's address, `path` its file, `media_type` the Content-Type it came with. `format` is a key of
    PARSERS, or `auto`. `select` are CSS selectors for an HTML page, by the name of what they find,
    `headline` is that of the release whose page it should be. `only`: of a document that can be cut (`cut`), the
    numbers of the entries that are wanted. Raises ParseError where it holds no release; a feed without entries is fine
    and empty.
    """
    text = decode(body, charset(media_type))
    if not text.strip():
        raise ParseError("the file is empty")
    name = sniff(text, media_type=media_type, path=path) if format == "auto" else format
    return read(name, text, url, select, headline, only)
