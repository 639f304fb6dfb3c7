"""The picture that stands for the site: a PNG or SVG file beside config.toml."""

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from syndicate.mediatypes import TYPES
from syndicate.model import Icon

_LARGEST = 1_000_000  # bytes: every visitor fetches it
_SIDES = range(16, 4097)  # pixels
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px)?\s*")


def read_icon(path: Path) -> Icon:
    """What is there. ValueError says what is wrong with it, as the end of a sentence."""
    try:
        with path.open("rb") as file:
            body = file.read(_LARGEST + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    if len(body) > _LARGEST:
        raise ValueError("is larger than 1 MB")
    if body.startswith(_PNG):
        width, height = _png(body)
        if width not in _SIDES:
            raise ValueError(f"is {width} × {height} pixels, not between {_SIDES[0]} and {_SIDES[-1]} wide")
        _square(width, height)
        return Icon("icon.png", TYPES[".png"], body, width)
    _square(*_svg(body))
    return Icon("icon.svg", TYPES[".svg"], body, 0)


def _square(width: float, height: float) -> None:
    """As RFC 4287 wants it of an icon, and browsers of theirs."""
    if width != height:
        raise ValueError(f"is {width:g} × {height:g}, not square")


def _png(body: bytes) -> tuple[int, int]:
    """Width and height (PNG, section 11.2.2), once every chunk is as it was written."""
    chunks = list(_chunks(body))
    names = [name for name, _ in chunks]
    if names[:1] != [b"IHDR"] or names[-1:] != [b"IEND"] or b"IDAT" not in names or len(chunks[0][1]) != 13:
        raise ValueError("is a PNG file that is damaged or cut off")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    return width, height


def _chunks(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Until one is not whole."""
    place = len(_PNG)
    while len(body) - place >= 12:
        length, name = struct.unpack(">I4s", body[place : place + 8])
        data, check = body[place + 8 : place + 8 + length], body[place + 8 + length : place + 12 + length]
        if len(check) < 4 or zlib.crc32(name + data) != int.from_bytes(check):
            return
        yield name, data
        place += 12 + length


def _svg(body: bytes) -> tuple[float, float]:
    """Width and height, equal where it does not say. It is opened as a page of this site: nothing in it may act."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ValueError("is neither a PNG nor an SVG file") from None
    if root.tag != f"{_SVG}svg":
        raise ValueError("is neither a PNG nor an SVG file")
    doctype: Any = root.getroottree().docinfo.internalDTD
    if doctype is not None and next(iter(doctype.iterentities()), None) is not None:
        raise ValueError("declares entities")
    if next(root.itersiblings(etree.PI, preceding=True), None) is not None:
        raise ValueError("carries an instruction before <svg>")
    for element in root.iter(etree.Element):
        if etree.QName(element).localname.lower() in ("script", "foreignobject", "handler", "listener"):
            raise ValueError(f"carries <{etree.QName(element).localname}>")
        for name, value in element.attrib.items():
            _harmless(str(name).rpartition("}")[2].lower(), str(value))
    box = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))]
    if len(box) == 4:
        return box[2], box[3]
    sides = [float(found[1]) for name in ("width", "height") if (found := _NUMBER.fullmatch(root.get(name, "")))]
    return (sides[0], sides[1]) if len(sides) == 2 else (1, 1)


def _harmless(name: str, value: str) -> None:
    if name.startswith("on"):
        raise ValueError(f"carries {name}=")
    if name == "attributename" and value.strip().lower().rpartition(":")[2].startswith(("on", "href")):
        raise ValueError(f"sets {value}")
    if name == "href" and not value.strip().startswith(("#", "data:image/png", "data:image/jpeg")):
        raise ValueError("names something that is not in it")
