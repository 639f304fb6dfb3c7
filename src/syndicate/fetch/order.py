"""In which order a folder's many files are taken: what is older first, so that what is read first stands lower."""

from functools import lru_cache
from zoneinfo import ZoneInfo

from syndicate import notices
from syndicate.fetch.disk import Look, beginning

_WINDOW, _WINDOWS = 900, 9  # characters; where a file's own date stands
_ANY_ZONE = ZoneInfo("UTC")


@lru_cache(maxsize=100_000)
def age(path: str, seen: Look) -> float:
    """A number that is the smaller the older the first date is which a file names; what names none is the newest.

    A guess at a glance, to put files in order by and for nothing else. `seen`: what it looked like, for the cache.
    """
    try:
        head = beginning(path, _WINDOW * _WINDOWS).decode("utf-8", "replace")
    except OSError:
        return float("inf")
    for start in range(0, len(head), _WINDOW):
        window = head[start : start + _WINDOW + 40]
        printed = notices.dates.printed_within(window)
        found = notices.dates.parse(printed, _ANY_ZONE) if printed != window else None
        if found:
            return found.timestamp()
    return float("inf")
