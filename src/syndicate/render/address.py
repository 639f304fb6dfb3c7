"""Where things are published: one place that knows the layout of `feeds/` (interface: What is published)."""

import re

from syndicate.model import Release, Site

# Begins with a literal, so that the search does not stop at every attribute.
_MEDIA = re.compile(
    r'media:(?:(?<=[\s"\']src="media:)|(?<=[\s"\']href="media:)|(?<=[\s"\']cite="media:)|(?<=[\s"\']poster="media:))'
)


def feed_path(topic_id: str, suffix: str, number: int | None = None) -> str:
    """`gesundheit.atom`, or `gesundheit/3.atom` for an archive page."""
    return f"{topic_id}.{suffix}" if number is None else f"{topic_id}/{number}.{suffix}"


def page_path(topic_id: str, number: int | None = None) -> str:
    """The same for people: `gesundheit.html`, `gesundheit/3.html`."""
    return feed_path(topic_id, "html", number)


def release_path(release_id: str, suffix: str = "html") -> str:
    """A release's page for people; with another suffix, its document in a format that has one for each release."""
    return f"releases/{release_id}.{suffix}"


def absolute(address: str, site: Site) -> str:
    """The public address of what a release names: `media:HASH/NAME` is a file of ours."""
    return f"{site.base_url}media/{address.removeprefix('media:')}" if address.startswith("media:") else address


def absolute_html(content: str, site: Site) -> str:
    """The same for every address in a release's HTML."""
    return _MEDIA.sub(f"{site.base_url}media/", content)


def page_url(release: Release, site: Site) -> str:
    """Our own page of a release."""
    return site.base_url + release_path(release.id)


def alternate(release: Release, site: Site) -> str:
    """The one address that an entry is the entry of: the source's page, else our own."""
    return release.url or page_url(release, site)
