"""Releases as a list of them shows each. Pure."""

from collections.abc import Sequence

from markupsafe import Markup

from syndicate.errors import RenderError
from syndicate.model import FeedPage, Release
from syndicate.render.page import Joined
from syndicate.render.shown import Entry, shown
from syndicate.render.templates import environment
from syndicate.render.words import words

_PARTS = environment.get_template("parts.html").module
_HOLES = (Markup("<!--entries-->"), Markup("<!--further-->"))  # no text has one: what is not ours is escaped


def listed(release: Release, page: FeedPage, heading: str) -> bytes:
    """With teaser and picture. `heading` is its element, like `h2`."""
    return _encoded(release, str(_PARTS.listed(_entry(release, page), words(page.site.language), heading)))  # type: ignore[attr-defined]


def line(release: Release, page: FeedPage) -> bytes:
    """In a line, without teaser and picture."""
    return _encoded(release, str(_PARTS.line(_entry(release, page), words(page.site.language))))  # type: ignore[attr-defined]


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
    return shown(release, page.site, page.topics, content, here=page.topic.id)


def _encoded(release: Release, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise RenderError(f"release {release.id}: {error}") from error
