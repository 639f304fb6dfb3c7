"""A line of print: how it is compared, and how long one may be."""

import re
import unicodedata

LONGEST = 300  # characters of a line that is a mark or a notice: a longer one is text, and is not searched

_SPACED = re.compile(r"(?<!\w)\w(?: \w){4,}(?!\w)")
_SPACED_WITHIN = re.compile(
    r" \w \w \w "
)  # asked first: it begins with a letter of its own, which is what makes it fast
# Format characters (category Cf) and variation selectors.
_INVISIBLE = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_MARKS = re.compile(r"^(?:[^\w(\[]|_|\d{1,2}[.)] (?=\D)|[a-z]\) )+", re.IGNORECASE)
_HELD = re.compile(r"sperr-?frist|sperrvermerk|\bembargo", re.IGNORECASE)


def words(text: str) -> frozenset[str]:
    """A list of words, as it is written in a table."""
    return frozenset(text.split())


def any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


def whole(pattern: re.Pattern[str], text: str) -> bool:
    """Is the text all of the pattern? No long line is, and none that speaks of an embargo."""
    return len(text) <= LONGEST and pattern.fullmatch(text) is not None and not _HELD.search(text)


def folded(text: str) -> str:
    """Letters of any width, in spaced print, or with what nobody sees between them, as plain ones; line ends stay."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = _INVISIBLE.sub("", plain)
    return _SPACED.sub(lambda spaced: spaced[0].replace(" ", ""), plain) if _SPACED_WITHIN.search(plain) else plain


def bare(line: str) -> str:
    """The line without ornaments and numbers in front."""
    return _MARKS.sub("", line)
