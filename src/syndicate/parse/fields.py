"""What entries of every format have in common: plain text from markup, markup from plain text, names, bounds."""

import html
import re
from collections.abc import Iterable, Sequence

import nh3

from syndicate.addresses import MAIL
from syndicate.model import Enclosure, Image
from syndicate.text import clean, clean_url, squeeze, unescaped

MOST_ENTRIES = 5_000  # of one document
LARGEST = 2_000_000  # characters of one entry
MOST = 200  # of anything that one entry may carry: categories, authors, images, attachments
_TEASER = 1000  # characters: what is longer is no teaser
_NAME = 300  # characters of a category's or an author's name

_NAMES = (
    "p|br|hr|div|span|a|b|i|u|s|em|strong|small|big|code|pre|tt|kbd|sub|sup|q|cite|abbr|acronym|font|center|blockquote|"
    "ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|caption|h[1-6]|img|figure|figcaption|picture|video|audio|source|iframe|"
    "object|embed|section|article|header|footer|nav|aside|details|summary|mark|time|del|ins|script|style|svg|form|input|button"
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_PAIRED = re.compile(rf"</(?:{_NAMES})\s*>|<(?:br|img|hr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]{1,31});")
_BREAK = re.compile(r"</?(?:p|br|hr|div|li|ul|ol|dd|dt|tr|td|th|h[1-6]|blockquote|figure|figcaption)\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(?:ul|ol|dl|table|h[1-6]|blockquote|pre|hr|img|figure|picture|video|audio|iframe|object|embed|section|article)\b",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"<p\b|<div\b|<br\b[^<>]*>\s*<br\b", re.IGNORECASE)
_HREF = re.compile(r"""<a\s[^<>]*?\bhref\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)

_MORE = re.compile(
    r"<a\s[^<>]*>\W*(?:mehr|weiterlesen|weiter|mehr lesen|lesen sie mehr|zur meldung|read more|more)\W*</a>"
    r"\W*(?:</p>\s*)?$",
    re.IGNORECASE,
)
_MAIL = rf"(?:mailto:)?{MAIL}"
_LONG = 50_000  # characters; nh3 takes the square of it where elements are not nested as they should be
_ANY_TAG = re.compile(r"<[^<>]*>")
_PERSON = re.compile(
    rf"{_MAIL} ?\((.+)\)|(.+?) ?(?:<{_MAIL}>|\({_MAIL}\)|\[{_MAIL}\])|"
    rf"{_MAIL},? ([^@]*[^\W\d_][^@]*)|([^@]*?[^\W\d_][^@]*?),? {_MAIL}"
)


def person(stated: str) -> str:
    """The name in `mail (Name)`, `Name <mail>` and their kin; else what is stated."""
    stated = squeeze(stated)[:_NAME]
    match = _PERSON.fullmatch(stated)
    return next(filter(None, match.groups()), stated).strip(" \"'") or stated if match else stated


def plain(markup: str) -> str:
    """The words of HTML, on one line."""
    markup = markup.encode("utf-8", "ignore").decode()  # JSON can name half a character, which nh3 refuses
    if len(markup) > _LONG:
        return squeeze(unescaped(_ANY_TAG.sub(" ", markup)))
    return squeeze(unescaped(nh3.clean(_BREAK.sub(r" \g<0>", markup), tags=set())))


def plain_title(text: str) -> str:
    """The words of a title of which nobody says whether it is markup (RSS): HTML where a tag is closed; `<3` stays."""
    if _PAIRED.search(text):
        return plain(text)
    return squeeze(unescaped(text) if _ENTITY.search(text) else text)


def is_markup(text: str) -> bool:
    """Does a text of which nobody says what it is hold HTML?"""
    return bool(_TAG.search(text) or _ENTITY.search(text))


def paragraphs(text: str, *, lines: bool = False) -> str:
    """Plain text as HTML: blank lines part paragraphs; line ends count where `lines` says so."""
    blocks = [b.strip() for b in re.split(r"\n[ \t]*\n", clean(text)) if b.strip()]
    shown = (re.sub(r"\s*\n\s*", "\n" if lines else " ", html.escape(block, quote=False)) for block in blocks)
    return "".join(f"<p>{block}</p>" for block in shown).replace("\n", "<br>")


def without_words(url: str | None, files: Sequence[Enclosure], pictures: Sequence[Image]) -> str | None:
    """The content of an entry that has neither title nor text: what there is of it, a file or a link."""
    named = [file.title or file.url for file in files] + [i.alt or i.caption or i.url or "" for i in pictures]
    if not named and url and clean_url(url):
        return f'<p><a href="{html.escape(url)}">{html.escape(url, quote=False)}</a></p>'
    name = squeeze(named[0].rstrip("/").rpartition("/")[2]) if named else ""
    return f"<p>{html.escape(name, quote=False)}</p>" if name else None


def too_many(omitted: int) -> str:
    """The `damage` of what stands for the entries that were not read."""
    return f"the feed has {omitted:,} entries more than the {MOST_ENTRIES:,} that are read of one document"


def is_teaser(markup: str, url: str | None) -> bool:
    """Is a lone description just a teaser: one short paragraph, without pictures, lists or links to elsewhere?"""
    if len(markup) > 4 * _TEASER or _BLOCK.search(markup) or len(_PARAGRAPH.findall(markup)) > 1:
        return False
    if any(url is None or clean_url(unescaped(href)) != url for href in _HREF.findall(markup)):
        return False
    return len(plain(markup)) <= _TEASER


def plain_teaser(markup: str) -> str:
    """The words of a teaser, without the link to the page at its end."""
    return plain(_MORE.sub("", markup))


def names(values: Iterable[object]) -> tuple[str, ...]:
    """The texts among `values`, each once, on one line; no more and no longer ones than an entry may carry."""
    found: dict[str, None] = {}
    for value in values:
        if isinstance(value, str) and (name := squeeze(value)[:_NAME]):
            found[name] = None
        if len(found) == MOST:
            break
    return tuple(found)


def length(value: object) -> int | None:
    """A size in bytes; None for what is no whole number or more than a database holds."""
    digits = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{1,19}", digits):
        return None
    return int(digits) if int(digits) < 2**63 else None
