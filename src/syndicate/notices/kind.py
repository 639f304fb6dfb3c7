"""Lines that say what kind of release it is, its number, its date, and who issues it."""

import re
from dataclasses import dataclass, replace

import syndicate.notices.dates as dates
from syndicate.notices.lines import LONGEST, whole

_BEGINS = re.compile(rf"{dates.PRINTED} ?[|–—-] (?P<rest>.+)", re.IGNORECASE)
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
_SPLIT = re.compile(r" ?[|·•] ?| [–—-] | (?=vom \d)| (?=Nr\.? ?\d)| (?=\d{1,4} ?/ ?\d{4}\b)|, ?(?=\d|Nr)")
_RUBRIC = re.compile(r"(?P<topic>[^:„“\"»«.!?|]{2,60}): (?P<title>.{3,})")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a line of the head states about the release; `rest` is what is left of it: topic and title, or nothing."""

    kind: str | None = None
    date: str | None = None
    issuer: str | None = None
    rest: str = ""


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
    if stated := dates.printed(text):
        return Meta(date=stated)
    found = Meta()
    for part in filter(None, _SPLIT.split(text)):
        marker = _STRICT.match(part)
        if named := kind(part):
            found = _merge(found, Meta(kind=named))
        elif stated := dates.printed(part):
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
