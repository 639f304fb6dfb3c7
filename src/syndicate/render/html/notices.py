"""What stands where there is nothing, or nothing any more. Pure."""

from syndicate.mediatypes import TYPES
from syndicate.model import Document, Site, Tombstone
from syndicate.render.address import release_path
from syndicate.render.html.frame import Head, framed
from syndicate.render.page import reason
from syndicate.render.shown import day
from syndicate.render.words import words


def not_found(site: Site) -> Document:
    """`404.html`, for any web server."""
    word = words(site.language)
    return _notice("404.html", Head(word["not_found"]), [word["not_found_text"]], site)


def withdrawn_page(tombstone: Tombstone, site: Site) -> Document:
    """What is left at a withdrawn release's address: a notice with none of its words, and no search engine keeps it."""
    word = words(site.language)
    lines = [word["withdrawn_text"], word["withdrawn_on"].format(date=day(tombstone.when, site).text)]
    if why := reason(tombstone):
        lines.append(f"{word['reason']}: {why}")
    return _notice(release_path(tombstone.id), Head(word["withdrawn"], atom_id=tombstone.atom_id), lines, site)


def _notice(path: str, head: Head, lines: list[str], site: Site) -> Document:
    return Document(path, TYPES[".html"], framed("notice.html", path, site, head, lines=lines).whole)
