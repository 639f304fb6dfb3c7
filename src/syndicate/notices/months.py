"""Months, weekdays and zones by name, as sources print them. The one place where they are listed."""

import re
from collections.abc import Iterable

GERMAN = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_OTHERS = (
    "jaenner feber",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
)
_SHORT = {"mrz": 3, "sept": 9, "jan": 1, "mar": 3, "mai": 5, "jun": 6, "jul": 7}


def _numbered(lists: Iterable[str]) -> dict[str, int]:
    """Names and their abbreviations of three letters or more → the place in their list; none that is ambiguous."""
    found: dict[str, set[int]] = {}
    for names in lists:
        for number, name in enumerate(names.split(), 1):
            for end in range(3, len(name) + 1):
                found.setdefault(name[:end], set()).add(number)
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


# Folded (ä = ae), without accents.
NUMBERS = _numbered((" ".join(GERMAN).lower().replace("ä", "ae"), " ".join(ENGLISH).lower(), *_OTHERS)) | _SHORT

# As German and English releases print them, for patterns that ignore case; the longer first.
NAMES = (
    r"(?:Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"January|February|March|May|June|July|October|December|Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Oct|Nov|Dez|Dec)"
)
WEEKDAYS = (  # in full: `so` and `die` are words, too
    r"(?:(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|sonnabends?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_SHORT_WEEKDAYS = r"(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)"
ABBREVIATED = r"(?:jan|feb|apr|jun|jul|aug|sept?|okt|nov|dez)"  # behind which a full stop ends no sentence
SEASONAL = frozenset({"mez", "mesz", "cet", "cest", "met", "mest", "wez", "wet", "west", "gmt", "bst", "eet", "eest"})
ZONES = SEASONAL | {"utc", "z", "ortszeit"}

_MONTH = re.compile(rf"{NAMES}", re.IGNORECASE)
_WEEKDAY = re.compile(rf"{WEEKDAYS}|{_SHORT_WEEKDAYS}", re.IGNORECASE)


def is_month(word: str) -> bool:
    return _MONTH.fullmatch(word) is not None


def is_weekday(word: str) -> bool:
    return _WEEKDAY.fullmatch(word) is not None
