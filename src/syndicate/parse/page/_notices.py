"""Notices to the press in a release's head: an embargo, a correction of an earlier release."""

import re
import unicodedata

from syndicate.parse.page._marks import LONGEST
from syndicate.parse.page._prose import words

_LABEL = (
    r"(?:(?:sende|presse)?-?sperrfrist|sperrvermerk|sperrzeit|nachrichtensperre|embargo(?:ed)?|under embargo|"
    r"gesperrt(?= bis)|not for (?:release|publication)(?= before))"
)
_JOINT = r"(?:\s*(?:[:!|=.,]|[–—-](?=\s|$))\s*)"
_UNTIL = r"(?:(?:gilt |endet |läuft )?(?:bis(?: zum)?|ab|until|before|zum|am|endet)\b:?\s*)"
_PRESS = (
    r"(?:für (?:die |alle )*(?:\w*medien|\w*presse|veröffentlichung\w*|print\w*|online\w*|rundfunk|agentur\w*)"
    r"[^:–—]{0,60})"
)
_LEAD = re.compile(
    r"(?:(?:achtung|wichtig(?:er)?|hinweis|please note|bitte(?: beachten(?: sie)?)?|mit|unter|die|der|presse)"
    r"\b[ :,!]*){1,4}",
    re.IGNORECASE,
)
_EMBARGO = re.compile(
    rf"{_LABEL}(?: ?/ ?embargo)?(?: (?:bitte )?beachten)?(?: {_PRESS})?"
    rf"(?:{_JOINT}{_UNTIL}?|\s+{_UNTIL}|\s*$|\s+(?=\d))(?P<value>.*)",
    re.IGNORECASE,
)
_FREE = re.compile(
    r"(?:(?:presse|(?:zur |zum )(?:veröffentlichung|abdruck) )?frei(?:gabe|gegeben)?|"
    r"(?:zur )?veröffentlichung(?: erst| frei)?(?= ab))"
    rf"(?: (?:zur veröffentlichung|zum abdruck))?(?:{_JOINT}| (?=ab|für|nach|am|zu))"
    r"(?:(?:ab|für|am|zum|zur)\b:? ?)?(?P<value>.+)",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"(?:bitte |veröffentlichung )?(?:nicht vor|erst (?:ab|nach)|frühestens (?:ab|am)?) ?(?P<value>.{3,120}?)"
    r"(?:(?: zu)? (?:veröffentlichen|verwenden)|(?<=uhr))[.!]?",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    rf"[(\[]\s*(?P<bracket>(?:achtung[,:!]? )?(?:{_LABEL}|frei (?:ab|für))\b[^()\[\]]*(?:\([^()]*\)[^()\[\]]*)?)[)\]]",
    re.IGNORECASE,
)
_BEHIND = re.compile(rf"(?:[,;|]|\s[–—-])\s*(?P<notice>{_LABEL}\b.*)", re.IGNORECASE)
_TIME = re.compile(
    r"\buhr\b|\d{1,2}\.\s?\d{1,2}\.|\d{4}-\d\d|\d{1,2}[:.]\d\d|januar|februar|märz|april|\bmai\b|juni|juli|august|"
    r"september|oktober|november|dezember|january|february|march|june|july|october|december|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend|beginn|\bende\b|schluss|rede\b|ausgabe|morgen|mittag|abend|heute|eröffnung|verleihung|"
    r"übergabe|vorstellung|konferenz|sitzung|unterzeichnung|verkündung|veröffentlich|abdruck|medien|presse\b|rundfunk|start\b|"
    r"\b(?:a|p)\.?m\b|\b(?:gmt|utc|cet|cest|noon|midnight)\b",
    re.IGNORECASE,
)
_LIFTED = re.compile(
    r"(?:ist )?(?:ab |per )?(?:keine?|sofort\w*|entfällt|aufgehoben|none|immediate\w*|ohne)[.!]*(?: frei\w*)?[.!]*|"
    r"(?:die )?sofortige[n]? veröffentlichung[.!]*",
    re.IGNORECASE,
)
# What the patterns above do not know: a word for it that opens a line or has a colon behind it.
_LIKE = r"(?:[\w-]*spee?rr?[- ]?(?:frist|first|vermerk)[\w-]*|(?<![\w-])(?:presse-?)?embargo(?:ed)?\b)"
_OPENS_LIKE = re.compile(
    rf"(?:(?:es|gilt|strictly|under|unter|die|eine|\d{{1,2}}[.)])[ ,:]+){{0,4}}{_LIKE}"
    r"(?! (?:für|gegen|auf|im|in|aufgehoben|entfällt)\b)(?P<behind>.*)",
    re.IGNORECASE,
)
_LABELLED_LIKE = re.compile(
    rf".*{_LIKE} ?[:;=].*|.*\bablauf der sperrfrist\W*|bis [^:]*(?:\d:\d\d[^:]*)? gesperrt\W*|"
    r"zu[rm] (?:veröffentlichung|abdruck) (?:am|um|zum)\b.*|veröffentlichungstermin:.*",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<!\w)\w(?: \w){4,}(?!\w)")
_SHORT = 160  # characters
_WORD = re.compile(r"[\s.,;–—(-]*(?:bitte beachten|es gilt das gesprochene wort)[.!)]*$", re.IGNORECASE)
_ORNAMENT = " +*#!|–—-_=\t"

