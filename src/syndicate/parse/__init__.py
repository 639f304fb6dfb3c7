"""Bytes → Items. Pure: the same bytes give the same items.

A parser is a function `(text, url) -> tuple[Item, ...]` and one row of PARSERS; that of HTML takes the operator's
selectors, too. It raises ParseError where the document as a whole holds no release; a single entry that cannot be used
comes back with its `damage` named, beside the others.
"""

from collections.abc import Callable
from importlib import import_module

from syndicate.errors import ParseError
from syndicate.model import Item
from syndicate.parse._sniff import charset, sniff
from syndicate.parse.encoding import decode

Parser = Callable[..., tuple[Item, ...]]

# Modules by name: they are heavy, and a cycle with nothing new needs none of them.
PARSERS: dict[str, tuple[str, str]] = {
    "feed": ("syndicate.parse.xmlfeed", "read"),
    "json": ("syndicate.parse.jsonfeed", "read"),
    "ninjs": ("syndicate.parse.ninjs", "read"),
    "page": ("syndicate.parse.page", "read"),
    "markdown": ("syndicate.parse.markdown", "read"),
    "html": ("syndicate.parse.html", "read"),
}


def detect(body: bytes, *, media_type: str | None = None, path: str | None = None) -> str:
    """The key of PARSERS for a document, by its content; media type and ending only break ties. Raises ParseError."""
    return sniff(decode(body, charset(media_type)), media_type=media_type, path=path)


def parse(
    body: bytes,
    *,
    url: str | None = None,
    path: str | None = None,
    media_type: str | None = None,
    format: str = "auto",
    select: tuple[tuple[str, str], ...] = (),
) -> tuple[Item, ...]:
    """What a document says, in its own order.

    `url` is the document's address, `path` its file, `media_type` the Content-Type it came with. `format` is a key of
    PARSERS, or `auto`. `select` are CSS selectors for an HTML page, by the name of what they find. Raises ParseError
    where it holds no release; a feed without entries is fine and empty.
    """
    text = decode(body, charset(media_type))
    if not text.strip():
        raise ParseError("the file is empty")
    name = sniff(text, media_type=media_type, path=path) if format == "auto" else format
    if name == "html":
        return _parser(name)(text, url, select)
    return _parser(name)(text, url)


def _parser(name: str) -> Parser:
    if name not in PARSERS:
        raise ParseError(f"{name!r} is no format (formats are auto, {', '.join(PARSERS)})")
    module, function = PARSERS[name]
    parser: Parser = getattr(import_module(module), function)
    return parser
