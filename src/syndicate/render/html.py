"""Pages for people: the index, a page per topic and per release, and two notices (semantics: Pages for people). Pure.

No script, nothing from third parties but a release's own images; the same input gives the same bytes.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from syndicate.errors import RenderError
from syndicate.formats import FORMATS
from syndicate.mediatypes import TYPES
from syndicate.model import Correction, Document, FeedPage, Related, Release, Site, Tombstone, Topic
from syndicate.render.address import absolute, absolute_html, alternate, feed_path, release_path
from syndicate.render.body import Body, fit
from syndicate.render.correction import linked, note
from syndicate.render.page import ALL, reason
from syndicate.render.shown import Entry, Link, attachment, contact, day, facts, images, mail, shown, when
from syndicate.render.words import words
from syndicate.text import fold

LATEST = 10  # releases on the index


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """A topic as the index lists it: how many releases a reader can see, and the date of the newest."""

    topic: Topic
    count: int
    newest: datetime | None


class _Feed(NamedTuple):
    name: str  # Atom
    label: str  # Atom-Feed
    title: str  # Gesundheit (Atom)
    type: str
    url: str


# --- the pages --------------------------------------------------------------------------------------------------------


def topic_page(page: FeedPage) -> Document:
    """The head of a topic, at `TOPIC.html`."""
    site, topic = page.site, page.topic
    return _page(
        "topic.html",
        f"{topic.id}.html",
        site,
        title=topic.title,
        description=topic.description or words(site.language)["topic_text"].format(topic=topic.title),
        canonical=f"{site.base_url}{topic.id}.html",
        discovery=_discovery(site, (topic,), page.formats),
        topic=topic,
        updated=when(page.updated, site),
        feeds=_feeds(site, topic.id, topic.title, page.formats),
        entries=_entries(page, page.releases),
    )


def release_page(  # size: what stands beside a release is no value yet
    release: Release,
    site: Site,
    topics: Sequence[Topic],
    links: Mapping[tuple[str, str], str],
    formats: Sequence[str],
    content: str = "full",
    *,
    corrections: Sequence[Correction] = (),
) -> Document:
    """A release at `releases/ID.html`. Its canonical address is its source's page, where it has one.

    `topics` are those it may name; `links` maps (folded topic, folded title) of a related release to our page of it;
    with `content="teaser"` there is the teaser and the way to the source. `corrections` are linked above all else.
    """
    word = words(site.language)
    entry = shown(release, site, topics, content)
    own = [topic for topic in topics if topic.id in release.topics and topic.id != ALL]
    whole = content == "full"
    body = fit(absolute_html(release.content, site), table=word["table"]) if whole else Body()
    return _page(
        "release.html",
        release_path(release.id),
        site,
        title=release.title,
        description=entry.summary,
        canonical=alternate(release, site),
        atom_id=release.atom_id,
        discovery=_discovery(site, own, formats),
        entry=entry,
        note=note(release, site),
        corrections=list(linked(corrections, site)),
        teaser="" if release.teaser and body.opens_with(release.teaser) else release.teaser,
        body=body.markup,
        images=list(images(release, site, body.pictured)) if whole else [],
        attachments=[attachment(enclosure, site) for enclosure in release.enclosures if whole],
        related=[(related, _related_url(related, site, links)) for related in release.related if whole],
        contact=contact(release.contact) if whole else [],
        facts=facts(release, site, own, corrections),
    )


def index_page(site: Site, topics: Sequence[TopicSummary], latest: FeedPage) -> Document:
    """All topics with their feeds, and the newest releases of `latest` (the topic `all`), at `index.html`."""
    word = words(site.language)
    every = Topic(id=latest.topic.id, title=word["all_releases"])
    summaries = [
        {
            "title": summary.topic.title,
            "url": f"{site.base_url}{summary.topic.id}.html",
            "count": word["one_release"] if summary.count == 1 else word["releases_count"].format(count=summary.count),
            "newest": day(summary.newest, site) if summary.newest else None,
            "feeds": _feeds(site, summary.topic.id, summary.topic.title, latest.formats),
        }
        for summary in topics
        if summary.topic.id != ALL
    ]
    return _page(
        "index.html",
        "index.html",
        site,
        title=site.title,
        description=word["index_text"],
        canonical=site.base_url,
        discovery=_discovery(site, (every,), latest.formats),
        summaries=summaries,
        feeds=_feeds(site, every.id, every.title, latest.formats),
        opml=f"{site.base_url}topics.opml",
        entries=_entries(latest, latest.releases[:LATEST]),
    )


def not_found(site: Site) -> Document:
    """`404.html`, for any web server."""
    word = words(site.language)
    return _page("notice.html", "404.html", site, title=word["not_found"], lines=[word["not_found_text"]])


def withdrawn_page(tombstone: Tombstone, site: Site) -> Document:
    """What is left at a withdrawn release's address: a notice with none of its words, and no search engine keeps it."""
    word = words(site.language)
    lines = [word["withdrawn_text"], word["withdrawn_on"].format(date=day(tombstone.when, site).text)]
    if why := reason(tombstone):
        lines.append(f"{word['reason']}: {why}")
    path, title = release_path(tombstone.id), word["withdrawn"]
    return _page("notice.html", path, site, title=title, lines=lines, atom_id=tombstone.atom_id)


