"""`syndicate releases`: what is held: list, show; and what a person does to it."""

from itertools import islice
from typing import Annotated, Any, get_args
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.options import (
    UNSET,
    ConfigPath,
    Json,
    Limit,
    Reference,
    command_app,
    examples,
    known,
    needs_command,
)
from syndicate.cli.release import show_release
from syndicate.cli.release_json import release_json
from syndicate.cli.releases.acts import app as acts
from syndicate.cli.releases.edit import app as editing
from syndicate.cli.releases.history import history, show_history, told_json
from syndicate.cli.releases.keep import app as keeping
from syndicate.cli.stored import stored
from syndicate.cli.terminal import console, print_json, table
from syndicate.model import Plan, Release, State
from syndicate.store import ALL, Store
from syndicate.text import local

__all__ = ["app"]

app = command_app()
_STATES = get_args(State)


@app.callback(
    invoke_without_command=True,
    epilog=examples(
        "syndicate releases list --limit 20", "syndicate releases show 3k9f", "syndicate releases withdraw 3k9f"
    ),
)
def releases(ctx: typer.Context, config: ConfigPath = UNSET) -> int:
    """What is held, and what a person does to it.

    RELEASE is an id, four or more first characters of one, an atom:id or a URL.
    """
    return needs_command(ctx)


@app.command(
    "list",
    epilog=examples(
        "syndicate releases list --limit 20",
        "syndicate releases list --state embargoed --state held",
        "syndicate releases list --topic gesundheit --json",
    ),
)
def list_releases(
    config: ConfigPath = UNSET,
    states: Annotated[
        list[str] | None, typer.Option("--state", metavar="STATE", help=f"{', '.join(_STATES)}; may be repeated.")
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", metavar="TOPIC", help="A topic's id.")] = None,
    source: Annotated[str | None, typer.Option("--source", metavar="SOURCE", help="A source's id.")] = None,
    limit: Limit = None,
    as_json: Json = False,
) -> int:
    """Releases, newest first; all of them unless a limit is given."""
    wanted: list[Any] = known("state", states or (), _STATES)
    with stored(config) as (settings, store):
        if source:
            known("source", [source], [s.id for s in settings.sources])
        if topic:
            known("topic", [topic], _topic_ids(settings, store))
        zone = ZoneInfo(settings.site.timezone)
        # Not the store's own question by topic: that knows only what readers see.
        found = store.releases.list(states=wanted, source=source, limit=None if topic else limit)
    kept = list(islice((release for release in found if _in(release, topic)), limit))
    if as_json:
        print_json([release_json(release, zone, settings.site) for release in kept])
        return 0
    listing = table("Release", "Published", "State", "Title")
    for release in kept:
        listing.add_row(release.id, local(release.published, zone), release.state, release.title)
    console().print(listing)
    return 0


def _in(release: Release, topic: str | None) -> bool:
    return topic is None or topic in release.topics or (topic == ALL and release.visible)


def _topic_ids(config: Plan, store: Store) -> list[str]:
    return [*dict.fromkeys((ALL, *(t.id for t in config.topics), *(row.id for row in store.feeds.list())))]


@app.command(epilog=examples("syndicate releases show 3k9f", "syndicate releases show 3k9f --json"))
def show(release: Reference, config: ConfigPath = UNSET, as_json: Json = False) -> int:
    """One release with all its fields, who says it, what was done to it, and its revisions."""
    with stored(config) as (settings, store):
        if as_json:
            print_json(told_json(release, store, settings.site))
            return 0
        zone = ZoneInfo(settings.site.timezone)
        told = history(release, store)
    show_release(told.release, zone)
    show_history(told, zone)
    return 0


for part in (acts, editing, keeping):
    app.add_typer(part)