_CORRECTION = (
    r"(?:berichtigung|korrektur(?:meldung|mitteilung|hinweis)?|richtigstellung|update|aktualisierung|erratum|"
    r"correction|(?:korrigierte|berichtigte|aktualisierte|geänderte) (?:fassung|version|pressemitteilung|meldung))"
)
_EARLIER = r"(?:\w*mitteilung|\w*meldung|\w*information|\w*fassung|\w*version|nachricht|press release)"
_CORRECTS = re.compile(
    rf"(?P<label>{_CORRECTION})(?:\s*[!.]?$|\s*(?:[:|]|[–—-]\s)\s*(?P<text>.+)|"
    rf" (?P<of>(?:der|zur|zu|unserer|vom|von|to)\b.{{0,80}}(?:{_EARLIER}|\d{{4}}).*))",
    re.IGNORECASE,
)
_REPLACES = re.compile(
    r"ersetz|korrigier|berichtig|richtiggestell|richtig (?:ist|muss|heißt)|fehlerhaft|irrtümlich|versehentlich|falsch|"
    r"stand|statt|tatsächlich|zurückgezogen|ungültig",
    re.IGNORECASE,
)
_NAMES_EARLIER = re.compile(rf"\b{_EARLIER}\b.{{0,60}}?(?:\bvom\b|\bNr\b|„|\bvon\b)", re.IGNORECASE)


def embargo(text: str) -> str | None:
    """What stands behind `Sperrfrist:`, `Frei ab` and their kin, empty where nothing does; None: the line is no notice.

    `Sperrfrist für Gülle endet` is none, and neither is a line that says there is none (`Frei ab sofort`).
    """
    if len(text) > LONGEST:
        return None
    bare = _bare(text)
    lead = _LEAD.match(bare)
    bare = bare[lead.end() :].lstrip(_ORNAMENT) if lead else bare
    match = _EMBARGO.fullmatch(bare)
    if match is None:
        timely = (_FREE.fullmatch(bare) if words(bare) <= 16 else None) or _NOT_BEFORE.fullmatch(bare)
        match = timely if timely and timed(timely["value"]) else None
    if match:
        value = _WORD.sub("", _bare(match["value"].strip(_ORNAMENT + ":"))).strip(_ORNAMENT)
        return None if _LIFTED.fullmatch(value) else value
    labelled = re.match(rf"{_LABEL} (?!für )", bare, re.IGNORECASE)
    if labelled and words(bare) <= 12 and timed(bare):
        return bare.split(" ", 1)[1]
    return _like(text)


def _like(text: str) -> str | None:
    """The whole of a short line that is an embargo in other words: when in doubt, hold."""
    plain = _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), _bare(unicodedata.normalize("NFKC", text)))
    if len(plain) > _SHORT or re.match(r"(?:es gilt )?(?:keine?|ohne|no)\b", plain, re.IGNORECASE):
        return None
    if opens := _OPENS_LIKE.fullmatch(plain):
        behind = opens["behind"].strip(_ORNAMENT + ":;.")
        if _LIFTED.fullmatch(behind):
            return None
        if not behind or opens["behind"].lstrip()[:1] in (":", ";", "=") or timed(behind):
            return plain
    if _INSIDE.search(text) or _BEHIND.search(text):  # `embargo_inside` reads these
        return None
    return (
        plain if _LABELLED_LIKE.fullmatch(plain) and not _LIFTED.fullmatch(plain.rpartition(":")[2].strip()) else None
    )


def lifted(text: str) -> bool:
    """Does the line say that there is no embargo?"""
    match = (_EMBARGO.fullmatch(_bare(text)) or _FREE.fullmatch(_bare(text))) if len(text) <= 80 else None
    return bool(match and _LIFTED.fullmatch(match["value"].strip(_ORNAMENT + ":")))


def embargo_inside(text: str) -> tuple[str, str] | None:
    """(the rest of the line, the notice's value) where the notice stands in brackets or behind a dash."""
    if len(text) > LONGEST:
        return None
    for match in (_INSIDE.search(text), _BEHIND.search(text)):
        if match:
            value = embargo(match[1])
            if value is not None:
                return f"{text[: match.start()].rstrip()} {text[match.end() :].lstrip()}".strip(), value
    return None


def titled(value: str) -> tuple[str, str] | None:
    """(the title, the notice's value) where a title stands behind the notice: `Sperrfrist 11 Uhr: Land baut Brücke`."""
    end, colon, title = value.partition(": ")
    return (title, end) if colon and timed(end) and words(title) > 3 and not timed(title) else None


def timed(text: str) -> bool:
    """Does it name a time or an event?"""
    return len(text) <= LONGEST and _TIME.search(text) is not None


def correction(text: str) -> tuple[str, str] | None:
    """(marker, what it says of the earlier release: may be empty) of a line that opens like a correction."""
    match = _CORRECTS.fullmatch(text.strip("() +*")) if len(text) <= 1000 else None
    if match is None:
        return None
    return match["label"], match["text"] or (text.strip("() +*") if match["of"] else "")


def refers(text: str) -> bool:
    """Does a paragraph put an earlier release right?"""
    text = text[:1000]
    return bool(_NAMES_EARLIER.search(text) and _REPLACES.search(text))


def _bare(text: str) -> str:
    text = text.strip(_ORNAMENT)
    return text[1:-1].strip(_ORNAMENT) if text[:1] + text[-1:] in ("()", "[]") else text
