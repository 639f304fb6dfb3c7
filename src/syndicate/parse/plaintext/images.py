"""Pictures as printed lines: alt, caption, credit."""

import re
from collections.abc import Iterable
from dataclasses import replace

from syndicate.model import Image
from syndicate.notices import LONGEST, whole
from syndicate.parse.plaintext.prose import full_stop, words
from syndicate.text import fold

_LABEL = (
    r"(?:Bilder|Bild|Fotos?|Bildquelle|Bildnachweis|Fotonachweis|Bildrechte|Bildautor|Quelle|Grafik|Illustration|"
    r"Copyright|Fotograf(?:in)?|Photo|Image|Credit)"
)
_BRACKET = re.compile(rf"(?:(?:{_LABEL}|(?:Symbol|Archiv)(?:bild|foto)) ?[:©] ?|©|\(c\))(?P<credit>.+)", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:^|(?<=[\s.,;/|–-])){_LABEL} ?: ?(?=\S)|(?:/ ?)?©|(?<![\w(])\(c\)", re.IGNORECASE)
_AGENCY = re.compile(
    r"(?:©|\(c\))? ?(?:picture[ -]alliance|dpa|imago|adobe ?stock|stock\.adobe\.com|fotolia|unsplash|shutterstock|"
    r"istock\w*|getty ?images|pixabay|pexels|epd|kna|afp|reuters|ddp|plainpicture|mauritius images)\b.{0,100}",
    re.IGNORECASE,
)
_PERSON = r"[A-ZÄÖÜ][\w.&’'-]*(?: (?:[A-ZÄÖÜ][\w.&’'-]*|von|van|de|der|für|und)){0,6}"
_BY = re.compile(
    rf"{_PERSON} ?(?:/|\|) ?(?:{_PERSON}|dpa|[\w.-]+\.com)|{_PERSON} (?:auf|via|on|-|–) (?:Unsplash|stock.*)"
)
_SIGN = re.compile(r":|©|\(c\)", re.IGNORECASE)  # no credit is without one
_SYMBOL = re.compile(r"(?:Symbol|Archiv|Beispiel)(?:bild|foto|grafik)\w*", re.IGNORECASE)
_MARKS = " ©/|,;–-"


def credited(text: str) -> tuple[str, str | None]:
    """(what is shown, whose picture it is) of a printed line; labels, brackets and copyright signs are gone."""
    if len(text) > 2 * LONGEST or not _SIGN.search(text):
        return text, None
    if text.endswith((").", "].")) and _BRACKET.fullmatch(text[max(text.rfind("("), text.rfind("[")) + 1 : -2].strip()):
        text = text[:-1]  # `… (Bild: © dpa).`: the full stop is the sentence's
    if text.endswith((")", "]")):
        at = max(text.rfind("("), text.rfind("["))
        nested = text.rfind("(", 0, at) if text[at:].casefold().startswith("(c)") else -1
        inside = _BRACKET.fullmatch(text[(nested if nested >= 0 else at) + 1 : -1].strip())
        if inside:
            return text[: nested if nested >= 0 else at].rstrip(), _name(inside["credit"])
    last = None
    for last in _TRAILING.finditer(text):
        if last[0][0].isalpha():
            break
    behind = text[last.end() :] if last else ""
    if last and len(behind) <= 120 and not (full_stop(behind) and words(behind) > 4) and (credit := _name(behind)):
        return text[: last.start()].rstrip(_MARKS + "("), credit
    return text, None


def credit_line(text: str) -> bool:
    """Is the whole line a credit, also without a label? Asked of lines below an alt line."""
    if len(text) > 140 or full_stop(text):
        return False
    shown, credit = credited(text)
    return (credit is not None and not shown) or bool(_AGENCY.fullmatch(text) or _BY.fullmatch(text))


def symbolic(text: str) -> bool:
    """`Symbolbild`, and its kin."""
    return bool(_SYMBOL.match(text)) and whole(_SYMBOL, credited(text)[0])


def plainly(text: str) -> bool:
    """Can the line be nothing but part of a picture?"""
    return symbolic(text) or credited(text)[1] is not None


def gallery(lines: Iterable[str]) -> tuple[Image, ...]:
    """The pictures of a run of lines: an alt line opens one, unless it is a caption or a credit of the one before.

    A caption repeats its alt text, is shorter, or says `Symbolbild`. Not all bare lines of a gallery can be told apart.
    """
    images: list[Image] = []
    for line in lines:
        shown, credit = credited(line)
        last = images[-1] if images else None
        if last is None:
            images.append(Image(alt=shown or None, credit=credit))
        elif credit_line(line):
            images[-1] = replace(last, credit=last.credit or credit or _name(line))
        elif _captions(shown, credit, last):
            images[-1] = replace(last, caption=shown, credit=last.credit or credit)
        else:
            images.append(Image(alt=shown, credit=credit))
    return tuple(images)


def _captions(shown: str, credit: str | None, last: Image) -> bool:
    if last.caption or not last.alt:
        return False
    if symbolic(shown) or fold(shown) == fold(last.alt):
        return True
    return not (credit and last.credit) and len(shown) < len(last.alt)


def _name(credit: str) -> str | None:
    credit = credit.strip(_MARKS)
    if credit.casefold().startswith("(c)"):
        credit = credit[3:].strip(_MARKS)
    if credit.endswith(")") and "(" not in credit:
        credit = credit[:-1].rstrip()
    label = re.match(rf"{_LABEL} ?: ?", credit, re.IGNORECASE)
    return (credit[label.end() :] if label else credit).strip(_MARKS) or None
