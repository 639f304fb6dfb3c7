"""Dates as sources state them → aware UTC. Pure: nothing here knows what day it is."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

import syndicate.notices.months as months
from syndicate.text import fold

_LONGEST = 120  # characters; what is longer is no date
_YEARS = range(1970, 2101)


class Moment(NamedTuple):
    """An instant (aware, UTC), and whether a time was stated or a day alone, which then is its 00:00."""

    at: datetime
    has_time: bool


_WEEKDAYS = (
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|die|mit|don|fre|sam|son|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lun|mar|mer|jeu|ven|dim"
)
_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "wez": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "met": 1,
    "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "oez": 2, "eest": 3, "oesz": 3, "msk": 3, "jst": 9, "kst": 9, "hkt": 8,
    "sgt": 8, "awst": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "ast": -4, "adt": -3, "brt": -3,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
    "hst": -10,
}  # fmt: skip

_START = re.compile(rf"(?:(?:am|vom|den|dem|der|on) )?(?:(?:{_WEEKDAYS})\b[.,]{{0,2}} ?)?(?:(?:am|vom|den|dem|the) )?")
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)",
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?=t|$)",
        r"(?P<d>\d{1,2})\. ?(?P<m>\d{1,2})\. ?(?P<y>\d{4}|\d\d)(?!\d)",
        r"(?P<d>\d{1,2})(?:\.|st|nd|rd|th)?[ -]?(?:de )?(?P<name>[a-z]{3,10})\.?,?[ -](?:de )?(?P<y>\d{4}|\d\d)(?!\d)",
        r"(?P<name>[a-z]{3,10})\.? (?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})(?!\d)",
        r"(?P<y>\d{4}) (?P<name>[a-z]{3,10})\.? (?P<d>\d{1,2})(?!\d)",
    )
)
# C's asctime has the year behind the time.
_ASCTIME = re.compile(
    r"(?P<start>(?:[a-z]{3} )?[a-z]{3} \d{1,2}) (?P<time>\d{1,2}:\d\d:\d\d)(?P<zone> [a-z]{3,4})? (?P<y>\d{4})"
)
_ZONE = r"(?P<zone>(?:(?:utc|gmt|ut) ?)?[+-] ?\d{1,2}(?::?\d\d)?|[a-z]{1,4})"
_TIME = re.compile(
    r"(?P<h>\d{1,2})(?:[:.](?P<min>\d\d)(?:[:.](?P<s>\d\d)(?:[.,](?P<f>\d{1,12}))?)?)?"
    r"(?P<uhr> ?(?:uhr|hrs?|h)\b(?: (?P<m2>\d\d)\b)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?"
    rf"(?: ?\(?{_ZONE}\)?)?(?: ?[\[(][a-z/_ +-]{{1,40}}[\])])?\.?"
)
_BASIC = re.compile(rf"(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?(?:[.,](?P<f>\d{{1,12}}))?(?: ?{_ZONE})?")
_BETWEEN = re.compile(r"(?: ?(?:t|,|\|)| [-–—])? ?(?:(?:um|ab|at) )?")
# As it stands in a line: German and English, with or without a time.
_PRINTED_DAY = rf"(?:\d{{1,2}}\. ?\d{{1,2}}\. ?\d{{4}}|\d{{1,2}}\.? ?{months.NAMES}\.? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
_PRINTED_TIME = r"(?:(?:,|T| um| –| -)? ?\d{1,2}(?:[:.]\d{2}){0,2}(?: ?Uhr|(?<=[:.]\d\d))(?: ?(?:MESZ|MEZ|CEST|CET))?)"
_PRINTED_WEEKDAY = (
    r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|Mo|Di|Mi|Do|Fr|Sa|So|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,? )"
)
PRINTED = rf"(?P<date>{_PRINTED_WEEKDAY}?{_PRINTED_DAY}{_PRINTED_TIME}?)"
_LINE = re.compile(
    r"(?:(?:datum|veröffentlicht|veröffentlichung(?:sdatum)?|erscheinungsdatum|erschienen|vom|am|den|date|"
    r"(?:posted|published|released)(?: on)?|"
    r"(?:gespeichert|eingestellt|erstellt|verfasst|veröffentlicht|submitted|posted|published) (?:von|by) [^:]{1,60}?"
    r" (?:am|on))(?: am)?:? )?"
    rf"(?:[^\W\d_][\w.()/-]*(?: [\w.()/-]+){{0,2}}, (?:den |am )?)?{PRINTED}",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(rf"(?<!\w){PRINTED}", re.IGNORECASE)
_LONGEST_LINE = 300  # characters
_ZONE_ALONE = re.compile(r" ?(z|[+-]\d\d:\d\d)")  # XML Schema part 2, date


def printed(line: str) -> str | None:
    """The date of a line that is but a date, as printed."""
    match = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
    return match["date"] if match else None


def printed_within(text: str) -> str:
    """The first date in a text that somebody has named as one, as printed; the text where there is none."""
    match = _ANYWHERE.search(text[:1000])
    return match["date"] if match else text


def parse(stated: str | datetime | None, tz: ZoneInfo) -> datetime | None:
    """The instant, aware and UTC; None for what is no date. A day alone is its 00:00 in `tz`."""
    moment = read(stated, tz)
    return moment.at if moment else None


def read(stated: str | datetime | None, tz: ZoneInfo) -> Moment | None:
    """What a source states, in RFC 822, ISO 8601, German and English forms; None for nonsense, before 1970, after 2100.

    Without a zone it is local time in `tz`: the earlier of two in autumn's doubled hour, an hour later in spring's gap.
    """
    if isinstance(stated, datetime):
        return _moment(stated, tz, has_time=True)
    text = _folded(stated or "")
    if not text or len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _moment(datetime.fromtimestamp(int(text[:10]), UTC), tz, has_time=True)
    if asctime := _ASCTIME.fullmatch(text):
        text = f"{asctime['start']} {asctime['y']} {asctime['time']}{asctime['zone'] or ''}"
    text = _START.sub("", text, count=1) if (start := _START.match(text)) and start.end() else text
    for pattern in _DAYS:
        if day := pattern.match(text):
            return _dated(day, text[day.end() :], tz)
    return None


def clock(stated: str) -> tuple[timedelta, timezone | None] | None:
    """A time of day alone (`11 Uhr`, `10.15 Uhr MESZ`): the time since 00:00, and the zone where one is stated."""
    text = re.sub(r"^(?:um|ab) ", "", _folded(stated))
    time = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if not time or not (time["min"] or time["uhr"] or time["half"]):
        return None
    return _since_midnight(time)


def at(day: date, time: timedelta, zone: timezone | None, tz: ZoneInfo) -> datetime:
    """A time of a day, in UTC."""
    return (datetime.combine(day, datetime.min.time()) + time).replace(tzinfo=zone or tz).astimezone(UTC)


def _folded(stated: str) -> str:
    plain = unicodedata.normalize("NFKD", fold(stated[: 4 * _LONGEST]))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("−", "-")


def _dated(day: re.Match[str], rest: str, tz: ZoneInfo) -> Moment | None:
    groups = day.groupdict()
    month = months.NUMBERS.get(groups["name"]) if groups.get("name") else int(groups["m"])
    if month is None:
        return None
    year = int(groups["y"])
    if len(groups["y"]) == 2:
        year += 2000 if year < 50 else 1900  # RFC 5322 section 4.3
    try:
        found = date(year, month, int(groups["d"]))
    except ValueError:
        return None
    if found.year not in _YEARS:
        return None
    zone = _ZONE_ALONE.fullmatch(rest)
    if zone or not rest.strip(" .,"):
        return _moment(at(found, timedelta(0), _zone(zone[1]) if zone else None, tz), tz, has_time=False)
    between = _BETWEEN.match(rest)
    rest = rest[between.end() if between else 0 :]
    time = _TIME.fullmatch(rest) or _BASIC.fullmatch(rest)
    since = _since_midnight(time) if time else None
    if since is None:
        return None
    return _moment(at(found, *since, tz), tz, has_time=True)


def _since_midnight(time: re.Match[str]) -> tuple[timedelta, timezone | None] | None:
    groups = time.groupdict()
    hour, minute, second = int(groups["h"]), int(groups["min"] or groups.get("m2") or 0), int(groups["s"] or 0)
    if half := groups.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and (minute or second)):
        return None
    zone = _zone(groups["zone"]) if groups["zone"] else None
    if groups["zone"] and zone is None:
        return None
    fraction = int((groups["f"] or "0")[:6].ljust(6, "0"))
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction), zone


def _zone(name: str) -> timezone | None:
    """An offset or a name. Single letters are UTC: RFC 822 had their signs wrong (RFC 5322 section 4.3)."""
    if name in _HOURS:
        return timezone(timedelta(hours=_HOURS[name]))
    if re.fullmatch(r"[a-ik-y]", name):
        return UTC
    offset = re.fullmatch(r"[a-z ]*([+-]) ?(\d{1,2}):?(\d\d)?", name)
    if not offset:
        return None
    hours, minutes = int(offset[2]), int(offset[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone((-1 if offset[1] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _moment(stated: datetime, tz: ZoneInfo, *, has_time: bool) -> Moment | None:
    try:
        instant = (stated if stated.tzinfo else stated.replace(tzinfo=tz)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return Moment(instant, has_time) if instant.year in _YEARS else None
