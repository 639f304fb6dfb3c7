"""Lines that say what kind of release it is, its number, its date, and who issues it."""

import re
from dataclasses import dataclass, replace

import syndicate.notices.datelines as datelines
import syndicate.notices.dates as dates
import syndicate.notices.labels as labels
from syndicate.notices.lines import LONGEST, whole

_BEGINS = re.compile(rf"{dates.PRINTED} ?[|–—-] (?P<rest>.+)", re.IGNORECASE)
_STRICT = re.compile(
    r"presse-?mitteilung(?:en)?|presse-?information|medien-?information|medienmitteilung|pressemeldung|presseerklärung|"
    r"aktuelle meldung|presseeinladung|medieneinladung|"
    r"einladung(?: (?:an|für) (?:die )?(?:presse|medien|redaktionen))?|terminhinweis|"
    r"pressetermin|medientermin|terminankündigung|fototermin|polizeimeldung|press release|communiqué de presse|"
    r"comunicato stampa|nota de prensa|"
    r"comunicado de (?:prensa|imprensa)|persbericht",
    re.IGNORECASE,
)
_LOOSE = re.compile(
    r"meldung|rede|grußwort|statement|pressestatement|zitat|interview|regierungserklärung|erklärung|zumeldung|"
    r"hintergrundinformation|faktenblatt|mitteilung|nachricht|festrede|ansprache",
    re.IGNORECASE,
)
_SERIES = (
    r"(?:pm|mi|pi|(?:presse|medien)-?(?:mitteilung|meldung|information|info|dienst|notiz|erklärung|bericht|text|"
    r"service)"
    r"(?:en)?|meldung|mitteilung|ausgabe|information|news|press release|"
    r"communiqué(?: de presse)?|comunicato(?: stampa)?|"
    r"comunicado(?: de prensa)?|persbericht)"
)
_NUMBER = re.compile(
    rf"(?:{_SERIES}[ -]?)?(?:Nr|Nummer|No|N(?=\.)|N°|Nº|#)\.?:? ?[\w/.-]{{1,20}}(?: ?/ ?\d{{2,4}})?|"
    rf"{_SERIES}:? ?\d{{1,4}}(?: ?[/-] ?(?:\d{{4}}|\d\d))?|\d{{1,4}} ?/ ?(?:\d{{4}}|\d\d)|KW ?\d\d?(?: ?/ ?\d{{2,4}})?",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"(?:des |der |vom )?(?:[\w-]+ )?(?:\w*ministeriums?|staatskanzlei|senatskanzlei|senatsverwaltung|"
    r"regierungspräsidiums?|"
    r"landesregierung|landesamt\w*|landratsamt\w*|polizeipräsidi(?:um|ums)|pressestelle|presse(?:amt|referat|"
    r"abteilung)|"
    r"(?:stadt|gemeinde|kreis|landkreis|bezirks)(?:verwaltung|regierung)|bezirksamt|magistrat)\b.{0,80}",
    re.IGNORECASE,
)
_READING = re.compile(
    r"(?:lese(?:zeit|dauer)|reading time):? ?(?:ca\.|etwa|circa|about)? ?\d+ ?min\w*\.?|"
    r"\d+ ?min\w*\.? (?:lese(?:zeit|dauer)|read)",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:von|by) [\w.-]{2,40}(?: [\w.-]{2,40}){0,2}", re.IGNORECASE)
_SPLIT = re.compile(r" ?[|·•] ?| [–—-] | (?=vom \d)| (?=Nr\.? ?\d)| (?=\d{1,4} ?/ ?\d{4}\b)|, ?(?=\d|Nr)")
_RUBRIC = re.compile(r"(?P<topic>[^:„“\"»«.!?|]{2,60}): (?P<title>.{3,})")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a line of the head states about the release; `rest` is what is left of it: topic and title, or nothing."""

    kind: str | None = None
    date: str | None = None
    issuer: str | None = None
    rest: str = ""
    updated: str | None = None
    author: str | None = None  # as printed: `Von Ida Holm`


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
        known = _stated(part) if part != text else None
        if known is None and labels.meaning(part) != "author":
            left.append(part)
        elif known is not None:
            stated = _merge(stated, known)
    if stated == Meta() and (begun := _BEGINS.fullmatch(text)) and not dates.printed(begun["rest"]):
        stated, left = Meta(date=begun["date"]), [begun["rest"]]
    return None if stated == Meta() else replace(stated, rest=" | ".join(filter(None, (stated.rest, *left))))


def rubric(text: str) -> tuple[str | None, str]:
    """(topic, title) of `TOPIC: title`; (None, text) where no topic stands before a colon."""
    match = _RUBRIC.fullmatch(text)
    return (match["topic"].strip(), match["title"].strip()) if match else (None, text)


def number(text: str) -> bool:
    """Is it but the number of a release, or of a week: `PM 13/2026`, `Nr. 045/26`, `KW 11`?"""
    return whole(_NUMBER, text)


def _stated(text: str) -> Meta | None:
    """What a line states all of whose parts are kind, number, dates, issuer or labelled."""
    if stated := dates.printed(text):
        return Meta(date=stated)
    if number(text) and not kind(text):
        marker = _STRICT.match(text)
        return Meta(kind=marker[0] if marker else None)
    line = datelines.read(text)
    if line is None and datelines.dated(text):
        return None
    found = Meta(date=line.published, updated=line.changed) if line else Meta()
    alone = line is None
    for part in (
        p
        for whole_part in (line.rest if line else [text])
        for p in ([whole_part] if number(whole_part) else _SPLIT.split(whole_part))
        if p
    ):
        known = _part(part, found)
        if known is None:
            return None
        alone = alone and (said := labels.labelled(part)) is not None and said.meaning in ("place", "page")
        found = _merge(found, known)
    return None if alone else found


def _part(part: str, before: Meta) -> Meta | None:
    """What one part of a line states; an issuer needs a date or a kind beside it."""
    marker = _STRICT.match(part)
    if named := kind(part):
        return Meta(kind=named)
    if stated := dates.printed(part):
        return Meta(date=stated)
    if number(part):
        return Meta(kind=marker[0] if marker else None)
    if marker and issuer(part[marker.end() :].strip()):
        return Meta(kind=marker[0], issuer=part[marker.end() :].strip())
    if issuer(part) and (before.kind or before.date or before.updated):
        return Meta(issuer=part)
    if _READING.fullmatch(part):
        return Meta()
    if _BY.fullmatch(part) and (before.date or before.updated):
        return Meta(author=part)
    said = labels.labelled(part)
    if said is None:
        return Meta() if labels.meaning(part) in ("author", "number", "place") and before != Meta() else None
    if said.meaning == "topic" and said.value:
        return Meta(rest=said.value)
    if said.meaning == "kind":
        return Meta(kind=said.value)
    return Meta() if said.meaning in ("author", "number", "place", "page") else None


def _merge(first: Meta, second: Meta) -> Meta:
    return Meta(
        first.kind or second.kind,
        first.date or second.date,
        first.issuer or second.issuer,
        " | ".join(filter(None, (first.rest, second.rest))),
        first.updated or second.updated,
        first.author or second.author,
    )
