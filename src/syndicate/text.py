"""Text: fold, slug, squeeze, clean. Pure, standard library only."""

import hashlib
import html
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

# What XML 1.0 cannot carry (section 2.2 Char), and what nobody can see: soft hyphen, zero-width space, word joiner.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff\u00ad\u200b\u2060\ufeff]"
)
# What a terminal acts on: C0 and C1, what turns the direction of writing, what ends a line elsewhere; lone surrogates.
_ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACE = re.compile(r"[^\S\n]+")
_LONG_NUMBER = re.compile("(?<=&#)[0-9]{100,}")
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "ı": "i", "ł": "l", "đ": "d"}

_ID = "abcdefghijklmnopqrstuvwxyz0123456789"


def clean(text: str) -> str:
    """NFC, LF line ends, ordinary spaces, without the characters that XML cannot carry or nobody can see."""
    return unicodedata.normalize("NFC", text) if _is_plain(text) else _SPACE.sub(" ", strip_unprintable(text))


def _is_plain(text: str) -> bool:
    """Are its line ends all that cannot be printed, and single spaces all its spaces? Most texts are like that."""
    return "  " not in text and text.replace("\n", "").isprintable()


def strip_unprintable(text: str) -> str:
    """The text in NFC without the characters that XML cannot carry or nobody can see; its spaces as they are."""
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():  # most are, and match nothing
        return unicodedata.normalize("NFC", text)
    return _UNPRINTABLE.sub("", unicodedata.normalize("NFC", _LINE_END.sub("\n", text)))


def visible(text: str) -> str:
    """For a terminal or a log: controls (but line feed and tab), bidi overrides and isolates and line separators as
    they are written in programs, like `\\x1b`. What they would do there is not ours to allow.
    """
    return _ACTS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def on_one_line(text: str) -> str:
    """`visible`, and a line feed as it is written in programs, too: nobody else begins a line of ours."""
    return visible(text).replace("\n", "\\n")


def squeeze(text: str) -> str:
    """One line: `clean`, every run of white space one space, none at the ends."""
    if "\n" in text:
        text = text.replace("\n\n", " ").replace("\n", " ")
    if "  " not in text and text.isprintable():  # most are, and have no other space than one
        return unicodedata.normalize("NFC", text).strip()
    return " ".join(strip_unprintable(text).split())


def squeezed_lines(text: str) -> list[str]:
    """`squeeze` of each line that says something."""
    if _is_plain(text):
        return [line for told in unicodedata.normalize("NFC", text).split("\n") if (line := told.strip())]
    return [line for told in text.split("\n") if (line := squeeze(told))]


def fold(text: str) -> str:
    """For comparing names: case, umlaut form (ä = ae), ß = ss, spaces and width do not count."""
    if text.isascii():  # most are: nothing else can differ
        return squeeze(text).lower()
    return _small(squeeze(unicodedata.normalize("NFKC", text)))


def folded_words(text: str) -> list[str]:
    """The words of `fold`."""
    return _small(strip_unprintable(unicodedata.normalize("NFKC", text))).split()


def _small(text: str) -> str:
    folded = text.casefold()
    for letter, plain in _GERMAN.items():  # ten times `replace` is a tenth of `translate`
        folded = folded.replace(letter, plain)
    return folded


def slug(text: str) -> str:
    """`[a-z0-9-]`, at most 60 characters, ä→ae ö→oe ü→ue ß→ss; empty where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", unaccented(text)).strip("-")[:60].strip("-")


def unaccented(text: str) -> str:
    """`fold`, and no accent counts either: é = e. Nor does any other mark that combines, of whatever script."""
    folded = fold(text)
    if folded.isascii():
        return folded
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(c for c in plain if c.isalnum() or unicodedata.category(c)[0] != "M")


def unescaped(text: str) -> str:
    """`html.unescape`, also for a reference with more digits than Python turns into a number."""
    if "&" not in text:
        return text
    if "&#" in text:
        text = _LONG_NUMBER.sub(lambda match: match[0].lstrip("0")[:8] or "0", text)
    return html.unescape(text)


def digest(*parts: str, length: int = 32) -> str:
    """Hex digits of a hash over the parts; the parts' borders count."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:length]


@lru_cache(maxsize=2_000)  # of one release it is asked a dozen times: whether it is known, which ids it gets, by whom
def head(kicker: str | None, title: str) -> tuple[str, str]:
    """What a headline is compared by: its folded kicker and title."""
    return fold(kicker or ""), fold(title)


@lru_cache(maxsize=4_000)
def tag_uri(authority: str, *parts: str) -> str:
    """A minted id (RFC 4151): the same parts give the same one, in a new database too."""
    return f"tag:{authority}:{digest(*parts)}"


def release_id(atom_id: str, count: int = 1) -> str:
    """12 characters [a-z0-9]: the same of the same atom_id, in a new database too; `count` where that is taken."""
    number = int(digest(atom_id, *([str(count)] if count > 1 else [])), 16)
    letters = []
    for _ in range(12):
        number, letter = divmod(number, len(_ID))
        letters.append(_ID[letter])
    return "".join(letters)


def span(seconds: int) -> str:
    """A duration as it stands in a configuration: 15m, 6h."""
    sizes = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
    return next(f"{seconds // size}{unit}" for unit, size in sizes.items() if seconds % size == 0)


def age(seconds: float) -> str:
    """`40 s`, `12 min`, `5 h`, `3 days`."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size or (unit != "days" and seconds >= size):
            return f"{int(seconds // size)} {unit}"
    return f"{int(max(seconds, 0))} s"


def local(moment: datetime | None, zone: ZoneInfo, none: str = "–") -> str:
    """For people: `2026-03-14 11:00`, in the site's time."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else none


def local_day(moment: datetime, zone: ZoneInfo) -> str:
    """`2026-03-14`, in the site's time."""
    return moment.astimezone(zone).date().isoformat()


def local_second(moment: datetime, zone: ZoneInfo) -> str:
    """As `local`, for what was done: `2026-03-14 11:00:05`. Several things are, within a minute."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def rfc3339(moment: datetime | None, zone: ZoneInfo) -> str | None:
    """For programs: with offset, whole seconds."""
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 document`, `3 documents`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
