"""From the path of a request to the path of a file below the folder, and from one file to another. Pure."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

_LONGEST = 1024  # bytes; the longest that we publish is media/HASH/NAME
_QUERY = "%!$&'()*+,;=:@/?"  # RFC 3986 section 3.4, and what is encoded already
_NAME = re.compile(r"[^.\x00-\x1f\x7f/\\][^\x00-\x1f\x7f/\\]*")


def locate(raw_path: bytes) -> str | None:
    """The relative path, with `/`, that a request's path (undecoded, RFC 3986 section 3.3) names; None: no file.

    `/` is `index.html`. Segments are decoded one by one, so that an encoded slash never becomes a border. Empty
    segments, `.` and `..`, hidden names, backslashes and control characters name nothing.
    """
    return _locate(raw_path) if len(raw_path) <= _LONGEST else None


def folder(raw_path: bytes) -> str | None:
    """The path that a request's path names with a `/` behind it, with that; None: it names none so."""
    path = locate(raw_path[:-1]) if len(raw_path) > 1 and raw_path.endswith(b"/") else None
    return f"{path}/" if path and raw_path[:-1] != b"/" else None


def reference(path: str, target: str, query: bytes = b"") -> str:
    """The relative reference (RFC 3986 section 4.2) from `path` to `target`, both relative to the folder.

    ASCII, and safe in a header. Relative, because a server in front of us may show the folder below a path of its own.
    """
    way = "../" * path.count("/") + quote(target)
    return f"{way}?{quote(query, safe=_QUERY)}" if query else way


@lru_cache(maxsize=4096)
def _locate(raw_path: bytes) -> str | None:
    if raw_path == b"/":
        return "index.html"
    if not raw_path.startswith(b"/"):
        return None
    try:
        segments = [unquote_to_bytes(segment).decode() for segment in raw_path[1:].split(b"/")]
    except UnicodeDecodeError:
        return None
    return "/".join(segments) if all(map(_NAME.fullmatch, segments)) else None
