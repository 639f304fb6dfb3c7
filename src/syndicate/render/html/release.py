"""The page of a release. Pure."""

from syndicate.mediatypes import TYPES
from syndicate.model import Document, Related, ReleasePage, Topic
from syndicate.render.address import absolute, absolute_html, alternate, release_path
from syndicate.render.body import fit
from syndicate.render.correction import linked, notes
from syndicate.render.html.article import described
from syndicate.render.html.feeds import discovery, subscribe
from syndicate.render.html.frame import Head, framed
from syndicate.render.page import ALL, Joined
from syndicate.render.shown import Entry, attachment, contact, facts, images, shown
from syndicate.render.words import words
from syndicate.text import fold


def release_page(page: ReleasePage) -> Document:
    """A release at `releases/ID.html`."""
    return Document(release_path(page.release.id), TYPES[".html"], release_joined(page).whole)


def release_joined(page: ReleasePage) -> Joined:
    """The same, and what it has of its own. Its canonical address is its source's page, where it has one."""
    site, release = page.site, page.release
    word = words(site.language)
    entry = shown(release, site, page.topics, page.content)
    own = tuple(topic for topic in page.topics if topic.id in release.topics and topic.id != ALL)
    whole = page.content == "full"
    content = absolute_html(release.content, site) if whole else ""
    body = fit(content, table=word["table"])
    return framed(
        "release.html",
        release_path(release.id),
        site,
        _head(page, entry, own),
        feeds=subscribe(site, own, page.formats),
        entry=entry,
        notes=notes(release, site),
        corrections=list(linked(page.corrections, site)),
        teaser="" if release.teaser and body.opens_with(release.teaser) else release.teaser,
        body=body.markup,
        images=list(images(release, site, body.pictured)) if whole else [],
        attachments=[attachment(enclosure, site) for enclosure in release.enclosures if whole],
        related=[(related, _related_url(related, page)) for related in release.related if whole],
        contact=contact(release.contact) if whole else [],
        facts=facts(release, site, own, page.corrections),
    )


def _head(page: ReleasePage, entry: Entry, topics: tuple[Topic, ...]) -> Head:
    site, release = page.site, page.release
    return Head(
        title=release.title,
        description=entry.summary,
        canonical=alternate(release, site),
        atom_id=release.atom_id,
        feeds=discovery(site, topics, page.formats),
        article=described(page, entry),
    )


def _related_url(related: Related, page: ReleasePage) -> str | None:
    """Our own page before the source's: who reads here goes on reading here."""
    ours = page.links.get((fold(related.topic or ""), fold(related.title)))
    return ours or (absolute(related.url, page.site) if related.url else None)
