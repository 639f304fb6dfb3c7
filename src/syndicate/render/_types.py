"""Media types by an address's suffix: a table of our own, because the system's differs from machine to machine."""

from posixpath import splitext
from urllib.parse import unquote, urlsplit

UNKNOWN = "application/octet-stream"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_TYPES = {
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".jpe": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".aac": "audio/aac",
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".avi": "video/x-msvideo",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".mpeg": "video/mpeg",
    ".mpg": "video/mpeg",
    ".ogv": "video/ogg",
    ".webm": "video/webm",
    ".csv": "text/csv",
    ".doc": "application/msword",
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".epub": "application/epub+zip",
    ".htm": "text/html",
    ".html": "text/html",
    ".ics": "text/calendar",
    ".json": "application/json",
    ".md": "text/markdown",
    ".odp": f"{_OPEN}.presentation",
    ".ods": f"{_OPEN}.spreadsheet",
    ".odt": f"{_OPEN}.text",
    ".pdf": "application/pdf",
    ".ppt": "application/vnd.ms-powerpoint",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
    ".rtf": "application/rtf",
    ".txt": "text/plain",
    ".vcf": "text/vcard",
    ".xls": "application/vnd.ms-excel",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".zip": "application/zip",
}
_SUFFIXES = {media_type: suffix for suffix, media_type in reversed(_TYPES.items())}


def media_type(address: str) -> str | None:
    """What the suffix of an address's path promises; None where it promises nothing we know."""
    return _TYPES.get(splitext(urlsplit(address).path)[1].lower())


def file_name(address: str) -> str:
    """The last part of an address's path, readable; empty where the path ends with a slash."""
    return unquote(urlsplit(address).path.rsplit("/", 1)[-1])


def short_type(type_: str | None, address: str) -> str | None:
    """A file's type for people: `PDF`, `JPG`; by its media type, else by its suffix, where we know either."""
    bare = (type_ or "").split(";", 1)[0].strip().lower()
    suffix = _SUFFIXES.get(bare)
    if suffix is None and media_type(address):
        suffix = splitext(urlsplit(address).path)[1]
    return suffix[1:].upper() if suffix else None
