"""Preconditions and content coding of a request (RFC 9110 sections 12.5.3 and 13). Pure."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from syndicate.model import ETAG_DIGITS

# Section 8.8.3: opaque-tag = DQUOTE *etagc DQUOTE; a list may have empty elements (section 5.6.1).
_MEMBER = re.compile(rb'[ \t,]*(W/)?("[\x21\x23-\x7e\x80-\xff]*")[ \t]*(?:,|$)')
_QUALITY = re.compile(rb"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_LONGEST = 256  # bytes of a field that are worth reading
_LONGEST_LIST = 2048
_OURS = re.compile(rb'"(([0-9a-f]{%d})(?:-gzip)?)"' % ETAG_DIGITS)  # as `tag_of` makes them


def unchanged(none_match: bytes | None, since: bytes | None, *, etag: bytes, modified: int) -> bool:
    """Does the client hold these very bytes, so that 304 is the answer? (section 13.2.2)

    `none_match` and `since` are the fields' values, None where they are absent; `etag` is strong, with its quotes,
    `modified` in seconds since 1970. If-Modified-Since counts only where there is no If-None-Match.
    """
    if none_match is not None:
        return none_match == etag or none_match.strip() == b"*" or etag in _tags(none_match)
    if since is None:
        return False
    date = instant(since)
    return date is not None and datetime.fromtimestamp(modified, UTC) <= date


def failed(match: bytes | None, until: bytes | None, *, etag: bytes, modified: int) -> bool:
    """Is this another one than the client wants, so that 412 is the answer? (section 13.2.2)

    `match` is the value of If-Match, whose tags are compared strongly, `until` that of If-Unmodified-Since, which
    counts only without it.
    """
    if match is not None:
        return match.strip() != b"*" and etag not in _tags(match, weak=False)
    date = None if until is None else instant(until)
    return date is not None and datetime.fromtimestamp(modified, UTC) > date


def goes_on(if_range: bytes | None, *, etag: bytes, modified: int) -> bool:
    """Does a part of these bytes fit to what the client holds? (section 13.1.5) A weak tag never says so."""
    if if_range is None or if_range.strip() == etag:
        return True
    date = None if b'"' in if_range else instant(if_range)
    return date is not None and date == datetime.fromtimestamp(modified, UTC)


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: bytes) -> bool:
    """Would the client rather have gzip than the plain bytes? `q=0` is a refusal; silence on gzip is no wish for it."""
    if len(accept_encoding) > _LONGEST:
        return False
    qualities: dict[bytes, float] = {}
    for member in accept_encoding.lower().split(b","):
        coding, *parameters = (part.strip() for part in member.split(b";"))
        qualities[coding] = _quality(parameters)
    anything = qualities.get(b"*", 0.0)
    gzip = max(qualities.get(b"gzip", anything), qualities.get(b"x-gzip", 0.0))
    return gzip > 0 and gzip >= qualities.get(b"identity", 0.0)


def tag_of(digest: str, *, packed: bool) -> bytes:
    """The strong tag of what has this hash (SHA-256, hexadecimal). It names the bytes and their coding, not who
    compressed them: no ranges are sent of that form.
    """
    return f'"{digest[:ETAG_DIGITS]}{"-gzip" if packed else ""}"'.encode()


def own_tags(field: bytes) -> list[tuple[bytes, str]]:
    """Of a list of tags, weak ones as well, those that may be ours: each as it is, and its digits."""
    return [(match[1], match[2].decode()) for match in _OURS.finditer(field[:_LONGEST_LIST])]


def _tags(field: bytes, *, weak: bool = True) -> list[bytes]:
    """The opaque tags of a list, also the weak ones or the strong ones only (section 8.8.3.2); nothing after a fault
    counts."""
    tags, position = [], 0
    while member := _MEMBER.match(field, position):
        if weak or not member[1]:
            tags.append(member[2])
        position = member.end()
    return tags


def _quality(parameters: list[bytes]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition(b"=")
        if name.strip() == b"q":
            return float(value) if _QUALITY.fullmatch(value := value.strip()) else 0.0
    return 1.0


def instant(date: bytes) -> datetime | None:
    """An HTTP date in any of its three forms (section 5.6.7); None: it is none, and is ignored."""
    try:
        instant = parsedate_to_datetime(date[:_LONGEST].decode("latin-1"))
    except (ValueError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
