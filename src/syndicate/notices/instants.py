"""Instants, of what can be read whole: RFC 822, ISO 8601, German, English and other printed forms. Pure."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from syndicate.notices import months, zones
from syndicate.text import unaccented

LONGEST = 120  # characters; what is longer is no date
_YEARS = range(1970, 2101)
_FIRST = datetime(1970, 1, 2, 12, tzinfo=UTC)  # 1 January 1970, wherever, is what a program says that knows no date


class Moment(NamedTuple):
    """An instant (aware, UTC), and whether a time was stated or a day alone, which then is its 00:00."""

    at: datetime
    has_time: bool


_WEEKDAYS = (
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|die|mit|don|fre|sam|son|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|dim"
)
_START = re.compile(rf"(?:(?:am|vom|den|dem|der|on) )?(?:(?:{_WEEKDAYS})\b[.,]{{0,2}} ?)?(?:(?:am|vom|den|dem|the) )?")
_NTH = r"(?:\.|st|nd|rd|th|er|re|e|o|a)?"
_OF = r"(?:de |del |di |of )?"
_NAME = r"(?P<name>[^\W\d_]{3,12})"
DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})(?P<mark>[-/]|\. ?)(?P<m>\d{1,2})(?P=mark)(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?=t|$|\d{4}(?:\d\d)?(?!\d))",
        r"(?P<y>\d{4})-?w(?P<week>\d\d)-?(?P<weekday>[1-7])(?!\d)",  # ISO 8601: week dates, ordinal dates
        r"(?P<y>\d{4})-(?P<nth>\d{3})(?=t|$)",
        r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d\d)(?!\d)",
        rf"(?P<d>\d{{1,2}}){_NTH}[ /-]?{_OF}{_NAME}\.?,?"
        rf"(?:[ /-]{_OF}['’]?(?=\d\d)|(?=\d{{4}}))(?P<y>\d{{4}}|\d\d)(?!\d)",
        rf"{_NAME}\.?[ -](?P<d>\d{{1,2}}){_NTH},?[ -](?P<y>\d{{4}})(?!\d)",
        rf"(?P<y>\d{{4}})\.?[ -]{_NAME}\.?[ -](?P<d>\d{{1,2}})(?!\d)",
    )
)
# C's asctime has the year behind the time.
ASCTIME = re.compile(
    rf"(?:(?P<weekday>[^\W\d_]{{2,12}})[.,]? )?(?P<start>{_NAME} \d{{1,2}}),? (?P<time>\d{{1,2}}:\d\d:\d\d)"
    r"(?P<zone> (?:[a-z]{3,4}|[+-]\d{4}))? (?P<y>\d{4})(?!\d)"
)
_ZONE = rf"(?P<zone>{zones.FORM})"
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:.](?P<min>\d\d)(?:[:.](?P<s>\d\d)(?:[.,](?P<f>\d{1,12}))?)?)?"
    r"(?P<uhr> ?(?:uhr|hrs?|h)\b(?: (?P<m2>\d\d)\b)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?"
    rf"(?: ?\(?{_ZONE}\)?)?(?: ?[\[(][a-z/_ +-]{{1,40}}[\])])?\.?"
)
_BASIC = re.compile(rf"(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?:[.,](?P<f>\d{{1,12}}))?(?: ?{_ZONE})?")
_BETWEEN = re.compile(r"(?: ?(?:t|,|\|)| [-–—/·•])? ?(?:(?:um|ab|at) )?")
_ZONE_ALONE = re.compile(r" ?(z|[+-]\d\d:\d\d)")  # XML Schema part 2, date
_STAMP = re.compile(r"(\d{10})(?:\d{3}|\.\d{1,9})?")  # seconds since 1970, or milliseconds


def read(stated: str | datetime | None, tz: ZoneInfo) -> Moment | None:
    """What a source states; None for what cannot be read whole, and for what is before 1970 or after 2100.

    Without a zone it is local time in `tz`: the earlier of two in autumn's doubled hour, an hour later in spring's gap.
    """
    if isinstance(stated, datetime):
        return moment(stated, tz, has_time=True)
    text = folded(stated or "")
    return _read(text, tz) if 0 < len(text) <= LONGEST else None


@lru_cache(maxsize=500)  # what an entry states is read a few times over
def _read(text: str, tz: ZoneInfo) -> Moment | None:
    if stamp := _STAMP.fullmatch(text):
        return moment(datetime.fromtimestamp(int(stamp[1]), UTC), tz, has_time=True)
    if asctime := ASCTIME.fullmatch(text):
        text = turned(asctime).strip()
    text = _START.sub("", text, count=1) if (start := _START.match(text)) and start.end() else text
    for pattern in DAYS:
        if day := pattern.match(text):
            return _dated(day, text[day.end() :], tz)
    return None


def clock(stated: str) -> tuple[timedelta, tzinfo | None] | None:
    """A time of day alone (`11 Uhr`, `10.15 Uhr MESZ`): the time since 00:00, and the zone where one is stated."""
    text = re.sub(r"^(?:um|ab) ", "", folded(stated))
    time = _TIME.fullmatch(text) if len(text) <= LONGEST else None
    if not time or not (time["min"] or time["uhr"] or time["half"]):
        return None
    return _with_zone(time)


def at(day: date, time: timedelta, zone: tzinfo | None, tz: ZoneInfo) -> datetime:
    """A time of a day, in UTC."""
    return (datetime.combine(day, datetime.min.time()) + time).replace(tzinfo=zone or tz).astimezone(UTC)


def folded(stated: str) -> str:
    """As all forms here are written: lower case, no accents, figures and spaces of one kind."""
    return unaccented(stated[: 4 * LONGEST]).replace("−", "-")


def turned(asctime: re.Match[str]) -> str:
    """The date of C's asctime with the year where other forms have it."""
    return f"{asctime['weekday'] or ''} {asctime['start']} {asctime['y']} {asctime['time']}{asctime['zone'] or ''}"


