"""Lines that say what kind of release it is, its number, its date, and who issues it."""

import re
from dataclasses import dataclass, replace

from syndicate.parse.page._marks import LONGEST, whole

_MONTH = (
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"January|February|March|May|June|July|October|December|Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Oct|Nov|Dez|Dec)"
)
_WEEKDAY = r"(?:(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonnabend|Sonntag|Mo|Di|Mi|Do|Fr|Sa|So)\.?,? )"
_DAY = rf"(?:\d{{1,2}}\. ?\d{{1,2}}\. ?\d{{4}}|\d{{1,2}}\.? ?{_MONTH}\.? \d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})"
_TIME = r"(?:(?:,|T| um| –| -)? ?\d{1,2}(?:[:.]\d{2}){0,2}(?: ?Uhr|(?<=[:.]\d\d))(?: ?(?:MESZ|MEZ|CEST|CET))?)"
DATE = rf"(?P<date>{_WEEKDAY}?{_DAY}{_TIME}?)"

_DATED = re.compile(
    r"(?:(?:datum|veröffentlicht|veröffentlichung(?:sdatum)?|erscheinungsdatum|erschienen|vom|am|den|date)(?: am)?:? )?"
    rf"(?:[^\W\d_][\w.()/-]*(?: [\w.()/-]+){{0,2}}, (?:den |am )?)?{DATE}",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(rf"(?<!\w){DATE}", re.IGNORECASE)
_BEGINS = re.compile(rf"{DATE} ?[|–—-] (?P<rest>.+)", re.IGNORECASE)
_STRICT = re.compile(
    r"presse-?mitteilung(?:en)?|presse-?information|medien-?information|medienmitteilung|pressemeldung|presseerklärung|"
    r"aktuelle meldung|presseeinladung|medieneinladung|"
    r"einladung(?: (?:an|für) (?:die )?(?:presse|medien|redaktionen))?|terminhinweis|"
    r"pressetermin|medientermin|terminankündigung|fototermin|polizeimeldung|press release",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"meldung|rede|grußwort|statement|pressestatement|zitat|interview|regierungserklärung|erklärung|zumeldung|"
    r"hintergrundinformation|faktenblatt|mitteilung|nachricht|festrede|ansprache",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:Nr|Nummer|No)\.? ?[\w/.-]{1,20}|\d{1,4} ?/ ?\d{4}", re.IGNORECASE)
_ISSUER = re.compile(
    r"(?:des |der |vom )?(?:[\w-]+ )?(?:\w*ministeriums?|staatskanzlei|regierungspräsidiums?|landesregierung|"
    r"landesamt\w*|landratsamt\w*|polizeipräsidi(?:um|ums)|pressestelle)\b.{0,80}",
    re.IGNORECASE,
)
_SPLIT = re.compile(r" ?[|·•] ?| [–—-] | (?=vom \d)| (?=Nr\.? ?\d)|, ?(?=\d|Nr)")
_RUBRIC = re.compile(r"(?P<topic>[^:„“\"»«.!?|]{2,60}): (?P<title>.{3,})")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a line of the head states about the release; `rest` is what is left of it: topic and title, or nothing."""

    kind: str | None = None
    date: str | None = None
    issuer: str | None = None
    rest: str = ""


def date(text: str) -> str | None:
    """The date of a line that is but a date, as printed."""
    match = _DATED.fullmatch(text) if len(text) <= LONGEST else None
    return match["date"] if match else None


def within(text: str) -> str:
    """The first date in a text that somebody has named as one, as printed; the text where there is none."""
    match = _ANYWHERE.search(text[:1000])
    return match["date"] if match else text


def kind(text: str) -> str | None:
    """The marker of a kind of release, as printed, where the text is but that."""
    text = text.rstrip(" :")
    return text if whole(_STRICT, text) or whole(_LOOSE, text) else None


def certain(text: str) -> bool:
    """Is this kind's name never a topic's?"""
    return whole(_STRICT, text)


def issuer(text: str) -> bool:
    """The name of who issues it: a ministry, a regional council."""
    return whole(_ISSUER, text)


def meta(text: str) -> Meta | None:
    """What a line such as `Pressemitteilung Nr. 12 | 27.03.2026` states; None where it is no such line.

    `27.03.2026 | TOPIC: title` has topic and title as its rest.
    """
    if len(text) > LONGEST:
        return None
    if (whole_line := _stated(text)) is not None:
        return whole_line
    stated, left = Meta(), []
    for part in text.split(" | "):
        known = _stated(part)
        if known is None:
            left.append(part)
        else:
            stated = _merge(stated, known)
    if stated == Meta() and (begun := _BEGINS.fullmatch(text)):
        stated, left = Meta(date=begun["date"]), [begun["rest"]]
    return None if stated == Meta() else replace(stated, rest=" | ".join(left))


def rubric(text: str) -> tuple[str | None, str]:
    """(topic, title) of `TOPIC: title`; (None, text) where no topic stands before a colon."""
    match = _RUBRIC.fullmatch(text)
    return (match["topic"].strip(), match["title"].strip()) if match else (None, text)


def _stated(text: str) -> Meta | None:
    """What a line states all of whose parts are kind, number, date or issuer."""
    if stated := date(text):
        return Meta(date=stated)
    found = Meta()
    for part in filter(None, _SPLIT.split(text)):
        marker = _STRICT.match(part)
        if named := kind(part):
            found = _merge(found, Meta(kind=named))
        elif stated := date(part):
            found = _merge(found, Meta(date=stated))
        elif marker and issuer(part[marker.end() :].strip()):
            found = _merge(found, Meta(kind=marker[0], issuer=part[marker.end() :].strip()))
        elif found.kind and issuer(part):
            found = _merge(found, Meta(issuer=part))
        elif not _NUMBER.fullmatch(part):
            return None
    return found


def _merge(first: Meta, second: Meta) -> Meta:
    return Meta(first.kind or second.kind, first.date or second.date, first.issuer or second.issuer)
