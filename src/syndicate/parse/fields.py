"""What entries of every format have in common: plain text from markup, markup from plain text, names, bounds."""

import html
import re
from collections.abc import Iterable, Sequence

import nh3

from syndicate.addresses import MAIL
from syndicate.markup import BLOCKS, ENTITY, OBJECTS, carried, either, is_markup, tagged, unmarked, unprotected
from syndicate.model import Enclosure, Image
from syndicate.notices import excerpt
from syndicate.text import clean, squeeze, unescaped
from syndicate.urls import clean_url

MOST_ENTRIES = 5_000  # of one document
LARGEST, DEEPEST = 2_000_000, 200  # characters of one entry, levels of what is in it
# The `damage` of one that is more than anybody means to be read.
TOO_LONG = f"the entry has more than {LARGEST:,} characters"
TOO_DEEP = f"the entry is nested more than {DEEPEST} levels deep"
MOST = 200  # of anything that one entry may carry: categories, authors, images, attachments
_TEASER = 1000  # characters: what is longer is no teaser
_NAME = 300  # characters of a category's or an author's name

_CHARACTER = re.compile(rf"(?!&(?:amp|lt|gt|quot|apos);){ENTITY.pattern}")
_BREAK = re.compile(rf"</?(?:{either(BLOCKS)})\b", re.IGNORECASE)
# A teaser has none of these.
_BLOCK = re.compile(
    rf"<(?:{either(OBJECTS | {'ul', 'ol', 'dl', 'table', 'blockquote', 'pre', 'hr', 'section', 'article'})}|h[1-6])\b",
    re.IGNORECASE,
)
# All of it is escaped: it begins with a tag and ends with one.
_ESCAPED = re.compile(
    r"\s*&(?:amp;)*(?:lt|#0*60|#x0*3c);[a-z!].*&(?:amp;)*(?:gt|#0*62|#x0*3e);\s*$", re.IGNORECASE | re.DOTALL
)
_LESS = re.compile(r"<(?![a-z/!])", re.IGNORECASE)
_ESCAPES = 3
_PARAGRAPH = re.compile(r"<p\b|<div\b|<br\b[^<>]*>\s*<br\b", re.IGNORECASE)
_HREF = re.compile(r"""<a\s[^<>]*?\bhref\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)

_MORE = re.compile(rf"<a\s[^<>]*>\W*(?:mehr|weiter|more|{excerpt.MORE})\W*</a>\W*(?:</p>\s*)?$", re.IGNORECASE)
_MAIL = rf"(?:mailto:)?{MAIL}"
_ADDRESSED = re.compile(_MAIL)
_ADDRESSES = re.compile(rf"{_MAIL}(?:\s*[,;]\s*{_MAIL})+")
_BETWEEN = re.compile(rf"\s*;\s*|(?<=[)>\]])\s*,\s*|(?<=[)>\]])\s+(?:und |and |& )?(?={_MAIL})")
_LONG = 50_000  # characters; nh3 takes the square of it where elements are not nested as they should be
_ANY_TAG = re.compile(r"<[^<>]*>")
_PERSON = re.compile(
    rf"{_MAIL} ?\((.+)\)|(.+?) ?(?:<{_MAIL}>|\({_MAIL}\)|\[{_MAIL}\])|"
    rf"{_MAIL},? ([^@]*[^\W\d_][^@]*)|([^@]*?[^\W\d_][^@]*?),? {_MAIL}"
)


def people(stated: str) -> tuple[str, ...]:
    """The names in `mail (Name)`, `Name <mail>` and their kin, also in a list of them; else what is stated.

    Names are read as titles are. A comma parts people only where it cannot part a surname from the first name.
    """
    stated = plain_title(stated)
    parts = _ADDRESSED.findall(stated) if _ADDRESSES.fullmatch(stated) else _BETWEEN.split(stated)
    whole = all(part.count("(") == part.count(")") for part in parts)
    return tuple(_person(part) for part in (parts if whole else [stated])[: 4 * MOST] if part.strip())


def _person(stated: str) -> str:
    stated = squeeze(stated)[:_NAME]
    match = _PERSON.fullmatch(stated)
    return next(filter(None, match.groups()), stated).strip(" \"'") or stated if match else stated


def plain(markup: str) -> str:
    """The words of HTML, on one line."""
    if "<" not in markup:
        return squeeze(unescaped(markup))
    markup = markup.encode("utf-8", "ignore").decode()  # JSON can name half a character, which nh3 refuses
    if len(markup) > _LONG:
        return squeeze(unescaped(_ANY_TAG.sub(" ", markup)))
    markup = carried(unprotected(markup))
    text = unmarked(markup)
    if text is None:
        text = unescaped(nh3.clean(_BREAK.sub(r" \g<0>", markup), tags=set()))
    return squeeze(text)


def plain_lines(markup: str, borders: Sequence[int]) -> list[str]:
    """`plain` of each piece of HTML that begins at a border: at 0, and where a tag of one of BLOCKS does."""
    pieces = [markup[at:end] for at, end in zip(borders, [*borders[1:], len(markup)], strict=True)]
    if max(map(len, pieces)) <= _LONG and carried(unprotected(markup)) is markup:
        lines = (unmarked(markup) or "").split("\n")
        if len(lines) == len(pieces):
            return [*map(squeeze, lines)]
    return [*map(plain, pieces)]


def plain_title(text: str) -> str:
    """The words of a title of which nobody says whether it is markup (RSS): HTML where a tag is closed; `<3` stays."""
    return plain(text) if tagged(text) else squeeze(ENTITY.sub(lambda match: unescaped(match[0]), text))


def characters(text: str) -> str:
    """Plain text on one line, in which some write a character as HTML does (`&#8217;`). `&amp;` and `&lt;` stay."""
    return squeeze(_CHARACTER.sub(lambda match: unescaped(match[0]), text))


def unescaped_once_more(markup: str) -> str:
    """HTML that was escaped as a whole, as HTML. A text that shows a tag, or that has one of its own, stays."""
    for _ in range(_ESCAPES):
        if "<" in markup or not _ESCAPED.match(markup):
            break
        inner = unescaped(markup)
        if not _ESCAPED.match(inner) and (_LESS.search(inner) or not is_markup(inner)):
            break
        markup = inner
    return markup


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
    if (
        len(markup) > 4 * _TEASER
        or _BLOCK.search(markup)
        or _BLOCK.search(carried(markup))
        or len(_PARAGRAPH.findall(markup)) > 1
    ):
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
