"""When an embargo ends, from the words of its statement (semantics: Embargo). Only what can be read whole ends one."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import syndicate.notices.dates as dates
from syndicate.model import Embargo
from syndicate.notices import embargo, months, timing
from syndicate.notices.wordings import INSTEAD
from syndicate.text import squeeze

_LONGEST = embargo.LONGEST
_DAY = r"(?:mo|di|mi|do|fr|sa|so)\b\.?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
_LEAD = re.compile(
    r"(?:sperr(?:frist|vermerk)|embargo(?:ed)?|frei(?:gegeben)?|freigabe|gilt|endet|bis|until|till|to|ab|am|um|für|zum|vor|"
    r"nicht|erst|den|dem|zur|veröffentlichung|not for (?:publication|release)|before)\b[ :,–-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:(?<=12 uhr) mittags)?[ ,.;:–-]*"
    r"(?:\(?(?:ortszeit|local time)\)?|(?:zu )?veröffentlichen|ab(?=\W*$))?[ ,.;:!–-]*$",
    re.IGNORECASE,
)
_TODAY = re.compile(rf"(?:(heute|today)|({_DAY}))[ ,]*(?:um |ab |at )?(.*)", re.IGNORECASE)
_YEARLESS = re.compile(
    rf"(?:({_DAY})[., ]*(?:den |dem )?)?(\d{{1,2}}\. ?(?:\d{{1,2}}\.|{months.NAMES}))[ ,]*(?:um |ab )?(.*)",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(
    rf"(?:(?:am|den|dem|der|on) )?({_DAY}|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:mon|tue|wed|thu|fri|sat|sun)\b)",
    re.IGNORECASE,
)
_CLOCK = r"(?P<time>\d{1,2}(?:[.:]\d\d)?(?: ?uhr(?: \d\d)?| ?h(?:rs)?\b| ?[ap]\.?m\b\.?)?(?: ?\(?[a-z]{3,4}\)?)?)"
_TIME_FIRST = re.compile(
    rf"(?=\d+(?:[.:]\d\d| ?uhr| ?h| ?[ap]\.?m)){_CLOCK}(?:,| on| am|,? den)? (?P<day>.*\d{{4}})", re.IGNORECASE
)
_TIME_APART = re.compile(rf"(?: ?/ ?| ?\(|,? at |, (?:um|ab|at) | um ){_CLOCK}\)?$", re.IGNORECASE)
_ZONE = re.compile(r"\b([a-z]{3,4})\W*$", re.IGNORECASE)
_NEAR = timedelta(days=60)


def read(stated: str | datetime, day: date | None, tz: ZoneInfo) -> Embargo:
    """When it ends. `day` is the release's stated day, for a time that names none.

    Only a time that can be read whole ends an embargo. A day alone, an event, a range, anything with a word too many:
    held until a person says so, with the words as its event.
    """
    if isinstance(stated, datetime):
        moment = dates.read(stated, tz)
        if moment is None:
            return Embargo(event=stated.isoformat())
        return Embargo(until=moment.at if stated.tzinfo else _later(moment.at, tz))
    said = squeeze(stated[: 20 * _LONGEST])
    until = _until(_bare(said), day, tz) if len(said) <= _LONGEST else None
    if until is None and len(said) <= _LONGEST and (inner := embargo.statement(said)) and not timing.clock(inner.rest):
        until = _until(_bare(inner.said), day, tz)
    if until is None and len(said) <= 2 * _LONGEST:
        until = _agreed(said.split("; "), day, tz)
    return Embargo(until=until) if until else Embargo(event=said[:_LONGEST])


def _agreed(statements: Sequence[str], day: date | None, tz: ZoneInfo) -> datetime | None:
    """The end that several statements name, each in its own words; where one names another, none is known."""
    ends = {_until(_bare(said), day, tz) for said in statements} if len(statements) > 1 else set()
    return ends.pop() if len(ends) == 1 else None


def _bare(said: str) -> str:
    """The statement without its label and what only leads to the time."""
    said = said.strip(' ()[]"„“*_')
    while lead := _LEAD.match(said):
        if lead.end() == len(said):
            break
        said = said[lead.end() :]
    if instead := INSTEAD.search(said):
        said = said[: instead.start()]
    return _ordered(_TAIL.sub("", said))


def _ordered(said: str) -> str:
    """`11 Uhr, 14. März 2030` and `14. März 2030 (11 Uhr)` as `14. März 2030, 11 Uhr`."""
    if turned := _TIME_FIRST.fullmatch(said):
        return f"{turned['day']}, {turned['time']}"
    return _TIME_APART.sub(r", \g<time>", said)


def _until(said: str, day: date | None, tz: ZoneInfo) -> datetime | None:
    if moment := dates.read(said, tz):
        named = _WEEKDAY.match(said)
        if not moment.has_time or (named and not _is_weekday(named[1], moment.at.astimezone(tz).date())):
            return None
        return _whole(said, moment.at, tz)
    if day is None:
        return None
    if yearless := _YEARLESS.fullmatch(said):
        return _nearest(yearless[1], yearless[2], yearless[3], day, tz)
    if today := _TODAY.fullmatch(said):
        # A weekday is that of the release's day, or nobody knows which.
        if today[2] and not _is_weekday(today[2], day):
            return None
        said = today[3]
    time = dates.clock(said)
    if time is None:
        return None
    at = dates.at(day, *time, tz)
    return at if time[1] else _later(at, tz)


def _whole(said: str, at: datetime, tz: ZoneInfo) -> datetime:
    """The instant; where the words name no zone (they mean another instant in UTC), the later of two."""
    elsewhere = dates.read(said, ZoneInfo("UTC"))
    return _in_season(said, at, tz) if elsewhere and elsewhere.at == at else _later(at, tz)


def _in_season(said: str, at: datetime, tz: ZoneInfo) -> datetime:
    """A zone by name that the source's clock does not show on that day (MESZ in winter): of two readings the later."""
    zone = _ZONE.search(said)
    if not zone or zone[1].casefold() not in months.SEASONAL:
        return at
    wall = dates.read(said[: zone.start()].rstrip(" ("), tz)
    utc = dates.read(f"{said[: zone.start()].rstrip(' (')} UTC", tz)
    if wall is None or utc is None:
        return at
    offset = utc.at - at
    local = utc.at.replace(tzinfo=None)
    shown = {local.replace(tzinfo=tz, fold=fold).utcoffset() for fold in (0, 1)}
    seasons = {local.replace(month=month, day=1, tzinfo=tz).utcoffset() for month in (1, 7)}
    return max(at, wall.at) if offset not in shown and offset in seasons else at


def _later(at: datetime, tz: ZoneInfo) -> datetime:
    """In autumn's doubled hour, the second: a release that comes an hour early breaks the embargo."""
    return max(at, at.astimezone(tz).replace(fold=1).astimezone(UTC))


def _is_weekday(name: str, day: date) -> bool:
    name = name.lower()
    german, english = ("mo", "di", "mi", "do", "fr", "sa", "so"), ("mo", "tu", "we", "th", "fr", "sa", "su")
    begins = "sa" if name == "sonnabend" else name[:2]
    return begins in (german[day.weekday()], english[day.weekday()])


def _nearest(weekday: str | None, start: str, time: str, day: date, tz: ZoneInfo) -> datetime | None:
    """A day without its year: the next one from the release's day on, where it is near and its weekday is right."""
    for year in (day.year, day.year + 1):
        moment = dates.read(f"{start} {year}, {time}", tz)
        if moment and moment.has_time:
            local = moment.at.astimezone(tz).date()
            if timedelta(0) <= local - day <= _NEAR and (not weekday or _is_weekday(weekday, local)):
                return _whole(f"{start} {year}, {time}", moment.at, tz)
    return None
