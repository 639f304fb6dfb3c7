"""Embargoes as they are printed (semantics: Embargo). When in doubt, hold."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import syndicate.normalise.dates as dates
import syndicate.normalise.notice as notice
from syndicate.model import Embargo
from syndicate.text import clean, squeeze

_LONGEST = 200  # characters of a statement
_SHORT = 300  # characters of a head each of whose sentences may be the statement
_DAY = r"(?:mo|di|mi|do|fr|sa|so)\b\.?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
_MONTH = r"(?:jan|jän|feb|mär|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-zä]*\.?"
_TIMELIKE = rf"(?:den |dem |zum |heute|morgen|{_DAY}|\d{{1,2}}[.:/\s]|\d{{4}}-\d|{_MONTH} \d|redebeginn|beginn\b)"
_UNTIL = r"(?:bis(?: zum| einschließlich)?|gilt bis(?: zum)?|endet(?: am| um)?|until|to|vor|ab|am|um)\b"

_RELEASED = r"(?:frei|freigegeben|freigabe)"

# Each is an embargo where it opens a text; group 1 is what it states.
_LABELS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"(?:achtung,?:? ?|bitte beachten:? ?|bitte )?sperr(?:frist|vermerk)"
        rf"(?: beachten)?(?: ?[:–—(]| - |,|!| {_UNTIL}|(?= *$)|(?= {_TIMELIKE})) *(.*)",
        rf"(?:strictly |under )?embargo(?: ?[:–—]| - |!| {_UNTIL}|(?= *$)|(?= {_TIMELIKE})) *(.*)",
        r"(?:strictly )?embargoed(?: ?:| for release| until| to| till|(?= *$)) *(.*)",
        rf"(?:{_RELEASED}|(?:nur )?zur veröffentlichung|veröffentlichung)(?: zur veröffentlichung| frei)? "
        r"(?:erst |frühestens )?(?:ab|nach)\b:? (?!sofort|\d+ jahren?\b|hof\b|haus\b|werk\b)(.*)",
        rf"{_RELEASED} für\b (?:die |den )?"
        rf"(?={_TIMELIKE}|[\w-]*ausgaben?\b|veröffentlichung|print|redebeginn)(.*)",
        rf"(?:{_RELEASED}|freigabezeitpunkt|veröffentlichung):? (?={_TIMELIKE})(?!heute\b(?!,? \d))(.*)",
        rf"(?:bitte )?nicht (?:zur veröffentlichung )?vor(?: dem)? (?={_TIMELIKE})(.*)",
        r"(?:(?:vorab|presse)[\w-]*[,:;–-]? ?|bitte |noch |achtung[,:!]? )*gesperrt:? "
        rf"(?:bis\b|für\b (?:alle |die )?(?:presse|medien)|(?={_TIMELIKE}))(.*)",
        rf"(?=bis (?:zum )?{_TIMELIKE})((?:[^:]|(?<=\d):(?=\d)){{5,80}}) gesperrt\W*$",
        rf"(?:nur )?zu[rm] (?:veröffentlichung|abdruck|verwendung)(?: bestimmt| frei| freigegeben)?:? "
        rf"(?:erst )?(?:am|um|zum|für|ab|frühestens)?:? ?(?={_TIMELIKE})(?!heute\b(?!,? \d))(.*)",
        r"(?:veröffentlichungs|freigabe|sperr)(?:termin|zeitpunkt|zeit|ende): ?(.*)",
        r"(?:not for (?:release|publication) (?:before|until)|hold for release(?: until)?|"
        r"for release (?:at|on|after)) (.*)",
    )
)
_BRACKETED = re.compile(r"^\W*[(\[]([^()\[\]]{4,200})[)\]]|[(\[]([^()\[\]]{4,200})[)\]]\W*$")
_DASH = re.compile(r" [-–—|/•] (?!\d{1,2}(?:[.:]\d\d)?(?: uhr)?\b)", re.IGNORECASE)
# Where a statement that opens a text ends: at a dash, bar or bracket, at the end of its sentence, at a colon behind it.
_END = re.compile(
    r" [–—|•/] | - |[)\]]|(?<=[Uu]hr)(?:!|[.:;](?= |$))|(?<=\d{4})[.:;](?= |$)|(?<=[a-zäöüß]{4})\. (?=[A-ZÄÖÜ„\"])"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{3}[.!?]) (?=[A-ZÄÖÜ])")
_RANGE = re.compile(r" (?:[–—]|-) \d{1,2}(?:[.:]\d\d|(?:[.:]\d\d)? ?uhr)", re.IGNORECASE)
_EVENT = re.compile(
    r"\W+(?:[\w-]*(?:beginn|ende|anfang|eröffnung|konferenz|sitzung|rede|termin|verleihung|übergabe)|spätestens|sonst)\b",
    re.IGNORECASE,
)

_LEAD = re.compile(
    r"(?:sperr(?:frist|vermerk)|embargo(?:ed)?|frei(?:gegeben)?|freigabe|gilt|endet|bis|until|till|to|ab|am|um|für|zum|vor|"
    r"nicht|erst|den|dem|zur|veröffentlichung)\b[ :,–-]*",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[ ,.;:–-]*(?:\(?(?:ortszeit|local time)\)?|(?:zu )?veröffentlichen)?[ ,.;:!–-]*$", re.IGNORECASE)
_TODAY = re.compile(rf"(?:(heute|today)|({_DAY}))[ ,]*(?:um |ab |at )?(.*)", re.IGNORECASE)
_YEARLESS = re.compile(
    rf"(?:({_DAY})[., ]*(?:den |dem )?)?(\d{{1,2}}\. ?(?:\d{{1,2}}\.|{_MONTH}))[ ,]*(?:um |ab )?(.*)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    rf"(?:(?:am|den|dem|der|on) )?({_DAY}|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|(?:mon|tue|wed|thu|fri|sat|sun)\b)",
    re.IGNORECASE,
)
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
    return Embargo(until=until) if until else Embargo(event=said[:_LONGEST])


def find(*heads: str | None) -> str | None:
    """What an embargo line states that opens one of the texts, or stands in brackets or behind a dash at its ends.

    `heads` are a title, a kicker, a teaser, lines of the body. None where the word is only mentioned.
    A label alone is returned itself; a short line that speaks of an embargo in other words (`notice.holds`), whole.
    """
    for head in heads:
        lines = [squeeze(line) for line in notice.folded(clean(head or "")[: 20 * _LONGEST]).split("\n")]
        lines = [line for line in lines if line]
        for line in dict.fromkeys(lines[:6] + lines[-3:]):
            if said := _said(line):
                return said
    return None


def _said(line: str) -> str | None:
    if said := next((said for part in _parts(line) if (said := _stated(part))), None):
        return said
    # Lines that were run together into one, and a table's cells.
    within = _SENTENCE_END.split(line) if len(line) <= _SHORT else []
    within += line.split("|") if line.count("|") > 1 and not notice.holds(line) else []
    said = next((said for part in within if part != line and (said := _stated(notice.bare(part.strip())))), None)
    return said or (notice.bare(line)[:_LONGEST] if notice.holds(line) else None)


def _parts(text: str) -> list[str]:
    """A text, and what stands at its ends in brackets or behind a dash."""
    parts = [notice.bare(text)]
    parts += [found for match in _BRACKETED.finditer(text) if (found := match[1] or match[2])]
    dashes = [*_DASH.finditer(text)]
    return [*parts, text[dashes[-1].end() :]] if dashes else parts


def _stated(part: str) -> str | None:
    for label in _LABELS:
        if match := label.match(part):
            rest = match[1].strip(" :–—-*_")
            if notice.lifted(rest):
                return None
            return _cut(rest) or part[: match.end()].strip(" :–—-!*_") or None
    return None


def _cut(rest: str) -> str:
    """The statement without the text that follows it on the line; an event behind a dash belongs to it."""
    for end in _END.finditer(rest):
        if not _RANGE.match(rest, end.start()) and not _EVENT.match(rest, end.start()):
            rest = rest[: end.start()]
            break
    return rest.strip(" ,;:–—-")[:_LONGEST]


def _bare(said: str) -> str:
    """The statement without its label and what only leads to the time."""
    said = said.strip(' ()[]"„“*_')
    while lead := _LEAD.match(said):
        if lead.end() == len(said):
            break
        said = said[lead.end() :]
    return _TAIL.sub("", said)


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
    return at if elsewhere and elsewhere.at == at else _later(at, tz)


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