# --- how a page is made -----------------------------------------------------------------------------------------------

_TEMPLATES = Environment(
    loader=PackageLoader("syndicate", "render/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


def _stylesheet() -> tuple[Markup, str]:
    """The style of all pages, in one line, and the policy that allows it, images and media alone (CSP 3)."""
    source = _TEMPLATES.get_template("style.css").render()
    style = re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src http: https:; media-src http: https:; "
        "base-uri 'none'; form-action 'none'"
    )
    return Markup(style), policy  # noqa: S704 - our own file


_STYLE, _POLICY = _stylesheet()
_PAGES = {name: _TEMPLATES.get_template(name) for name in ("index.html", "topic.html", "release.html", "notice.html")}


def _page(template: str, path: str, site: Site, *, title: str, **values: Any) -> Document:
    """`canonical` is empty for what no search engine should keep; `atom_id` is a release's. Raises RenderError."""
    text = _PAGES[template].render(
        {"description": "", "canonical": "", "discovery": (), "atom_id": "", **values},
        site=site,
        title=title,
        word=words(site.language),
        style=_STYLE,
        policy=_POLICY,
        footer=_footer(site),
    )
    try:
        return Document(path, TYPES[".html"], text.encode())
    except UnicodeEncodeError as error:
        raise RenderError(f"{path}: {error}") from error


def _footer(site: Site) -> list[Link]:
    word = words(site.language)
    known = (
        ("imprint", site.imprint_url),
        ("privacy", site.privacy_url),
        ("accessibility", site.accessibility_url),
    )
    links = [Link(word[key], url) for key, url in known if url]
    if not site.contact:
        return links
    if urlsplit(site.contact).scheme in ("http", "https", "mailto"):
        return [*links, Link(word["contact"], site.contact)]
    return [*links, Link(f"{word['contact']}: {site.contact}", mail(site.contact))]


def _feeds(site: Site, topic_id: str, title: str, formats: Iterable[str]) -> list[_Feed]:
    said, published = words(site.language)["feed"], set(formats)
    return [
        _Feed(
            row.label,
            said.format(format=row.label),
            f"{title} ({row.label})",
            row.media_type,
            site.base_url + feed_path(topic_id, row.suffix),
        )
        for name, row in FORMATS.items()
        if name in published
    ]


def _discovery(site: Site, topics: Iterable[Topic], formats: Sequence[str]) -> list[_Feed]:
    """The topics' feeds, then those of everything; of each the Atom feed first."""
    named = {topic.id: topic.title for topic in topics}
    named.setdefault(ALL, words(site.language)["all_releases"])
    return [feed for topic_id, title in named.items() for feed in _feeds(site, topic_id, title, formats)]


def _entries(page: FeedPage, releases: Iterable[Release]) -> list[Entry]:
    def content(release: Release) -> str:
        return page.content.get(release.source or "", "full")

    return [shown(release, page.site, page.topics, content(release), here=page.topic.id) for release in releases]


def _related_url(related: Related, site: Site, links: Mapping[tuple[str, str], str]) -> str | None:
    """Our own page before the source's: who reads here goes on reading here."""
    ours = links.get((fold(related.topic or ""), fold(related.title)))
    return ours or (absolute(related.url, site) if related.url else None)
