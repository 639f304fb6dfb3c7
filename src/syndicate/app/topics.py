"""The feeds with their counts, and the kickers that no topic claims."""

from datetime import datetime
from typing import NamedTuple

from syndicate.classify import own_topic, rules_of, unmapped
from syndicate.formats import FORMATS
from syndicate.model import Plan, Release
from syndicate.render import feed_path
from syndicate.store import ALL, Store
from syndicate.text import fold


class Row(NamedTuple):
    id: str
    title: str
    releases: int
    newest: datetime | None
    feed: str
    configured: bool


class Unmapped(NamedTuple):
    """A kicker that no topic claims, and the feed it has made of itself; kicker None: releases without any topic."""

    kicker: str | None
    topic: str | None
    releases: int
    example: Release


def topic_rows(config: Plan, store: Store) -> list[Row]:
    """`all` first, then those of the configuration, then those that kickers have made."""
    stored_rows = {row.id: row for row in store.topics.list()}
    titles = {ALL: config.site.title} | {topic.id: topic.title for topic in config.topics}
    found = []
    for identifier in dict.fromkeys((*titles, *stored_rows)):
        row = stored_rows.get(identifier)
        found.append(
            Row(
                identifier,
                titles.get(identifier) or (row.title if row else identifier),
                row.entries if row else 0,
                row.newest if row else None,
                config.site.base_url + feed_path(identifier, FORMATS[config.publish.formats[0]].suffix),
                identifier in titles,
            )
        )
    return found


def unmapped_rows(config: Plan, store: Store) -> list[Unmapped]:
    rules = rules_of(config)
    groups: dict[str | None, list[Release]] = {}
    for release in store.releases.list(states=("public", "headline", "held", "embargoed")):
        if release.kicker and unmapped(release, rules):
            groups.setdefault(fold(release.kicker), []).append(release)
        elif not release.topics:
            groups.setdefault(None, []).append(release)
    rows = [_group(releases, none=key is None, makes=config.unmapped == "publish") for key, releases in groups.items()]
    return sorted(rows, key=lambda row: (-row.releases, row.kicker or ""))


def _group(releases: list[Release], *, none: bool, makes: bool) -> Unmapped:
    example = releases[0]  # the newest
    kicker = None if none else example.kicker
    return Unmapped(kicker, own_topic(kicker).id if kicker and makes else None, len(releases), example)
