"""A line that states dates: which is that of publication, which of a change, and what else the line says.

The first date is that of publication unless its label says otherwise: `11.03.2026, zuletzt geändert 13.03.2026`.
"""

import re
from typing import NamedTuple

import syndicate.notices.dates as dates
import syndicate.notices.labels as labels
from syndicate.notices.lines import LONGEST

_DATE = re.compile(rf"(?<![\w.]){dates.PRINTED}(?!\w)", re.IGNORECASE)
_FIGURE = re.compile(r"\d")  # no date is without one: asked first
_BORDER = re.compile(r"\s*[|·•;()\[\]]\s*|\s+[-–—/]\s+|,\s+|^[-–—/,:\s]+|[-–—/,:\s]+$")
_OF = re.compile(r"(?:^|\s+)(?:vom|am|den|on|of)$", re.IGNORECASE)
_PLACE = re.compile(r"[^\W\d_a-zäöü][\w./-]*(?: [\w./-]+){0,2}")
_RANGE = re.compile(r"\s*(?:[-–—]|bis|to)\s*(?:zum )?", re.IGNORECASE)
_MOST = 4  # dates of one line


class Stated(NamedTuple):
    """Dates as printed; `rest` is what stands beside them, part by part."""

    published: str | None
    changed: str | None
    rest: tuple[str, ...]


def dated(text: str) -> bool:
    """Is there a date in the line?"""
    return len(text) <= LONGEST and _FIGURE.search(text) is not None and _DATE.search(text) is not None


def read(text: str) -> Stated | None:
    """None for a line without a date, for two days that are a span, and where words that are no label lead to one."""
    found = list(_DATE.finditer(text)) if len(text) <= LONGEST and _FIGURE.search(text) else []
    if not found or len(found) > _MOST:
        return None
    published = changed = None
    rest: list[str] = []
    at = 0
    for match in found:
        between = text[at : match.start()]
        if at and _RANGE.fullmatch(between):
            return None
        named, others = _before(between, first=not at)
        if named is None:
            return None
        rest += others
        if named == "changed":
            changed = changed or match["date"]
        elif not at or named == "published":
            published = published or match["date"]
        at = match.end()
    rest += _parts(text[at:])
    return Stated(published, changed, tuple(rest))


def _before(text: str, *, first: bool) -> tuple[str | None, list[str]]:
    """(what the words right before a date name, what else stands there); None where they are words like others."""
    parts = _parts(text)
    behind_comma = text.rstrip().endswith(",")
    if not parts:
        return "", []
    last = parts[-1]
    named = labels.meaning(last)
    kind = _OF.sub("", last)
    if named in ("published", "changed"):
        return named, [*parts[:-1], *([kind] if named == "published" and labels.meaning(kind) != "published" else [])]
    if first and behind_comma and len(parts) == 1 and _PLACE.fullmatch(last):
        return "", []
    if kind != last:
        return "published", [*parts[:-1], *([kind] if kind else [])]
    return (
        ("", parts) if _BORDER.search(text.rstrip(" ") + " ") and text.rstrip()[-1:] in "|·•;()[]-–—/,:" else (None, [])
    )


def _parts(text: str) -> list[str]:
    return [part for raw in _BORDER.split(text.strip()) if (part := raw.strip(" .,:"))]
