"""HTML made safe and its addresses absolute; and what a reader would read of it. Pure."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache

import nh3

from syndicate.markup import PUBLISHED, carried, flattened, plain, unprotected
from syndicate.text import squeeze, strip_unprintable, unescaped
from syndicate.urls import LINKS, WEB, clean_url

_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "hreflang"},
    "audio": {"src", "controls"},
    "blockquote": {"cite"},
    "del": {"datetime"},
    "img": {"src", "alt", "title", "width", "height"},
    "ins": {"datetime"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src", "controls", "poster", "width", "height"},
}
_ADDRESSES = {"href": LINKS, "src": WEB, "poster": WEB, "cite": WEB}
_base = ContextVar[str | None]("base", default=None)  # of the text that is being cleaned

_IMAGE = re.compile(r"<img\b([^>]*)>")  # of what it has just written: there `<` and `>` are escaped in attributes, too
_HEADING = re.compile(r"<h([1-6])(?:[^>\"]|\"[^\"]*\")*>(.*?)</h\1>", re.DOTALL)
_PARAGRAPH = re.compile(r"<(p|h[1-6]|div)>((?:(?!</?(?:p|h[1-6]|div)>).){0,500})</\1>\s*", re.DOTALL)
_HEAD, _FOOT = 6, 3  # lines
_PASSES = 20  # what stands behind a line that is gone is a first line in turn
_DROPPED = {"script", "style", "title"}
_SHOWN = re.compile(r'<(?:img|audio|video|source)\s(?:[^>"]|"[^"]*")*?\bsrc="([^"]*)"')
_ONE_PIXEL = re.compile(r'\s(?:width|height)="[01](?:px)?"')


def clean_html(source: str, base: str | None, *, media: bool = False, images: bool = True) -> str:
    """The part of `source` that we publish: tags and attributes of our own list, every address absolute and safe.

    Idempotent. `base` is what relative addresses are relative to; without it they are dropped and their words stay.
    `media` allows addresses of files that lay beside the release (`media:HASH/NAME`); `images=False` drops pictures.
    """
    _base.set(base)
    cleaned = _cleaner(media).clean(carried(flattened(unprotected(strip_unprintable(source)))))

    def keep(image: re.Match[str]) -> str:
        return image[0] if images and ' src="' in image[1] and not _ONE_PIXEL.search(image[1]) else ""

    # A character reference can name what XML cannot carry, so once more, after the references are resolved.
    return strip_unprintable(_IMAGE.sub(keep, cleaned)).strip()


@cache  # it takes a quarter of the time of cleaning a text to make one
def _cleaner(media: bool) -> nh3.Cleaner:
    extra = {"media"} if media else set[str]()
    allowed = {name: schemes | extra for name, schemes in _ADDRESSES.items()}

    def address(tag: str, name: str, value: str) -> str | None:
        schemes = allowed.get(name)
        return value if schemes is None else clean_url(value, _base.get(), schemes)

    return nh3.Cleaner(
        tags=PUBLISHED,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        attribute_filter=address,
        url_schemes=set(LINKS | extra),
        link_rel=None,
        strip_comments=True,
    )


def lines(text: str) -> str:
    """The lines of a text from `plain`, parted by line ends; a cell of a table is one."""
    return text.replace("\n\n", "\n")


def first_lines(text: str) -> list[str]:
    """Where a notice to the press would stand in a text from `plain`: the first six lines and the last three."""
    told = text.split("\n\n")
    return told[:_HEAD] + told[_HEAD:][-_FOOT:]


def without_lines(content: str, text: str, unwanted: Callable[[str], bool]) -> tuple[str, str]:
    """Content and its `plain` text, without those paragraphs and headings that are one of its `first_lines` and
    `unwanted`.
    """
    for _ in range(_PASSES):
        lines = {line for line in first_lines(text) if unwanted(line)}
        if not lines:
            break
        kept = _PARAGRAPH.sub(lambda m: "" if squeeze(plain(m[2])) in lines else m[0], content)  # noqa: B023  # used at once
        if kept == content:
            break
        content, text = kept, plain(kept)
    return content, text


def shown(content: str) -> tuple[str, ...]:
    """The addresses of pictures, films and sounds, in order."""
    return tuple(unescaped(address) for address in _SHOWN.findall(content))


def headings(content: str) -> tuple[str, ...]:
    """The words of each heading, in order."""
    return tuple(text for _, inner in _HEADING.findall(content) if (text := squeeze(plain(inner))))


def words(source: str) -> str:
    """The words of HTML that nobody has cleaned yet, on one line."""
    return squeeze(plain(clean_html(source, None)))
