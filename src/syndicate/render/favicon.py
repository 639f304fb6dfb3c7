"""The icon of the site, as browsers and feed readers ask for it. Pure."""

import struct
from collections.abc import Iterator

from syndicate.mediatypes import TYPES
from syndicate.model import Document, Icon

_LARGEST = 256  # pixels that an ICO file can tell of


def icons(icon: Icon) -> Iterator[Document]:
    """The file itself, and `favicon.ico` for who asks without having read a page; an SVG has none."""
    yield Document(icon.path, icon.media_type, icon.body)
    if icon.side:
        yield Document("favicon.ico", TYPES[".ico"], _ico(icon) if icon.side <= _LARGEST else icon.body)


def _ico(icon: Icon) -> bytes:
    """A PNG file in an ICO file: header, one entry of the directory, the file. A side of 256 is written as 0.

    A larger one cannot be told of; browsers look at the bytes, and show it as it is.
    """
    side = icon.side % _LARGEST
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, side, side, 0, 0, 1, 32, len(icon.body), 22) + icon.body
