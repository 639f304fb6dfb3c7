"""A query or a form (application/x-www-form-urlencoded) as names and values. Pure."""

from urllib.parse import unquote_to_bytes

_MOST = 100  # fields


def fields(raw: bytes, longest: int = 8192) -> tuple[tuple[str, str], ...] | None:
    """In their order, decoded; `+` is a blank. What has no `=` is a name with an empty value.

    None where this is nothing to read: longer than `longest` bytes, more than a hundred fields, no UTF-8, or with a
    NUL. A `%` that begins no escape stands for itself.
    """
    pairs = [pair.partition(b"=") for pair in raw.split(b"&") if pair]
    if len(raw) > longest or len(pairs) > _MOST:
        return None
    try:
        found = tuple((_decoded(name), _decoded(value)) for name, _, value in pairs)
    except UnicodeDecodeError:
        return None
    return None if any("\0" in name + value for name, value in found) else found


def _decoded(part: bytes) -> str:
    return unquote_to_bytes(part.replace(b"+", b" ")).decode()
