"""The page to search on, and what was found, for people. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from markupsafe import Markup

from syndicate.formats import FORMATS
from syndicate.model import Release, Site, Topic
from syndicate.render.address import alternate
from syndicate.render.html.feeds import FeedLink
from syndicate.render.html.frame import Head, framed
from syndicate.render.page import Joined
from syndicate.render.shown import Entry, shown
from syndicate.render.templates import environment
from syndicate.render.words import words

PATH = "search"

Said = Sequence[tuple[str, bool]]  # a text in parts, and whether each is a hit


class Hit(NamedTuple):
    """`content` is "full" or "teaser"."""

    release: Release
    title: Said
    summary: Said
    content: str = "full"


class Choice(NamedTuple):
    """A way to less of what is found, or back to all of it; without a `number` where that is all."""

    title: str
    url: str
    number: int | None
    chosen: bool


class _Hit(NamedTuple):
    entry: Entry
    title: Said
    summary: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was typed, and what came of it. `wrong` is a key of our words: why nothing was searched for.

    `count`: of what is found, None where nothing was searched for; `more`: there is more than what was counted.
    `feeds`: of this search, by the name of their format.
    """

    site: Site
    typed: str = ""
    wrong: str = ""
    count: int | None = None
    more: bool = False
    hits: Sequence[Hit] = ()
    topics: Sequence[Topic] = ()  # that kickers may lead to
    by_topic: Sequence[Choice] = ()
    by_year: Sequence[Choice] = ()
    feeds: Mapping[str, str] = field(default_factory=dict)
    newer: str = ""
    older: str = ""
    pages: bool = True  # are there pages of topics, and of all releases


def search_page(found: Found) -> Joined:
    """At `search`, below the site's address. Search engines keep none of these."""
    site, word = found.site, words(found.site.language)
    groups = (("by-topic", word["in_topics"], found.by_topic), ("by-year", word["in_years"], found.by_year))
    feeds = _feeds(found)
    quoted = word["quoted"].format(words=found.typed)
    return framed(
        "search.html",
        PATH,
        site,
        Head(
            f"{word['search']}: {quoted}" if found.count is not None else word["search"],
            feeds=_discovery(feeds, site),
            newer=found.newer,
            older=found.older,
        ),
        typed=found.typed,
        wrong=word[f"refused_{found.wrong}"] if found.wrong else "",
        counted=_counted(found),
        note=_note(found),
        hits=[_Hit(_entry(hit, found), hit.title, hit.summary) for hit in found.hits],
        choices=[{"id": i, "title": title, "choices": group} for i, title, group in groups if group],
        feeds=feeds,
        newer=found.newer,
        older=found.older,
    )


def _entry(hit: Hit, found: Found) -> Entry:
    entry = shown(hit.release, found.site, found.topics, hit.content)
    return entry if found.pages else entry._replace(url=alternate(hit.release, found.site), kicker_url=None)


def _counted(found: Found) -> str:
    word = words(found.site.language)
    if found.count is None:
        return ""
    if found.count < 2:
        return word["found_one"] if found.count else word["found_none"]
    return word["found_more" if found.more else "found_many"].format(count=_number(found.count, found.site))


def _note(found: Found) -> str:
    word = words(found.site.language)
    if found.count == 0:
        return word["found_none_text"]
    return word["found_more_text"].format(count=_number(found.count or 0, found.site)) if found.more else ""


def _number(count: int, site: Site) -> str:
    return f"{count:,}".replace(",", words(site.language)["thousands_mark"])


def _feeds(found: Found) -> list[FeedLink]:
    said = words(found.site.language)
    return [
        FeedLink(
            said["feed"].format(format=FORMATS[name].label),
            f"{said['quoted'].format(words=found.typed)} ({FORMATS[name].label})",
            FORMATS[name].media_type,
            address,
        )
        for name, address in found.feeds.items()
    ]


def _discovery(feeds: Sequence[FeedLink], site: Site) -> Markup:
    head = environment.get_template("head.html").module
    return Markup(head.feeds(feeds, site, words(site.language)))  # type: ignore[attr-defined]  # noqa: S704 - a template's
