"""The page of a topic. Pure."""

from syndicate.model import Document, FeedPage
from syndicate.render.html.entries import listed
from syndicate.render.html.feeds import discovery, feed_links
from syndicate.render.html.frame import framed
from syndicate.render.shown import when
from syndicate.render.words import words


def topic_page(page: FeedPage) -> Document:
    """The head of a topic, at `TOPIC.html`."""
    site, topic = page.site, page.topic
    return framed(
        "topic.html",
        f"{topic.id}.html",
        site,
        title=topic.title,
        description=topic.description or words(site.language)["topic_text"].format(topic=topic.title),
        canonical=f"{site.base_url}{topic.id}.html",
        discovery=discovery(site, (topic,), page.formats),
        topic=topic,
        updated=when(page.updated, site),
        feeds=feed_links(site, topic.id, topic.title, page.formats),
        entries=listed(page, page.releases),
    )
