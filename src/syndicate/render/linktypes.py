"""What the suffix of an address says of what is there."""

from posixpath import splitext
from urllib.parse import unquote, urlsplit

from syndicate.mediatypes import TYPES, media_type

_SUFFIXES = {media_type: suffix for suffix, media_type in reversed(TYPES.items())}


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
