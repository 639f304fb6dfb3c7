"""What a file is by its suffix, and how it may be handed out: a table of our own, as the system's differs by machine.

The documents of feeds are in `formats`.
"""

import re
from posixpath import splitext
from typing import NamedTuple
from urllib.parse import urlsplit

UNKNOWN = "application/octet-stream"

# RFC 9110 section 8.3.1; a parameter without a value is an error to feed validators.
_PART = r"[\w!#$%&'*+.^`|~-]+"
_MEDIA_TYPE = re.compile(rf'{_PART}/{_PART}(\s*;\s*{_PART}=({_PART}|"[^"\\]*"))*', re.ASCII)


class Kind(NamedTuple):
    """A file that a release may bring. What is not `shown` by a browser is saved.

    `beside` a release are files of this kind published that it names: not those which carry script or nobody has looked
    into, nor text, which is what releases are made of. What is `active` could act as a page or a feed of this site, so
    from outside it is never given its type.
    """

    media_type: str
    shown: bool = False
    beside: bool = True
    compress: bool = False
    active: bool = False


def _picture(name: str) -> Kind:
    return Kind(f"image/{name}", shown=True)


def _text(name: str, *, beside: bool = False) -> Kind:
    return Kind(f"text/{name}", beside=beside, compress=True)


def _active(media_type: str) -> Kind:
    return Kind(media_type, beside=False, compress=True, active=True)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
KINDS = {
    ".avif": _picture("avif"),
    ".bmp": _picture("bmp"),
    ".gif": _picture("gif"),
    ".heic": _picture("heic"),
    ".jpe": _picture("jpeg"),
    ".jpeg": _picture("jpeg"),
    ".jpg": _picture("jpeg"),
    ".png": _picture("png"),
    ".svg": Kind("image/svg+xml", shown=True, beside=False, compress=True),
    ".tif": _picture("tiff"),
    ".tiff": _picture("tiff"),
    ".webp": _picture("webp"),
    ".ico": Kind("image/x-icon", shown=True, beside=False),
    ".aac": Kind("audio/aac"),
    ".flac": Kind("audio/flac"),
    ".m4a": Kind("audio/mp4"),
    ".mp3": Kind("audio/mpeg"),
    ".oga": Kind("audio/ogg"),
    ".ogg": Kind("audio/ogg"),
    ".opus": Kind("audio/ogg"),
    ".wav": Kind("audio/wav"),
    ".avi": Kind("video/x-msvideo"),
    ".m4v": Kind("video/mp4"),
    ".mov": Kind("video/quicktime"),
    ".mp4": Kind("video/mp4"),
    ".mpeg": Kind("video/mpeg"),
    ".mpg": Kind("video/mpeg"),
    ".ogv": Kind("video/ogg"),
    ".webm": Kind("video/webm"),
    ".css": _active("text/css"),
    ".csv": _text("csv", beside=True),
    ".doc": Kind("application/msword"),
    ".docx": Kind(f"{_OFFICE}.wordprocessingml.document"),
    ".epub": Kind("application/epub+zip"),
    ".htm": _active("text/html"),
    ".html": _active("text/html"),
    ".ics": _text("calendar"),
    ".json": _active("application/json"),
    ".md": _text("markdown"),
    ".odp": Kind(f"{_OPEN}.presentation"),
    ".ods": Kind(f"{_OPEN}.spreadsheet"),
    ".odt": Kind(f"{_OPEN}.text"),
    ".opml": _active("text/x-opml"),
    ".pdf": Kind("application/pdf"),
    ".ppt": Kind("application/vnd.ms-powerpoint"),
    ".pptx": Kind(f"{_OFFICE}.presentationml.presentation"),
    ".rtf": Kind("application/rtf", compress=True),
    ".txt": _text("plain"),
    ".vcf": _text("vcard"),
    ".xls": Kind("application/vnd.ms-excel"),
    ".xlsx": Kind(f"{_OFFICE}.spreadsheetml.sheet"),
    ".xml": _active("application/xml"),
    ".zip": Kind("application/zip", beside=False),
}
TYPES = {suffix: kind.media_type for suffix, kind in KINDS.items()}


def media_type(address: str) -> str | None:
    """What the suffix of an address's path promises; None where it promises nothing we know."""
    return TYPES.get(splitext(urlsplit(address).path)[1].lower())


def is_media_type(text: str) -> bool:
    """May a document call this the type of something? With parameters, as RFC 9110 writes them."""
    return bool(_MEDIA_TYPE.fullmatch(text))


def stated(text: str | None) -> str | None:
    """What somebody calls the type of something, as a document may; None where that is no media type.

    Its parameters stay, where they can be read.
    """
    named, _, parameters = (text or "").strip().partition(";")
    kind = named.strip().lower()
    whole = f"{kind}; {parameters.strip()}"
    return next((type_ for type_ in (whole, kind) if is_media_type(type_)), None)


def essence(stated: str) -> str:
    """A media type without its parameters, in lower case: `audio/mpeg` of `Audio/MPEG; charset=UTF-8`."""
    return stated.partition(";")[0].strip().lower()


def syntax(media_type: str) -> str:
    """What bytes of this type are: "xml" or "json" (RFC 6839), "text", or "" for all else."""
    kind, _, name = essence(media_type).partition("/")
    for known in ("xml", "json"):
        if name == known or name.endswith(f"+{known}"):
            return known
    return "text" if kind == "text" else ""


def with_charset(media_type: str) -> str:
    """The Content-Type of UTF-8 text. Browsers show XML without a charset as Windows-1252, whatever its prolog says.

    Not of a picture: an SVG from outside knows its encoding best. JSON has no charset.
    """
    named = media_type.startswith("text/") or (syntax(media_type) == "xml" and not media_type.startswith("image/"))
    return f"{media_type}; charset=utf-8" if named else media_type
