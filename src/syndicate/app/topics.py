"""The feeds with their counts, and the kickers that no topic claims."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from syndicate.classify import own_topic, rules_of, unmapped
from syndicate.formats import FORMATS
from syndicate.model import Plan, Release
from syndicate.render import feed_path
from syndicate.store import ALL, Store
from syndicate.text import fold

_ALWAYS = datetime.min.replace(tzinfo=UTC)


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


def topic_rows(config: Plan, store: Store | None) -> list[Row]:
    """`all` first, then those of the configuration, then those that kickers have made, where there is a store."""
    stored_rows = {row.id: row for row in store.feeds.list()} if store else {}
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


def which_topic(name: str, plan: Plan, rows: Sequence[Row]) -> Row | None:
    """Which of these a person means: by its id, by any name that the configuration knows it by, by its title."""
    by_id = {row.id: row for row in rows}
    claimed = rules_of(plan).mapped(name)
    by_title = {fold(each): row for row in reversed(rows) for each in (row.title, row.id)}
    return by_id.get(name) or (claimed and by_id.get(claimed.id)) or by_title.get(fold(name))


def abandoned(config: Plan, store: Store) -> Iterator[str]:
    """Topics that were published, and that nothing is in any more, nor anything that was taken back."""
    claimed = {ALL, *(name for topic in config.topics for name in (topic.id, *topic.aliases))}
    for row in store.feeds.list():
        if row.id not in claimed and not row.entries and not store.feeds.tombstones(row.id, _ALWAYS):
            yield (
                f'topic "{row.id}": no [[topic]] and no kicker claims it any more, and readers may have its addresses: '
                f'if it was renamed, aliases = ["{row.id}"] in its new [[topic]] leads them there'
            )


def unmapped_rows(config: Plan, store: Store) -> list[Unmapped]:
    rules = rules_of(config)
    groups: dict[str | None, tuple[str | None, list[Release]]] = {}
    for release in store.releases.list(states=("public", "headline", "held", "embargoed")):
        kickers = unmapped(release, rules)
        for kicker in dict.fromkeys(kickers or (() if release.topics else (None,))):
            key = fold(kicker) if kicker else None
            releases = groups.setdefault(key, (kicker, []))[1]
            if release not in releases[-1:]:  # two spellings of one kicker
                releases.append(release)
    rows = [_group(kicker, releases, makes=config.unmapped == "publish") for kicker, releases in groups.values()]
    return sorted(rows, key=lambda row: (-row.releases, row.kicker or ""))


def _group(kicker: str | None, releases: list[Release], *, makes: bool) -> Unmapped:
    """As the newest of them prints it."""
    return Unmapped(kicker, own_topic(kicker).id if kicker and makes else None, len(releases), releases[0])
