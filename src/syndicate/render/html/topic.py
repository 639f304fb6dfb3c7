"""The pages of a topic: the newest releases at `TOPIC.html`, the older ones at `TOPIC/n.html`. Pure.

A page of older releases says nothing of the rest of the site, no counts and no other topics: so it changes for a
neighbour, a correction, a withdrawal only, as its Atom page does (semantics: Position, head and archive).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from syndicate.mediatypes import TYPES
from syndicate.model import Document, FeedPage
from syndicate.render.address import page_path
from syndicate.render.html.entries import filled, holes, listed, on_page
from syndicate.render.html.feeds import discovery, feed_links
from syndicate.render.html.frame import Head, framed
from syndicate.render.page import ALL, Joined
from syndicate.render.shown import days, when
from syndicate.render.words import words

HEADING = "h2"  # of an entry


def topic_page(page: FeedPage) -> Document:
    """A page of a topic: its head, or one of its archive pages."""
    entries = [listed(release, page, HEADING) for release in page.releases]
    dates = [release.published for release in page.releases]
    return Document(page_path(page.topic.id, page.number), TYPES[".html"], topic_joined(page, entries, dates).whole)


def topic_joined(page: FeedPage, entries: Sequence[bytes], dates: Iterable[datetime] = ()) -> Joined:
    """The page with these entries, whatever its `releases` are; an archive page tells the days of their `dates`."""
    site, topic = page.site, page.topic
    path = page_path(topic.id, page.number)
    said = _archive(page, dates) if page.number is not None else _head(page)
    (hole,) = holes(entries)
    newer = "" if page.number is None else address(page, page.newer)
    older = "" if page.older is None else address(page, page.older)
    head = Head(
        title=said["title"],
        description=said.get("description", ""),
        canonical=site.base_url + path,
        feeds=discovery(site, () if topic.id == ALL else (topic,), page.formats),
        newer=newer,
        older=older,
    )
    frame = framed(
        "topic.html",
        path,
        site,
        head,
        heading=site.title if topic.id == ALL else topic.title,
        head=address(page, None),
        archive=page.number is not None,
        feeds=feed_links(site, topic.id, topic.title, page.formats),
        entries=hole,
        newer=newer,
        older=older,
        **said,
    )
    return filled(frame, [on_page(lines, site.base_url + page_path(topic.id)) for lines in entries])


def address(page: FeedPage, number: int | None) -> str:
    """Of a page of the same topic; without `number`, of its head: for everything together that is the first page."""
    first = page.topic.id == ALL and number is None
    return page.site.base_url + ("" if first else page_path(page.topic.id, number))


def _head(page: FeedPage) -> dict[str, Any]:
    topic, word = page.topic, words(page.site.language)
    return {
        "title": topic.title,
        "description": topic.description or word["topic_text"].format(topic=topic.title),
        "intro": topic.description,
        "updated": when(page.updated, page.site),
        "nothing": word["no_releases"],
    }


def _archive(page: FeedPage, dates: Iterable[datetime]) -> dict[str, Any]:
    """It is named by its days: its number tells nobody anything."""
    word = words(page.site.language)
    span = days(dates, page.site)
    title = span if page.topic.id == ALL else f"{page.topic.title}: {span}"
    return {"title": title, "intro": "", "updated": None, "nothing": word["none_left"]}
