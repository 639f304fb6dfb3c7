"""What a reader sees of a release, and how like two releases are. Pure."""

import re
from dataclasses import replace
from difflib import SequenceMatcher
from functools import partial
from hashlib import blake2b
from operator import methodcaller

from syndicate.model import Release, Sketch
from syndicate.text import fold, folded_words, squeeze
from syndicate.urls import canonical_url, without_query

_SRC = re.compile(r'(?<=src=")[^"?#]*([?#][^"]*)')
_MARKUP = re.compile(r"<[^>]*>")
_RUN = 3  # words
_UNLIKE_TITLE, _UNLIKE_TEXT, _ALIKE = 0.34, 0.1, 0.7  # shares of common words, of common runs of words
_ENOUGH = 60  # words from which on a text can be told from others by its runs
_SHORT = 200  # words
_SKETCH = 16  # the smallest hashes of a text's runs
_HASH, _DIGEST = partial(blake2b, digest_size=7), methodcaller("digest")
MAY_BE_ALIKE = 8  # numbers in common from which on a closer look is worth while: half of them


def seen(release: Release) -> dict[str, object]:
    """What a reader would see of a release, field by field, without what changes by itself.

    White space, an image's cache-buster, the related block and the dates are no part of it.
    """
    return {
        "kicker": release.kicker,
        "title": release.title,
        "teaser": release.teaser,
        "content": squeeze(_SRC.sub(lambda m: m[0][: m.start(1) - m.start()], release.content)).replace("> <", "><"),
        "images": [(i.alt, i.caption, i.credit, i.url and without_query(i.url)) for i in release.images],
        "enclosures": [(e.url, e.type, e.title) for e in release.enclosures],
        "contact": release.contact,
        "authors": release.authors,
        "corrects": release.corrects,
        "kind": release.kind,
        "language": release.language,
        "license": release.license,
    }


def plainly_other(a: Release, b: Release, *, named: bool = False) -> bool:
    """Are these two different releases, though one thing names both? Only where title *and* text are unlike.

    `named`: that thing is an id or a file, not the address. With another link its texts need only not be nearly the
    same; with the same link, or none, they have next to nothing in common.
    """
    one, two = set(fold(a.title).split()), set(fold(b.title).split())
    if len(one & two) >= _UNLIKE_TITLE * len(one | two):
        return False
    runs, others = _runs(a), _runs(b)
    if named and a.url and b.url and canonical_url(a.url) != canonical_url(b.url):
        return not runs or not others or len(runs & others) < _ALIKE * min(len(runs), len(others))
    return len(runs & others) < _UNLIKE_TEXT * min(len(runs), len(others))


def alike(a: Release, b: Release) -> bool:
    """Are these two sources' editions of one release? Their text is nearly the same; title and kicker need not be."""
    runs, others = _runs(a), _runs(b)
    return min(len(runs), len(others)) >= _ENOUGH and len(runs & others) >= _ALIKE * max(len(runs), len(others))


def reworded(a: Release, b: Release) -> float:
    """The share of words that two short texts have in common, in order, where they are the same but for a few; else 0.

    Longer texts are told by their runs.
    """
    one, two = _words(a), _words(b)
    if not one or not two or max(len(one), len(two)) > _SHORT:
        return 0.0
    share = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return share if share >= _ALIKE else 0.0


def sketched(release: Release) -> Release:
    """The release with its sketch, which then is worked out once: where it is read, beside its words."""
    return replace(release, sketch=Sketch(release.teaser, release.content, sketch(release)))


def sketch(release: Release) -> tuple[int, ...]:
    """A few numbers that texts share as far as they are alike (the smallest hashes of their runs of words).

    None for a headline and for a text too short to be told from others. MAY_BE_ALIKE is how many must be common.
    The store has them of every release: another way to work them out must come to the same.
    """
    known = release.sketch
    if release.headline:
        return ()
    if known and (known.teaser, known.content) == (release.teaser, release.content):
        return known.numbers
    runs = _runs(release)
    if len(runs) < _ENOUGH:
        return ()
    encoded = "\n".join(runs).encode().split(b"\n")  # all at once
    hashed = sorted(map(_DIGEST, map(_HASH, encoded)))
    return tuple(map(int.from_bytes, hashed[:_SKETCH]))


def _runs(release: Release) -> set[str]:
    words = _words(release)
    if len(words) < _RUN:
        return {" ".join(words)} if words else set()
    return set(map(" ".join, zip(*(words[place:] for place in range(_RUN)), strict=False)))


def _words(release: Release) -> list[str]:
    return folded_words(f"{release.teaser or ''} {_MARKUP.sub(' ', release.content)}")
