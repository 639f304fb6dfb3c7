"""Releases as a list of them shows each. Pure."""

from syndicate.model import FeedPage, Release
from syndicate.render.shown import Entry, shown


def listed(page: FeedPage) -> list[Entry]:
    """What stands on this page of a feed, in its order."""

    def content(release: Release) -> str:
        return page.content.get(release.source or "", "full")

    return [shown(release, page.site, page.topics, content(release), here=page.topic.id) for release in page.releases]
