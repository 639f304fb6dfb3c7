"""`syndicate sources`: the sources of the configuration."""

from typing import Any
from zoneinfo import ZoneInfo

import typer

from syndicate.cli._open import stored
from syndicate.cli._options import UNSET, ConfigPath, Json, Limit, command_app, examples, needs_command
from syndicate.cli._terminal import console, local, print_json, rfc3339, table
from syndicate.model import FetchState, Source
from syndicate.text import without_secrets

app = command_app()


@app.callback(invoke_without_command=True, epilog=examples("syndicate sources list"))
def sources(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """The sources of the configuration."""
    return needs_command(ctx)


@app.command("list", epilog=examples("syndicate sources list", "syndicate sources list --json"))
def list_sources(config: ConfigPath = UNSET, limit: Limit = None, as_json: Json = False) -> int:
    """Every source: where it is, how often it is asked, and when next."""
    with stored(config) as (settings, store):
        zone = ZoneInfo(settings.site.timezone)
        found = [(s, store.sources.state(s.id, files=False)) for s in settings.sources[:limit]]
    if as_json:
        print_json([_json(source, state, zone) for source, state in found])
        return 0
    listing = table("Source", "Each", "Next", "Where")
    for source, state in found:
        when = local(state.next_poll, zone, "now") if source.enabled else "not enabled"
        listing.add_row(source.id, _short(source), when, source.path or without_secrets(source.url or ""))
    console().print(listing)
    return 0


def _short(source: Source) -> str:
    """As in the configuration: 15m, 6h."""
    seconds = int(source.interval.total_seconds())
    size, unit = next(
        (size, unit) for size, unit in ((86_400, "d"), (3600, "h"), (60, "m"), (1, "s")) if seconds % size == 0
    )
    return f"{seconds // size}{unit}"


def _json(source: Source, state: FetchState, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": source.id,
        "path": source.path,
        "url": source.url and without_secrets(source.url),
        "format": source.format,
        "interval": _short(source),
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
        "next_poll": rfc3339(state.next_poll, zone),
    }
