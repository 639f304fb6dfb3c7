"""Releases as a list of them shows each. Pure."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from syndicate.errors import RenderError
from syndicate.model import FeedPage, Release
from syndicate.render.page import Joined
from syndicate.render.shown import Entry, shown
from syndicate.render.templates import environment
from syndicate.render.words import words

_PARTS = environment.get_template("parts.html").module
_KICKER = re.compile(rb'<span class="kicker"[^>]*>(?P<link><a [^>]*>)(?P<words>[^<]*)</a>')
_HOLES = (Markup("<!--entries-->"), Markup("<!--further-->"))  # no text has one: what is not ours is escaped


def listed(release: Release, page: FeedPage, heading: str) -> bytes:
    """With teaser and picture. `heading` is its element, like `h2`."""
    return _encoded(release, str(_PARTS.listed(_entry(release, page), words(page.site.language), heading)))  # type: ignore[attr-defined]


def line(release: Release, page: FeedPage) -> bytes:
    """In a line, without teaser and picture."""
    return _encoded(release, str(_PARTS.line(_entry(release, page), words(page.site.language))))  # type: ignore[attr-defined]


def on_page(lines: bytes, address: str) -> bytes:
    """As these lines stand on the page of this address: there, a kicker is no link to it."""
    link = f'<a href="{escape(address)}">'.encode()
    kicker = _KICKER.search(lines) if link in lines else None
    if kicker is None or kicker["link"] != link:
        return lines
    return lines[: kicker.start("link")] + kicker["words"] + lines[kicker.end() :]


def holes(*lists: Sequence[bytes]) -> list[list[Markup]]:
    """What stands in the frame for these lists, at most two."""
    return [[hole] if entries else [] for hole, entries in zip(_HOLES, lists, strict=False)]


def filled(frame: Joined, *lists: Sequence[bytes]) -> Joined:
    """The page with the lists in its holes; of its own without."""
    whole, bare = frame
    for hole, entries in zip(_HOLES, lists, strict=False):
        whole = whole.replace(hole.encode(), b"\n".join(entries), 1)
        bare = bare.replace(hole.encode(), b"", 1)
    return Joined(whole, bare)


def _entry(release: Release, page: FeedPage) -> Entry:
    content = page.content.get(release.source or "", "full")
    return shown(release, page.site, page.topics, content)


def _encoded(release: Release, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise RenderError(f"release {release.id}: {error}") from error
