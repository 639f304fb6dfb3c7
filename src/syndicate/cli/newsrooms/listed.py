"""`syndicate newsrooms list`: who has access of its own, to what, and when it was last used."""

from typing import Any
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.options import UNSET, ConfigPath, Json, Limit, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json, print_total, table
from syndicate.model import Newsroom
from syndicate.text import local, rfc3339

app = command_app()


@app.command("list", epilog=examples("syndicate newsrooms list", "syndicate newsrooms list --json"))
def list_newsrooms(config: ConfigPath = UNSET, limit: Limit = None, as_json: Json = False) -> int:
    """Every newsroom: its topics, whether it gets what is under an embargo, and when it was last let in."""
    with stored(config) as (settings, store):
        there, zone = store.newsrooms.list(), ZoneInfo(settings.site.timezone)
    rows = there[:limit]
    if as_json:
        print_json([_json(newsroom, zone) for newsroom in rows])
        return 0
    if not there:
        typer.echo("there are no newsrooms yet: `syndicate newsrooms add NAME`")
        return 0
    listing = table("Newsroom", "State", "Embargoed", "Made", "Last use", "Topics")
    for each in rows:
        used, topics = local(each.used, zone, "never"), ", ".join(each.topics) or "all"
        listing.add_row(each.name, each.state, "yes" if each.embargoed else "no", local(each.made, zone), used, topics)
    console().print(listing)
    print_total(len(rows), len(there), "newsroom")
    return 0


def _json(newsroom: Newsroom, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "name": newsroom.name,
        "state": newsroom.state,
        "topics": list(newsroom.topics) or None,
        "embargoed": newsroom.embargoed,
        "made": rfc3339(newsroom.made, zone),
        "last_use": rfc3339(newsroom.used, zone),
        "suspended": rfc3339(newsroom.suspended, zone),
        "revoked": rfc3339(newsroom.revoked, zone),
    }
