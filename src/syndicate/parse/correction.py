"""What an entry says of the earlier release that it puts right, at its head or its end."""

import html
import re
from collections.abc import Iterable, Sequence

from syndicate.notices import correction
from syndicate.parse.fields import plain
from syndicate.text import squeeze, unescaped
from syndicate.urls import clean_url

_LONGEST = 4000  # characters of a first paragraph, with its markup
_SHOWN = 300  # characters of what a notice says
_LINKS = 5  # of a first paragraph

_LINK = re.compile(r"""<a\s[^<>]{0,500}?\bhref\s*=\s*["']?([^"'\s<>]{1,2000})[^<>]*>""", re.IGNORECASE)
_BORDER = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|blockquote|figure|table)\b[^<>]*>|<br\b[^<>]*>\s*<br\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")


def corrects(
    title: str | None, teaser: str | None, content: str | None, base: str | None = None, above: Sequence[str] = ()
) -> str | None:
    """What a release says of the earlier one that it corrects; None: it corrects none.

    That is the address it links as the corrected release, else the rest of the title, else a paragraph's words, else
    the bare marker. Asked are the title, what stands `above` it, the teaser, the first two paragraphs and the last.
    `content` is HTML, all else plain text; `base` is the release's own address.
    """
    marks = [found for found in (correction.titled(squeeze(title or "")), *map(correction.noticed, above)) if found]
    shown = html.escape(teaser, quote=False) if teaser else ""
    if not marks and not any(map(correction.hints, (shown, *above, *_ends(content or "")))):
        return None
    paragraphs = [text[:_LONGEST] for text in (shown, *above, *_paragraphs(content))]
    if not marks and not any(map(correction.hints, paragraphs)):
        return None
    linked = (_linked(text, base, marked=bool(marks)) for text in paragraphs)
    rests = (rest for _, rest in marks)
    said = (_said(plain(text), marked=bool(marks)) for text in paragraphs)
    labels = (label for label, _ in marks)
    found = next(filter(None, (*linked, *rests, *said, *labels)), None)
    return found and found[:_SHOWN]


def _said(words: str, *, marked: bool) -> str | None:
    """What a paragraph says of an earlier release that it puts right."""
    if correction.of_itself(words):
        return None
    if opened := correction.noticed(words):
        return opened[1] or opened[0]
    return words if correction.replaces(words) or (marked and correction.names_earlier(words)) else None


def _paragraphs(markup: str | None) -> list[str]:
    """The paragraphs of HTML that hold words, as HTML: the first two, and the last."""
    head, *tail = _ends(markup or "")
    parts = [_worded(_BORDER.split(head)), *(_worded(_BORDER.split(text)[1:]) for text in tail)]
    return [*parts[0][:2], *parts[-1][-1:]]


def _ends(markup: str) -> list[str]:
    """Where those paragraphs stand: all of a short text, of a long one its head and its tail."""
    return [markup[: 2 * _LONGEST], *([markup[-_LONGEST:]] if len(markup) > 2 * _LONGEST else [])]


def _worded(parts: Iterable[str]) -> list[str]:
    return [part for part in parts if _TAG.sub("", part).strip()]


def _linked(paragraph: str, base: str | None, *, marked: bool) -> str | None:
    """The address of the earlier release, where the words before a link, or those of the link, name it as such."""
    for link in list(_LINK.finditer(paragraph))[:_LINKS]:
        said = plain(f"{paragraph[: link.start()]} {paragraph[link.end() :].partition('</a')[0]}")
        if correction.replaces(said) or (marked and correction.names_earlier(said)):
            url = clean_url(unescaped(link[1]), base)
            if url and url != base:
                return url
    return None
