"""Months, weekdays and zones by name, as sources print them. The one place where they are listed."""

import re
from collections.abc import Iterable

from syndicate.text import unaccented

GERMAN = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip
ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_OTHERS = (
    "jänner feber",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "leden únor březen duben květen červen červenec srpen září říjen listopad prosinec",
    "ledna února března dubna května června července srpna září října listopadu prosince",
    "január február marec apríl máj jún júl august september október november december",
    "január február március április május június július augusztus szeptember október november december",
    "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "januar februar mars april mai juni juli august september oktober november desember",
    "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου "
    "Δεκεμβρίου",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)
# Abbreviations that are not the beginning of their name, or that would be of two.
_SHORT = {"mrz": 3, "mrt": 3, "mar": 3, "mai": 5, "cen": 6, "cvn": 6, "cec": 7, "cvc": 7, "setiembre": 9, "sept": 9}


def _numbered(lists: Iterable[str]) -> dict[str, int]:
    """Names and their abbreviations of three letters or more → the place in their list; none that is ambiguous."""
    whole: dict[str, set[int]] = {}
    found: dict[str, set[int]] = {}
    for names in lists:
        for number, name in enumerate(map(unaccented, names.split()), 1):
            whole.setdefault(name, set()).add(number)
            for end in range(3, len(name) + 1):
                found.setdefault(name[:end], set()).add(number)
    # `červen` is a month, though another one begins like that.
    return {name: next(iter(numbers)) for name, numbers in (found | whole).items() if len(numbers) == 1}


NUMBERS = _numbered((" ".join(GERMAN), " ".join(ENGLISH), *_OTHERS)) | _SHORT  # by their names as `unaccented` has them

# As German and English releases print them, for patterns that ignore case; the longer first.
NAMES = (
    r"(?:Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    r"January|February|March|May|June|July|October|December|Jan|Feb|Mär|Mrz|Apr|Jun|Jul|Aug|Sept?|Okt|Oct|Nov|Dez|Dec)"
)
# In full, as releases in the languages around print them; what is short or a German word, too, is none.
OTHERS = (
    r"(?:janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|dicembre|"
    r"enero|febrero|abril|mayo|junio|julio|septiembre|octubre|noviembre|diciembre|"
    r"janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|"
    r"januari|februari|maart|mei|augustus|oktober|"
    r"stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|września|października|listopada|grudnia|"
    r"ledna|února|března|dubna|května|června|července|srpna|října|listopadu|prosince|"
    r"januar|februar|marts|maj|juni|juli)"
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


_BEGINNINGS = {  # of the names of weekdays: German, English, French, Spanish, Italian, Portuguese, Dutch, Polish
    beginning: number
    for number, names in enumerate(
        (
            "mo mon lun seg maa pon", "di tue die mar ter din wto", "mi wed mit mer mie qua woe sro",
            "do thu don jeu jue gio qui czw", "fr fri fre ven vie sex vri pia", "sa sat sam sab zat sob",
            "so sun son dim dom zon nie",
        )
    )
    for beginning in names.split()
}  # fmt: skip


def weekday(word: str) -> int | None:
    """0 for Monday, by its name or an abbreviation of that; None for what is no weekday."""
    return _BEGINNINGS.get(unaccented(word)[:3])
