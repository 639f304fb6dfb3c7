"""`syndicate sources list`: where each source is, and when it is asked next."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import typer

from syndicate.app import HubState, hub_of, turn_of
from syndicate.cli.hub_json import hub_json
from syndicate.cli.options import UNSET, ConfigPath, Json, Limit, command_app, examples
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, now, print_json, print_total, table
from syndicate.model import FetchState, Source
from syndicate.polling import Turn, Why, location
from syndicate.text import local, rfc3339, span
from syndicate.urls import without_secrets

app = command_app()


@app.command("list", epilog=examples("syndicate sources list", "syndicate sources list --json"))
def list_sources(config: ConfigPath = UNSET, limit: Limit = None, as_json: Json = False) -> int:
    """Every source: where it is, how often it is asked, and when next or why not; and what to do about it."""
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        states = [(s, store.sources.state(s.id, files=False)) for s in settings.sources[:limit]]
        found = [(s, location.recalled(state, s), turn_of(s, state, store, now())) for s, state in states]
        hubs = {s.id: hub_of(s, state, store.callbacks.of_source(s.id), now()) for s, state, _ in found if state.hub}
    if as_json:
        print_json(
            [
                _json(source, state, turn, zone) | {"hub": hub_json(hubs.get(source.id), zone)}
                for source, state, turn in found
            ]
        )
        return 0
    if not settings.sources:
        typer.echo("there are no sources yet: `syndicate sources add URL`, or a [[source]] in the configuration")
        return 0
    listing = table("Source", "Each", "Next", "Where")
    for source, _, turn in found:
        where = source.path or without_secrets(source.url or "")
        listing.add_row(source.id, span(round(source.interval.total_seconds())), _next(turn, zone), where)
    console().print(listing)
    print_total(len(found), len(settings.sources), "source")
    for source, state, _ in found:
        for line in _notes(source, state, hubs.get(source.id), zone):
            console().print(f"\n{source.id}: {line}", soft_wrap=True)
    return 0


def _next(turn: Turn, zone: ZoneInfo) -> str:
    if turn.why in (Why.DISABLED, Why.PAUSED):
        return turn.why
    return "gone" if turn.why is Why.GONE else local(turn.next, zone, "now")


def _elsewhere(source: Source, state: FetchState) -> str | None:
    """Where it is asked instead of at its address."""
    return without_secrets(state.address) if state.address and state.address != source.url else None


def _notes(source: Source, state: FetchState, hub: HubState | None, zone: ZoneInfo) -> Iterator[str]:
    """What an operator should do, or may want to."""
    if state.gone:
        yield (
            f"answered 410 Gone on {local(state.last_attempt, zone)} and is not asked any more. If that is a mistake: "
            f"syndicate sources resume {source.id}, else: syndicate sources remove {source.id}"
        )
    if place := _elsewhere(source, state):
        yield f"is asked at {place}, for its url leads there; to keep it so, write that as its url"
    if hub and hub.state == "active":
        yield f"is pushed by {hub.address} until {local(hub.until, zone)}"
    elif hub and hub.error:
        yield f"is polled alone: its hub does not push: {hub.error}"


def _json(source: Source, state: FetchState, turn: Turn, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": source.id,
        "path": source.path,
        "url": source.url and without_secrets(source.url),
        "format": source.format,
        "interval": span(round(source.interval.total_seconds())),
        "enabled": source.enabled,
        "topics": list(source.topics),
        "timezone": source.timezone,
        "language": source.language,
        "priority": source.priority,
        "headlines": source.headlines,
        "content": source.content,
        "images": source.images,
        "missing": source.missing,
        "future": source.future,
        "next_poll": rfc3339(turn.next, zone),
        "paused": state.paused,
        "gone": state.gone,
        "address": _elsewhere(source, state),
    }
