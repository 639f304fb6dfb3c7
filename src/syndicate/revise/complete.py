"""What a feed or a list says of a release and what the release's own page says, as one. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from syndicate.model import Change, Release
from syndicate.text import fold, unescaped

_MARKUP = re.compile(r"<[^>]*>")
_CUT = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3})$")
_LONG = 4  # letters: shorter words are in every text
_ENOUGH = 0.5  # of the words of a title

_T = TypeVar("_T")


def overlaid(said: Release, page: Release) -> Release:
    """`said`, completed by what its page says. Law: `overlaid(overlaid(s, p), p) == overlaid(s, p)`.

    What it is known by stays, and so does what its source states of it; text, pictures and whatever the source leaves
    open are the page's. Of two embargoes the stricter one holds.
    """
    held = stricter(said, page)
    content = said.content if _words(said) > _words(page) else page.content  # a whole text is not taken for a part
    title = _title(said, page)
    taken = {"title"} & {*(page if title is page else said).inferred}
    when = page if said.stated is None and page.stated is not None else said
    return replace(
        said,
        title=title.title,
        kicker=said.kicker or page.kicker,
        teaser=_teaser(said.teaser, page.teaser, content),
        content=content,
        language=page.language,
        images=page.images or said.images,
        enclosures=united(said.enclosures, page.enclosures, by="url"),
        authors=united(said.authors, page.authors),
        categories=united(said.categories, _further(said, page)),
        topic_names=united(said.topic_names, page.topic_names),
        related=page.related or said.related,
        contact=page.contact or said.contact,
        kind=page.kind or said.kind,
        corrects=page.corrects or said.corrects,
        license=page.license or said.license,
        published=when.published,
        stated=when.stated,
        updated=when.updated,
        inferred=tuple(sorted(({"published"} & {*when.inferred}) | taken)),
        embargo=held.embargo,
        lifted=held.lifted,
        withdrawn=said.withdrawn or page.withdrawn,
        reason=said.reason or page.reason,
        headline=False,
        entry=joint((said.entry, page.entry)),
        reader=joint(each.reader or "?" for each in (said, page)) if said.reader or page.reader else None,
        # A headline has no words to be known by.
        keys=(*said.keys, *(key for key in page.keys if key.kind == "hash")) if said.headline else said.keys,
    )


def tells_of_another(said: Release, page: Release) -> bool:
    """Does a page have too little of the title that led to it: an overview, an error page that answers 200?"""
    title = fold(said.title).split()
    telling = {word for word in map(_bare, title) if len(word) >= _LONG} or {*map(_bare, title)}
    there = {*map(_bare, fold(f"{page.kicker or ''} {page.title} {page.teaser or ''} {_text(page.content)}").split())}
    return len(telling & there) < _ENOUGH * len(telling)


def completed(change: Change) -> Change:
    """What readers had without its text is not corrected when its page is read for the first time."""
    return replace(change, verdict="completed") if change.verdict == "corrected" else change


def _title(said: Release, page: Release) -> Release:
    """Whose title it is: a source's own, unless that is only a list's, made up, or cut short."""
    short = _CUT.sub("", said.title)
    cut = short != said.title and fold(page.title).startswith(fold(short))
    better = "title" not in page.inferred
    return page if better and (said.headline or cut or "title" in said.inferred) else said


def _teaser(said: str | None, page: str | None, content: str) -> str | None:
    """The source's, unless it was cut short: then the page's, or none where it is but the beginning of the text."""
    if said is None or not _CUT.search(said):
        return said or page
    if page:
        return page
    return None if fold(_text(content)).startswith(fold(_CUT.sub("", said))) else said


def _further(said: Release, page: Release) -> tuple[str, ...]:
    """The page's categories; its kicker is one, where the source states another."""
    other = page.kicker if said.kicker and page.kicker and fold(page.kicker) != fold(said.kicker) else None
    return (other, *page.categories) if other else page.categories


def stricter(said: Release, page: Release) -> Release:
    """Who is to be believed of the embargo: who names no end, else the later one."""

    def rank(release: Release) -> tuple[int, float]:
        held = release.embargo
        if held is None:
            return 0, 0.0
        return (1, held.until.timestamp()) if held.until else (2, 0.0)

    return page if rank(page) > rank(said) else said


def joint(parts: Iterable[str | None]) -> str | None:
    """What several entries, or an entry and its page, are told by together. None where one of them is unknown."""
    found = [*parts]
    names = dict.fromkeys(name for part in found if part for name in part.split("+"))
    return "+".join(names) if found and all(found) else None


def _words(release: Release) -> int:
    return len(_text(release.content).split())


def _text(content: str) -> str:
    return unescaped(_MARKUP.sub(" ", content))


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word)


def united(first: tuple[_T, ...], second: tuple[_T, ...], *, by: str | None = None) -> tuple[_T, ...]:
    """Both, each once: what has the same name (or `by`) is the same."""
    found: dict[Any, _T] = {}
    for value in (*first, *second):
        found.setdefault(getattr(value, by) if by else fold(str(value)), value)
    return tuple(found.values())
