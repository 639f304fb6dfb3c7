"""Embargoes as they are printed (semantics: Embargo). When in doubt, hold."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import syndicate.normalise.dates as dates
from syndicate.model import Embargo
from syndicate.text import clean, squeeze

_LONGEST = 200  # characters of a statement
_DAY = r"(?:mo|di|mi|do|fr|sa|so)\b\.?|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
_MONTH = r"(?:jan|jän|feb|mär|mrz|apr|mai|jun|jul|aug|sep|okt|nov|dez)[a-zä]*\.?"
_TIMELIKE = rf"(?:den |dem |zum |heute|morgen|{_DAY}|\d{{1,2}}[.:\s]|\d{{4}}-\d|{_MONTH} \d|redebeginn|beginn\b)"
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
        r"(?:not for (?:release|publication) (?:before|until)|hold for release(?: until)?|"
        r"for release (?:at|on|after)) (.*)",
    )
)
_NONE = re.compile(r"(?:keine?|aufgehoben|abgelaufen|entfällt|entfallen|beendet|none|nein)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"^\W*[(\[]([^()\[\]]{4,200})[)\]]|[(\[]([^()\[\]]{4,200})[)\]]\W*$")
_DASH = re.compile(r" [-–—|/•] (?!\d{1,2}(?:[.:]\d\d)?(?: uhr)?\b)", re.IGNORECASE)
# Where a statement that opens a text ends: at a dash, bar or bracket, at the end of its sentence, at a colon behind it.
_END = re.compile(
    r" [–—|•/] | - |[)\]]|(?<=[Uu]hr)(?:!|[.:;](?= |$))|(?<=\d{4})[.:;](?= |$)|(?<=[a-zäöüß]{4})\. (?=[A-ZÄÖÜ„\"])"
)
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
_NEAR = timedelta(days=60)


def read(stated: str | datetime, day: date | None, tz: ZoneInfo) -> Embargo:
    """When it ends. `day` is the release's stated day, for a time that names none.

    Only a time that can be read whole ends an embargo. A day alone, an event, a range, anything with a word too many:
    held until a person says so, with the words as its event.
    """
    if isinstance(stated, datetime):
        moment = dates.read(stated, tz)
        return Embargo(until=moment.at) if moment else Embargo(event=stated.isoformat())
    said = squeeze(stated[: 20 * _LONGEST])
    until = _until(_bare(said), day, tz) if len(said) <= _LONGEST else None
    return Embargo(until=until) if until else Embargo(event=said[:_LONGEST])


def find(*heads: str | None) -> str | None:
    """What an embargo line states that opens one of the texts, or stands in brackets or behind a dash at its ends.

    `heads` are a title, a kicker, a teaser, a first paragraph. None where the word is only mentioned. A label alone is
    returned itself.
    """
    for head in heads:
        lines = [line for line in clean(head or "")[: 20 * _LONGEST].split("\n") if line.strip()]
        for line in dict.fromkeys(lines[:1] + lines[-1:]):
            if said := next((said for part in _parts(squeeze(line)) if (said := _stated(part))), None):
                return said
    return None


def _parts(text: str) -> list[str]:
    """A text, and what stands at its ends in brackets or behind a dash."""
    parts = [re.sub(r"^[^\w(\[]+", "", text)]
    parts += [found for match in _BRACKETED.finditer(text) if (found := match[1] or match[2])]
    dashes = [*_DASH.finditer(text)]
    return [*parts, text[dashes[-1].end() :]] if dashes else parts


def _stated(part: str) -> str | None:
    for label in _LABELS:
        if match := label.match(part):
            rest = match[1].strip(" :–—-*_")
            if _NONE.match(rest):
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
        return moment.at if moment.has_time else None
    if day is None:
        return None
    if yearless := _YEARLESS.fullmatch(said):
        return _nearest(yearless[1], yearless[2], yearless[3], day, tz)
    if named := _TODAY.fullmatch(said):
        # A weekday is that of the release's day, or nobody knows which.
        if named[2] and not _is_weekday(named[2], day):
            return None
        said = named[3]
    time = dates.clock(said)
    return dates.at(day, *time, tz) if time else None


def _is_weekday(name: str, day: date) -> bool:
    return ["mo", "di", "mi", "do", "fr", "sa", "so"][day.weekday()] == name.lower()[:2]


def _nearest(weekday: str | None, start: str, time: str, day: date, tz: ZoneInfo) -> datetime | None:
    """A day without its year: the next one from the release's day on, where it is near and its weekday is right."""
    for year in (day.year, day.year + 1):
        moment = dates.read(f"{start} {year}, {time}", tz)
        if moment and moment.has_time:
            local = moment.at.astimezone(tz).date()
            if timedelta(0) <= local - day <= _NEAR and (not weekday or _is_weekday(weekday, local)):
                return moment.at
    return None