def calendar_day(said: re.Match[str]) -> date | None:
    """What a match of one of DAYS names; None where there is no such day or month."""
    groups = said.groupdict()
    year = full_year(groups["y"])
    if year not in _YEARS:
        return None
    month = months.NUMBERS.get(groups["name"]) if groups.get("name") else int(groups.get("m") or 0)
    try:
        if groups.get("week"):
            return date.fromisocalendar(year, int(groups["week"]), int(groups["weekday"]))
        if groups.get("nth"):
            day = date(year, 1, 1) + timedelta(days=int(groups["nth"]) - 1)
            return day if day.year == year else None
        return date(year, month, int(groups["d"])) if month else None
    except ValueError:
        return None


def full_year(digits: str) -> int:
    """RFC 5322 section 4.3."""
    return int(digits) + ((2000 if int(digits) < 50 else 1900) if len(digits) == 2 else 0)


def since_midnight(time: re.Match[str]) -> timedelta | None:
    """Of the groups h, min, s, f (a fraction of a second) and half (of the day: a, p); None for no time of day."""
    groups = time.groupdict()
    hour, minute, second = int(groups["h"]), int(groups["min"] or groups.get("m2") or 0), int(groups["s"] or 0)
    if half := groups.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    fraction = int((groups["f"] or "0")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction)


def moment(stated: datetime, tz: ZoneInfo, *, has_time: bool) -> Moment | None:
    try:
        instant = (stated if stated.tzinfo else stated.replace(tzinfo=tz)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Moment(instant, has_time) if instant >= _FIRST and instant.year in _YEARS else None


def _dated(said: re.Match[str], rest: str, tz: ZoneInfo) -> Moment | None:
    day = calendar_day(said)
    if day is None:
        return None
    zone = _ZONE_ALONE.fullmatch(rest)
    if zone or not rest.strip(" .,"):
        return moment(at(day, timedelta(0), zones.named(zone[1]) if zone else None, tz), tz, has_time=False)
    between = _BETWEEN.match(rest)
    rest = rest[between.end() if between else 0 :]
    time = _TIME.fullmatch(rest) or _BASIC.fullmatch(rest)
    since = _with_zone(time) if time else None
    return moment(at(day, *since, tz), tz, has_time=True) if since else None


def _with_zone(time: re.Match[str]) -> tuple[timedelta, tzinfo | None] | None:
    since = since_midnight(time)
    zone = zones.named(time["zone"]) if time["zone"] else None
    return None if since is None or (time["zone"] and zone is None) else (since, zone)
