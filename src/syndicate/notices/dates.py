"""Dates as sources state them → aware UTC. Pure: nothing here knows what day it is.

`read` takes what it can read whole: an embargo must not end by half a statement. `parse` takes the date that a person
finds in what is stated to be one, and `first` the first of several texts in which there is one.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from syndicate.notices import months, zones
from syndicate.notices.instants import (
    ASCTIME,
    DAYS,
    LONGEST,
    Moment,
    at,
    calendar_day,
    clock,
    folded,
    full_year,
    moment,
    read,
    since_midnight,
    turned,
)
from syndicate.text import unescaped

__all__ = [
    "PRINTED",
    "Moment",
    "at",
    "clock",
    "first",
    "instant",
    "parse",
    "printed",
    "printed_within",
    "read",
    "readable",
]

# As it stands in a line: German and English, with or without a time.
_PRINTED_DAY = (
    rf"(?:\d{{1,2}}\. ?\d{{1,2}}\. ?\d{{4}}|\d{{1,2}}\.? ?{months.NAMES}\.? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|"
    rf"\d{{1,2}}(?:er|[º°.])? (?:de |d')?{months.OTHERS} (?:de |del )?\d{{4}}|"
    rf"{months.NAMES}\.? \d{{1,2}}(?:st|nd|rd|th)?, ?\d{{4}}|"
    r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d\d(?![\d.:]))"
)
_PRINTED_TIME = (
    r"(?:(?:,|T|,? (?:um|at|à|ore|alle|alle ore|a las|às|om|kl\.|o godz\.)| –| -| \|| /| ·| •)? ?\d{1,2}"
    r"(?:(?:[:.]\d{2}){0,2}(?: ?Uhr(?: [0-5]\d\b)?|(?<=[:.]\d\d))|(?:[:.]\d{2} ?)?[ap]\.?m\b\.?|"
    r" ?h ?[0-5]\d| ?h\b)(?!\.?\d)"
    r"(?: ?(?:MESZ|MEZ|CEST|CET))?)"
)
_PRINTED_WEEKDAY = (
    r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|Mo|Di|Mi|Do|Fr|Sa|So|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Mon|Tue|Wed|Thu|Fri|Sat|Sun)\.?,? (?:den |dem |the )?)"
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
_FIGURE = re.compile(r"\d")  # no date is without one: asked first

_ANY_ZONE, _ANOTHER_ZONE = ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")
_LONGEST_MARKUP = 1000  # of a date with tags around it
_ATTRIBUTE = re.compile(r"""\bdatetime\s*=\s*["']?([^"'<>]+)""", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_YEAR_OR_MONTH, _DAY_OF_MONTH = re.compile(r"(?<=\d) ?[年月년월] ?"), re.compile(r"(?<=\d) ?[日일]")
# Of which nobody can tell which figure is the month, but that one of them cannot be, or that the weekday is not right.
_FIGURES = re.compile(r"(?P<a>\d{1,2})(?P<mark>[/.-])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{4}|\d\d)(?![\d/.-]\d)(?!\d)")
_APART = r"(?<![\d])(?<!\d[./:+-])"  # a figure before it would be of the same date
_TIME = r"(?P<h>\d{1,2})(?: ?[:h] ?|\.)(?P<min>\d{1,2})(?:[:.](?P<s>\d{1,2})(?:[.,](?P<f>\d{1,12}))?)?(?!\d)"
_HOUR = r"(?P<h>\d{1,2})(?P<min>)(?P<s>)(?P<f>)(?= ?(?:uhr|h|hrs|[ap]\.? ?m)\b)"
_HALF = r"(?: ?(?P<half>[ap])\.? ?m\b\.?)?"
_AFTER = tuple(
    re.compile(rf"[ t,.;|:–—/(-]*(?:[^\W\d_]{{1,8}}[.,)]{{0,2}} ){{0,2}}{form}{_HALF}") for form in (_TIME, _HOUR)
)  # fmt: skip
_BEFORE = re.compile(rf"(?<![\d.:/-]){_TIME}{_HALF}(?: ?uhr)?[ ,;|–—-]*(?:[^\W\d_]{{1,10}}[.,]{{0,2}} ){{0,3}}$")


def printed(line: str) -> str | None:
    """The date of a line that is but a date, as printed."""
    match = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE and _FIGURE.search(line) else None
    return match["date"] if match else None


def printed_within(text: str) -> str:
    """The first date in a text that somebody has named as one, as printed; the text where there is none."""
    match = _ANYWHERE.search(text[:1000])
    return match["date"] if match else text


def parse(stated: str | datetime | None, tz: ZoneInfo) -> datetime | None:
    """The instant that a person reads in what is stated, aware and UTC; None where there is none.

    A day alone, or one whose time cannot be read, is its 00:00 in `tz`; a zone that nobody knows is `tz`.
    """
    found = read(stated, tz)
    if found is None and isinstance(stated, str):
        found = _within(stated, tz)
    return found.at if found else None


def instant(stated: str | datetime | None) -> datetime | None:
    """What `parse` gives where a time and its zone are stated, so that whoever reads it reads the same; else None."""
    there, elsewhere = parse(stated, _ANY_ZONE), parse(stated, _ANOTHER_ZONE)
    return there if there == elsewhere else None


def readable(stated: str) -> bool:
    """Is there a date in it, whatever its zone?"""
    return parse(stated, _ANY_ZONE) is not None


def first(stated: Iterable[str | None]) -> str | None:
    """Of several that may state a date, the first that can be read; where none can, the first that states anything."""
    said = [text for text in stated if text]
    if len(said) > 1:
        return next((text for text in said if readable(text)), said[0])
    return said[0] if said else None


def _within(stated: str, tz: ZoneInfo) -> Moment | None:
    if len(stated) > _LONGEST_MARKUP:
        return None
    if "<" in stated:
        if (named := _ATTRIBUTE.search(stated)) and (found := read(named[1], tz)):
            return found
        stated = _TAG.sub(" ", stated)
    stated = unescaped(stated)
    stated = _DAY_OF_MONTH.sub(" ", _YEAR_OR_MONTH.sub("-", stated))
    text = folded(stated)
    if not text or len(text) > LONGEST:
        return None
    text = ASCTIME.sub(turned, text)
    days = sorted(_days(text), key=lambda day: day[:2])
    return _timed(text, *days[0], tz) if days else None


def _days(text: str) -> Iterator[tuple[int, int, date]]:
    """Where the days begin and end that a text names, and which they are."""
    for pattern in _SEARCHED:
        for said in pattern.finditer(text):
            if day := calendar_day(said):
                yield said.start(), said.end(), day
    for said in _FIGURES_APART.finditer(text):
        if day := _only_reading(said, text[: said.start()]):
            yield said.start(), said.end(), day


_SEARCHED = tuple(re.compile(rf"{_APART}(?<![^\W\d_]){pattern.pattern}") for pattern in DAYS)
_FIGURES_APART = re.compile(_APART + _FIGURES.pattern)


def _only_reading(said: re.Match[str], before: str) -> date | None:
    """`8/21/2018`, and `29/06/2026`: where the figures can be one day only, or one only of the weekday before them."""
    a, b, year = int(said["a"]), int(said["b"]), full_year(said["y"])
    orders = [(year, a, b), (year, b, a)]
    if len(said["y"]) == 2:
        orders.append((full_year(said["a"]), b, int(said["y"])))
    found = set[date]()
    for order in orders:
        try:
            found.add(date(*order))
        except ValueError:
            continue
    weekday = months.weekday(before.rstrip(" .,").rpartition(" ")[2])
    if len(found) > 1 and weekday is not None:
        found = {day for day in found if day.weekday() == weekday}
    return next(iter(found)) if len(found) == 1 else None


def _timed(text: str, start: int, end: int, day: date, tz: ZoneInfo) -> Moment | None:
    """With the time that stands behind the day, else with that before it."""
    rest = text[end:]
    for pattern in _AFTER:
        if (time := pattern.match(rest)) and (since := since_midnight(time)) is not None:
            return moment(at(day, since, zones.within(rest[time.end() :]), tz), tz, has_time=True)
    if (time := _BEFORE.search(text[:start])) and (since := since_midnight(time)) is not None:
        return moment(at(day, since, zones.within(text[time.end("min") : start]), tz), tz, has_time=True)
    return moment(at(day, timedelta(0), None, tz), tz, has_time=False)
