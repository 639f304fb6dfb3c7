"""What stands where there is nothing, or nothing any more. Pure."""

from syndicate.model import Document, Site, Tombstone
from syndicate.render.address import release_path
from syndicate.render.html.frame import framed
from syndicate.render.page import reason
from syndicate.render.shown import day
from syndicate.render.words import words


def not_found(site: Site) -> Document:
    """`404.html`, for any web server."""
    word = words(site.language)
    return framed("notice.html", "404.html", site, title=word["not_found"], lines=[word["not_found_text"]])


def withdrawn_page(tombstone: Tombstone, site: Site) -> Document:
    """What is left at a withdrawn release's address: a notice with none of its words, and no search engine keeps it."""
    word = words(site.language)
    lines = [word["withdrawn_text"], word["withdrawn_on"].format(date=day(tombstone.when, site).text)]
    if why := reason(tombstone):
        lines.append(f"{word['reason']}: {why}")
    path, title = release_path(tombstone.id), word["withdrawn"]
    return framed("notice.html", path, site, title=title, lines=lines, atom_id=tombstone.atom_id)
