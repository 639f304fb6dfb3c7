"""Short lines in a release's head that speak of an embargo in words of their own (semantics: Embargo)."""

import re

import syndicate.notices.months as months
from syndicate.notices.lines import bare

_SHORT = 160  # characters; a longer line is running text

_WORD = re.compile(
    r"(?P<sperr>\b[\w-]*spee?rr?[- ]?(?:frist|first|vermerk)[\w-]*)|"
    r"(?<![\w-])(?:(?:presse|sende|medien|nachrichten|press|media|news)-?)?embargo(?:ed|frist|ende|date)?\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:(?:achtung|wichtig\w*|hinweise?|please|note|bitte|beachte\w*|sie|wir|bitten|um|beachtung|mit|unter|strictly|under|"
    r"es|gilt|gelten|besteht|die|der|das|eine[rn]?|diese[rn]?|folgende[rn]?|für|presse\w*|medien\w*|vorab\w*|redaktion\w*|"
    r"nur|zur|an|alle|information\w*|unsere|meldung|mitteilung)\b[ ,:;!.–—-]*)*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[.:]\d\d(?!\d|\.)|\d ?uhr\b|\d ?h\b|\d ?[ap]\.?m\b", re.IGNORECASE)
_TIME = re.compile(
    rf"{_CLOCK.pattern}|\d{{1,2}}\. ?(?:\d{{1,2}}\b|{months.NAMES}\b)|\d{{4}}-\d\d|\d{{1,2}}/\d{{1,2}}/\d\d|"
    rf"{months.NAMES}\b \d|\d(?:st|nd|rd|th)? {months.NAMES}\b|\b(?:{months.WEEKDAYS}|heute|morgen|übermorgen|today|"
    r"tomorrow|noon|midnight|mittags?|mitternacht|abends?|bis auf weiteres|further notice)\b|"
    r"\b[\w-]*beginn\b(?! der sperr)",
    re.IGNORECASE,
)
_PRESS = (
    r"(?:die |den |das |alle |sämtliche )*(?:\w*medien|\w*press\w*|\w*print\w*|online\w*|"
    r"\w*funk|radio|tv|\w*fernseh\w*|"
    r"\w*agentur\w*|\w*zeitung\w*|\w*redaktion\w*|\w*veröffentlichung\w*|\w*publi\w*|\w*bericht\w*|\w*meldung|"
    r"\w*mitteilung|\w*information|journalist\w*|social|soziale|internet|web\w*|alle|beide|diese\w*|text\w*|rede\w*|\d)"
)
_OF_PRESS = re.compile(rf"\W*(?:\w+ )?(?:für|for) (?:{_PRESS}|(?:den )?(?:{months.WEEKDAYS}))\b", re.IGNORECASE)
_FOR = re.compile(r"\W*(?:\w+ )?(?:für|for)\b", re.IGNORECASE)
_AGAINST = re.compile(r" (?:gegen|gegenüber|auf|against|on)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"gülle|dünge|düngung|jauche|mist\b|klärschlamm|gärrest|grünland|ackerland|landwirt|bauern|bäuer|ausbringung|"
    r"nitrat|arbeitslosengeld|jobcenter|führerschein|fahrerlaubnis|haushalts(?!debatte)",
    re.IGNORECASE,
)
_IN_SENTENCE = re.compile(
    r"\b(?:gegen|während|trotz|über|um|wegen|von|zu) (?:die|der|den|eine[rn]?)? ?$", re.IGNORECASE
)
_LABEL = re.compile(r" ?[:;=]")
_LABEL_FAR = re.compile(r"(?! (?:im|in|beim|auf|über|und)\b)[^.:;=!?]{0,40}[:;=]")
_ASKED = re.compile(
    r"beachte\w* (?:sie )?(?:bitte )?(?:die|unsere) $|\b(?:ablauf|beachtung|ende|einhaltung) der $|\bunter $",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\W*(?:bitte |unbedingt |zwingend |ist |zu |ein)*(?:beachten|beachtet|halten|gilt|läuft)\b", re.IGNORECASE
)
_NO = re.compile(r"\b(?:keine?|keinerlei|ohne|no|without) (?:weitere )?$", re.IGNORECASE)
_LIFTED = re.compile(
    r"\W*(?:\w+ ){0,3}?(?:keine?|aufgehoben|abgelaufen|entfällt|entfallen|beendet|none|nein|lifted|expired)\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(r"\W*(?:\w+ ){0,2}?(?:sofort\w*|immediate\w*)\b", re.IGNORECASE)
_YET = re.compile(r"\b(?:vor|bis|erst|ab|wird|nicht|noch|before|until|not)\b", re.IGNORECASE)
# `*** SPERRFRIST *** - Haushalt`: an ornament or a dash right behind the word that opens the line.
_SHOUTED = re.compile(r"(?:sende)?sperr(?:frist|vermerk)\s*(?:[*!|•_#]| [-–—] )", re.IGNORECASE)


def lifted(rest: str) -> bool:
    """Does what stands behind the word say that there is none, and nothing of a time to come?"""
    if _AT_ONCE.match(rest) and not _TIME.search(rest):
        return True
    return bool(_LIFTED.match(rest)) and not (_TIME.search(rest) or _YET.search(rest))


def of_others(line: str, rest: str) -> bool:
    """Is it about dung, a driving licence or a budget? Not behind a label's colon, nor where a time of day stands."""
    label = line[: len(line) - len(rest)].rstrip() if rest else line
    return bool(_OTHER.search(line)) and not (_CLOCK.search(line) or label.endswith((":", "=")) or not rest)


def holds(line: str) -> bool:
    """Does a line (folded) have a word for an embargo, and a label's colon behind it or a time beside it?

    Running text does not, nor what is closed for dung, barred in a budget or traded with a country.
    """
    if len(line) > _SHORT:
        return any(_labelled(line, word) for word in _WORD.finditer(line[:_SHORT]))
    line = bare(line)
    if _SHOUTED.match(line):
        return True
    return any(_holds(line, word) for word in _WORD.finditer(line))


def _labelled(line: str, word: re.Match[str]) -> bool:
    """`… Sperrfrist: 14. März …` in a long line: lines run together."""
    label = _LABEL.match(line, word.end())
    near = line[label.end() : label.end() + 25] if label else ""
    return bool(_TIME.search(near)) and not (_OTHER.search(line) or _NO.search(line[: word.start()]))


def _holds(line: str, word: re.Match[str]) -> bool:
    before, behind = line[: word.start()], line[word.end() :]
    if _NO.search(before) or lifted(behind) or _IN_SENTENCE.search(before):
        return False
    if not _CLOCK.search(line) and (_OTHER.search(line) or (_FOR.match(behind) and not _OF_PRESS.match(behind))):
        return False
    opens = _LEAD.fullmatch(before) is not None
    if not word["sperr"] and (_AGAINST.match(behind) or not (opens or _LABEL.match(behind))):
        return False
    if opens and (not behind.strip(" .!*_–—-|()[]") or _LABEL_FAR.match(behind)):
        return True
    asked = _ASKED.search(before) or (opens and _ASKS.match(behind))
    return bool(_LABEL.match(behind) or _TIME.search(line) or asked)
