"""Which bytes of a file a request asks for (RFC 9110 section 14). Pure.

One range is answered with 206; several with the whole, as section 14.2 leaves to us: players and viewers ask for one
at a time, and each part of `multipart/byteranges` would be work that a client can multiply.
"""

import re

_LONGEST = 256  # bytes of a field that are worth reading
_BYTES = re.compile(rb"bytes=(.*)", re.IGNORECASE | re.DOTALL)
_SPEC = re.compile(rb"([0-9]*)-([0-9]*)")


def wanted(field: bytes, length: int) -> range | None:
    """The positions that the value of a Range field names in `length` bytes.

    None: the whole file is the answer, since it is empty, this is no valid set of byte ranges, or several are left.
    Empty: none of them lies in the file (416).
    """
    known = _BYTES.fullmatch(field) if length and len(field) <= _LONGEST else None
    specs = [spec for spec in map(bytes.strip, known[1].split(b",")) if spec] if known else []
    parts = [_part(spec, length) for spec in specs]
    if not parts or None in parts:
        return None
    there = [part for part in parts if part]
    if not there:
        return range(0)
    return there[0] if len(there) == 1 else None


def content_range(part: range, length: int) -> bytes:
    """The field's value of a 206; of a 416 where the part is empty."""
    return b"bytes %d-%d/%d" % (part[0], part[-1], length) if part else b"bytes */%d" % length


def _part(spec: bytes, length: int) -> range | None:
    """Of one range, empty where it is not in the file; None: it is not valid, and so is not the set."""
    match = _SPEC.fullmatch(spec)
    if match is None or spec == b"-":
        return None
    if not match[1]:
        return range(max(0, length - int(match[2])), length)
    first, last = int(match[1]), int(match[2]) if match[2] else length
    return range(first, min(last + 1, length)) if first <= last or not match[2] else None
