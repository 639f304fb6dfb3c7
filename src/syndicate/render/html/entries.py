"""Releases as a list of them shows each. Pure."""

from collections.abc import Iterable

from syndicate.model import FeedPage, Release
from syndicate.render.shown import Entry, shown


def listed(page: FeedPage, releases: Iterable[Release]) -> list[Entry]:
    def content(release: Release) -> str:
        return page.content.get(release.source or "", "full")

    return [shown(release, page.site, page.topics, content(release), here=page.topic.id) for release in releases]
