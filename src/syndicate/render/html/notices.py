"""What stands where there is nothing, or nothing any more. Pure."""

from collections.abc import Iterable
from itertools import islice

from syndicate.mediatypes import TYPES
from syndicate.model import Document, Site, Tombstone, Topic
from syndicate.render.address import feed_path, release_path
from syndicate.render.html.frame import Head, framed
from syndicate.render.page import Joined, notice_day, notice_title, reason
from syndicate.render.shown import Link
from syndicate.render.words import words

NOT_FOUND = "404.html"
_LISTED = 200  # topics; the first page has all of them


def not_found(site: Site, topics: Iterable[Topic] = (), suffix: str = "html") -> Document:
    """`404.html`, for any web server: there is nothing, but there are these topics, at their files of this suffix."""
    return Document(NOT_FOUND, TYPES[".html"], not_found_joined(site, topics, suffix).whole)


def not_found_joined(site: Site, topics: Iterable[Topic], suffix: str) -> Joined:
    word = words(site.language)
    links = [Link(topic.title, site.base_url + feed_path(topic.id, suffix)) for topic in islice(topics, _LISTED)]
    head, lines = Head(word["not_found"]), [word["not_found_text"]]
    return framed("notice.html", NOT_FOUND, site, head, lines=lines, links=links)


def gone_page(path: str, site: Site) -> Document:
    """Over a page that is published no more, where it cannot be deleted: as where there is nothing, without a list."""
    word = words(site.language)
    made = framed("notice.html", path, site, Head(word["not_found"]), lines=[word["not_found_text"]], links=())
    return Document(path, TYPES[".html"], made.whole)


def hub_page(site: Site) -> Document:
    """For people who open the address of the WebSub hub."""
    word = words(site.language)
    made = framed("notice.html", "hub", site, Head(word["hub"]), lines=[word["hub_text"]], links=())
    return Document("hub", TYPES[".html"], made.whole)


def withdrawn_page(tombstone: Tombstone, site: Site) -> Document:
    """What is left at a withdrawn release's address: a notice with none of its words, and no search engine keeps it."""
    word = words(site.language)
    lines = [word["withdrawn_text"], notice_day(tombstone, site)]
    if why := reason(tombstone):
        lines.append(f"{word['reason']}: {why}")
    path, head = release_path(tombstone.id), Head(notice_title(tombstone, site), atom_id=tombstone.atom_id)
    return Document(path, TYPES[".html"], framed("notice.html", path, site, head, lines=lines, links=()).whole)
