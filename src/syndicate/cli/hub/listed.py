"""`syndicate hub list`: who subscribes, what he has, and what went wrong with him."""

from typing import Any
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.options import UNSET, ConfigPath, Json, Limit, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json, print_total, table
from syndicate.store import Subscription
from syndicate.text import local, rfc3339
from syndicate.urls import without_query, without_secrets

app = command_app()


@app.command("list", epilog=examples("syndicate hub list", "syndicate hub list --json"))
def list_subscriptions(config: ConfigPath = UNSET, limit: Limit = None, as_json: Json = False) -> int:
    """Every subscription: to which feed, until when, when it last took a push, and since when it takes none.

    What a callback has behind `?` is not shown: it may be a secret of its subscriber's.
    """
    with stored(config) as (settings, store):
        there, zone = store.subscriptions.list(), ZoneInfo(settings.site.timezone)
        behind = {head.document: head.version for head in store.subscriptions.behind()}
    rows = there[:limit]
    if as_json:
        print_json([_json(each, behind.get(each.document, 0), zone) for each in rows])
        return 0
    if not there:
        typer.echo("there are no subscriptions")
        return 0
    listing = table("ID", "Feed", "Callback", "Until", "Last push", "State")
    for each in rows:
        last, until = local(each.last, zone, "none yet"), local(each.expires, zone)
        state = _state(each, behind.get(each.document, 0), zone)
        listing.add_row(str(each.id), each.document, shown(each.callback), until, last, state)
    console().print(listing)
    print_total(len(rows), len(there), "subscription")
    return 0


def shown(callback: str) -> str:
    """An address for people and logs."""
    place = without_query(without_secrets(callback))
    return f"{place}?…" if "?" in callback else place


def _state(each: Subscription, version: int, zone: ZoneInfo) -> str:
    if each.failing:
        again = f", tried again {local(each.retry, zone)}" if each.retry else ""
        return f"fails since {local(each.failing, zone)}: {each.reason}{again}"
    waits = "is to be told" if each.delivered < version else "has the latest"
    return f"{waits}, slowly" if each.slow else waits


def _json(each: Subscription, version: int, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": each.id,
        "feed": each.document,
        "topic": each.topic,
        "callback": shown(each.callback),
        "host": each.host,
        "signed": bool(each.secret),
        "since": rfc3339(each.since, zone),
        "expires": rfc3339(each.expires, zone),
        "last": rfc3339(each.last, zone),
        "latest": each.delivered >= version,
        "slow": each.slow,
        "failing": rfc3339(each.failing, zone),
        "failures": each.failures,
        "reason": each.reason or None,
        "retry": rfc3339(each.retry, zone),
    }
