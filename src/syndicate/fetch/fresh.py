"""For how long an answer is good, as its headers say (RFC 9111 section 4.2)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,;"]*)))?')
_NEVER = frozenset({"no-store", "no-cache"})
_LONGEST = 366 * 24 * 3600  # seconds: of what is meant for ever


def fresh(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """`max-age`, else `Expires` less `Date`; both less `Age`. None: not at all, or nobody says.

    `s-maxage` is for caches that many share, and we are none. A directive that is there twice counts by its least.
    """
    said = [(m[1].lower(), m[2] or m[3] or "") for m in _DIRECTIVE.finditer(headers.get("cache-control", ""))]
    if any(name in _NEVER for name, _ in said):
        return None
    ages = [_seconds(value) for name, value in said if name == "max-age"]
    lifetime = min(ages) if ages else _until(headers, now)
    left = min(lifetime, _LONGEST) - _seconds(headers.get("age", ""))
    return timedelta(seconds=left) if left > 0 else None


def _until(headers: Mapping[str, str], now: datetime) -> float:
    """An `Expires` that is no date ("0", "-1") is in the past (section 5.3)."""
    expires = _date(headers.get("expires", ""))
    date = _date(headers.get("date", "")) or now
    return (expires - date).total_seconds() if expires else 0


def _date(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _seconds(value: str) -> float:
    """0 where it cannot be read: what is not understood is stale (section 4.2.1)."""
    value = value.strip()
    return float(value) if value.isascii() and value.isdecimal() else 0
