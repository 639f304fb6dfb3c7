"""`syndicate topics`: the topics with their counts, and the kickers that none of them claims."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import typer

from syndicate.app import Row, Unmapped, topic_rows, unmapped_rows
from syndicate.cli.options import UNSET, ConfigPath, Json, Limit, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json, print_total, table
from syndicate.model import Plan
from syndicate.text import local, rfc3339

app = command_app()


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
            _unmapped(unmapped_rows(settings, store), limit, as_json)
        else:
            _topics(topic_rows(settings, store), limit, settings, as_json)
    return 0


def _topics(there: Sequence[Row], limit: int | None, config: Plan, as_json: bool) -> None:
    rows = there[:limit]
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
    print_total(len(rows), len(there), "topic")
    console().print(f"\nFeeds are below {config.site.base_url}", soft_wrap=True)


def _unmapped(there: Sequence[Unmapped], limit: int | None, as_json: bool) -> None:
    rows = there[:limit]
    if as_json:
        print_json([_json(row) for row in rows])
        return
    if not there:
        console().print("Every kicker is claimed by a topic, and every release has one.")
        return
    listing = table("Releases", "Kicker", "Feed", "For example", numbers=["Releases"])
    for row in rows:
        listing.add_row(str(row.releases), row.kicker or "(no topic)", row.topic or "–", row.example.title)
    console().print(listing)
    print_total(len(rows), len(there), "kicker")
    if any(row.kicker for row in rows):
        console().print("\nTo claim one, add it to the kickers of a [[topic]].")


def _json(row: Unmapped) -> dict[str, Any]:
    example = {"id": row.example.id, "title": row.example.title}
    return {"kicker": row.kicker, "topic": row.topic, "releases": row.releases, "example": example}
