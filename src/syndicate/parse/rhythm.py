"""How often a feed wants to be asked, as it says itself: RSS 2.0 `ttl`, `skipHours`, `skipDays`; module `sy:`."""

import re
from datetime import timedelta

from syndicate.model import Rhythm

_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_AFTER = re.compile(r".*</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(r"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_STATED = re.compile(
    r"<(?:[\w.-]{1,40}:)?(ttl|updatePeriod|updateFrequency|skipHours|skipDays)(?:\s[^<>]{0,300})?>(.{0,200}?)</",
    re.DOTALL,
)
_LIST = re.compile(
    r"<(?:[\w.-]{1,40}:)?(?:hour|day)(?:\s[^<>]{0,300})?>\s*(?:<!\[CDATA\[)?\s*(\w{1,20})\s*(?:\]\]>)?\s*</",
    re.IGNORECASE,
)
_SKIPPED = re.compile(
    r"<(?:[\w.-]{1,40}:)?(skipHours|skipDays)(?:\s[^<>]{0,300})?>(.{0,2000}?)</(?:[\w.-]{1,40}:)?\1", re.DOTALL
)
_REACH = 50_000  # characters before the first entry and after the last: what is stated of the feed

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST = timedelta(days=3650)


def rhythm(text: str) -> Rhythm:
    """What the channel of an RSS, RDF or Atom text states, outside its entries; an empty Rhythm where it says nothing.

    `ttl` counts in minutes; `sy:` is a period divided by a frequency, daily and once where one of them is missing
    (RSS 1.0 module Syndication). Where both are stated the longer holds. Hour 24 is 0. Never raises.
    """
    said = channel(text)
    stated = {name: _plain(value) for name, value in reversed(_STATED.findall(said))}
    skipped = dict(_SKIPPED.findall(said))
    every = [pause for pause in (_ttl(stated.get("ttl")), _period(stated)) if pause]
    hours = (int(hour) for hour in _LIST.findall(skipped.get("skipHours", "")) if re.fullmatch("[0-9]{1,2}", hour))
    days = (day.lower() for day in _LIST.findall(skipped.get("skipDays", "")))
    return Rhythm(
        every=max(every, default=None),
        skip_hours=frozenset(hour % 24 for hour in hours if hour <= 24),
        skip_days=frozenset(_DAYS.index(day) for day in days if day in _DAYS),
    )


def channel(text: str) -> str:
    """What the document says of itself: what stands before the first entry and after the last, without comments."""
    start = _FEED.search(text, 0, _REACH)
    if not start:
        return ""
    first = _ENTRY.search(text, start.start())
    if not first:
        return _shown(text[start.start() :][:_REACH])
    tail = text[-_REACH:] if len(text) - _REACH > first.start() else text[first.start() :]
    last = _AFTER.match(tail)
    head = text[start.start() : first.start()][-_REACH:]
    return _shown(head) + _shown(tail[last.end() :] if last else "")


def _shown(text: str) -> str:
    """Without comments."""
    first, *others = text.split("<!--")
    return first + "".join(part.partition("-->")[2] for part in others)


def _plain(value: str) -> str:
    return value.replace("<![CDATA[", "").replace("]]>", "").strip().lower()


def _ttl(minutes: str | None) -> timedelta | None:
    if not minutes or not re.fullmatch(r"[0-9]{1,7}", minutes):
        return None
    return min(timedelta(minutes=int(minutes)), _LONGEST) or None


def _period(stated: dict[str, str]) -> timedelta | None:
    period, frequency = stated.get("updatePeriod"), stated.get("updateFrequency")
    if period is None and frequency is None:
        return None
    times = int(frequency) if frequency and re.fullmatch(r"[0-9]{1,6}", frequency) else 1
    length = _PERIODS.get(period or "daily")  # the module's default period
    return length / times if length and times else None
