"""Where the words of a time begin and end in a line: a date, a time of day, an event, an issue of a paper."""

import re
from functools import lru_cache

import syndicate.notices.months as months

_TOKEN = re.compile(
    r"[ap]\.m\.?|\d{1,2}(?=[ap]m\b|h\b|st\b|nd\b|rd\b|th\b)|\d{4}-\d\d-\d\d(?:T[\d:.,+-]+Z?)?|\d+(?:[.:/]\d+)*|"
    r"[^\W\d_]+(?:-[^\W\d_]+)*|\S",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d{1,2}[.:]\d\d(?:[.:]\d\d)?(?!\d|\.)|\d ?(?:uhr|h|hrs?)\b|\d ?[ap]\.?m\b|\dT\d", re.IGNORECASE)
_EVENT = re.compile(
    r"(?!\w*sperr)[\w-]*(?:beginn|ende|anfang|schluss|start|eröffnung|konferenz|sitzung|rede|verleihung|übergabe|vorstellung|"
    r"unterzeichnung|verkündung|ausgaben?|ausstrahlung|veranstaltung|widerruf)s?|weiteres|notice|beginning|editions?|"
    r"speech|delivery|conference",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"uhr|hrs?|h|[ap]\.?m\.?|heute|morgen|übermorgen|today|tomorrow|noon|midnight|mittags?|mitternacht|früh|"
    r"vormittags?|nachmittags?|abends?|st|nd|rd|th|morgens",
    re.IGNORECASE,
)
_ALONE = re.compile(r"heute|today|früh|morgen", re.IGNORECASE)  # no time by themselves
_DATED = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}([.:/])\d{1,2}(?:\1\d{2,4})?|\d{4}")
_GLUE = frozenset(
    [
        "um",
        "am",
        "an",
        "ab",
        "bis",
        "den",
        "dem",
        "der",
        "des",
        "die",
        "das",
        "vom",
        "von",
        "zum",
        "zur",
        "im",
        "in",
        "on",
        "at",
        "the",
        "of",
        "und",
        "and",
        "oder",
        "or",
        "einschließlich",
        "inklusive",
        "auf",
        "ca",
        "circa",
        "gegen",
        "etwa",
        "frühestens",
        "nach",
        "vor",
        "until",
        "after",
        "before",
        "from",
        "further",
        "start",
        "jahres",
        "seiner",
        "ihrer",
        ",",
        ".",
        "(",
        ")",
        "[",
        "]",
        "/",
        "–",
        "—",
        "-",
        "einer",
        "eines",
    ]
)


def clock(text: str) -> bool:
    """Does it name a time of day?"""
    return _CLOCK.search(text) is not None


def span(text: str) -> int:
    """How far the words of a time reach from the beginning of a text; 0 where it does not begin with one."""
    end = number_at = 0
    timely = False
    before = ""
    for token in _TOKEN.finditer(text):
        word = token[0]
        if before == "." and _sentence(text, token.start()):
            break
        if re.fullmatch(r"\d{1,3}", word):
            # A number belongs to what follows: `14. März`, `11 Uhr`; `3 Bücher` are no time.
            number_at = number_at or end or -1
            end = token.end()
        elif _DATED.fullmatch(word) or _is_time(word):
            timely = timely or not _ALONE.fullmatch(word)
            end, number_at = token.end(), 0
        elif word.casefold() not in _GLUE:
            if number_at:
                end = max(number_at, 0)
            break
        before = word
    return _closed(text, end) if timely else 0


@lru_cache(maxsize=2_000)  # the first word of a line tells most, and is one of few
def _is_time(word: str) -> bool:
    zone = word.casefold() in months.ZONES
    return zone or months.is_month(word) or months.is_weekday(word) or any(p.fullmatch(word) for p in (_NAMED, _EVENT))


def _sentence(text: str, at: int) -> bool:
    """Did a sentence end before this place? `14. März` and `Do. 14.` end none."""
    return bool(re.search(r"(?:[^\W\d]{3}|\d{4}|[^\W\d]{3}\))\. $", text[:at])) and not months.is_month(
        text[:at].rstrip(". ").split(" ")[-1]
    )


def _closed(text: str, end: int) -> int:
    """With the bracket that closes what was opened in it."""
    opened = text[:end].count("(") - text[:end].count(")")
    return end + 1 if opened > 0 and text[end : end + 1] == ")" else end
