"""What an entry says of the earlier release that it puts right, in its title or its first paragraph of HTML."""

import html
import re

from syndicate.notices import correction
from syndicate.parse.fields import plain
from syndicate.text import clean_url, squeeze, unescaped

_LONGEST = 4000  # characters of a first paragraph, with its markup
_SHOWN = 300  # characters of what a notice says
_LINKS = 5  # of a first paragraph

_LINK = re.compile(r"""<a\s[^<>]{0,500}?\bhref\s*=\s*["']?([^"'\s<>]{1,2000})[^<>]*>""", re.IGNORECASE)
_BORDER = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|blockquote|figure|table)\b[^<>]*>|<br\b[^<>]*>\s*<br\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")


def corrects(title: str | None, teaser: str | None, content: str | None, base: str | None = None) -> str | None:
    """`notice` of an entry: `title` and `teaser` are plain text, `content` is HTML."""
    shown = html.escape(teaser, quote=False) if teaser else None
    return notice(title, opening(content) or shown, base) or notice(None, shown)


def notice(title: str | None, first_paragraph: str | None, base: str | None = None) -> str | None:
    """What a release says of the earlier one that it corrects; None: it corrects none.

    That is the address it links as the corrected release, else the rest of the title, else the paragraph's words, else
    the bare marker. `first_paragraph` is HTML; `base` is the release's own address.
    """
    marked = correction.marked(squeeze(title or "")[:1000])
    paragraph = (first_paragraph or "")[:_LONGEST]
    if not marked and not correction.hints(paragraph):
        return None
    if url := _linked(paragraph, base, marked=marked is not None):
        return url
    if marked and marked[1]:
        return marked[1][:_SHOWN]
    words = plain(paragraph)
    if not correction.of_itself(words):
        opened = correction.marked(words)
        if opened and not re.match("update|aktualis", words, re.IGNORECASE):
            return (opened[1] or opened[0])[:_SHOWN]
        if correction.replaces(words) or (marked and correction.names_earlier(words)):
            return words[:_SHOWN]
    return marked[0] if marked else None


def opening(markup: str | None) -> str | None:
    """The first paragraph of HTML that holds words, as HTML."""
    parts = _BORDER.split((markup or "")[: 2 * _LONGEST])
    return next((part for part in parts if _TAG.sub("", part).strip()), None)


def _linked(paragraph: str, base: str | None, *, marked: bool) -> str | None:
    """The address of the earlier release, where the words before a link, or those of the link, name it as such."""
    for link in list(_LINK.finditer(paragraph))[:_LINKS]:
        said = plain(f"{paragraph[: link.start()]} {paragraph[link.end() :].partition('</a')[0]}")
        if correction.replaces(said) or (marked and correction.names_earlier(said)):
            url = clean_url(unescaped(link[1]), base)
            if url and url != base:
                return url
    return None
