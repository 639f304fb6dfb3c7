"""The query of a request as names and values, within bounds. Pure."""

from syndicate.urls import form_fields

_MOST = 100  # fields


def fields(raw: bytes, longest: int = 8192) -> tuple[tuple[str, str], ...] | None:
    """In their order, decoded.

    None where this is nothing to read: longer than `longest` bytes, more than a hundred fields, no UTF-8, or with a
    NUL.
    """
    if len(raw) > longest:
        return None
    try:
        found = tuple(form_fields(raw))
    except UnicodeDecodeError:
        return None
    return None if len(found) > _MOST or any("\0" in name + value for name, value in found) else found
