"""`syndicate topics`: the topics with their counts, and the kickers that none of them claims."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import typer

from syndicate.classify import own_topic, rules_of, unmapped
from syndicate.cli.options import UNSET, ConfigPath, Json, Limit, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, local, print_json, rfc3339, table
from syndicate.formats import FORMATS
from syndicate.model import Plan, Release
from syndicate.render import feed_path
from syndicate.store import ALL, Store
from syndicate.text import fold

app = command_app()


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


@app.command(epilog=examples("syndicate topics", "syndicate topics --unmapped", "syndicate topics --json --limit 5"))
def topics(
    config: ConfigPath = UNSET,
    not_claimed: bool = typer.Option(
        False, "--unmapped", help="Kickers that no topic claims, and releases without any topic; most frequent first."
    ),
    limit: Limit = None,
    as_json: Json = False,
) -> int:
    """Every feed: its topic, how many releases readers find in it, the newest, its address."""
    with stored(config) as (settings, store):
        if not_claimed:
            _unmapped(unmapped_rows(settings, store)[:limit], as_json)
        else:
            _topics(topic_rows(settings, store)[:limit], settings, as_json)
    return 0


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


def _topics(rows: Iterable[Row], config: Plan, as_json: bool) -> None:
    zone = ZoneInfo(config.site.timezone)
    if as_json:
        print_json([row._asdict() | {"newest": rfc3339(row.newest, zone)} for row in rows])
        return
    listing = table("Topic", "Releases", "Newest", "Feed", numbers=["Releases"])
    for row in rows:
        listing.add_row(
            row.title, str(row.releases), local(row.newest, zone), row.feed.removeprefix(config.site.base_url)
        )
    console().print(listing)
    console().print(f"\nFeeds are below {config.site.base_url}", soft_wrap=True)


def _unmapped(rows: list[Unmapped], as_json: bool) -> None:
    if as_json:
        print_json([_json(row) for row in rows])
        return
    if not rows:
        console().print("Every kicker is claimed by a topic, and every release has one.")
        return
    listing = table("Releases", "Kicker", "Feed", "For example", numbers=["Releases"])
    for row in rows:
        listing.add_row(str(row.releases), row.kicker or "(no topic)", row.topic or "–", row.example.title)
    console().print(listing)
    if any(row.kicker for row in rows):
        console().print("\nTo claim one, add it to the kickers of a [[topic]].")


def _json(row: Unmapped) -> dict[str, Any]:
    example = {"id": row.example.id, "title": row.example.title}
    return {"kicker": row.kicker, "topic": row.topic, "releases": row.releases, "example": example}
